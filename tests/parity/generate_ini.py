"""INI files: mostly what people write, partly what only an attacker or an editor would."""

NAMES = ['a', 'b', 'ab', 'Ab', 'kill_x', 'k.y', 'ip netns', 'tar-1', 'x%(y)s', 'a]', 'a[b', '-', 'filters_path', 'env1',
         'ENV1', 'd', 'dd', 'k#', 'k;', 'rem', '%']
NAME_ENDS = ['', '', '1', '2', '3']
ODD_NAMES = ['', '\u00e9', '\u0130', '\u212a', '\u017f', '[x', ']', '[', '#k', 'a\tb', 'na\u00efve', 'a\u00a0']
SECTIONS = ['Filters', 'Filters', 'Filters', 'Filters', 'DEFAULT', 'DEFAULT', 'filters', 'Context net', 'X', 'xenapi']
ODD_HEADERS = ['[]', '[]: x', '[] = 1', '[ ]', '[Filters', 'Filters]', '[[Filters]]', '[Filters]]',
               '[Filters] # see [1]', '[Filters] ; x', '[Filters]x', '[ Filters ]', '[x: y', '[x] = y', '[x = y]',
               '[Fil\tters]', '[default]', '[' + 's' * 49 + ']', '[' + 's' * 50 + ']', '[' + 's' * 51 + ']',
               '[\u00e9]', '[Filters]\u00a0', '[a;b]', '[#]', '[=]']
DELIMITERS = [': ', ': ', ': ', ' = ', '=', ':', ' : ', '\t=\t', '  :', ' :=', '==', '= :']
VALUES = ['CommandFilter, /bin/ls, root', 'RegExpFilter, tar, root, tar, -x[vf]+, .*',
          'KillFilter, root, dnsmasq, -9, -HUP', 'PathFilter, chown, root, pass, /srv',
          'EnvFilter, env, root, A=, B=, ip', 'x', '', '1', 'True', ', ,', 'a # b', 'a ; b', 'a ;b', '; c', '# c',
          '%(a)s', '%%', '"quoted, value"', "it's", 'a = b', 'a: b', '\\', '\\n', '[x]', 'v\u00e9', '\u20ac',
          '\U0001f600', '  spaced  ', 'tab\there', '/etc/a,/etc/b']
VALUE_ENDS = ['', '', '', '', ' ', '\t', ' # x', ' ;x']
LONG_VALUE_ENDS = ['', ' tail', ' ;tail', ' other: CommandFilter, sh, root']
COMMENTS = ['# c', '; c', '#', ';', '# [Filters]', '#a: b', ';a = b', '# caf\u00e9', '#\u00a0x', '# \u2028',
            '# long ' + 'c' * 150]
INDENTS = ['', '', '', '', ' ', '  ', '    ', '\t', ' \t', '\t ', '        ']
BLANKS = ['', '', '', ' ', '\t', '    ', ' \t ']
GARBAGE = ['justtext', '=', ':', '= v', ': v', ' = v', '[', ']', 'two words', '!', 'a b c', '\\', '%', '=:',
           'caf\u00e9']

# What a mutation puts in somewhere: ends of lines, controls, white space of Unicode, what is not UTF-8, marks.
SNIPPETS = [b'\r', b'\r\n', b'\n', b'\n\n', b'\n ', b'\n\t', b'\x00', b'\x01', b'\x0b', b'\x0c', b'\x1b', b'\x1c',
            b'\x1d', b'\x1e', b'\x1f', b'\x7f', b'\xc2\x85', b'\xc2\xa0', b'\xe1\x9a\x80', b'\xe2\x80\x80',
            b'\xe2\x80\x8a', b'\xe2\x80\xa8', b'\xe2\x80\xa9', b'\xe2\x80\xaf', b'\xe2\x81\x9f', b'\xe3\x80\x80',
            b'\xe2\x80\x8b', b'\xe1\xa0\x8e', b'\xef\xbb\xbf', b'\xff', b'\xc3', b'\xc0\xaf', b'\xed\xa0\x80',
            b'\xf4\x90\x80\x80', b'\xe2\x82', b'[', b']', b'=', b':', b'#', b';', b' #', b' ;', b'%', b'\\', b'"', b' ',
            b'\t', b'    ', b'\n[Filters]\n', b'\n[DEFAULT]\n', b'\n  more', b'\n# c\n', b'\n\n  more', b'\na: b\n']


class IniGenerator:
    """Makes files with the randomness given."""

    def __init__(self, random):
        self.random = random

    def file(self):
        """One file, as bytes."""
        pick = self.random
        lines = [] if pick.random() < 0.1 else [self.header()]
        for _ in range(pick.randrange(9)):
            lines.append(self.line())
        data = ('\r\n' if pick.random() < 0.05 else '\n').join(lines).encode()
        if pick.random() < 0.9:
            data += b'\n'
        if pick.random() < 0.03:
            data = b'\xef\xbb\xbf' + data
        while pick.random() < 0.25:
            data = self.mutate(data)
        return data

    def header(self):
        """A section header."""
        if self.random.random() < 0.06:
            return self.random.choice(ODD_HEADERS)
        return f'[{self.random.choice(SECTIONS)}]'

    def line(self):
        """Any line."""
        pick = self.random
        kind = pick.random()
        if kind < 0.54:
            return self.option()
        if kind < 0.68:
            return pick.choice(INDENTS[4:]) + self.value()
        if kind < 0.78:
            return pick.choice(INDENTS) + pick.choice(COMMENTS)
        if kind < 0.88:
            return pick.choice(BLANKS)
        if kind < 0.975:
            return (pick.choice(INDENTS) if pick.random() < 0.15 else '') + self.header()
        return pick.choice(INDENTS) + pick.choice(GARBAGE)

    def option(self):
        """An option with its value."""
        pick = self.random
        indent = pick.choice(INDENTS) if pick.random() < 0.12 else ''
        name = pick.choice(ODD_NAMES) if pick.random() < 0.015 else pick.choice(NAMES) + pick.choice(NAME_ENDS)
        return indent + name + pick.choice(DELIMITERS) + self.value() + pick.choice(VALUE_ENDS)

    def value(self):
        """A value, now and then a long one: near libinih's default limits, and near ours."""
        pick = self.random
        kind = pick.random()
        if kind < 0.97:
            return pick.choice(VALUES)
        if kind < 0.9997:
            return 'v' * pick.randrange(180, 400) + pick.choice(LONG_VALUE_ENDS)
        return 'w' * (65533 + pick.randrange(-4, 3) - 3)

    def mutate(self, data):
        """The file with one fault more."""
        pick = self.random
        at = pick.randrange(len(data) + 1)
        kind = pick.random()
        if kind < 0.6:
            return data[:at] + pick.choice(SNIPPETS) + data[at:]
        if kind < 0.75:
            return data[:at] + data[at + pick.randrange(1, 4):]
        if kind < 0.85:
            return data[:at] + bytes([pick.randrange(256)]) + data[at + 1:]
        lines = data.split(b'\n')
        at = pick.randrange(len(lines))
        if kind < 0.95:
            lines.insert(pick.randrange(len(lines) + 1), lines[at])
        else:
            lines[at] = pick.choice([b' ', b'\t', b'']) + lines[at].lstrip()
        return b'\n'.join(lines)
