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

    colon              what is said goes out as `name: text`
    creates-one-case   where there is `room`, `Room` cannot be created
    cuts-names         a name has at most 20 bytes
    disconnected-text  who disconnects `has disconnected`
    ejects             when who made a channel moves on, all others there are out of it as well
    greets             a name is answered with a welcome
    joined-once        on one connection, who comes back to a channel is not announced
    knows-again        a name that comes again is back in the channel that it disconnected from
    left-once          on one connection, who leaves a channel again is not announced
    lower-case-left    the name is in lower case where it is told who left
    mid-frame-blank    the channel of who disconnects in mid-frame is sent a blank frame
    mid-frame-error    the channel of who disconnects in mid-frame is told of an error
    mid-frame-text     who disconnects in mid-frame `lost connection`
    one-case           the channels `room` and `Room` are one
    quits              the texts `exit`, `quit` and `bye` end the connection
    replays            who joins is told what was said there last
    tells-errors       everybody in the channel gets the error about an unknown control message
    tells-joiner       who joins is told so, too
    short-errors       the error about a channel that there is not stops before its question
"""

import argparse
import socket
import time

from padded_threads import WIDTH, Client, Outbox, Room, Server, listening

HABITS = ("crlf-list", "late-answers", "late-ends", "nagle", "slow-accept")
DEFECTS = (
    "colon", "creates-one-case", "cuts-names", "disconnected-text", "ejects", "greets", "joined-once",
    "knows-again", "left-once", "lower-case-left", "mid-frame-blank", "mid-frame-error",
    "mid-frame-text", "one-case", "quits", "replays", "short-errors", "tells-errors", "tells-joiner",
)


# What is told instead of `{name} has left` of who disconnects in mid-frame.
MID_FRAME = {
    "mid-frame-blank": b"",
    "mid-frame-error": b"Error: incomplete message",
    "mid-frame-text": b"%s lost connection",
}


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


class CountingClient(Client):
    """It knows how many bytes came, and what the connection has been through."""

    def __init__(self, connection):
        super().__init__(connection)
        self.count = 0
        self.told = set()
        self.made = None

    def chunks(self):
        for chunk in super().chunks():
            self.count += len(chunk)
            yield chunk

    def is_first(self, *news):
        """Whether this is told of the connection for the first time."""
        is_first = news not in self.told
        self.told.add(news)
        return is_first


class OddRoom(Room):
    def __init__(self, traits):
        super().__init__()
        self.traits = traits
        self.homes = {}
        self.last_said = {}

    def handle(self, client, data):
        is_end = client.name and data.rstrip() in (b"exit", b"quit", b"bye")
        if is_end and "quits" in self.traits:
            return False
        return super().handle(client, data)

    def enter(self, client, name):
        if "cuts-names" in self.traits:
            name = name[:20]
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
        if "joined-once" in self.traits and channel in self.channels:
            self.join_quietly(client, channel)
            return
        super().join(client, channel)
        if "replays" in self.traits and client.channel == channel in self.last_said:
            client.tell(self.last_said[channel])
        if "tells-joiner" in self.traits and channel and client.channel == channel:
            client.tell(client.name + b" has joined")

    def join_quietly(self, client, channel):
        """Joins; nobody is told who was there already."""
        was_there = not client.is_first("joined", channel)
        members = [] if was_there else [m for m in self.channels[channel] if m is not client]
        self.leave(client)
        self.announce(members, client.name + b" has joined")
        self.channels.setdefault(channel, []).append(client)
        client.channel = channel

    def create(self, client, channel):
        taken = self.known(channel)
        if "creates-one-case" in self.traits:
            taken = next((name for name in self.channels if name.lower() == channel.lower()), channel)
        super().create(client, taken)
        if client.channel == taken:
            client.made = taken
            client.is_first("joined", taken)
            self.last_said.pop(taken, None)

    def leave(self, client):
        channel = client.channel
        others = [m for m in self.channels.get(channel, []) if m is not client]
        if "left-once" in self.traits and channel and not client.is_first("left", channel):
            self.channels[channel] = [client]
            super().leave(client)
            if others:
                self.channels[channel] = others
            return
        super().leave(client)
        if "ejects" in self.traits and channel and client.made == channel:
            self.channels.pop(channel, None)
            for member in others:
                member.channel = None

    def say(self, client, text):
        if client.channel is not None:
            self.last_said[client.channel] = b"[" + client.name + b"] " + text
        super().say(client, text)

    def list(self, client):
        if "crlf-list" not in self.traits:
            return super().list(client)
        client.tell(b"".join(channel + b"\r\n" for channel in self.channels))

    def announce(self, members, text):
        is_news = not text.startswith(b"[")
        if is_news and "lower-case-left" in self.traits and text.endswith(b" has left"):
            text = text.lower()
        if not is_news and "colon" in self.traits:
            text = text[1:].replace(b"] ", b": ", 1)
        super().announce(members, text)

    def gone(self, client):
        with self.lock:
            channel = client.channel
            client.made = None  # What moving on brings about, the end does not.
            client.told.clear()
            if channel is not None:
                self.homes[client.name] = channel
                if (text := self.farewell(client)) is not None:
                    others = [m for m in self.channels[channel] if m is not client]
                    self.announce(others, text)
                    self.channels[channel] = [client]
                    self.leave(client)
                    if others:
                        self.channels[channel] = others
        super().gone(client)


    def farewell(self, client):
        """What the channel is told in place of what is right."""
        if "disconnected-text" in self.traits:
            return client.name + b" has disconnected"
        if client.count % WIDTH:
            for trait in self.traits & MID_FRAME.keys():
                return MID_FRAME[trait].replace(b"%s", client.name)
        return None


class OddServer(Server):
    def __init__(self, traits):
        super().__init__(self.make_client)
        self.traits = traits
        self.room = OddRoom(traits)

    def make_client(self, connection):
        client = CountingClient(connection)
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
