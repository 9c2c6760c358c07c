"""Argument patterns, and subjects that match them or nearly do.

A pattern is first a tree of tuples (kind, ...); text() writes it, sample() makes a
string that is likely to match it.
"""

LETTERS = 'abcdxyzABXIiKksS019_'
PUNCTUATION = '/.-:=@%+~#&<>!"\', `;{}]^$|()[*?\\'
OTHERS = '\u00e9\u00df\u0130\u0131\u017f\u212a\u20ac\u0663\u00a0\u2028\u180e\u0301\U0001f600\u03a3\u03c2' \
         '\u0390\u1fd3\u03b0\u1fe3\ufb05\ufb06\u01c5\u00b5\n\t'
SPECIAL = set('.^$*+?{}[]\\|()')

ESCAPES = {'\\d': '5\u0663', '\\w': 'a_9\u00e9', '\\s': ' \t\n\u00a0', '\\D': 'a-', '\\W': '-/ ', '\\S': 'a/\u00e9',
           '\\n': '\n', '\\t': '\t', '\\r': '\r', '\\f': '\f', '\\v': '\v', '\\a': '\a', '\\0': 'a',
           '\\x41': 'A', '\\x2f': '/', '\\xe9': '\u00e9', '\\x0a': '\n'}
SETS = {'[a-z]': 'amz', '[a-z0-9_-]': 'q7-', '[^/]': 'a.\n', '[^/\\0]': 'a-', '[.]': '.', '[]a]': ']a', '[^]a]': 'b',
        '[\\d.]': '1.', '[\\w-]': 'a-', '[^\\s]': 'a', '[^\\w]': '- ', '[\\D]': 'a', '[^\\W\\d]': 'a', '[\\b]': '\b',
        '[\\x41-\\x5a]': 'M', '[a\\-z]': '-', '[-a]': '-a', '[a-]': '-a', '[\u00e0-\u00ff]': '\u00e9',
        '[\\]\\\\]': '\\]', '[a-b-c]': '-', '[{}(|)*+?$^.]': '(^', '[\\n\\t]': '\n', '[i]': 'iI', '[A-Z]': 'AI',
        '[k]': 'kK\u212a', '[^k]': 'x', '[s\u017f]': 's', '[ ]': ' ', '[[]': '[', '[a[b]': '[', '[&&]': '&',
        '[a--]': '-', '[+--]': ',', '[~|]': '~', '[^\n]': 'a', '[\u20ac\u00e9]': '\u20ac', '[\\S\\n]': 'a',
        '[\\v\\f]': '\v', '[^^]': 'a', '[\\^a]': '^', '[^\u0130]': 'iI', '[^\u0131]': 'iI', '[^\ufb06]': '\ufb05',
        '[^\u0390]': '\u1fd3', '[\u0100-\u0200]': '\u0130sSi', '[^\u0100-\u0200]': 'iIsS',
        '[\u0370-\u1fff]': '\u0390\u1fe3', '[^\u0300-\uffff]': 'kKsi\u1fd3', '[^a-\u00ff]': 'KI\u212a'}
REPEATS = {'*': (0, 2), '+': (1, 3), '?': (0, 1), '{2}': (2, 2), '{1,}': (1, 2), '{,2}': (0, 2), '{1,3}': (1, 3),
           '{0}': (0, 0), '{,}': (0, 2), '{0,1}': (0, 1), '{02,3}': (2, 3)}
ASSERTIONS = ['^', '$', '\\A', '\\Z', '\\b']
FLAGS = ['(?i)', '(?i)', '(?s)', '(?m)', '(?is)', '(?im)', '(?ims)']

# Written into a pattern now and then: refused by Python, by us or by both.
ODD = ['\\B', '\\1', '\\z', '\\G', '\\K', '\\N', '\\h', '\\R', '\\X', '\\C', '\\Q', '\\E', '\\e', '\\cA', '\\g',
       '\\k<n>', '\\p{L}', '\\u0041', '\\x4', '\\x{41}', '\\o{1}', '\\8', '\\101', '\\00', '(?<n>a)', "(?'n'a)",
       '(?P>n)', '(?R)', '(?1)', '(?|a|b)', '(?>a)', '(?#c)', '(?i)', '(?i:a)', '(?-i:a)', '(?x)', '(?a)', '(?U)',
       '(?<=a)', '(?<!a)', '(*ACCEPT)', '(*UTF)', '(*pla:a)', '(?C)', '[:alpha:]', '[[:alpha:]]', '[[.x.]]', '[[=x=]]',
       '*+', '++', '?+', '{2}+', '**', '{70000}', '{2,1}', '{', '}', '{a}', '{1', '{,', ']', ')', '(', '[', '|', '||',
       '\\', '[z-a]', '[\\d-z]', '[]', '[^]', '(?', '(?P<n>', '(?P<1>a)', '(?P=n)', '(?:', '()', '(?:)', '(|a)', '\x01',
       '\x7f', '(?=a)*', '(?!a)?', '(?(1)a|b)', '$*', '^+', '\\b?']
MUTATION_ALPHABET = '()[]{}*+?|^$.\\-,:=!<>Pbd0129aZ/ '

DISPUTED = '\x1c\x1d\x1e\x1f\u0130\u0131\u180e\udcff\udc80'
SUBJECT_ALPHABET = LETTERS + PUNCTUATION + OTHERS + DISPUTED


class PatternGenerator:
    """Makes patterns with the randomness given."""

    LONGEST_SUBJECT = 14        # Python's own matcher takes exponential time

    def __init__(self, random):
        self.random = random
        self.names = 0

    def pattern(self, subjects=7):
        """One pattern and some subjects."""
        pick = self.random
        tree = self.alternatives(0)
        text = self.text(tree)
        if pick.random() < 0.12:
            text = pick.choice(FLAGS) + text
        if pick.random() < 0.2:
            text = self.mutated_pattern(text)
        return text, self.subjects(tree, subjects)

    # trees

    def alternatives(self, depth):
        """Sequences with | between them."""
        count = 1 if self.random.random() < 0.85 else 2
        return 'or', [self.sequence(depth) for _ in range(count)]

    def sequence(self, depth):
        """Some items, now and then none."""
        lengths = (0, 1, 1, 2, 2, 3, 3, 4) if depth else (1, 2, 3, 4, 5)
        return 'seq', [self.item(depth) for _ in range(self.random.choice(lengths))]

    def item(self, depth):
        """An atom, with a repeat or without, or an assertion."""
        pick = self.random
        if pick.random() < 0.06:
            return 'text', pick.choice(ASSERTIONS), ''
        if depth < 2 and pick.random() < 0.06:
            return 'look', pick.choice(('(?=', '(?!')), self.alternatives(depth + 1)
        atom = self.atom(depth)
        if pick.random() < 0.3:
            repeat = pick.choice(list(REPEATS))
            return 'repeat', atom, repeat, pick.choice(('', '', '', '?'))
        return atom

    def atom(self, depth):
        """What one can repeat."""
        pick = self.random
        kind = pick.random()
        if kind < 0.45:
            return self.literal()
        if kind < 0.55:
            return 'text', '.', 'a.\u00e9\n'
        if kind < 0.67:
            return ('text', *pick.choice(list(ESCAPES.items())))
        if kind < 0.82 or depth >= 2:
            return ('text', *pick.choice(list(SETS.items())))
        self.names += 1
        opening = pick.choice(('(', '(', '(?:', f'(?P<n{self.names}>'))
        return 'group', opening, self.alternatives(depth + 1)

    def literal(self):
        """One character, escaped where it has to be and sometimes where not."""
        pick = self.random
        kind = pick.random()
        char = pick.choice(LETTERS if kind < 0.6 else PUNCTUATION if kind < 0.85 else OTHERS)
        escaped = char in SPECIAL and (char not in '{}]' or pick.random() < 0.5)
        escaped = escaped or (char in PUNCTUATION and pick.random() < 0.2)
        return 'text', ('\\' if escaped else '') + char, char

    def text(self, tree):
        """The tree as a pattern."""
        kind = tree[0]
        if kind == 'text':
            return tree[1]
        if kind == 'seq':
            return ''.join(map(self.text, tree[1]))
        if kind == 'or':
            return '|'.join(map(self.text, tree[1]))
        if kind == 'repeat':
            return self.text(tree[1]) + tree[2] + tree[3]
        return tree[1] + self.text(tree[2]) + ')'

    def mutated_pattern(self, text):
        """With something odd in it."""
        pick = self.random
        at = pick.randrange(len(text) + 1)
        kind = pick.random()
        if kind < 0.5:
            return text[:at] + pick.choice(ODD) + text[at:]
        if kind < 0.8:
            return text[:at] + pick.choice(MUTATION_ALPHABET) + text[at:]
        return text[:at] + text[at + 1:]

    # subjects

    def subjects(self, tree, count):
        """Strings of which some match."""
        return [self.mutated_subject(self.sample(tree), i) for i in range(count)]

    def sample(self, tree):
        """A string that matches if assertions and flags allow."""
        kind = tree[0]
        if kind == 'text':
            return self.random.choice(tree[2]) if tree[2] else ''
        if kind == 'seq':
            return ''.join(map(self.sample, tree[1]))
        if kind == 'or':
            return self.sample(self.random.choice(tree[1]))
        if kind == 'repeat':
            return ''.join(self.sample(tree[1]) for _ in range(self.random.randint(*REPEATS[tree[2]])))
        return self.sample(tree[2]) if kind == 'group' else ''

    def mutated_subject(self, subject, number):
        """The first few as they are, the others changed."""
        pick = self.random
        at = pick.randrange(len(subject) + 1)
        if number == 3:
            subject += '\n'
        elif number == 4:
            subject = subject.swapcase()
        elif number == 5:
            subject = subject[:at] + pick.choice(SUBJECT_ALPHABET) + subject[at:]
        elif number > 5:
            subject = subject[:at] + pick.choice(SUBJECT_ALPHABET) + subject[at + 1:]
        return subject[:self.LONGEST_SUBJECT]
