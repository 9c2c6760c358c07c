#!/usr/bin/python3
"""terminal.py [KEY...] -- COMMAND [ARG...]: runs COMMAND on a terminal of its own, as a shell with job control does.

Types each KEY (interrupt, quit, suspend, hangup) one after the other as soon as the command has written something,
and brings it back to the foreground when it was stopped.  Prints what it wrote, how it ended, and what whoever reads
the terminal next would find typed.
"""
import ast
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios

KEYS = {'interrupt': b'\x03', 'quit': b'\x1c', 'suspend': b'\x1a', 'hangup': None}


def shell(command, slave):
    """In the session of the terminal: runs the command in a process group of its own, and waits as a shell does."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(slave, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        for number in range(3):
            os.dup2(slave, number)
        os.execvp(command[0], command)
    while True:
        status = os.waitpid(job, os.WUNTRACED)[1]
        if not os.WIFSTOPPED(status):
            break
        os.tcsetpgrp(slave, job)
        os.killpg(job, signal.SIGCONT)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def typed(slave):
    """What waits to be read, lines or not."""
    try:
        os.tcsetpgrp(slave, os.getpid())
        mode = termios.tcgetattr(slave)
        mode[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(slave, termios.TCSANOW, mode)
    except (OSError, termios.error):
        return b''      # it was hung up
    count = struct.unpack('i', fcntl.ioctl(slave, termios.FIONREAD, b'\0' * 4))[0]
    return os.read(slave, count) if count else b''


def main():
    split = sys.argv.index('--')
    keys, command = sys.argv[1:split], sys.argv[split + 1:]
    master, slave = pty.openpty()
    report, end = os.pipe()
    if os.fork() == 0:
        os.close(master)
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        status = shell(command, slave)
        os.write(end, repr((status, typed(slave))).encode())
        os._exit(0)
    os.close(end)
    written, master_open = b'', True
    while True:
        ready = select.select([report] + [master] * master_open, [], [], 60)[0]
        if not ready:
            print('nothing happens any more')
            break
        if master in ready:
            written += os.read(master, 65536)
            if keys:
                key = keys.pop(0)
                if KEYS[key] is None:
                    os.close(master)
                    master_open = False
                else:
                    os.write(master, KEYS[key])
        elif report in ready:
            status, left = ast.literal_eval(os.read(report, 65536).decode())
            print('status', status)
            print('typed', left)
            break
    sys.stdout.write(written.decode('latin-1'))


main()
