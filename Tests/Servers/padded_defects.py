#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""padded_threads.py with a habit of its own, or with a defect.

    python3 padded_defects.py PORT [--habit NAME]... [--defect NAME]...

Habits are allowed, and a suite that fails them is wrong:

    crlf-list          the lines of a list end in CR LF
    late-answers       everything is written five milliseconds after it is known
    late-ends          the end of a connection is noticed, and answered, fifty milliseconds late
    nagle              one send for each frame, on a connection that joins small ones
    slow-accept        connections are taken one every twenty milliseconds

Defects are each a rule that is broken, and nothing else:

    disconnected-text  who disconnects `has disconnected`
    greets             a name is answered with a welcome
    knows-again        a name that comes again is back in the channel that it disconnected from
    lower-case-left    the name is in lower case where it is told who left
    one-case           the channels `room` and `Room` are one
    tells-errors       everybody in the channel gets the error about an unknown control message
    tells-joiner       who joins is told so, too
    short-errors       the error about a channel that there is not stops before its question
"""

import argparse
import socket
import time

from padded_threads import Client, Outbox, Room, Server, listening

HABITS = ("crlf-list", "late-answers", "late-ends", "nagle", "slow-accept")
DEFECTS = (
    "disconnected-text", "greets", "knows-again", "lower-case-left", "one-case", "short-errors",
    "tells-errors", "tells-joiner",
)


class SlowOutbox(Outbox):
    def take(self):
        data = super().take()
        time.sleep(0.005)
        return data


class SmallOutbox(Outbox):
    def run(self):
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
        super().run()

    def take(self):
        """The next frame alone."""
        with self.changed:
            while not self.waiting and not self.closed:
                self.changed.wait()
            if not self.waiting:
                return None
            data = self.waiting.popleft()
            self.size -= len(data)
            return data


class OddRoom(Room):
    def __init__(self, traits):
        super().__init__()
        self.traits = traits
        self.homes = {}

    def enter(self, client, name):
        may_stay = super().enter(client, name)
        if may_stay and client.name and "greets" in self.traits:
            client.tell(b"Welcome, " + name)
        if may_stay and "knows-again" in self.traits:
            client.channel = self.homes.pop(name, None)
            if client.channel is not None:
                self.channels.setdefault(client.channel, []).append(client)
        return may_stay

    def control(self, client, message):
        word = message.partition(b" ")[0]
        is_known = word in (b"/join", b"/create") or message == b"/list"
        if not is_known and "tells-errors" in self.traits and client.channel is not None:
            text = word + b" is not a valid control message. Valid messages are /create, /list, and /join."
            self.announce([m for m in self.channels[client.channel] if m is not client], text)
        super().control(client, message)

    def known(self, channel):
        """The channel's name as it was created."""
        if "one-case" not in self.traits:
            return channel
        return next((name for name in self.channels if name.lower() == channel.lower()), channel)

    def join(self, client, channel):
        channel = self.known(channel)
        if "short-errors" in self.traits and channel and channel not in self.channels:
            client.tell(b"No channel named " + channel + b" exists.")
            return
        super().join(client, channel)
        if "tells-joiner" in self.traits and channel and client.channel == channel:
            client.tell(client.name + b" has joined")

    def create(self, client, channel):
        super().create(client, self.known(channel))

    def list(self, client):
        if "crlf-list" not in self.traits:
            return super().list(client)
        client.tell(b"".join(channel + b"\r\n" for channel in self.channels))

    def announce(self, members, text):
        is_news = not text.startswith(b"[")
        if is_news and "lower-case-left" in self.traits and text.endswith(b" has left"):
            text = text.lower()
        super().announce(members, text)

    def gone(self, client):
        with self.lock:
            channel = client.channel
            if channel is not None:
                self.homes[client.name] = channel
                if "disconnected-text" in self.traits:
                    others = [m for m in self.channels[channel] if m is not client]
                    self.announce(others, client.name + b" has disconnected")
                    self.channels[channel] = [client]
                    self.leave(client)
                    if others:
                        self.channels[channel] = others
        super().gone(client)


class OddServer(Server):
    def __init__(self, traits):
        super().__init__(self.make_client)
        self.traits = traits
        self.room = OddRoom(traits)

    def make_client(self, connection):
        client = Client(connection)
        if "late-answers" in self.traits:
            client.outbox = SlowOutbox(connection)
        elif "nagle" in self.traits:
            client.outbox = SmallOutbox(connection)
        return client

    def start(self, connection):
        if "slow-accept" in self.traits:
            time.sleep(0.02)
        super().start(connection)

    def converse(self, client):
        if "late-ends" in self.traits:
            client.chunks = lambda chunks=client.chunks: late_end(chunks())
        super().converse(client)


def late_end(chunks):
    yield from chunks
    time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--habit", action="append", default=[], choices=HABITS)
    parser.add_argument("--defect", action="append", default=[], choices=DEFECTS)
    options = parser.parse_args()
    listener = listening(options.port)
    print("serving on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    try:
        OddServer(set(options.habit + options.defect)).serve(listener)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
