#!/usr/bin/python3
"""dev_log.py KIND [NUMBER]: a syslog daemon at /dev/log as none should be; prints what it receives.

datagrams N     takes N datagrams, then ends; its socket's name stays
slow            takes a datagram each quarter of a second, for ever
replaced N      takes N datagrams, then begins anew with another socket of that name, like one that is restarted
stream          takes a stream of messages that end with a NUL, one on each line
deaf            a stream: accepts nobody, but the kernel takes one connection and what its buffer holds
full            the same, and its queue of connections is full
closing N       a stream: closes each connection after N bytes; the next gets N too
queued          a sequence of packets, which no syslog daemon has
"""
import os
import select
import socket
import sys
import time

PATH = '/dev/log'


def listen(kind):
    """Under its name only once it is ready."""
    sock = socket.socket(socket.AF_UNIX, kind)
    sock.bind(PATH + '.new')
    os.chmod(PATH + '.new', 0o666)
    if kind != socket.SOCK_DGRAM:
        sock.listen(0)
    os.rename(PATH + '.new', PATH)
    return sock


def show(message):
    sys.stdout.buffer.write(message + b'\n')
    sys.stdout.buffer.flush()


def take(sock, count):
    for _ in range(count):
        show(sock.recv(65536))


def datagrams(count):
    sock = listen(socket.SOCK_DGRAM)
    take(sock, count)
    sock.close()


def slow():
    sock = listen(socket.SOCK_DGRAM)
    while True:
        take(sock, 1)
        time.sleep(0.25)


def replaced(count):
    first = listen(socket.SOCK_DGRAM)
    take(first, count)
    second = listen(socket.SOCK_DGRAM)
    first.close()
    take(second, 1 << 30)


def stream():
    listener = listen(socket.SOCK_STREAM)
    parts = {}
    while True:
        for sock in select.select([listener, *parts], [], [])[0]:
            if sock is listener:
                parts[listener.accept()[0]] = b''
                continue
            received = sock.recv(65536)
            *messages, parts[sock] = (parts[sock] + received).split(b'\0')
            for message in messages:
                show(message)
            if not received:
                if parts.pop(sock):
                    show(b'UNFINISHED')


def deaf():
    sock = listen(socket.SOCK_STREAM)
    time.sleep(1 << 20)
    sock.close()


def full():
    sock = listen(socket.SOCK_STREAM)
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect(PATH)
    waiting = []
    try:
        while True:
            waiting.append(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            waiting[-1].setblocking(False)
            waiting[-1].connect(PATH)
    except BlockingIOError:
        show(b'full')
    time.sleep(1 << 20)
    sock.close()


def closing(count):
    listener = listen(socket.SOCK_STREAM)
    while True:
        sock = listener.accept()[0]
        sock.recv(count, socket.MSG_WAITALL)
        sock.close()


def queued():
    sock = listen(socket.SOCK_SEQPACKET)
    time.sleep(1 << 20)
    sock.close()


def main():
    kinds = {
        'datagrams': datagrams, 'slow': slow, 'replaced': replaced, 'stream': stream,
        'deaf': deaf, 'full': full, 'closing': closing, 'queued': queued,
    }
    kinds[sys.argv[1]](*map(int, sys.argv[2:]))


main()
