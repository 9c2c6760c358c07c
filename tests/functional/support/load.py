#!/usr/bin/python3
"""load.py CALLERS RUNS COMMAND...: so many callers at the same time, who make so many mixed requests of COMMAND.

Prints one JSON object a request: kind, the words, exit status, what was written.  Each kind has its turn; the numbers
in the words make each request unlike any other, where its filter takes one.
"""
import json
import subprocess
import sys
import threading

callers, runs, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
lock = threading.Lock()
numbers = iter(range(runs))
LONG = 'x' * 5000


def run(words):
    return subprocess.run(command + words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def kill(number):
    target = subprocess.Popen(['/usr/bin/sleep', '1000'])
    done = run(['kill', '-TERM', str(target.pid)])
    if done.returncode != 0:
        target.kill()
    done.stdout += 'ended by %d' % -target.wait()
    return ['kill', '-TERM', str(target.pid)], done


def words_of(kind, number):
    return {
        'allowed': ['who', 'n-%d' % number],
        'chained': ['nice', '-n', str(number), 'who', 'n-%d' % number],
        'denied': ['nonsense', 'n-%d' % number],
        'missing': ['gone', 'n-%d' % number],
        'masked': ['secret', 'n-%d' % number, '--password', 'hunter%d' % number],
        'read': ['cat', '/etc/app/readable'],
        'long': ['long', 'n-%d' % number, LONG],
    }[kind]


KINDS = ['allowed', 'denied', 'chained', 'missing', 'masked', 'kill', 'read', 'allowed', 'long']


def caller():
    while True:
        with lock:
            number = next(numbers, None)
        if number is None:
            return
        kind = KINDS[number % len(KINDS)]
        if kind == 'kill':
            words, done = kill(number)
        else:
            words = words_of(kind, number)
            done = run(words)
        answer = {'kind': kind, 'words': words, 'status': done.returncode, 'out': done.stdout, 'err': done.stderr}
        with lock:
            print(json.dumps(answer), flush=True)


threads = [threading.Thread(target=caller) for _ in range(callers)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
