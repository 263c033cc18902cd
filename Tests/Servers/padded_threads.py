#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A correct server for `padded`: a thread reads each client, another writes to it.

    python3 padded_threads.py PORT

It was written from docs/protocols/padded.md and shares nothing with the reference server. Wherever
the page leaves something open, it does what the reference server does not:

    list.empty                 a blank frame
    list.keeps-empty-channels  a channel ends when its last member leaves
    list.names                 in reverse alphabetical order, a newline after each
    join.same-channel          announced, as leaving and joining
    join.extra-words           the first word is the channel; `/list a` is an unknown control message
    control.unknown            the error names the first word
    say.trailing-newline       kept
    say.empty                  said, as an empty text
    framing.overlong-relay     refused, with a text of its own
    name.duplicate             refused, with a text of its own, and the connection ends
    a blank first frame        is no name; the next frame may be one
"""

import collections
import socket
import sys
import threading
import time

WIDTH = 200

# What may wait for one client. A reader who is slower than this is dropped.
QUEUE_LIMIT = 32 * 1024 * 1024

# How long a client whose conversation is over may take to read what is left for it.
LINGER = 10.0


def frame(text):
    """The text as a frame, cut where it does not fit."""
    return text[:WIDTH].ljust(WIDTH, b" ")


class Outbox:
    """What waits to be written to one client. A thread of its own writes it, so nobody else waits."""

    def __init__(self, connection):
        self.connection = connection
        self.waiting = collections.deque()
        self.size = 0
        self.closed = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def put(self, data):
        with self.changed:
            if self.closed:
                return
            self.waiting.append(data)
            self.size += len(data)
            if self.size > QUEUE_LIMIT:
                self.give_up()
            self.changed.notify()

    def close(self):
        """Lets the thread write what waits, send FIN, and end."""
        with self.changed:
            self.closed = True
            self.changed.notify()

    def finish(self):
        """Waits until what waits is written; a client who does not read it in time loses it."""
        self.close()
        self.thread.join(LINGER)
        if self.thread.is_alive():
            with self.changed:
                self.give_up()
            self.thread.join()

    def give_up(self):
        """Drops what waits. The reading thread sees the end of the connection and does the rest."""
        self.closed = True
        self.waiting.clear()
        self.size = 0
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The peer was faster.

    def run(self):
        try:
            while (data := self.take()) is not None:
                self.connection.sendall(data)
            self.connection.shutdown(socket.SHUT_WR)
        except OSError:
            with self.changed:
                self.give_up()

    def take(self):
        """All that waits, joined; None when there will be no more."""
        with self.changed:
            while not self.waiting and not self.closed:
                self.changed.wait()
            if not self.waiting:
                return None
            data = b"".join(self.waiting)
            self.waiting.clear()
            self.size = 0
            return data


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.outbox = Outbox(connection)
        self.name = None
        self.channel = None

    def tell(self, text):
        self.outbox.put(frame(text))

    def chunks(self):
        """What arrives, until the client ends the connection, in whatever way."""
        while True:
            try:
                chunk = self.connection.recv(4096)
            except OSError:
                return
            if not chunk:
                return
            yield chunk

    def frames(self):
        """Each frame when its last byte is there. Half a frame at the end is dropped."""
        pending = bytearray()
        for chunk in self.chunks():
            pending += chunk
            whole = len(pending) - len(pending) % WIDTH
            for start in range(0, whole, WIDTH):
                yield bytes(pending[start:start + WIDTH])
            del pending[:whole]


class Room:
    """Who is there and in which channel. One lock around each frame: what one client sends is
    handled in order, and all members see what happens in a channel in the same order."""

    def __init__(self):
        self.lock = threading.Lock()
        self.names = set()
        self.channels = {}

    def handle(self, client, data):
        """Acts on one frame; answers whether the client may stay."""
        with self.lock:
            if client.name is None:
                return self.enter(client, data.rstrip())
            if data.startswith(b"/"):
                self.control(client, data.rstrip())
            else:
                self.say(client, data.rstrip(b" "))
            return True

    def enter(self, client, name):
        if not name:
            return True
        if name in self.names:
            client.tell(b"The name " + name + b" is taken.")
            return False
        self.names.add(name)
        client.name = name
        return True

    def control(self, client, message):
        word, _, rest = message.partition(b" ")
        channel = rest.lstrip(b" ").partition(b" ")[0]
        if word == b"/join":
            self.join(client, channel)
        elif word == b"/create":
            self.create(client, channel)
        elif message == b"/list":
            self.list(client)
        else:
            client.tell(
                word + b" is not a valid control message."
                b" Valid messages are /create, /list, and /join."
            )

    def join(self, client, channel):
        if not channel:
            client.tell(b"/join command must be followed by the name of a channel to join.")
        elif channel not in self.channels:
            client.tell(
                b"No channel named " + channel + b" exists. Try '/create " + channel + b"'?"
            )
        else:
            members = self.channels[channel]
            self.leave(client)
            self.channels[channel] = members  # It has ended if the client was alone in it.
            self.announce(members, client.name + b" has joined")
            members.append(client)
            client.channel = channel

    def create(self, client, channel):
        if not channel:
            client.tell(b"/create command must be followed by the name of a channel to create")
        elif channel in self.channels:
            client.tell(b"Room " + channel + b" already exists, so cannot be created.")
        else:
            self.leave(client)
            self.channels[channel] = [client]
            client.channel = channel

    def list(self, client):
        lines = [channel + b"\n" for channel in sorted(self.channels, reverse=True)]
        text = b""
        for line in lines:
            if len(text) + len(line) > WIDTH:
                client.tell(text)
                text = b""
            text += line
        client.tell(text)

    def say(self, client, text):
        if client.channel is None:
            client.tell(b"Not currently in any channel. Must join a channel before sending messages.")
            return
        said = b"[" + client.name + b"] " + text
        if len(said) > WIDTH:
            client.tell(b"Your message is too long by %d bytes." % (len(said) - WIDTH))
            return
        others = [member for member in self.channels[client.channel] if member is not client]
        self.announce(others, said)

    def leave(self, client):
        """Takes the client out of its channel, if it is in one, and tells those who stay."""
        if client.channel is None:
            return
        members = self.channels[client.channel]
        members.remove(client)
        if not members:
            del self.channels[client.channel]
        client.channel = None
        self.announce(members, client.name + b" has left")

    def announce(self, members, text):
        for member in members:
            member.tell(text)

    def gone(self, client):
        with self.lock:
            self.leave(client)
            self.names.discard(client.name)


class Server:
    """Accepts connections; `client_type` decides what a frame is."""

    def __init__(self, client_type=Client):
        self.client_type = client_type
        self.room = Room()

    def serve(self, listener):
        threading.stack_size(256 * 1024)
        while True:
            try:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                time.sleep(0.05)  # Out of descriptors, or the client is gone already.
                continue
            self.start(connection)

    def start(self, connection):
        client = self.client_type(connection)
        try:
            client.outbox.thread.start()
            threading.Thread(target=self.converse, args=(client,), daemon=True).start()
        except RuntimeError:
            client.outbox.close()  # Out of threads: this client is turned away, the others stay.
            connection.close()

    def converse(self, client):
        for data in client.frames():
            self.received(data)
            if not self.room.handle(client, data):
                self.turn_away(client)
                break
        # What a client that has only closed its own direction is owed still goes out.
        self.room.gone(client)
        client.outbox.finish()
        client.connection.close()

    def received(self, data):
        """For servers that are built on this one."""

    def turn_away(self, client):
        """Closing with input unread would reset the connection, and the answer with it."""
        client.outbox.close()
        client.connection.settimeout(LINGER)
        deadline = time.monotonic() + LINGER
        for _ in client.chunks():
            if time.monotonic() > deadline:
                break


def listening(port, backlog=5):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(backlog)
    return listener


def main(server):
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit(f"usage: {sys.argv[0]} PORT")
    listener = listening(int(sys.argv[1]))
    print("serving on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    try:
        server.serve(listener)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main(Server())
