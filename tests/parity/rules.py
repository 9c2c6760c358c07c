"""Where we are stricter than oslo.rootwrap on purpose: one condition a rule, told from filter and command alone."""

import errno
import os
import re
import stat

import ip_grammar
from oracle import MACHINE, Incomplete, stripped
from pattern_rules import refused_construct

NAMES = {
    1: 'patterns match whole arguments',
    2: 'paths by components, no options, no foreign links',
    3: 'the inner command of a chain is its own filter\'s',
    5: 'ip grammar',
    6: 'KillFilter by the kernel\'s text, in-process',
    7: 'loader variables',
    8: 'only *.filters are filters',
    9: 'nothing is run from a directory that others can write to',
    10: 'no implicit privsep-helper',
    11: 'relative program paths',
    12: 'patterns that Python and PCRE2 read differently',
    13: 'no filter changes argv for the next',
    14: 'an unusable filter or program ends the search',
    16: 'commands that are too long',
    18: 'a fixed list without exec_dirs',
}

LONGEST_COMMAND = 256 * 1024
MAX_LINKS = 40          # the kernel's
FIXED_EXEC_DIRS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
DISPUTED = re.compile('[\x1c-\x1f\u0130\u0131\u180e\udc80-\udcff]')
LOADER_VARIABLE = re.compile(r'LD_.*|GLIBC_TUNABLES|GCONV_PATH')
SIGNALS = {'HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE', 'ALRM',
           'TERM', 'STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM', 'PROF',
           'WINCH', 'POLL', 'PWR', 'SYS'}
PATTERN_CLASSES = ('RegExpFilter', 'ChainingRegExpFilter')


def is_too_long(argv):
    """Rule 16."""
    return sum(len(os.fsencode(word)) + 1 for word in argv) > LONGEST_COMMAND


# Filters that cannot be used.

def unusable(one):
    """The rule by which a filter cannot be used, or None."""
    kind, args = one.class_name, one.args
    if isinstance(one, Incomplete):
        return 14
    if kind == 'KillFilter':
        return None if len(args) > 0 and is_program(args[0]) and all(map(is_signal, args[1:])) else 14
    if kind == 'ReadFileFilter':
        return None if one.file_path.startswith('/') else 14
    if '/' in one.exec_path and not os.path.isabs(one.exec_path):
        return 11
    if not one.exec_path or (kind in ('RegExpFilter', 'ChainingRegExpFilter', 'PathFilter', 'EnvFilter') and not args):
        return 14
    if kind in PATTERN_CLASSES:
        return 12 if any(map(is_refused_pattern, args)) else None
    return unusable_variables(one) if kind == 'EnvFilter' else None


def is_program(word):
    """A bare name or an absolute path."""
    return word != '' and (word.startswith('/') or '/' not in word)


def is_signal(word):
    """-9, -HUP or -SIGHUP."""
    name = word[1:].upper()
    return word.startswith('-') and (re.fullmatch('[0-9]+', name) and int(name) <= 64 or
                                     (name[3:] if name.startswith('SIG') else name) in SIGNALS)


def is_refused_pattern(pattern):
    """Rule 12; a pattern that Python itself refuses is no better."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return True
    return refused_construct(pattern) is not None


def variables(words):
    """The names of the assignments at the beginning."""
    names = []
    for word in words:
        if '=' not in word:
            break
        names.append(word.partition('=')[0])
    return names


def env_program(one):
    """The program of an EnvFilter: the word after its variables where the first field contains "env"."""
    after = one.args[len(variables(one.args)):]
    return one.fields[0] if 'env' not in one.fields[0] else after[0] if after else None


def unusable_variables(one):
    """Rule 7, or an EnvFilter that makes no sense."""
    names = variables(one.args)
    if any(LOADER_VARIABLE.fullmatch(name) for name in names):
        return 7
    return 14 if not env_program(one) or not names or '' in names or len(set(names)) < len(names) else None


def concerns(one, argv):
    """Whether a command is meant for a filter, so that one that cannot be used must end the search."""
    kind, program = one.class_name, one.exec_path
    if kind == 'EnvFilter':
        program = env_program(one)
        words = argv[1:] if argv[0] == 'env' else argv
        argv = words[len(variables(words)):]
    if not program:
        return True
    if argv and argv[0] in (program, os.path.basename(program)):
        return True
    if kind not in PATTERN_CLASSES or not one.args:
        return False
    return is_refused_pattern(one.args[0]) or re.fullmatch(one.args[0], argv[0]) is not None


# Filters that do not match.

def rule_of(one, argv, request, exec_dirs):
    """The rule by which a filter that oslo.rootwrap takes does not match, or None."""
    check = CHECKS.get(one.class_name)
    return check(one, argv, request, exec_dirs) if check else None


def check_patterns(one, argv, *_):
    """Rules 1 and 12."""
    for pattern, word in zip(one.args, argv):
        if DISPUTED.search(word):
            return 12
        if not re.fullmatch(pattern, word):
            return 1
    return None


def check_paths(one, argv, request, _):
    """Rule 2."""
    for constraint, word in zip(one.args, argv[1:]):
        if not os.path.isabs(constraint):
            if constraint == 'pass' and word.startswith('-'):
                return 2
        elif not is_inside(constraint, word, request):
            return 2
    return None


def is_inside(base, word, request):
    """Whether a path certainly leads to a place inside, and to no file of somebody else."""
    MACHINE.enter(request.cwd)
    if not word or (not request.cwd and not word.startswith('/')):
        return False
    path = os.path.realpath(word)
    if path == '/':  # the path guard cannot hold a command inside it
        return False
    if is_guess(os.path.join(request.cwd, word)) or not (path == base or path.startswith(base.rstrip('/') + '/')):
        return False
    try:
        status = os.lstat(path)
    except OSError:
        return True
    return not (stat.S_ISREG(status.st_mode) and status.st_nlink > 1 and status.st_uid != request.uid)


def is_guess(path):
    """Whether realpath() meets something that it cannot resolve and passes over: a circle of links, too long a name."""
    place, rest, links = '', path.split('/'), 0
    while rest and links <= MAX_LINKS:
        name = rest.pop(0)
        if name == '..':
            place = place.rpartition('/')[0]
        elif name not in ('', '.'):
            try:
                target = os.readlink(f'{place}/{name}')
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.ENOENT, errno.ENOTDIR):
                    return True
                place += '/' + name
            else:
                place, rest, links = '' if target.startswith('/') else place, target.split('/') + rest, links + 1
    return links > MAX_LINKS


def check_kill(one, argv, _, exec_dirs):
    """Rule 6."""
    pid = argv[-1]
    if not re.fullmatch('[1-9][0-9]{0,6}', pid) or pid == '1' or int(pid) not in MACHINE.processes:
        return 6
    program, wanted = stripped(MACHINE.processes[int(pid)].exe), one.args[0]
    if wanted.startswith('/'):
        return None if program == wanted else 6
    return None if program in [f'{place}/{wanted}' for place in exec_dirs] else 6


def check_ip(_, argv, *__):
    """Rule 5."""
    return 5 if ip_grammar.refused(argv[1:]) else None


def check_netns(one, argv, request, exec_dirs):
    """Rules 5 and 3."""
    if not ip_grammar.is_name(argv[3]) or argv[3].startswith('-'):
        return 5
    return check_inner(argv[4], exec_dirs)


def check_chain(one, argv, request, exec_dirs):
    """Rules 1, 12 and 3."""
    return check_patterns(one, argv) or check_inner(argv[len(one.args)], exec_dirs)


def check_inner(word, exec_dirs):
    """Rule 3: a path must be that of a file in one of exec_dirs."""
    name = os.path.basename(word)
    return 3 if '/' in word and word not in [f'{place}/{name}' for place in exec_dirs] else None


CHECKS = {
    'RegExpFilter': check_patterns,
    'PathFilter': check_paths,
    'KillFilter': check_kill,
    'IpFilter': check_ip,
    'IpNetnsExecFilter': check_netns,
    'ChainingRegExpFilter': check_chain,
}
