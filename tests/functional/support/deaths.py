#!/usr/bin/python3
"""deaths.py direct|sudo WRAPPER CONF: prints each signal by which a command dies in another way through the wrapper."""
import signal
import subprocess
import sys

how, wrapper, conf = sys.argv[1:]
prefix = (['sudo', '-n'] if how == 'sudo' else []) + [wrapper, conf]


def death(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode


for name in 'HUP INT QUIT ABRT KILL USR1 SEGV PIPE ALRM TERM XCPU XFSZ SYS'.split():
    number = signal.Signals['SIG' + name]
    command = ['sh', '-c', 'kill -%d $$' % number]
    alone, wrapped = death(command), death(prefix + command)
    if alone != -number or wrapped != alone:
        print('%s: %d by itself, %d through the wrapper' % (name, alone, wrapped))
