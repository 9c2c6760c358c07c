#!/usr/bin/python3
"""gigabyte.py write|check: writes 1 GB, or checks that exactly that arrives on standard input."""
import random
import sys

SIZE = 1 << 20
BLOCK = random.Random(1).randbytes(SIZE)

# Different in every megabyte, so that no part can be lost, doubled or exchanged.
for i in range(1024):
    block = BLOCK[i:] + BLOCK[:i]
    if sys.argv[1] == 'write':
        sys.stdout.buffer.write(block)
    elif sys.stdin.buffer.read(SIZE) != block:
        sys.exit('megabyte %d differs' % i)
if sys.argv[1] == 'check' and sys.stdin.buffer.read(1):
    sys.exit('there is more')
