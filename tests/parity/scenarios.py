"""Policies and commands of one kind each, generated: half of the commands are near what a filter wants."""

import os

import tree
from oracle import Process, Request
from policies import Policy

EXEC_DIRS = ['/sbin', '/usr/sbin', '/bin', '/usr/bin', '/opt/app/bin']
REQUESTS = 60           # for one policy
SOMEBODY = 4242

VARIABLES = ['TAG', 'NETWORK_ID', 'A', 'B', 'a', 'CONFIG_FILE']
PROCESSES = {
    1: Process('/usr/sbin/svc-d'), 100: Process('/usr/sbin/svc-d'), 101: Process('/opt/app/bin/svc-d'),
    102: Process('/usr/bin/other-d'), 103: Process('/tmp/mine/svc-d'), 104: Process('/usr/sbin/we ird'),
    105: Process('/usr/sbin/svc-d (deleted)'), 106: Process('/usr/sbin/svc-d;5f3a1b2c', '/usr/sbin/svc-d'),
    107: Process('/usr/sbin/svc-d.#prelink#.Ab12Cd', '/usr/sbin/svc-d'), 108: Process('/usr/sbin/svc-d;5f3a1b2'),
    109: Process('/tmp/mine/evil (deleted)', '/usr/sbin/svc-d'), 110: Process('/tmp/mine/evil', '/usr/sbin/svc-d'),
    111: Process('/usr/bin/gone (deleted)', '/usr/bin/gone'), 112: Process('/usr/bin/gone (deleted)', 'svc-d'),
    113: Process('/usr/sbin/svc-d (deleted) (deleted)', 'x'), 114: Process('svc-d', 'svc-d'),
    115: Process('/usr/bin/gone;0123abcd', 'other-d'), 4194304: Process('/usr/sbin/svc-d'),
}
PROCESS_FILES = {'/usr/sbin/svc-d', '/opt/app/bin/svc-d', '/usr/bin/other-d', '/tmp/mine/svc-d', '/usr/sbin/we ird',
                 '/tmp/mine/evil'}
KILL_TARGETS = ['/usr/sbin/svc-d', '/usr/sbin/svc-d', 'svc-d', '/usr/bin/other-d', '/opt/app/bin/svc-d', 'we ird',
                'gone', '/usr/bin/gone', '/usr/sbin/svc-d (deleted)', 'other-d', './svc-d', '']
SIGNALS = ['-9', '-HUP', '-SIGTERM', '-15', '-hup', '-0', '-9', '-HUP', '-64', '-65', '9', 'HUP', '-s', '-', '-NOPE',
           '-09']
PIDS = ['1', '0', '-1', '', 'x', '0100', '+100', ' 100', '100 ', '100\n', '1_00', '\uff11\uff10\uff10', '0x64', '1e2',
        '100.0', '99999999', '9' * 30, '\udcff', '-100', '100/task/100', '../self']
INNER_DIRS = ['', '', '', '/bin/', '/sbin/', '/tmp/mine/', './', '../bin/', '//bin/', '/bin//', '/usr/sbin/../bin/']
NAMESPACES = ['ns', 'qdhcp-1', 'exec', '-all', '..', '.', '', '../ns', 'a/b', '\u00e9', 'n s', '-h', 'ns\n']
IP_WORDS = ['link', 'show', 'netns', 'net', 'exec', 'add', 'addr', 'route', '-n', '-o', '-batch', '-b', '-4', '-family',
            'inet', 'vrf', 'monitor', 'file', 'ns', 'list', '-netns', '--', '-force', 'del', 'rule', 'restore', 'xfrm',
            'e', 'set', 'xdp', 'obj', 'dev', 'off', 'type', '-c', '-color=always', 'n', 'ne', 'attach', '-a', 'help',
            '/x', 'flush', 'pids', '1']


class Scenarios:
    """Makes policies with the randomness given; tree and programs are directories of module tree."""

    def __init__(self, random, files, programs):
        self.random = random
        self.tree = files
        self.programs = programs

    def any_of(self, *choices):
        """One of them."""
        return self.random.choice(choices)

    def some(self, choices, most):
        """Up to so many of them."""
        return [self.random.choice(choices) for _ in range(self.random.randrange(most + 1))]

    def policy(self, filters, request, **options):
        """A policy of the filters, given as lists of fields, and of commands that request() makes."""
        text = '[Filters]\n' + ''.join(f"f{number}: {', '.join(fields)}\n" for number, fields in enumerate(filters))
        made = Policy({'generated.filters': text}, options.pop('exec_dirs', EXEC_DIRS), **options)
        made.requests = [request() for _ in range(REQUESTS)]
        return made

    # PathFilter

    def paths(self):
        """PathFilters on the tree."""
        filters = [['PathFilter', self.any_of('/bin/chown', 'chown', 'mv'), self.any_of('root', 'root', 'nobody'),
                    *self.constraints()] for _ in range(self.random.randrange(1, 5))]
        if self.random.random() < 0.2:
            filters.append(['CommandFilter', 'chown', 'root'])
        return self.policy(filters, lambda: self.path_request(self.random.choice(filters)))

    def constraints(self):
        """Those of one filter."""
        names = ('base', 'base', 'base', 'base/', 'base/sub', 'base/file', 'to-base', 'base/../base', 'outside',
                 'missing', 'base/sub/.')
        places = [f'{self.tree}/{name}' for name in names]
        words = ['pass', 'pass', '-R', 'root:root', self.tree, '/', *places, *places]
        return [self.random.choice(words) for _ in range(self.random.choice((0, 1, 1, 2, 2, 3)))]

    def path_request(self, fields):
        """A command for a PathFilter of those fields."""
        pick = self.random
        argv = [self.any_of(fields[1], os.path.basename(fields[1]), '/usr/bin/chown', 'chown')]
        argv += [self.path() if constraint.startswith('/') or pick.random() < 0.1 else
                 pick.choice((constraint, 'word', '-R', '--', '', 'pass')) for constraint in fields[3:]]
        if pick.random() < 0.1:
            argv = argv[:-1] if len(argv) > 1 and pick.random() < 0.5 else argv + [self.path()]
        cwd = self.any_of(self.tree, self.tree + '/base', self.tree + '/base/sub', self.tree + '/outside', '/', '',
                          self.tree + '/base/new\nline')
        return Request(argv, cwd, self.any_of(os.getuid(), os.getuid(), SOMEBODY))

    def path(self):
        """An argument that is a path."""
        pick = self.random
        root, base = self.tree, f'{self.tree}/base'
        start = pick.choice((base, base, base, root, f'{base}/sub', '', '.', f'{root}/base-old', f'{root}/to-base',
                             f'/{base}', f'{root}/outside', '/', '..', 'base', 'sub', f'{base}/..', f'{root}/based'))
        parts = [pick.choice(tree.COMPONENTS if pick.random() < 0.7 else tree.ODD_COMPONENTS)
                 for _ in range(pick.choice((0, 1, 1, 2, 2, 3, 4)))]
        path = start + ''.join(pick.choice(('/', '/', '/', '//')) + part for part in parts)
        if start == '' and pick.random() < 0.9:
            return path.lstrip('/')
        return path + pick.choice(('', '', '', '', '/', '/.'))

    # KillFilter

    def kills(self):
        """KillFilters on the processes."""
        filters = [['KillFilter', self.any_of('root', 'nobody'), self.random.choice(KILL_TARGETS),
                    *self.some(SIGNALS[:8] if self.random.random() < 0.9 else SIGNALS, 2)]
                   for _ in range(self.random.randrange(1, 5))]
        if self.random.random() < 0.15:
            filters.append(['CommandFilter', '/bin/kill', 'root'])
        return self.policy(filters, lambda: self.kill_request(self.random.choice(filters)), processes=PROCESSES,
                           process_files=PROCESS_FILES)

    def kill_request(self, fields):
        """A command for a KillFilter of those fields."""
        pick = self.random
        pid = str(pick.choice(list(PROCESSES))) if pick.random() < 0.75 else pick.choice(PIDS)
        signals = fields[3:]
        argv = ['kill' if pick.random() < 0.95 else pick.choice(('/bin/kill', 'killall', ''))]
        if signals or pick.random() < 0.15:
            argv.append(pick.choice(signals) if signals and pick.random() < 0.8 else pick.choice(SIGNALS))
        argv.append(pid)
        return Request(argv if pick.random() < 0.95 else argv + [pick.choice(PIDS)])

    # EnvFilter

    def environments(self):
        """EnvFilters, and what else takes the same commands."""
        filters = [self.env_filter() for _ in range(self.random.randrange(1, 4))]
        others = [['CommandFilter', 'dnsmasq', 'root'], ['CommandFilter', 'env', 'root'], ['IpFilter', 'ip', 'root'],
                  ['RegExpFilter', 'env', 'root', 'env', 'A=[a-z]*', 'ls'],
                  ['RegExpFilter', 'ls', 'nobody', 'ls', '.*']]
        filters += [self.random.choice(others) for _ in range(self.random.choice((0, 0, 1, 2)))]
        self.random.shuffle(filters)
        return self.policy(filters, lambda: self.env_request(self.random.choice(filters)))

    def env_filter(self):
        """One EnvFilter; now and then one that cannot be used."""
        pick = self.random
        names = pick.sample(VARIABLES, pick.choice((1, 1, 2, 3)))
        if pick.random() < 0.06:
            names.append(pick.choice(('LD_PRELOAD', 'GLIBC_TUNABLES', names[0], '', 'LD_X')))
        assignments = [name + pick.choice(('=', '=', '=', '=x', '=[a-z]+')) for name in names]
        program = pick.choice(('dnsmasq', 'ls', '/usr/sbin/dnsmasq', '/bin/ls'))
        kind = pick.random()
        first = 'env' if kind < 0.7 else '/usr/bin/env' if kind < 0.8 else program
        rest = [] if first == program else [program]
        if rest and pick.random() < 0.3:
            rest += self.some(('-l', 'A=b', '--x', 'two'), 2)
        if pick.random() < 0.04:
            rest = pick.choice(([], ['sub/ls'], ['']))
        return ['EnvFilter', first, pick.choice(('root', 'root', 'nobody')), *assignments, *rest]

    def env_request(self, fields):
        """A command for a filter of those fields."""
        pick = self.random
        words = [word for word in fields[3:] if '=' in word] if fields[0] == 'EnvFilter' else ['A=x']
        values = ('v', 'v', '/x', '', 'a=b', '\u00e9 \n', '\udcff', 'x y')
        words = [word.partition('=')[0] + '=' + pick.choice(values) for word in words]
        change = pick.random()
        if change < 0.1:
            pick.shuffle(words)
        elif change < 0.18:
            words.append(pick.choice(('A=1', 'TAG=2', 'Z=3', '=4', 'LD_PRELOAD=/x', 'PATH=/tmp')))
        elif change < 0.26 and words:
            words.pop(pick.randrange(len(words)))
        elif change < 0.3 and words:
            words.append(words[0])
        program = pick.choice([word for word in (*fields[1:2], *fields[3:]) if '=' not in word])
        if pick.random() < 0.2:
            program = pick.choice((os.path.basename(program), 'ls', '/tmp/mine/ls', 'dnsmasq', 'env', ''))
        prefix = pick.choice((['env'], ['env'], ['env'], [], ['env', 'env'], ['/usr/bin/env'], ['env', '-i']))
        tail = self.some(('-l', 'A=b', '--x', 'two', '', '\n'), 3) if pick.random() < 0.6 else fields[-2:]
        argv = prefix + words + [program] + tail if pick.random() < 0.95 else prefix + words
        return Request(argv or ['env'])

    # IpNetnsExecFilter, ChainingRegExpFilter

    def chains(self):
        """Chaining filters and the filters of inner commands."""
        filters = [['IpNetnsExecFilter', 'ip', self.any_of('root', 'root', 'root', 'nobody')],
                   ['ChainingRegExpFilter', 'nice', self.any_of('root', 'nobody'), 'nice', '-n|-m', r'-?\d+'],
                   ['ChainingRegExpFilter', '/usr/bin/timeout', 'root', 'timeout', r'\d+(?:s|m)?'],
                   ['ChainingRegExpFilter', 'ionice', 'root', 'ionice', self.any_of('-c[123]', r'(-c)\1?', '-c[0-9]+')]]
        filters = self.random.sample(filters, self.random.randrange(1, 5))
        filters += [self.leaf() for _ in range(self.random.randrange(1, 6))]
        if self.random.random() < 0.4:
            filters.append(['IpFilter', 'ip', 'root'])
        self.random.shuffle(filters)
        return self.policy(filters, self.chain_request, processes=PROCESSES, process_files=PROCESS_FILES)

    def leaf(self):
        """A filter for an inner command."""
        user = self.any_of('root', 'root', 'root', 'nobody')
        return self.any_of(
            ['CommandFilter', self.any_of('ls', '/bin/ls', 'sh'), user],
            ['RegExpFilter', 'ls', user, 'ls', self.any_of('-[la]', '-l|-a', '(?i)-L', r'(-)\1')],
            ['PathFilter', 'chown', user, 'pass', f'{self.tree}/base'],
            ['EnvFilter', 'env', user, 'A=', 'ls'],
            ['EnvFilter', 'env', user, self.any_of('A=', 'LD_PRELOAD='), 'B=', '/bin/ls'],
            ['KillFilter', user, '/usr/sbin/svc-d', '-9'],
            ['ReadFileFilter', '/etc/app/x'])

    def chain_request(self):
        """A command for one of the chains."""
        pick = self.random
        outer = pick.choice((self.netns, self.nice, self.nice, self.ip)) if pick.random() < 0.9 else self.inner
        argv = outer()
        if outer in (self.netns, self.nice):
            argv += self.inner()
        return Request(argv or [''], self.any_of('/', self.tree + '/base'), self.any_of(os.getuid(), SOMEBODY))

    def netns(self):
        """ip netns exec."""
        pick = self.random
        name = 'ns' if pick.random() < 0.7 else pick.choice(NAMESPACES)
        return ['ip', pick.choice(('netns', 'netns', 'netn', 'net', 'ne')),
                pick.choice(('exec', 'exec', 'ex', 'e', 'list')), name]

    def nice(self):
        """The beginning of another chain."""
        return list(self.any_of(
            ['nice', '-n', '5'], ['nice', '-n', '-5'], ['nice', '-n', '5\n'], ['nice', '-nX', '5'], ['nice', '5'],
            ['nice', '-m', '5'], ['timeout', '5s'], ['timeout', '5s\n'], ['/usr/bin/timeout', '5'],
            ['timeout', '\u0665'], ['timeout', '5\x1c'], ['ionice', '-c2'], ['ionice', '-c4']))

    def inner(self):
        """An inner command, by a path or without."""
        pick = self.random
        argv = list(pick.choice((
            ['ls'], ['ls', '-l'], ['ls', '-a'], ['ls', '-l\n'], ['ls', '-L'], ['sh', '-c', 'id'],
            ['kill', '-9', '100'], ['kill', '100'], ['chown', '-R', 'file'], ['chown', 'root', 'to-file'],
            ['chown', 'root', f'{self.tree}/base/file'], ['chown', 'root', f'{self.tree}/base/to-secret'],
            ['chown', 'root', f'{self.tree}/base/hard'], ['env', 'A=1', 'ls', '-l'], ['A=/x/ls', 'ls'],
            ['env', 'A=1', 'B=2', 'ls'], ['env', 'A=1', '/tmp/mine/ls'], ['cat', '/etc/app/x'], ['cat', '/etc/shadow'],
            ['ip', 'link'], ['ip', '-batch', 'x'], ['ip', 'netns', 'exec', 'ns', 'ls'], ['nice', '-n', '5', 'ls'],
            ['privsep-helper'], [''], [])))
        if argv:
            argv[0] = (pick.choice(INNER_DIRS) if pick.random() < 0.5 else '') + argv[0]
        return argv

    def ip(self):
        """ip with any words."""
        return ['ip'] + self.some(IP_WORDS, 6)

    # programs that are looked up

    def lookups(self):
        """Filters whose programs exist here or there, can be changed by others, or are missing."""
        places = [f'{self.programs}/{name}' for name in tree.PROGRAM_DIRS] + [f'{self.programs}/missing']
        names = [*tree.PROGRAMS, 'directory', 'missing']
        exec_dirs = self.random.sample(places, self.random.randrange(1, 5))
        programs = names + names + [f'{place}/{name}' for place in places for name in names[:3]]
        filters = [['CommandFilter', self.random.choice(programs), self.any_of('root', 'nobody')] for _ in range(6)]
        filters.append(['ChainingRegExpFilter', self.random.choice(programs), 'root', 'run', '[0-9]'])
        filters.append(['KillFilter', 'root', 'svc-d'])
        return self.policy(filters, lambda: self.lookup_request(filters, names), exec_dirs=exec_dirs, assumed=False)

    def lookup_request(self, filters, names):
        """A command for one of them."""
        program = self.random.choice(filters)[1]
        inner = [self.any_of(program, os.path.basename(program), self.random.choice(names)), *self.some(('x', '-y'), 2)]
        return Request(self.any_of(inner, inner, ['run', '1'] + inner))
