#!/usr/bin/python3
"""hostile.py SETTINGS COMMAND [ARG...]: becomes COMMAND, after doing what a caller can do to its own process.

SETTINGS are separated by blanks:

close=N         closes a descriptor
descriptors     leaves files, pipes and sockets open, from 3 up to the highest number there can be
ignore, block   every signal that can be
timers          all three, to go off while the command runs
umask=OCTAL
limits          every soft limit as low as the wrapper itself can live with
personality     an old kernel's version
deathsig        a signal for the parent's end
environ         a list of variables that no dict could hold: some twice, some without a name or a value
argv0=TEXT      what the command is called; "none" for an empty argv
"""
import ctypes
import os
import resource
import signal
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
environment = [name + b'=' + value for name, value in os.environb.items()]
SYS_RT_SIGACTION, SYS_RT_SIGPROCMASK = (13, 14) if os.uname().machine == 'x86_64' else (134, 135)
PR_SET_PDEATHSIG = 1
UNAME26 = 0x0020000


def leave_descriptors():
    files = [os.open('/etc/shadow', os.O_RDONLY), os.open('/', os.O_RDONLY), *os.pipe()]
    files.append(socket.socketpair()[0].detach())
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 1
    for number in [*range(3, 31), highest]:
        if number not in files:
            os.dup2(files[number % len(files)], number)
        os.set_inheritable(number, True)


# By system calls: the C library keeps two signals to itself.
def ignore_signals():
    action = (ctypes.c_ulong * 4)(signal.SIG_IGN)
    for number in range(1, 65):
        libc.syscall(SYS_RT_SIGACTION, number, action, None, 8)


def block_signals():
    everything = (ctypes.c_ulong * 1)(~0)
    libc.syscall(SYS_RT_SIGPROCMASK, signal.SIG_BLOCK, everything, None, 8)


def set_timers():
    signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.05, 0.05)
    signal.setitimer(signal.ITIMER_PROF, 0.05, 0.05)


def lower_limits():
    low = {'FSIZE': 1, 'CPU': 1, 'AS': 1 << 28, 'DATA': 1 << 24, 'NPROC': 0, 'MEMLOCK': 0, 'STACK': 1 << 20,
           'NOFILE': 16, 'SIGPENDING': 0, 'MSGQUEUE': 0}
    for name, soft in low.items():
        number = getattr(resource, 'RLIMIT_' + name)
        resource.setrlimit(number, (soft, resource.getrlimit(number)[1]))
    resource.setrlimit(10, (0, resource.getrlimit(10)[1]))      # RLIMIT_LOCKS
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def set_environment():
    environment[:] = [
        b'PATH=/tmp/first', b'PATH=/tmp/second', b'=nameless', b'VALUELESS', b'', b'HOME=/tmp', b'USER=nobody',
        b'IFS=/', b'ENV=/tmp/env', b'BASH_ENV=/tmp/env', b'SHELLOPTS=xtrace', b'BASH_FUNC_id%%=() { echo own; }',
        b'LD_LIBRARY_PATH=/nonexistent', b'LD_BIND_NOW=1', b'GCONV_PATH=/tmp', b'LOCPATH=/tmp', b'NLSPATH=/tmp/%N',
        b'PYTHONPATH=/tmp', b'PERL5OPT=-d', b'TZ=/tmp/zone', b'TERM=xterm', b'LC_ALL=tr_TR.UTF-8', b'LANG=xx',
        b'KEEP_ONE=first', b'KEEP_ONE=second', b'KEEP_TWO=a\n\xff=b', b'LARGE=' + b'x' * 100000,
    ]


def strings(values):
    return (ctypes.c_char_p * (len(values) + 1))(*values, None)


def become(command, name):
    """By the C library: Python refuses an empty argv and takes a dict of variables."""
    arguments = [os.fsencode(word) for word in command]
    path = arguments[0]
    if name == 'none':
        arguments = []
    elif name is not None:
        arguments[0] = os.fsencode(name)
    libc.execve(path, strings(arguments), strings(environment))
    sys.exit('%s: %s' % (command[0], os.strerror(ctypes.get_errno())))


def main():
    settings, command = sys.argv[1].split(' '), sys.argv[2:]
    actions = {
        'close': lambda number: os.close(int(number)), 'descriptors': leave_descriptors, 'ignore': ignore_signals,
        'block': block_signals, 'timers': set_timers, 'umask': lambda mask: os.umask(int(mask, 8)),
        'limits': lower_limits, 'personality': lambda: libc.personality(UNAME26),
        'deathsig': lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM), 'environ': set_environment,
    }
    name = None
    for setting in settings:
        key, *value = setting.split('=', 1)
        if key == 'argv0':
            name = value[0]
        else:
            actions[key](*value)
    become(command, name)


main()
