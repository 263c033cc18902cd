#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server of any protocol that does one thing wrong to a single delivery, and all else right.

    python3 rarely_wrong.py PORT PROTOCOL WHAT NUMBER [ARGUMENT]...

WHAT is lose, double, reorder, damage, late, or nothing; NUMBER is which delivery, counted over all
clients. What is reordered comes behind the sender's next text to the same receiver: NUMBER is then
the first that may be chosen, since the last text of a sender has none behind it. What is late comes
after three seconds, and all that follows it to the same receiver behind it; everything else is
answered at once. The arguments are those of the servers beside it.
"""

import asyncio
import re
import sys
import threading

import callback_threads
import channels_threads
import hello_asyncio
import json_threads
import padded_threads

LATE = 3

# What a stress run says: five digits for the sender, nine for the number of the text.
TEXT = re.compile(rb"(\d{5})\.(\d{9}) .")


class Damage:
    def __init__(self, what, number):
        self.what = what
        self.number = number
        self.count = 0
        self.is_done = False
        self.held = {}
        self.lock = threading.Lock()

    def change(self, receiver, message):
        """What is sent in place of a message, in this order."""
        text = TEXT.search(message)
        if text is None:
            return [message]
        pair = (id(receiver), text[1])
        with self.lock:
            self.count += 1
            if not self.is_done and self.count >= self.number and self.may_be(text):
                self.is_done = True
                return self.wrong(pair, message, text)
            earlier = self.held.pop(pair, None)
        return [message] if earlier is None else [message, earlier]

    def may_be(self, text):
        """Clients say eight texts to a receiver before they turn to the next one."""
        return self.what != "reorder" or int(text[2]) % 8 < 4

    def wrong(self, pair, message, text):
        if self.what == "lose":
            return []
        if self.what == "double":
            return [message, message]
        if self.what == "damage":
            place = text.end() - 1
            wrong = b"!" if message[place:place + 1] == b"?" else b"?"
            return [message[:place] + wrong + message[place + 1:]]
        if self.what == "reorder":
            self.held[pair] = message
            return []
        return [message]


def padded(damage):
    class Client(padded_threads.Client):
        def tell(self, text):
            for each in damage.change(self, text):
                super().tell(each)

    padded_threads.main(padded_threads.Server(Client))


def hello(damage):
    class Client(hello_asyncio.Client):
        waits_until = 0

        def tell(self, line):
            if not line.startswith(b"DELIVERY "):
                super().tell(line)
                return
            was_right = not damage.is_done
            for each in damage.change(self, line):
                self.deliver(each, damage.what == "late" and damage.is_done and was_right)

        def deliver(self, line, is_late):
            loop = asyncio.get_running_loop()
            if is_late:
                self.waits_until = loop.time() + LATE
            if self.waits_until < loop.time():
                super().tell(line)
                return
            self.waits_until += 1e-6
            loop.call_at(self.waits_until, super().tell, line)

    hello_asyncio.main(hello_asyncio.Server(Client))


def json(damage):
    class Outbox(padded_threads.Outbox):
        def put(self, data):
            for each in damage.change(self, data):
                super().put(each)

    json_threads.Outbox = Outbox
    json_threads.main()


def callback(damage):
    class Callback(callback_threads.Callback):
        def deliver(self, line):
            return all([super(Callback, self).deliver(each) for each in damage.change(self, line)])

    class Session(callback_threads.Session):
        callback_type = Callback

    callback_threads.main(callback_threads.argument_parser().parse_args(), Session)


def channels(damage):
    class Session(channels_threads.Session):
        def tell(self, line):
            for each in damage.change(self, line):
                super().tell(each)

    channels_threads.main(channels_threads.argument_parser().parse_args(), Session)


if __name__ == "__main__":
    PROTOCOLS = {
        "padded": padded, "hello": hello, "json": json, "callback": callback, "channels": channels}
    port, protocol, what, number = sys.argv[1:5]
    sys.argv[1:] = [port, *sys.argv[5:]]
    PROTOCOLS[protocol](Damage(what, int(number)))
