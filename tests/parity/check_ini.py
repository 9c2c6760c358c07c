#!/usr/bin/python3 -B
"""The INI reader against Python's RawConfigParser: equal, or refused for a listed reason."""

import configparser
import io
import json
import re

import common
from generate_ini import IniGenerator

DEFAULT_COUNT = 120000

NOT_ASCII = re.compile(rb'[\x80-\xff]')
UNICODE_SPACES = re.compile('[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]')


def holds_unicode_space(line):
    """White space beyond ASCII, which Python strips and libinih keeps."""
    return UNICODE_SPACES.search(line.decode())


# Each reason to refuse what Python reads: what must then be true of the line, and an example.
STRICT_REASONS = {
    'carriage return inside a line': (lambda line: b'\r' in line, b'[x]\na: b\rc: d\n'),
    'control character': (re.compile(rb'[\x00-\x08\x0b-\x1f\x7f]').search, b'[x]\na: b\x1bc\n'),
    'file over 1 MiB': (lambda line: True, b'[x]\n' + b'#\n' * 2**19),
    'line over 65533 bytes': (lambda line: len(line) > 65533, b'[x]\na: ' + b'b' * 65531),
    'more than one ] in a section header': (
        lambda line: line.lstrip().startswith(b'[') and line.count(b']') > 1, b'[x] # ]\n'),
    'option name is not ASCII': (
        lambda line: NOT_ASCII.search(re.split(rb'[=:]', line)[0]), '[x]\n\u212a: b\n'.encode()),
    'section header without ]': (lambda line: line.lstrip().startswith(b'[') and b']' not in line, b'[x]\n[y: b\n'),
    'section header without a name': (lambda line: line.lstrip().startswith(b'[]'), b'[x]\n[]: b\n'),
    'section name over 49 bytes': (re.compile(rb'\s*\[[^]]{50,}\]').match, b'[' + b'x' * 50 + b']\n'),
    'white space other than blank and tab': (holds_unicode_space, '[x]\na: b\u00a0\n'.encode()),
}


def python_reads(data, strict):
    """What oslo.rootwrap's parser makes of a file: sections, defaults, items of Filters; None if it is refused."""
    parser = configparser.RawConfigParser(strict=strict)
    try:
        parser.read_file(io.TextIOWrapper(io.BytesIO(data), encoding='utf-8'))
    except (configparser.Error, UnicodeDecodeError):
        return None
    # items() would merge the defaults in and so hide what stands where.
    sections = [[name, as_lists(parser._sections[name].items())] for name in parser.sections()]
    filters = as_lists(parser.items('Filters')) if parser.has_section('Filters') else None
    return sections, as_lists(parser.defaults().items()), filters


def as_lists(items):
    """Pairs as JSON has them."""
    return [list(pair) for pair in items]


def ours_reads(answer):
    """The same from the driver's answer; None if the file is refused."""
    if 'error' in answer:
        return None
    defaults = [options for name, options in answer['sections'] if name == 'DEFAULT']
    sections = [[name, options] for name, options in answer['sections'] if name != 'DEFAULT']
    return sections, defaults[0] if defaults else [], answer['filters']


def stricter(data, answer):
    """Classifies a refusal of what Python reads."""
    reason, line = answer['error'], data.split(b'\n')[answer['line'] - 1]
    holds = reason in STRICT_REASONS and STRICT_REASONS[reason][0](line)
    return f'stricter ({reason})' if holds else 'stricter without a listed reason'


def compare(data, strict, answer, tally):
    """Counts the outcome for one file."""
    theirs, ours = python_reads(data, strict), ours_reads(answer)
    if ours == theirs:
        outcome = 'equal' if ours else 'refused by both'
    elif theirs is None:
        outcome = 'more permissive'
    elif ours is None:
        outcome = stricter(data, answer)
    else:
        outcome = 'different'
    tally.add(outcome, data[:300], 'strict' if strict else 'lax', answer.get('error'), answer.get('line'))


def both_ways(files):
    """Each file strict and lax."""
    return ((data, strict) for data in files for strict in (True, False))


def compare_all(driver, cases):
    """Reads each file as its case says."""
    tally = common.Tally()
    for batch in common.batches(cases):
        answers = driver.ask([(b's' if strict else b'l') + common.frame(data) for data, strict in batch])
        for (data, strict), answer in zip(batch, answers):
            compare(data, strict, json.loads(answer), tally)
    return tally


def check_no_difference(tap, tally, what):
    """The three outcomes that must not be."""
    tally.none(tap, 'different', f'{what}: results that differ')
    tally.none(tap, 'more permissive', f'{what}: accepted though Python refuses')
    tally.none(tap, 'stricter without a listed reason', f'{what}: refused without a listed reason')


def check_generated(tap, driver, count):
    """Generated files; enough of them must be readable for the comparison to mean something."""
    generator = IniGenerator(common.randomness('ini'))
    tally = compare_all(driver, both_ways(generator.file() for _ in range(count)))
    tap.note(f'{count} generated files, each read strict and lax:')
    tally.report(tap)
    check_no_difference(tap, tally, 'generated files')
    tap.ok(tally['equal'] >= 0.4 * tally.total(), 'generated files: at least 4 of 10 are read alike')


def check_limits(tap, driver):
    """The longest line, the longest section name and the largest file arrive whole."""
    header, line = b'[Filters]\n', b'# comment of thirty-two bytes...\n'
    largest = header + b'a: b\n' + line * ((2**20 - 15) // len(line))
    largest += b'#' * (2**20 - len(largest))
    fitting = [header + b'a: ' + b'v' * 65530, header + b'a: b\n ' + b'v' * 65532, header + b'#' * 65533 + b'\na: b',
               b'[' + b's' * 49 + b']\na: b', largest]
    tally = compare_all(driver, both_ways(fitting))
    tap.ok(tally['equal'] == 2 * len(fitting), 'what is just within the limits is read alike')


def check_reasons(tap, driver):
    """Python reads each example, we do not."""
    for reason, (_, example) in STRICT_REASONS.items():
        tally = compare_all(driver, both_ways([example]))
        tap.ok(tally[f'stricter ({reason})'] == 2, f'refused though Python reads it: {reason}')


def check_real(tap, driver, files, what):
    """Files that people wrote are all read, and alike: confs strict, filters with the last duplicate winning."""
    tally = compare_all(driver, [(path.read_bytes(), path.suffix == '.conf') for path in files])
    check_no_difference(tap, tally, what)
    others = tally.total() - tally['equal']
    tap.ok(others == 0, f'{what}: {len(files)} files, not read alike: {others}')


def policy_files(directory):
    """The filter files and confs below a directory."""
    return sorted([*directory.rglob('*.filters'), *directory.rglob('rootwrap.conf')])


def main():
    """Runs the comparison."""
    tap = common.Tap()
    driver = common.Driver('ini_dump')
    own = [path for name in ('etc', 'filters.d', 'tests/data') for path in policy_files(common.SOURCE / name)]
    real = common.corpus()

    check_real(tap, driver, own, 'files of this project')
    tap.note(common.corpus_note(real))
    if real:
        check_real(tap, driver, policy_files(real / 'sets'), 'files of the corpus')
    check_limits(tap, driver)
    check_reasons(tap, driver)
    check_generated(tap, driver, common.wanted(DEFAULT_COUNT))
    tap.ok(driver.close(), 'the driver ends well')
    tap.done()


if __name__ == '__main__':
    main()
