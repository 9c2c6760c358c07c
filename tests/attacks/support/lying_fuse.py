#!/usr/bin/python3
"""Mounts a file system whose owner says what he likes: lying_fuse.py MOUNTPOINT TARGET LOOKUPS

All in it is root's and nobody else may write to it, by what it says.  The
directory "d", which holds "file", is a link to TARGET from the LOOKUPS-th time
on that the kernel asks.  Serves until it is unmounted; needs root.
"""

import ctypes
import errno
import os
import stat
import struct
import sys

LOOKUP, FORGET, GETATTR, SETATTR, READLINK, STATFS, INIT, INTERRUPT, BATCH_FORGET = 1, 2, 3, 4, 5, 17, 26, 36, 42
ROOT, DIRECTORY, LINK, FILE = 1, 2, 3, 4
MODES = {ROOT: stat.S_IFDIR | 0o755, DIRECTORY: stat.S_IFDIR | 0o755, LINK: stat.S_IFLNK | 0o777,
         FILE: stat.S_IFREG | 0o600}


def attributes(node):
    return struct.pack('<6Q10I', node, 7, 1, 0, 0, 0, 0, 0, 0, MODES[node], 1, 0, 0, 0, 512, 0)


class Server:
    def __init__(self, target, lookups):
        self.target, self.left = target, lookups

    def look_up(self, parent, name):
        if parent == ROOT and name == b'd':
            self.left -= 1
            return DIRECTORY if self.left > 0 else LINK
        return FILE if parent == DIRECTORY and name == b'file' else None

    def answer(self, opcode, node, body):
        """The answer's bytes, or an error number; nothing of it may be cached."""
        if opcode == INIT:
            return struct.pack('<4I2H2I2H8I', 7, 31, 0, 0, 0, 0, 4096, 1, 0, 0, *[0] * 8)
        if opcode == LOOKUP:
            found = self.look_up(node, body.rstrip(b'\0'))
            return struct.pack('<4Q2I', found, 0, 0, 0, 0, 0) + attributes(found) if found else errno.ENOENT
        if opcode in (GETATTR, SETATTR):
            return struct.pack('<Q2I', 0, 0, 0) + attributes(node)
        if opcode == READLINK:
            return self.target
        if opcode == STATFS:
            return struct.pack('<5Q4I6I', 0, 0, 0, 0, 0, 512, 255, 512, 0, *[0] * 6)
        return errno.ENOSYS

    def serve(self, device):
        while True:
            try:
                request = os.read(device, 1 << 17)
            except OSError as error:
                if error.errno == errno.ENODEV:
                    return
                continue
            opcode, unique, node = struct.unpack_from('<4xIQQ', request)
            if opcode in (FORGET, BATCH_FORGET, INTERRUPT):
                continue
            answer = self.answer(opcode, node, request[40:])
            error, data = (-answer, b'') if isinstance(answer, int) else (0, answer)
            try:
                os.write(device, struct.pack('<IiQ', 16 + len(data), error, unique) + data)
            except OSError:
                pass    # whoever asked has gone


def main():
    mountpoint, target, lookups = sys.argv[1:]
    device = os.open('/dev/fuse', os.O_RDWR)
    options = f'fd={device},rootmode=40000,user_id=2001,group_id=2001,allow_other'
    if ctypes.CDLL(None, use_errno=True).mount(b'lying', os.fsencode(mountpoint), b'fuse', 0, options.encode()) != 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    Server(os.fsencode(target), int(lookups)).serve(device)


main()
