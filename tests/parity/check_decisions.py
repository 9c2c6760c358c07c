#!/usr/bin/python3 -B
"""Decisions against oslo.rootwrap's own: never looser, and stricter only by a rule that is on the list."""

import collections
import gzip
import json
import logging
import os
import pathlib
import sys
import tempfile

import common

try:
    import oslo_rootwrap.wrapper    # noqa: F401
except ImportError:
    common.skip_all('needs python3-oslo.rootwrap')

import rules
import tree
from oracle import MACHINE, Process, Request
from policies import Policy
from scenarios import REQUESTS, Scenarios

DEFAULT_COUNT = 24000


class Comparison:
    """Counts the outcomes of many policies."""

    def __init__(self, tap, directory):
        self.tap = tap
        self.directory = directory
        self.number = 0
        self.seen = set()       # rules
        self.start()

    def start(self):
        """Counts from nothing."""
        self.tally, self.by_rule, self.classes = common.Tally(), collections.Counter(), collections.Counter()

    def add(self, policy, modes=(True, False)):
        """Compares a policy, with the built-in privsep-helper filter and without."""
        self.number += 1
        place = self.directory / str(self.number)
        place.mkdir()
        policy.write(place)
        return {mode: [self.count(*outcome, place) for outcome in policy.outcomes(place, mode)] for mode in modes}

    def count(self, request, ours, outcome, place):
        """Counts one outcome, and returns it."""
        kind = outcome.kind
        if kind == 'allowed':
            kind = f"allowed: {outcome.stops or f'rule {outcome.rules[-1]}'}"
        elif kind == 'same':
            kind = f"same: {ours['verdict']}"
        self.tally.add(kind, request.argv, request.cwd, request.uid, {**ours, 'near': None, 'argv': None}, outcome.rules, (place/'filters/generated.filters').read_text() if (place/'filters/generated.filters').exists() else '')
        self.by_rule.update(set(outcome.rules))
        self.seen.update(outcome.rules)
        if ours['verdict'] == 'allow':
            self.classes[ours['class']] += 1
        return outcome

    def report(self, what):
        """The tests of these policies."""
        self.tap.note(f'{what}: {self.tally.total()} decisions')
        self.tally.report(self.tap)
        for rule, count in sorted(self.by_rule.items()):
            self.tap.note(f'rule {rule} ({rules.NAMES[rule]}): {count}')
        self.tap.note('allowed by class: ' + ', '.join(f'{name} {count}' for name, count in sorted(self.classes.items())))
        self.tally.none(self.tap, 'unexplained', f'{what}: unexplained differences')


def corpus_policies(real):
    """The sets of the corpus, with oslo.rootwrap's decisions as stored."""
    processes = json.loads((real / 'fakeproc.json').read_text())
    vectors = collections.defaultdict(list)
    with gzip.open(real / 'decisions.jsonl.gz', 'rt') as lines:
        for vector in map(json.loads, lines):
            vectors[vector['project']].append(vector)
    for name, stored in sorted(vectors.items()):
        files = {path.name: path.read_bytes() for path in (real / 'sets' / name / 'rootwrap.d').iterdir()}
        policy = Policy(files, ['/sbin', '/usr/sbin', '/bin', '/usr/bin'],
                        '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
                        processes={int(pid): Process(exe) for pid, exe in processes.items()})
        stored = [vector for vector in stored if vector['argv'] and not any('\0' in word for word in vector['argv'])]
        policy.requests = [Request(vector['argv']) for vector in stored]
        yield policy, stored


def check_corpus(comparison, real):
    """Real filters."""
    for policy, stored in corpus_policies(real):
        comparison.add(policy)
    comparison.report('the corpus')


def check_generated(comparison, directory, count):
    """Generated policies of each kind."""
    scenarios = Scenarios(common.randomness('decisions'), tree.make(f'{directory}/tree'), tree.make_programs(f'{directory}/programs'))
    for kind in (scenarios.paths, scenarios.kills, scenarios.environments, scenarios.chains, scenarios.lookups):
        comparison.start()
        for _ in range(count // 5 // REQUESTS):
            comparison.add(kind())
        comparison.report(f'generated {kind.__name__}')


def main():
    """Runs the comparison."""
    os.umask(0o022)
    logging.disable(logging.CRITICAL)
    tap = common.Tap()
    real = common.corpus()
    with tempfile.TemporaryDirectory(prefix='privsep-wrap-parity-') as directory:
        comparison = Comparison(tap, pathlib.Path(directory).resolve())
        if real:
            check_corpus(comparison, real)
        check_generated(comparison, comparison.directory, common.wanted(DEFAULT_COUNT))
    os.chdir('/')
    tap.done()


if __name__ == '__main__':
    main()
