#!/usr/bin/python3
"""oslo_functional.py WRAPPER DETAILS: runs RootwrapTest of oslo.rootwrap's functional tests with WRAPPER.

Prints a line "ok NAME" or "failed NAME" for each; what is known of a failure goes into the file DETAILS.NAME.
"""
import sys
import unittest

from oslo_rootwrap.tests import test_functional

wrapper, details = sys.argv[1:]


class WrapperTest(test_functional.RootwrapTest):
    def setUp(self):
        super().setUp()
        self.cmd = [wrapper, self.config_file]

    def test_run_as(self):
        """It compares text; the daemon's client gives that, execute() of this class gives bytes."""
        execute = self.execute
        self.execute = lambda command: [
            item.decode() if isinstance(item, bytes) else item for item in execute(command)]
        super().test_run_as()


class Lines(unittest.TestResult):
    def stopTest(self, test):
        super().stopTest(test)
        name = test.id().split('.')[-1]
        problems = self.failures + self.errors + self.skipped
        if problems and problems[-1][0] is test:
            with open(details + '.' + name, 'w', encoding='utf-8') as file:
                file.write(problems[-1][1])
            print('failed', name, flush=True)
        else:
            print('ok', name, flush=True)


unittest.defaultTestLoader.loadTestsFromTestCase(WrapperTest).run(Lines())
