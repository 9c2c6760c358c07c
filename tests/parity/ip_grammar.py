"""Rule 5: which command lines of ip run another command, read a file that they name, or cannot be told."""

# ip takes the first entry that a word is the beginning of; those in capitals here only in full.
WITH_VALUE = {'-loops', '-family', '-rcvbuf', '-netns'}
REFUSED_OPTIONS = {'-force', '-batch'}
OPTIONS = ['-loops', '-family', '-human-readable', '-iec', '-stats', '-statistics', '-details', '-resolve', '-oneline',
           '-timestamp', '-tshort', '-Version', '-force', '-batch', '-brief', '-json', '-pretty', '-rcvbuf', '-color',
           '-help', '-netns', '-Numeric', '-all']
EXACT_OPTIONS = {'-4', '-6', '-0', '-M', '-B', '-echo'}
OBJECTS = ['address', 'addrlabel', 'maddress', 'route', 'rule', 'neighbor', 'neighbour', 'ntable', 'ntbl', 'link',
           'l2tp', 'fou', 'ila', 'macsec', 'tunnel', 'tunl', 'tuntap', 'tap', 'token', 'tcpmetrics', 'tcp_metrics',
           'monitor', 'xfrm', 'mroute', 'mrule', 'netns', 'netconf', 'vrf', 'sr', 'nexthop', 'mptcp', 'ioam', 'stats',
           'help']
SUBCOMMANDS = {
    'netns': ['list', 'show', 'lst', 'list-id', 'help', 'add', 'set', 'delete', 'identify', 'pids', 'exec', 'monitor',
              'attach'],
    'vrf': ['identify', 'pids', 'exec', 'show', 'lst', 'list', 'help'],
    'address': ['add', 'change', 'chg', 'replace', 'delete', 'show', 'lst', 'list', 'flush', 'save', 'showdump',
                'restore'],
    'route': ['list', 'show', 'lst', 'get', 'delete', 'add', 'change', 'replace', 'flush', 'save', 'restore',
              'showdump'],
    'rule': ['list', 'lst', 'show', 'add', 'delete', 'flush', 'save', 'restore', 'help'],
}
SUBCOMMANDS['mrule'], SUBCOMMANDS['nexthop'] = SUBCOMMANDS['rule'], SUBCOMMANDS['route']
REFUSED_SUBCOMMANDS = {'exec', 'monitor', 'attach', 'restore', 'showdump'}


def first_begun_by(word, names):
    """What an abbreviation stands for."""
    return next((name for name in names if word and name.startswith(word)), None)


def is_name(word):
    """Whether a word can name a namespace without leading elsewhere."""
    return '/' not in word and word not in ('', '.', '..')


def is_color_with_value(word):
    """-color=WHEN, abbreviated or not."""
    name, equals, _ = word.partition('=')
    return equals and len(name) > 1 and '-color'.startswith(name)


def skip_options(words):
    """Returns what follows the global options, and why one of them is refused."""
    while words and words[0].startswith('-'):
        word, words = words[0], words[1:]
        if word == '--':
            break
        word = word[1:] if word.startswith('--') else word
        if word in EXACT_OPTIONS or is_color_with_value(word):
            continue
        option = first_begun_by(word, OPTIONS)
        if not option or option in REFUSED_OPTIONS:
            return words, 'an option that is refused or unknown'
        if option in WITH_VALUE:
            if not words or (option == '-netns' and not is_name(words[0])):
                return words, 'the value of an option'
            words = words[1:]
    return words, None


def refused_arguments(kind, words):
    """Arguments that name a file, or a namespace by a path."""
    if kind == 'netns':
        return any('/' in word or word in ('.', '..') for word in words)
    if kind == 'monitor' or (kind == 'xfrm' and words and 'monitor'.startswith(words[0])):
        return any(word and 'file'.startswith(word) for word in words)
    if kind == 'link':
        pairs = list(zip(words, words[1:] + ['']))
        return (any(word in ('xdp', 'xdpgeneric', 'xdpdrv', 'xdpoffload') and value not in ('off', 'none')
                    for word, value in pairs) or
                any('/' in value and first_begun_by(word, ['netns', 'link-netns', 'type', 'help'])
                    for word, value in pairs))
    if kind in ('route', 'nexthop'):
        return 'bpf' in words or 'endpoint' in words
    return False


def refused(words):
    """Whether rule 5 refuses the words after `ip`; the reason as text."""
    words, why = skip_options(words)
    if why or not words:
        return why
    kind = first_begun_by(words[0], OBJECTS)
    if not kind:
        return 'an unknown object'
    words = words[1:]
    if kind in SUBCOMMANDS and words:
        subcommand = first_begun_by(words[0], SUBCOMMANDS[kind])
        if subcommand in REFUSED_SUBCOMMANDS or (not subcommand and kind in ('netns', 'vrf')):
            return 'a subcommand'
    return 'an argument' if refused_arguments(kind, words) else None
