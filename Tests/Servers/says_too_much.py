#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server of any protocol that says one thing once too often, when all is said, and all else right.

    python3 says_too_much.py PORT PROTOCOL WHAT [ARGUMENT]...

Behind its answer to the first probe of a stress run it says WHAT:

    text          the last text that this client has heard, once more
    junk          something that is no message of the protocol
    empty         an empty message
    confirmation  that a message was handled, when all of them have been confirmed
    answer        the same answer again
    left, joined  that somebody has left, or has come, who is there as before

While they talk:

    interjection  junk, behind the 30th text

When the first client has ended its side of the connection, before it ends its own:

    last-word     the last text that this client has heard, once more
    half-a-word   the first ten bytes of it

These are right:

    nothing       none of it
    stays         it never ends a connection that its client has ended
    farewell      an error of the protocol for each client that has ended its side

The arguments are those of the servers beside it.
"""

import re
import sys
import threading

import callback_threads
import channels_threads
import hello_asyncio
import json_threads
import padded_threads

TEXT = re.compile(rb"\d{5}\.\d{9} .")
SENDER = re.compile(rb"\[(\w+)\] ")

# How an answer to a probe begins, and which of these of a client is one: others answer its login.
PROBED = {
    "padded": (b"/here is not", 2), "hello": (b"LIST-OK", 1), "json": (b'"info"', 2),
    "callback": (b"301 ", 1), "channels": (b"RESULT CHANNELS", 1)}

JUNK = {"json": b'{"response": "news", "content": "none"}'}
CONFIRMATION = {"hello": b"SEND-OK", "callback": b"303 Message delivery successful"}


class Excess:
    def __init__(self, protocol, what):
        self.protocol = protocol
        self.what = what
        self.lock = threading.Lock()
        self.is_done = False
        self.texts = 0
        self.answers = {}
        self.last = {}

    def behind(self, client, message):
        """What is said to a client behind a message that is no excess."""
        with self.lock:
            if TEXT.search(message):
                self.last[client] = message
                self.texts += 1
                return self.once("interjection") if self.texts == 30 else []
            begin, number = PROBED[self.protocol]
            if begin in message:
                self.answers[client] = self.answers.get(client, 0) + 1
                if self.answers[client] == number:
                    return self.once("probe", client, message)
            return []

    def once(self, when, client=None, message=b""):
        last = self.last.get(client, b"")
        name = SENDER.match(last)
        name = name[1] if name else b""
        junk = JUNK.get(self.protocol, b"NEWS none")
        said = {
            "interjection": {"interjection": junk},
            "probe": {
                "text": last, "junk": junk, "empty": b"", "answer": message,
                "confirmation": CONFIRMATION.get(self.protocol, b""), "left": name + b" has left",
                "joined": name + b" has joined"},
            "end": {"last-word": last, "half-a-word": last[:10]}}
        if self.is_done or self.what not in said[when]:
            return []
        self.is_done = True
        return [said[when][self.what]]

    def at_end(self, client, write):
        """The client has ended its side."""
        with self.lock:
            for message in self.once("end", client) if client in self.last else []:
                write(message)
        if self.what == "stays":
            threading.Event().wait()


def padded(excess):
    class Client(padded_threads.Client):
        def tell(self, text):
            super().tell(text)
            for each in excess.behind(self, text):
                super().tell(each)

        def frames(self):
            yield from super().frames()
            excess.at_end(self, self.end)
            if excess.what == "farewell":
                super().tell(b"Good bye")

        def end(self, message):
            is_whole = excess.what == "last-word"
            self.outbox.put(padded_threads.frame(message) if is_whole else message)

    padded_threads.main(padded_threads.Server(Client))


def hello(excess):
    class Client(hello_asyncio.Client):
        def tell(self, line):
            super().tell(line)
            for each in excess.behind(self, line):
                super().tell(each)

        async def lines(self):
            async for line in super().lines():
                yield line
            if excess.what == "farewell":
                super().tell(b"BAD-RQST-HDR")
                await self.flush()

        async def flush(self):
            self.writer.write_eof()

    hello_asyncio.main(hello_asyncio.Server(Client))


def json(excess):
    class Client(json_threads.Client):
        def chunks(self):
            yield from super().chunks()
            excess.at_end(self.outbox, super(Outbox, self.outbox).put)
            if excess.what == "farewell":
                self.tell("error", "You are gone.")

    class Outbox(padded_threads.Outbox):
        def put(self, data):
            super().put(data)
            for each in excess.behind(self, data):
                super().put(each)

    json_threads.Outbox = Outbox
    json_threads.Client = Client
    json_threads.main()


def callback(excess):
    class Session(callback_threads.Session):
        def tell(self, status):
            super().tell(status)
            for each in excess.behind(self, status):
                super().tell(each)

    callback_threads.main(callback_threads.argument_parser().parse_args(), Session)


def channels(excess):
    class Session(channels_threads.Session):
        def tell(self, line):
            super().tell(line)
            for each in excess.behind(self, line):
                super().tell(each)

    channels_threads.main(channels_threads.argument_parser().parse_args(), Session)


if __name__ == "__main__":
    PROTOCOLS = {
        "padded": padded, "hello": hello, "json": json, "callback": callback, "channels": channels}
    port, protocol, what = sys.argv[1:4]
    sys.argv[1:] = [port, *sys.argv[4:]]
    PROTOCOLS[protocol](Excess(protocol, what))
