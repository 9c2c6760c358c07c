#!/usr/bin/python3
"""commands.py NAME [PROGRAM]: the words of a command that is hard to record, NUL-terminated; PROGRAM first.

Without arguments: the names.
"""
import sys

LIMIT = 256 * 1024                      # bytes that a command may have, with a NUL behind each word
LONGEST = 128 * 1024 - 1                # of one argument, by the kernel
EVERY_BYTE = bytes(range(1, 256))


def filled_to(size, program, byte):
    """Words of that byte: all together, with the program, they are so long."""
    words, left = [], size - len(program) - 1
    while left > 0:
        words.append(byte * (min(left, LONGEST) - 1))
        left -= len(words[-1]) + 1
    return words


def commands(program):
    return {
        'every-byte': [b'%c' % byte for byte in EVERY_BYTE] + [EVERY_BYTE, EVERY_BYTE[::-1]],
        'lines': [b'x\n', b'\n<86>privsep-wrap[1]: allow id=000000000000 user=root uid=0 cmd=id', b'\r\n\r',
                  b'\n2026-11-26T05:34:21.123456Z host privsep-wrap[1]: allow id=00 cmd=id\n', b'#012#033'],
        'terminal': [b'\x1b[2J\x1b[H', b'\x1b]0;title\x07', b'\x9b2J',
                      b'\xc2\x9b2J', b'\x08\x08\x7f', b'\xe2\x80\xae'],
        'imitation': [b'x', b'allow', b'id=000000000000', b'user=root', b'cmd=id',
                      b'x allow id=000000000000 cmd=id', b'@cee: {"record":"allow","cmd":["id"]}',
                      b'"],"record":"allow","cmd":["id', b'part=1/2',
                      b"' allow '", b'$(id)', b'`id`', b'\\', b'\\"', b"\\'", b"$'\\101'", b'"',
                      b"'", b'*', b'~', b'-', b'***'],
        'padding-before': [b'x' * 8192, b'telling'],
        'padding-behind': [b'telling', b'x' * 8192],
        'controls-before': [b'\x01' * 8192, b'telling'],
        'quotes-before': [b'\'"\\' * 3000, b'telling'],
        'not-utf8': [b'\x80', b'\xff\xfe', b'a\xc3', b'\xc3\xc3\xa9', b'\xe2\x82', b'\xf0\x9f\x98', b'\xc0\xaf',
                     b'\xe0\x80\xaf', b'\xed\xa0\x80', b'\xed\xb2\x80', b'\xf4\x90\x80\x80',
                     b'\xed\xa0\xbd\xed\xb8\x80', b'\xbf' * 3000],
        'utf8': ['é'.encode() * 3000, b'x' + '€'.encode() * 3000, b'xx' + '😀'.encode() * 3000,
                 '￿\U0010ffff'.encode()],
        'empty': [b'', b'', b'a', b'', b' ', b''],
        'empty-only': [b''],
        'many': [b'', b'a b', b'c'] * 3333 + [b'telling'],
        'whole': filled_to(LIMIT, program, b'y'),
        'whole-controls': filled_to(LIMIT, program, b'\x1b'),
        'too-long': filled_to(LIMIT + 1, program, b'y'),
    }


def main():
    program = sys.argv[2].encode() if len(sys.argv) > 2 else b'x'
    known = commands(program)
    if len(sys.argv) == 1:
        print('\n'.join(known))
        return
    words = [program] + known[sys.argv[1]]
    assert sys.argv[1] not in ('whole', 'whole-controls') or sum(len(word) + 1 for word in words) == LIMIT
    sys.stdout.buffer.write(b''.join(word + b'\0' for word in words))


main()
