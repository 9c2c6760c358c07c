"""What the parity tests share: TAP, seeds, drivers, where things are.

Environment: BUILD has the programs under test (build), PARITY_SEED another seed,
PARITY_COUNT another number of generated inputs, PRIVSEP_WRAP_CORPUS a directory of
real filter files with decisions of oslo.rootwrap (../shared/corpus, if it is there).
"""

import collections
import itertools
import os
import pathlib
import random
import subprocess
import sys
import threading

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get('BUILD', SOURCE / 'build')).resolve()
FIXTURES = SOURCE / 'tests' / 'data' / 'parity'


def randomness(purpose):
    """The same numbers in each run, other ones for each purpose."""
    return random.Random(f"{os.environ.get('PARITY_SEED', '1')} {purpose}")


def wanted(default):
    """How many inputs to generate."""
    return int(os.environ.get('PARITY_COUNT', default))


def batches(iterable, size=2000):
    """Lists of size elements, the last one shorter."""
    iterator = iter(iterable)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def corpus():
    """The directory of the corpus, or None."""
    named = os.environ.get('PRIVSEP_WRAP_CORPUS')
    place = pathlib.Path(named) if named else SOURCE.parent / 'shared' / 'corpus'
    if (place / 'sets').is_dir():
        return place
    if named:
        raise SystemExit(f'PRIVSEP_WRAP_CORPUS: no directory {place}/sets')
    return None


def corpus_note(place):
    """For the diagnostics: a missing corpus is no failure, and no skip."""
    return 'with the corpus of real filter files' if place else 'without a corpus: the fixtures alone'


class Tap:
    """Test Anything Protocol on standard output."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def note(self, *lines):
        """Diagnostics."""
        for line in lines:
            print('#', line.encode('ascii', 'backslashreplace').decode())

    def ok(self, passed, name, *diagnostics):
        """One test; the diagnostics are shown if it failed."""
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}")
        if not passed:
            self.note(*diagnostics)

    def done(self):
        """Prints the plan and ends the test."""
        print(f'1..{self.count}')
        sys.exit(1 if self.failed else 0)


def skip_all(reason):
    """Ends a test that cannot be run here."""
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


class Tally(collections.Counter):
    """Counts outcomes and keeps the first few examples of each."""

    EXAMPLES = 5

    def __init__(self):
        super().__init__()
        self.examples = collections.defaultdict(list)

    def add(self, outcome, *example):
        """Counts one more; the example is what to show of it."""
        self[outcome] += 1
        if len(self.examples[outcome]) < self.EXAMPLES:
            self.examples[outcome].append(' '.join(map(ascii, example)))

    def none(self, tap, outcome, name):
        """A test that there was no such outcome."""
        tap.ok(self[outcome] == 0, f'{name}: {self[outcome]}', *self.examples[outcome])

    def report(self, tap, outcomes=None):
        """The counts as diagnostics."""
        for outcome in sorted(self) if outcomes is None else outcomes:
            tap.note(f'{outcome}: {self[outcome]}')


class Driver:
    """A test program that answers each request on its standard input with one line."""

    def __init__(self, name, *arguments):
        self.name = name
        self.process = subprocess.Popen([BUILD / 'tests' / name, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def ask(self, requests):
        """The answers, as bytes; a thread writes, so that neither side can wait for the other."""
        writer = threading.Thread(target=self._write, args=(b''.join(requests),))
        writer.start()
        answers = [self.process.stdout.readline() for _ in requests]
        writer.join()
        if not all(answers):
            raise SystemExit(f'{self.name} ended with status {self.process.wait()} instead of answering')
        return answers

    def _write(self, requests):
        try:
            self.process.stdin.write(requests)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the missing answer will be noticed

    def close(self):
        """Ends the program.  Returns whether it ended well."""
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait() == 0


def frame(data):
    """Bytes as a driver reads them."""
    return len(data).to_bytes(4, 'little') + data
