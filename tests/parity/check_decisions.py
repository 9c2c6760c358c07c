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
from oracle import Process, Request, stripped
from policies import Policy, unquote
from scenarios import EXEC_DIRS, REQUESTS, Scenarios

DEFAULT_COUNT = 40000

# oslo.rootwrap stops, or is misled, where the filters allow the command.
ALLOWED_BY_US_ALONE = {
    'allowed: NoSectionError',  # it stops at a file without [Filters]; such a file holds no filters
    'allowed: TypeError',       # it stops at a filter with too few fields; we deny what that filter is meant for
    'allowed: rule 6',          # it believes the command line of a process whose file was replaced, and that lies
}
# The others are about what happens once a command runs.
SEEN_IN_DECISIONS = {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18}


Compared = collections.namedtuple('Compared', 'place names')


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
        found = [one for mode in modes for one in policy.outcomes(place, mode)]
        for one in found:
            self.count(*one)
        return Compared(place, [outcome_name(ours, outcome) for _, ours, outcome in found])

    def count(self, request, ours, outcome):
        """Counts one outcome."""
        kind = outcome.kind
        if kind == 'allowed':
            kind = f"allowed: {outcome.stops or f'rule {outcome.rules[-1]}'}"
        elif kind == 'same':
            kind = f"same: {ours['verdict']}"
        self.tally.add(kind, request, {**ours, 'argv': None, 'near': None}, outcome.rules)
        self.by_rule.update(set(outcome.rules))
        self.seen.update(outcome.rules)
        if ours['verdict'] == 'allow':
            self.classes[ours['class']] += 1

    def report(self, what):
        """The tests of these policies."""
        self.tap.note(f'{what}: {self.tally.total()} decisions')
        self.tally.report(self.tap)
        for rule, count in sorted(self.by_rule.items()):
            self.tap.note(f'rule {rule} ({rules.NAMES[rule]}): {count}')
        self.tap.note('allowed: ' + ', '.join(f'{name} {count}' for name, count in sorted(self.classes.items())))
        self.tally.none(self.tap, 'unexplained', f'{what}: unexplained differences')
        allowed = {kind for kind in self.tally if kind.startswith('allowed: ')}
        self.tap.ok(allowed <= ALLOWED_BY_US_ALONE, f'{what}: allowed by us alone for listed reasons only',
                    *sorted(allowed - ALLOWED_BY_US_ALONE))


def fixture_policy(directory, files, name):
    """The policy of a fixture, with the outcomes that its lines ask for."""
    texts = {path.name: path.read_text().replace('@TREE@', files) for path in directory.iterdir()}
    processes = {int(words[0]): Process(*words[1:]) for words in map(unquote, texts.pop('processes', '').splitlines())}
    path = texts.pop('path', '').strip() or None
    lines = [line for line in texts.pop(name).splitlines() if line and not line.startswith('#')]
    policy = Policy({name: text for name, text in texts.items() if not name.startswith('commands')},
                    None if path else EXEC_DIRS, path, processes=processes,
                    process_files={stripped(one.exe) for one in processes.values() if '/gone' not in one.exe})
    outcomes = [line.split()[0].partition('/') for line in lines]
    policy.requests = [Request(unquote(line)[1:], files, int(uid or os.getuid()))
                       for line, (_, _, uid) in zip(lines, outcomes)]
    return policy, [outcome for outcome, _, _ in outcomes]


def outcome_name(ours, outcome):
    """As the fixtures have it."""
    if outcome.kind in ('stricter', 'other filter'):
        return f"{'rule' if outcome.kind == 'stricter' else 'other'}-{outcome.rules[0]}"
    if outcome.kind == 'allowed':
        return f"allow-{outcome.stops or f'rule-{outcome.rules[-1]}'}"
    return ours['verdict'] if outcome.kind == 'same' else outcome.kind


def check_fixture(comparison, directory, files):
    """One test for a fixture: each line has the outcome that it asks for."""
    wrong, count = [], 0
    for name in ('commands', 'commands-without-helper'):
        if not (directory / name).exists():
            continue
        policy, wanted = fixture_policy(directory, files, name)
        found = comparison.add(policy, [name == 'commands']).names
        count += len(wanted)
        wrong += [f'{request.argv}: {got}, not {want}'
                  for request, got, want in zip(policy.requests, found, wanted) if got != want]
    comparison.tap.ok(not wrong, f'fixture {directory.name}: {count} commands', *wrong)


def check_fixtures(comparison, files):
    """All of them."""
    for directory in sorted(common.FIXTURES.iterdir()):
        if directory.is_dir():
            check_fixture(comparison, directory, files)
    comparison.report('the fixtures')


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
    comparison.start()
    wrong = []
    for policy, stored in corpus_policies(real):
        oracle = policy.oracle(comparison.add(policy).place)
        wrong += [ascii(vector) for request, vector in zip(policy.requests, stored)
                  if not is_as_stored(oracle, request, vector)]
    comparison.report('the corpus')
    comparison.tap.ok(not wrong, f'the corpus: decisions that are not as stored: {len(wrong)}', *wrong[:5])


def is_as_stored(oracle, request, vector):
    """Whether our oracle answers as the corpus says."""
    if oracle.stops:
        return vector['result'] == 'error'
    theirs = oracle.decide(request)
    if theirs.result != 'match' or vector['result'] != 'match':
        return theirs.result == vector['result']
    found = theirs.filter
    return (found.name, found.class_name, found.run_as, theirs.built) == tuple(
        vector[key] for key in ('filter', 'class', 'run_as', 'exec')) and (
            theirs.env == vector['env'] if found.class_name == 'EnvFilter' else not vector.get('env'))


def check_long_commands(comparison):
    """The longest command, and one that is a byte longer."""
    comparison.start()
    policy = Policy({'long.filters': '[Filters]\nlong: CommandFilter, long, root\n'}, EXEC_DIRS)
    longest = ['long'] + ['x' * 1023] * 255 + ['x' * (1023 - len('long') - 1)]
    policy.requests = [Request(longest), Request(longest[:-1] + [longest[-1] + 'x'])]
    names = comparison.add(policy).names
    comparison.tap.ok(names == ['allow', 'rule-16'] * 2, 'a command of 256 KiB is decided, a longer one denied',
                      ' '.join(names))


def check_generated(comparison, scenarios, count):
    """Generated policies of each kind."""
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
        scenarios = Scenarios(common.randomness('decisions'), tree.make(f'{comparison.directory}/tree'),
                              tree.make_programs(f'{comparison.directory}/programs'))
        check_fixtures(comparison, scenarios.tree)
        check_long_commands(comparison)
        tap.note(common.corpus_note(real))
        if real:
            check_corpus(comparison, real)
        check_generated(comparison, scenarios, common.wanted(DEFAULT_COUNT))
        os.chdir('/')
    missing = SEEN_IN_DECISIONS - comparison.seen
    tap.ok(not missing, f'each of the rules {sorted(SEEN_IN_DECISIONS)} was seen', f'not seen: {missing}')
    tap.done()


if __name__ == '__main__':
    main()
