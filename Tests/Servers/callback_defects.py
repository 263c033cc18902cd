#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server for `callback` with the field's usual defects, all of them or those that are named.

    python3 callback_defects.py PORT USERS [--defect NAME]...

    recv-is-message    what one recv brings is one command, or one receipt
    early-303          the sender is told 303 as soon as the message is written
    one-lock           one lock for all: while a receipt is due, nobody else's message goes out
    password-prefix    the beginning of a password is as good as all of it
    line-search        who logs in is right where "name password" is found in the users file
    stale-b            who comes back after a break, without /exit, keeps the earlier connection b
    buffer-of-1023     what is delivered ends after 1023 bytes
    toall-any-answer   whatever a recipient answers confirms a /toall

All else is that of callback_threads.py.
"""

import threading

from callback_threads import Callback, Lines, Session, argument_parser, main

DEFECTS = [
    "recv-is-message", "early-303", "one-lock", "password-prefix", "line-search", "stale-b",
    "buffer-of-1023", "toall-any-answer"]

LOCK = threading.Lock()

# What this thread delivers.
DELIVERY = threading.local()

# The connection b of each user who has not said /exit.
KEPT = {}


class RecvIsMessage(Lines):
    def next(self):
        chunk = self.receive()
        return chunk.removesuffix(b"\n") if chunk else None


def callback_type(defects):
    class Defective(Callback):
        def __init__(self, connection):
            super().__init__(connection)
            if "recv-is-message" in defects:
                self.lines = RecvIsMessage(connection)
            if "one-lock" in defects:
                self.lock = LOCK

        def deliver(self, line):
            DELIVERY.line = line
            return super().deliver(line)

        def is_confirmed(self):
            if super().is_confirmed():
                return True
            is_to_all = DELIVERY.line.startswith(b"/broadcastfrom ")
            return "toall-any-answer" in defects and is_to_all and not self.is_broken

    return Defective


def session_type(defects, users_file):
    class Defective(Session):
        lines_type = RecvIsMessage if "recv-is-message" in defects else Lines

        def hand(self, recipient, line):
            if "buffer-of-1023" in defects:
                line = line[:1023]
            if "early-303" not in defects or recipient.callback is None:
                return super().hand(recipient, line)
            threading.Thread(target=super().hand, args=(recipient, line), daemon=True).start()
            return True

        def log_in(self, words):
            name, _, password = words.partition(b" ")
            if self.is_taken_for_right(name, password):
                words = name + b" " + self.server.users.setdefault(name, password)
            return super().log_in(words)

        def is_taken_for_right(self, name, password):
            if "line-search" in defects and name and name + b" " + password in users_file:
                return True
            right = self.server.users.get(name, b"")
            return "password-prefix" in defects and password != b"" and right.startswith(password)

        def connect_back(self, word):
            status = super().connect_back(word)
            if "stale-b" in defects and self.callback:
                self.callback = KEPT.setdefault(self.name, self.callback)
            return status

        def answer(self, line):
            if line == b"/exit":
                KEPT.pop(self.name, None)
            return super().answer(line)

    Defective.callback_type = callback_type(defects)
    return Defective


def parse():
    parser = argument_parser()
    parser.add_argument("--defect", action="append", choices=DEFECTS)
    return parser.parse_args()


if __name__ == "__main__":
    options = parse()
    with open(options.users, "rb") as file:
        main(options, session_type(options.defect or DEFECTS, file.read()))
