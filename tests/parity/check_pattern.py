#!/usr/bin/python3 -B
"""Argument patterns against Python's re.fullmatch(): equal, or stricter for a listed reason."""

import configparser
import gzip
import json
import re
import shlex
import signal
import warnings

import common
from generate_patterns import PatternGenerator
from pattern_rules import IGNORING_CASE, READ_ALIKE, REFUSED, refused_construct

DEFAULT_COUNT = 120000
PATIENCE = 2            # seconds for one pattern

# Code points that only one of Python and PCRE2 takes for white space or a letter's other case; what is not UTF-8.
DISPUTED = re.compile('[\x1c-\x1f\u0130\u0131\u180e\udc80-\udcff]')


class TooSlow(Exception):
    """Python's matcher has no limit of its own."""


def give_up(*_):
    """The handler of SIGVTALRM."""
    raise TooSlow


def python_matches(pattern, subjects):
    """For each subject whether the pattern matches all of it; None if Python refuses the pattern."""
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError):
        return None
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        return [compiled.fullmatch(subject) is not None for subject in subjects]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def ask(driver, cases):
    """The driver's answers: for each pattern its letters, or None, and why it is refused."""
    requests = []
    for pattern, subjects in cases:
        requests.append(common.frame(encode(pattern)) + len(subjects).to_bytes(4, 'little') +
                        b''.join(common.frame(encode(subject)) for subject in subjects))
    for answer in driver.ask(requests):
        verdict, _, rest = answer.decode().rstrip('\n').partition(' ')
        yield (rest, None) if verdict == 'usable' else (None, rest)


def encode(text):
    """As the kernel passes arguments."""
    return text.encode('utf-8', 'surrogateescape')


def subject_outcome(theirs, letter, subject):
    """Classifies one match."""
    if (letter == 'm') == theirs and letter in 'mn':
        return 'match in both' if theirs else 'no match in both'
    if letter == 'm':
        return 'more permissive'
    if letter in 'uf':
        return 'cannot be matched'
    if letter == 'l':
        return 'stricter (limit reached)' if theirs else 'limit reached, no match in Python'
    return 'stricter (disputed code point)' if DISPUTED.search(subject) else 'stricter'


def compare(pattern, subjects, letters, why, tally):
    """Counts the outcomes for one pattern."""
    try:
        theirs = python_matches(pattern, subjects)
    except TooSlow:
        tally.add('too slow in Python', pattern)
        return
    if letters is None:
        construct = refused_construct(pattern)
        outcome = ('refused by both' if theirs is None else
                   f'refused by us alone ({construct})' if construct else 'refused without a listed reason')
        tally.add(outcome, pattern, why)
    elif theirs is None:
        tally.add('pattern refused by Python alone', pattern)
    else:
        tally.add('usable in both', pattern)
        for subject, match, letter in zip(subjects, theirs, letters):
            tally.add(subject_outcome(match, letter, subject), pattern, subject)


def compare_all(driver, cases):
    """Compares patterns with their subjects."""
    tally = common.Tally()
    for batch in common.batches(cases):
        for (pattern, subjects), (letters, why) in zip(batch, ask(driver, batch)):
            compare(pattern, subjects, letters, why, tally)
    return tally


def check_no_difference(tap, tally, what):
    """The outcomes that must not be."""
    tally.none(tap, 'pattern refused by Python alone', f'{what}: usable though Python refuses them')
    tally.none(tap, 'more permissive', f'{what}: matches that Python does not find')
    tally.none(tap, 'stricter', f'{what}: unexplained matches of Python alone')
    tally.none(tap, 'cannot be matched', f'{what}: usable, but not when matching')
    tally.none(tap, 'refused without a listed reason', f'{what}: refused without a listed reason')


def check_generated(tap, driver, count):
    """Generated patterns; enough must be usable, and match, for the comparison to mean something."""
    generator = PatternGenerator(common.randomness('patterns'))
    tally = compare_all(driver, (generator.pattern() for _ in range(count)))
    tap.note(f'{count} generated patterns:')
    tally.report(tap)
    check_no_difference(tap, tally, 'generated patterns')
    tap.ok(tally['usable in both'] >= 0.6 * count, 'generated patterns: at least 6 of 10 are usable')
    tap.ok(tally['match in both'] >= count, 'generated patterns: at least one match a pattern')


def check_refused(tap, driver):
    """Constructs that must be refused, whatever Python makes of them."""
    for construct, patterns in REFUSED.items():
        letters = [letters for letters, _ in ask(driver, [(pattern, ['']) for pattern in patterns])]
        usable = [ascii(pattern) for pattern, answer in zip(patterns, letters) if answer is not None]
        tap.ok(not usable, f'refused: {construct}', *usable)


def check_read_alike(tap, driver):
    """Constructs that PCRE2 by itself reads otherwise."""
    tally = compare_all(driver, READ_ALIKE.items())
    check_no_difference(tap, tally, 'constructs that are translated')
    usable = tally['usable in both']
    tap.ok(usable == len(READ_ALIKE), f'constructs that are translated: {usable} of {len(READ_ALIKE)} are usable')

    tally = compare_all(driver, IGNORING_CASE.items())
    check_no_difference(tap, tally, 'letters that ignore case')


def patterns_of(files):
    """The patterns of all filters that have some."""
    patterns = set()
    for path in files:
        parser = configparser.RawConfigParser(strict=False)
        parser.read(path, encoding='utf-8')
        items = parser.items('Filters') if parser.has_section('Filters') else []
        for fields in ([field.strip() for field in value.split(',')] for _, value in items):
            if fields[0] in ('RegExpFilter', 'ChainingRegExpFilter'):
                patterns.update(fields[3:])
    return sorted(patterns)


def words_of_files(files):
    """The words of commands in the shell's quoting."""
    lines = (line for path in files for line in path.read_text().splitlines())
    return {word for line in lines for word in shlex.split(line, comments=True)}


def words_of_corpus(real):
    """The words of the corpus's commands."""
    with gzip.open(real / 'decisions.jsonl.gz', 'rt') as lines:
        return {word for line in lines for word in json.loads(line)['argv'] if '\x00' not in word and len(word) < 200}


def check_real(tap, driver, patterns, words, what):
    """Patterns that people wrote, each with every word there is."""
    words = sorted(words)
    subjects = words + [word + '\n' for word in words[::10]] + [word + 'X' for word in words[::10]]
    tally = compare_all(driver, ((pattern, subjects) for pattern in patterns))
    tally.report(tap)
    check_no_difference(tap, tally, what)
    tap.ok(tally['usable in both'] == len(patterns), f'{what}: all {len(patterns)} patterns are usable')


def main():
    """Runs the comparison."""
    warnings.simplefilter('ignore')     # Python's, of sets that may mean something else one day
    signal.signal(signal.SIGVTALRM, give_up)
    tap = common.Tap()
    driver = common.Driver('pattern_match')
    data, real = common.SOURCE / 'tests' / 'data', common.corpus()

    check_refused(tap, driver)
    check_read_alike(tap, driver)
    files = [*sorted((common.SOURCE / 'filters.d').glob('*.filters')), *sorted(data.rglob('*.filters'))]
    own = patterns_of(path for path in files if path.parent.name != 'unusable')     # whose patterns are refused
    check_real(tap, driver, own, words_of_files(sorted(data.rglob('*commands'))), 'filters of this project')
    tap.note(common.corpus_note(real))
    if real:
        patterns = patterns_of(sorted((real / 'sets').rglob('*.filters')))
        check_real(tap, driver, patterns, words_of_corpus(real), 'filters of the corpus')
    check_generated(tap, driver, common.wanted(DEFAULT_COUNT))
    tap.ok(driver.close(), 'the driver ends well')
    tap.done()


if __name__ == '__main__':
    main()
