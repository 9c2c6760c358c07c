"""Which patterns must be refused, and which are read alike though PCRE2 by itself would read them otherwise."""

import re

# One construct a line, with patterns that hold it.  To Python they are errors or mean something else.
REFUSED = {
    'a Perl escape that Python does not know': [
        'foo\\z', '\\Gfoo', 'fo\\Ko', 'a\\Nb', 'a\\hb', 'a\\Hb', 'a\\Rb', 'a\\Xb', 'a\\Cb', '\\Qa.b\\E', 'a\\Eb', '\\e',
        '\\cA', '\\p{L}', '\\pL', '\\P{L}', '[\\h]', '[\\Qa\\E]', '[\\p{L}]', '\\i', '\\_\\y', '[\\R]'],
    'an escape by number or name': [
        '\\N{U+0041}', '\\N{LATIN SMALL LETTER A}', '\\u0041', '\\U00000041', '\\o{101}', 'a\\x4', '\\x{41}', '\\x',
        '[\\x4g]', '[\\u0041]'],
    'an octal escape': ['\\101', '\\00', '\\012', '[\\8]', '[\\400]', '[\\01]', '[\\7]'],
    'a reference to a group': [
        '(a)\\1', '(a)\\g1', '(?P<n>a)(?P=n)', '(?P<n>a)\\k<n>', '(?P<n>a)(?P>n)', '(?P<n>a)(?&n)', 'a(?R)?b',
        '(a)(?1)', '\\2(a)(b)|(?:x)', '(a\\1?)', 'a\\11', 'a\\18', '(a)(?(1)b|c)', '(?(DEFINE)(?<x>a))b'],
    'an empty string that is no word boundary': ['\\B', 'a\\Bb', '(?:\\B)'],
    'a name that Python does not write so': ['(?<n>a)', "(?'n'a)", '(?P<1>a)', '(?P<>a)', '(?P<n-m>a)',
                                             '(?P<\u00e9>a)'],
    'a name over 32 characters': ['(?P<' + 'n' * 33 + '>a)'],
    'another kind of group': ['(?>a)', '(?|(a)|(b))', '(?<=a)b', '(?<!a)b', 'ab(?<=b|ab)c', '(?#comment)a', 'a(?C)b',
                              'a(?C1)b', '(?', '(?~a)', '(?<n'],
    'a flag elsewhere than in front, or another one than i, s and m': [
        'a(?i)b', '(?i)(?s)a', '(?i:a)', '(?-i:a)', '(?a)\\w', '(?u)\\w', '(?L)a', '(?x)a b', '(?xx)[a b]', '(?U)a+',
        '(?J)a', '(?n)(a)', '(?^)a', '(?-i)a', '((?i)a)'],
    'a verb': ['a(*ACCEPT)b', 'a(*FAIL)|b', '(*UTF)a', '(*UCP)a', '(*CRLF)a.b', '(*NO_START_OPT)a', '(*LIMIT_MATCH=1)a',
               'a(*pla:b)b', 'a(*napla:b)b', '(*)', '(*COMMIT)a'],
    'a class of POSIX': ['[[:alpha:]]', '[[:digit:]]+', '[^[:space:]]', '[[.x.]]', '[[=x=]]', '[a[:upper:]b]',
                         '[[:<:]]'],
    'a possessive repeat': ['a*+', 'a++', 'a?+', 'a{1,2}+', 'a{2}+'],
    'a repeat of a repeat, or of nothing': ['a**', 'a{2}{3}', '*', '+a', '?', '(*a)', 'a|*', '(?:+)', 'a??+', '{2}',
                                            '|{1,2}'],
    'a repeat of an assertion': ['^*', '$+', '\\b?', '\\A{2}', '\\Z*', '(?=a)*', '(?!a)?', '(?=a){2}'],
    'a repeat count that is too high': ['a{65536}', 'a{70000}', 'a{1,65536}', 'a{65536,}', 'a{99999999999999999999}'],
    'a repeat whose highest count is below the lowest': ['a{2,1}'],
    'a bad range': ['[z-a]', '[a-\\d]', '[\\d-z]', '[\\w-a]', '[\u00e9-a]'],
    'something left open': ['(', '(a', '((a)', '[', '[]', '[^]', '[a', '[a-', 'a)', ')', '(?:a', '(?P<n', '(?P<n>a',
                            '[\\', '(?=a'],
    'a backslash at the end': ['\\', 'foo\\', '(\\', 'foo\\\\\\'],
    'what is no word character, in a set': ['[\\W]', '[^\\W_]', '[a\\W]'],
    'a letter above ASCII whose case does not count': ['(?i)\u00e9', '(?is)[^\u0131]', '(?i)\\xe9', '(?i)[a-\u017f]'],
    'a control character': ['a\x01', '\x1b', 'a\x7fb', '[\x02]', 'a\x0bb', 'a\rb', '\x1f'],
    'more than a pattern may hold': ['a' * 8193, '(' * 201 + ')' * 201],
}

# Patterns that must be usable, each with subjects that tell a wrong reading from Python's.
READ_ALIKE = {
    'a{,3}': ['', 'aaa', 'aaaa', 'a{,3}'],
    'a{,}': ['', 'aaa', 'a{,}'],
    'a{02,03}': ['a', 'aa', 'aaa', 'aaaa'],
    'a{': ['a{', 'a'],
    'a{x}': ['a{x}', 'a'],
    'a{1': ['a{1', 'a'],
    '{': ['{'],
    'a}': ['a}'],
    'foo\\Z\\n?': ['foo', 'foo\n'],
    'foo$\\n': ['foo\n', 'foo'],
    'foo$': ['foo', 'foo\n'],
    'foo': ['foo', 'foo\n', 'foobar', 'xfoo'],
    'a|b': ['a', 'b', 'aX', 'bX', 'Xb'],
    '(?m)a$': ['a', 'a\nb', 'a\n'],
    '(?m)a$\\nb': ['a\nb'],
    '(?m)a\\n^': ['a\n', 'a'],
    '(?m)a\\n(?!^)': ['a\n'],
    '(?m)a\\n^b': ['a\nb'],
    'a\\n(?!^)': ['a\n'],
    '(?s).': ['\n', 'a', '\u00e9'],
    '.': ['\n', '\r', '\u2028', '\u00e9', 'ab'],
    '..': ['\u00e9', 'ab'],
    'a\\vb': ['a\x0bb', 'a\nb', 'a\rb'],
    '[\\v]': ['\x0b', '\n'],
    '[\\b]': ['\b', 'b'],
    '\\0': ['0', '\\0'],
    '[^/\\0]*': ['abc', 'a/b', 'a\nb'],
    '\\d+': ['12', '\u0663', '\u00b2', '\U0001d7ce'],
    '\\D': ['a', '\u0663'],
    '\\w': ['a', '\u00e9', '_', '-', '\u00b2', '\u0301', '\u203f'],
    '\\W': ['-', '\u00e9', '\u0301'],
    '[^\\w]': ['-', '\u00e9'],
    '\\s': [' ', '\u00a0', '\u2028', '\x85', '\u200b', '\x1c', '\u180e'],
    '\\S': ['a', '\u00a0', '\x1c', '\u180e'],
    '\u00e9\\b.*': ['\u00e9', '\u00e9t', '\u00e9 t'],
    '(?i)k': ['k', 'K', '\u212a'],
    '(?i)s': ['s', 'S', '\u017f'],
    '(?i)i': ['i', 'I', '\u0130', '\u0131'],
    '(?i)[a-z]': ['Q', '\u212a', '\u017f', '\u0130'],
    '(?=a)\\w?a': ['a', 'aa'],
    '(?!\\.\\.).*': ['a', '..', '.'],
    '()': ['', 'a'],
    '': ['', '\n'],
    '(?:a|)b': ['ab', 'b'],
    '[]a]': [']', 'a'],
    '[^]a]': [']', 'b'],
    '[a[b]': ['[', 'a', 'b'],
    '[a\\-z]': ['-', 'b'],
    '[+--]': ['+', ',', '-', '.'],
    '(?P<name>a)': ['a'],
    '(?P<' + 'n' * 32 + '>a)': ['a'],
    '\\ \\#\\/\\"\\\u00e9': [' #/"\u00e9'],
    '#a b': ['#a b', '#ab'],
    'a.b': [b'a\xffb'.decode('utf-8', 'surrogateescape'), 'a\u00e9b'],
}

# Above ASCII Python and PCRE2 do not agree on which letters differ in case only: with (?i) such a pattern is refused.
IGNORING_CASE = {
    '(?i)\u0131': ['i', 'I', '\u0131'],
    '(?i)[^\u0131]': ['i', 'I', 'x'],
    '(?i)[^\u0130]': ['i', 'I', 'x'],
    '(?i)[^a\u012f-\u0140]': ['i', 'I', 'x'],
    '(?i)[^\u0100-\u0200]': ['i', 'I', 's', '\u017f', 'x'],
    '(?i)(?!\u0130).*': ['i', 'I', 'index', 'x'],
    '(?im)[^\u0390]': ['\u0390', '\u1fd3', 'x'],
    '(?i)[^\u1fe3]': ['\u03b0', '\u1fe3', 'x'],
    '(?is)[^\ufb05]': ['\ufb05', '\ufb06', 'x'],
    '(?i)(?!\ufb06).': ['\ufb05', '\ufb06', 'x'],
    '(?i)[^\u212a]': ['k', 'K', '\u212a', 'x'],
    '(?i)[^\u017f]': ['s', 'S', '\u017f', 'x'],
}

# A pattern as a sequence of parts: escapes, sets, groups, repeats, other characters.
PART = re.compile(r'''
    (?P<escape> \\ (?s:.) )
  | (?P<set> \[ \^? \]? (?: \\ (?s:.) | [^]\\] )* \] )
  | (?P<flags> \A \(\? [a-zA-Z]+ \) )
  | (?P<group> \( (?: \? (?: P<[^>]*> | <?[=!] | . )? )? )
  | (?P<close> \) )
  | (?P<repeat> (?: [*+?] | \{ (?: \d+,?\d* | ,\d* ) \} ) [?+]? )
  | (?P<other> (?s:.) )
''', re.VERBOSE)

CONTROL = re.compile(r'[\x00-\x08\x0b-\x1f\x7f]')
FLAG_I = re.compile(r'\(\?[sm]*i[ism]*\)')
ABOVE_ASCII = re.compile(r'[^\x00-\x7f]|\\x[89a-fA-F][0-9a-fA-F]')
NAME = re.compile(r'\(\?P<[A-Za-z_][A-Za-z0-9_]{0,31}>')


def refused_construct(pattern):
    """What of the list above a pattern holds that Python reads; None if there is nothing."""
    if len(pattern.encode()) > 8192:
        return 'more than a pattern may hold'
    if CONTROL.search(pattern):
        return 'a control character'
    if FLAG_I.match(pattern) and ABOVE_ASCII.search(pattern):
        return 'a letter above ASCII whose case does not count'
    groups, after_assertion = [], False
    for part in PART.finditer(pattern):
        kind, text = part.lastgroup, part.group()
        found = construct_of(kind, text, part.string[part.end():], after_assertion)
        if found:
            return found
        if kind == 'group':
            groups.append(text in ('(?=', '(?!'))
        after_assertion = kind == 'close' and bool(groups) and groups.pop()
    return None


def construct_of(kind, text, rest, after_assertion):
    """What a part by itself is."""
    if kind == 'escape':
        return escape_construct(text, rest, in_set=False)
    if kind == 'set':
        return set_construct(text)
    if kind == 'flags' and set(text) - set('(?ism)'):
        return 'a flag elsewhere than in front, or another one than i, s and m'
    if kind == 'group':
        return group_construct(text)
    if kind == 'repeat':
        return repeat_construct(text, after_assertion)
    return None


def escape_construct(text, rest, in_set):
    """An escape of a letter or a digit that is not among the few."""
    char = text[1]
    if char == '0':
        return 'an octal escape' if rest[:1] in tuple('01234567') else None
    if not char.isascii() or not char.isalnum() or char in 'dDsSwWafnrtvxb':
        return None
    if not in_set and char in 'AZ':
        return None
    if char == 'B':
        return 'an empty string that is no word boundary'
    return 'a reference to a group' if char.isdigit() and not in_set else 'an escape by number or name'


def set_construct(text):
    """Inside a set."""
    for part in re.finditer(r'\\(?s:.)|\[[:.=]', text[1:]):
        if part.group()[0] == '[':
            return 'a class of POSIX'
        if part.group() == '\\W':
            return 'what is no word character, in a set'
        found = escape_construct(part.group(), part.string[part.end():], in_set=True)
        if found:
            return found
    return None


def group_construct(text):
    """The beginning of a group."""
    if text.startswith('(?P<'):
        return None if NAME.fullmatch(text) else 'a name over 32 characters'
    return None if text in ('(', '(?:', '(?=', '(?!') else 'another kind of group'


def repeat_construct(text, after_assertion):
    """A repeat."""
    if after_assertion:
        return 'a repeat of an assertion'
    if len(text) > 1 and text[-1] == '+':
        return 'a possessive repeat'
    if any(int(number) > 65535 for number in re.findall(r'\d+', text)):
        return 'a repeat count that is too high'
    return None
