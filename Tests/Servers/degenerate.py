#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Servers that nobody should have to test, one a mode; no runner may hang, crash or starve on them.

    python3 degenerate.py MODE [ARGUMENT] PORT

Talking to every client in a thread of its own, none of them `padded`:
    mute                reads and says nothing
    closing             closes every connection at once
    echoing             sends back what it reads
    error               answers each 200 bytes with the error for an unknown control message
    flood               sends without end
    drip                sends one byte a second
    reset               resets every connection at once
    unread              never reads

Correct for `padded` (they serve as padded_threads.py does), but for one thing:
    slowstart SECONDS   listens only after that time
    exits STATUS        does not serve at all: exits at once
    crash-after BYTES   dies of SIGSEGV once it has received so many bytes
    forks               leaves three processes behind, each in a session of its own, deaf to SIGTERM,
                        with the listener, standard output and standard error open, for ten minutes
    noisy               writes 8 MiB to standard output and to standard error before it listens, and
                        4 KiB to each for every frame, control sequences and invalid UTF-8 included
"""

import os
import resource
import signal
import socket
import struct
import sys
import threading
import time

from padded_threads import Client, Server, frame, listening

MIB = 1024 * 1024
NOISE = (b"\x1b[2J\x1b]0;noise\x07\xff\xfe<b>not markup</b> " * 128)[:4095] + b"\n"


def discard(connection):
    while connection.recv(65536):
        pass


def mute(connection):
    discard(connection)


def closing(connection):
    pass


def echoing(connection):
    while data := connection.recv(65536):
        connection.sendall(data)


def error(connection):
    for message in Client(connection).frames():
        connection.sendall(frame(
            message.rstrip() + b" is not a valid control message."
            b" Valid messages are /create, /list, and /join."
        ))


def flood(connection):
    threading.Thread(target=quietly, args=(discard, connection), daemon=True).start()
    while True:
        connection.sendall(b"flood " * 10000)


def drip(connection):
    threading.Thread(target=quietly, args=(discard, connection), daemon=True).start()
    while True:
        connection.sendall(b"d")
        time.sleep(1)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def unread(connection):
    while True:
        time.sleep(3600)


def quietly(talk, connection):
    try:
        talk(connection)
    except OSError:
        pass  # The peer has gone.


def converse(talk, connection):
    quietly(talk, connection)
    connection.close()


def talk_to_everyone(talk, port):
    listener = listening(port, backlog=128)
    if talk is unread:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=converse, args=(talk, connection), daemon=True).start()


def slowstart(port, seconds):
    time.sleep(float(seconds))
    Server().serve(listening(port))


def exits(port, status):
    sys.exit(int(status))


def crash_after(port, limit):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    left = int(limit)

    class Fragile(Client):
        def chunks(self):
            nonlocal left
            for chunk in super().chunks():
                left -= len(chunk)
                if left <= 0:
                    os.kill(os.getpid(), signal.SIGSEGV)
                yield chunk

    Server(Fragile).serve(listening(port))


def forks(port):
    listener = listening(port)
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600)
            os._exit(0)
    Server().serve(listener)


def noisy(port):
    for descriptor in (1, 2):
        for _ in range(8 * MIB // len(NOISE)):
            write_all(descriptor, NOISE)

    class Noisy(Server):
        def received(self, data):
            write_all(1, NOISE)
            write_all(2, NOISE)

    Noisy().serve(listening(port))


def write_all(descriptor, data):
    while data:
        data = data[os.write(descriptor, data):]


TALKS = {talk.__name__: talk for talk in (mute, closing, echoing, error, flood, drip, reset, unread)}
SERVERS = {"forks": forks, "noisy": noisy}
SERVERS_WITH_ARGUMENT = {"slowstart": slowstart, "exits": exits, "crash-after": crash_after}


def main(arguments):
    match arguments:
        case [mode, port] if mode in TALKS:
            talk_to_everyone(TALKS[mode], int(port))
        case [mode, port] if mode in SERVERS:
            SERVERS[mode](int(port))
        case [mode, argument, port] if mode in SERVERS_WITH_ARGUMENT:
            SERVERS_WITH_ARGUMENT[mode](int(port), argument)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        pass
