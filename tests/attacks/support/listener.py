#!/usr/bin/python3
"""listener.py FILE [TYPE]: the syslog daemon's place, /dev/log of socket TYPE (dgram, seqpacket).

Appends a line to FILE for each datagram: the sender's pid and uid as the kernel knows them, the length, the bytes in
hexadecimal digits.
"""
import os
import socket
import struct
import sys

types = {'dgram': socket.SOCK_DGRAM, 'seqpacket': socket.SOCK_SEQPACKET}
log = socket.socket(socket.AF_UNIX, types[sys.argv[2] if len(sys.argv) > 2 else 'dgram'])
log.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
log.bind('/dev/log')
os.chmod('/dev/log', 0o666)
if log.type == socket.SOCK_SEQPACKET:
    log.listen()
    while True:
        log.accept()
with open(sys.argv[1], 'a', encoding='ascii', buffering=1) as file:
    while True:
        data, extra = log.recvmsg(1 << 20, 128)[:2]
        pid, uid = struct.unpack('3i', extra[0][2])[:2]
        print(pid, uid, len(data), data.hex(), file=file)
