#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A correct server for `callback`: a thread for each client, a lock for each recipient.

    python3 callback_threads.py PORT USERS [--receipt-timeout SECONDS]

It was written from docs/protocols/callback.md and shares nothing with the reference server. A
client's thread delivers what its client says, and reads nothing from it until the receipts are
there. Where the page leaves something open, it does what the reference server does not:

    login.twice                the later login counts, and the connection of the earlier one ends
    login.while-logged-in      401
    /exit before the login     310
    port.malformed             202
    port.required              401
    a second /port             401
    /list                      in alphabetical order
    /toall                     the last who logged in comes first, and the next after its receipt
    toall.no-callback          who has no connection b is passed over
    to.edge-spaces             stripped
    error.blank-text           an empty text is delivered
    to.self                    304
    to.receipt-missing         is waited for without end
    to.receipt-early           confirms the next delivery
    error.login-words          102
    disconnect.b-only          seen at the next delivery, and logged out
    the end of connection b    a reset
"""

import argparse
import socket
import struct
import sys
import threading
import time

LONGEST = 1 << 20


def read_users(path):
    users = {}
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            words = line.rstrip(b"\r\n").split(b" ")
            if words == [b""]:
                continue
            if len(words) != 2 or not all(words) or words[0] in users:
                sys.exit(f"{path}:{number}: a new name and its password are required here")
            users[words[0]] = words[1]
    return users


class Lines:
    """Takes lines from a connection, each when its newline is there."""

    def __init__(self, connection):
        self.connection = connection
        self.pending = bytearray()

    def next(self):
        """The next line without its newline; None at the end, and for half a line."""
        searched = 0
        while (end := self.pending.find(b"\n", searched)) < 0:
            searched = len(self.pending)
            chunk = self.receive()
            if not chunk or searched > LONGEST:
                return None
            self.pending += chunk
        line = bytes(self.pending[:end])
        del self.pending[:end + 1]
        return line

    def receive(self):
        try:
            return self.connection.recv(2048)
        except OSError:
            return b""


class Callback:
    """Connection b of one user. Who holds the lock may send, and reads the receipt."""

    def __init__(self, connection):
        self.connection = connection
        self.lines = Lines(connection)
        self.lock = threading.Lock()
        self.is_broken = False

    def deliver(self, line):
        """Whether the recipient confirmed it."""
        with self.lock:
            if self.is_broken:
                return False
            try:
                self.connection.sendall(line + b"\n")
            except OSError:
                self.is_broken = True
                return False
            return self.is_confirmed()

    def is_confirmed(self):
        receipt = self.lines.next()
        if receipt is None:
            self.is_broken = True
            return False
        return receipt.split(b" ")[0] == b"302"

    def close(self):
        """Wakes who waits for a receipt, then resets the connection."""
        shut(self.connection)
        with self.lock:
            self.is_broken = True
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()


def shut(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # It is over already.


class Directory:
    """Who is online, in the order of their logins."""

    def __init__(self):
        self.lock = threading.Lock()
        self.online = {}

    def enter(self, session):
        """Puts the session in; answers the one that had the name before."""
        with self.lock:
            former = self.online.pop(session.name, None)
            self.online[session.name] = session
        return former

    def leave(self, session):
        with self.lock:
            if self.online.get(session.name) is session:
                del self.online[session.name]

    def find(self, name):
        with self.lock:
            return self.online.get(name)

    def everybody(self):
        with self.lock:
            return list(self.online.values())


class Session:
    """One client: its connection a, its thread, and its connection b when it has one."""

    callback_type = Callback
    lines_type = Lines

    def __init__(self, server, connection, address):
        self.server = server
        self.directory = server.directory
        self.connection = connection
        self.address = address
        self.name = None
        self.callback = None
        self.is_over = False

    def run(self):
        lines = self.lines_type(self.connection)
        while not self.is_over and (line := lines.next()) is not None:
            self.tell(self.answer(line))
        self.directory.leave(self)
        if self.callback:
            self.callback.close()
        shut(self.connection)
        self.connection.close()

    def tell(self, status):
        try:
            self.connection.sendall(status + b"\n")
        except OSError:
            self.is_over = True

    def answer(self, line):
        word, _, rest = line.partition(b" ")
        if line == b"/exit":
            self.is_over = True
            # Whoever reads the farewell and asks at once finds this user gone.
            self.directory.leave(self)
            return b"310 Bye bye"
        if word == b"/login":
            return self.log_in(rest)
        if self.name is None:
            return b"401 Unrecognized message"
        if word == b"/port":
            return self.connect_back(rest)
        if line == b"/list":
            return b" ".join([b"301", *sorted(other.name for other in self.directory.everybody())])
        if word == b"/to" and rest.partition(b" ")[1] and self.callback:
            name, _, text = rest.partition(b" ")
            return self.delivered(self.send_to(name, text.strip(b" ")))
        if line.startswith(b"/toall ") and self.callback:
            return self.delivered(self.send_to_all(rest.strip(b" ")))
        return b"401 Unrecognized message"

    def log_in(self, words):
        if self.name is not None:
            return b"401 Unrecognized message"
        name, _, password = words.partition(b" ")
        if not name or self.server.users.get(name) != password:
            return b"102 Authentication failed"
        self.name = name
        former = self.directory.enter(self)
        if former:
            former.end()
        return b"101 Authentication successful"

    def connect_back(self, word):
        if self.callback:
            return b"401 Unrecognized message"
        try:
            connection = socket.create_connection((self.address, int(word.decode("ascii"))))
        except (OSError, OverflowError, ValueError):
            return b"202 Build connection failed"
        connection.settimeout(self.server.receipt_timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.callback = self.callback_type(connection)
        return b"201 Build connection successful"

    def send_to(self, name, text):
        recipient = self.directory.find(name)
        if recipient is None or recipient is self:
            return False
        return self.hand(recipient, b"/from " + self.name + b" " + text)

    def send_to_all(self, text):
        others = [other for other in self.directory.everybody() if other is not self]
        # A list, since all of them get it, whoever fails.
        results = [
            self.hand(other, b"/broadcastfrom " + self.name + b" " + text)
            for other in reversed(others)
            if other.callback
        ]
        return all(results)

    def hand(self, recipient, line):
        if recipient.callback is None:
            return False
        is_confirmed = recipient.callback.deliver(line)
        if recipient.callback.is_broken:
            recipient.end()
        return is_confirmed

    def delivered(self, is_confirmed):
        return b"303 Message delivery successful" if is_confirmed else b"304 Message delivery failed"

    def end(self):
        """Logs out for another thread; the session's own closes the connections."""
        self.directory.leave(self)
        shut(self.connection)


class Server:
    def __init__(self, users, receipt_timeout=None, session_type=Session):
        self.users = users
        self.receipt_timeout = receipt_timeout
        self.session_type = session_type
        self.directory = Directory()

    def serve(self, listener):
        threading.stack_size(256 * 1024)
        while True:
            try:
                connection, address = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                time.sleep(0.05)  # Out of descriptors, or the client is gone already.
                continue
            session = self.session_type(self, connection, address[0])
            threading.Thread(target=session.run, daemon=True).start()


def listening(port, backlog=5):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(backlog)
    return listener


def argument_parser():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("users")
    parser.add_argument("--receipt-timeout", type=float)
    return parser


def main(options, session_type=Session):
    listener = listening(options.port)
    server = Server(read_users(options.users), options.receipt_timeout, session_type)
    print("serving on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    try:
        server.serve(listener)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main(argument_parser().parse_args())
