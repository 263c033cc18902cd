#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server for `callback` with the field's usual defects, all of them or those that are named.

    python3 callback_defects.py PORT USERS [--defect NAME]...

    recv-is-message    what one recv brings is one command, or one receipt
    early-303          the sender is told 303 as soon as the message is written
    one-lock           one lock for all: while a receipt is due, nobody else's message goes out

All else is that of callback_threads.py.
"""

import threading

from callback_threads import Callback, Lines, Session, argument_parser, main

DEFECTS = ["recv-is-message", "early-303", "one-lock"]

LOCK = threading.Lock()


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

    return Defective


def session_type(defects):
    class Defective(Session):
        lines_type = RecvIsMessage if "recv-is-message" in defects else Lines

        def hand(self, recipient, line):
            if "early-303" not in defects or recipient.callback is None:
                return super().hand(recipient, line)
            threading.Thread(target=super().hand, args=(recipient, line), daemon=True).start()
            return True

    Defective.callback_type = callback_type(defects)
    return Defective


def parse():
    parser = argument_parser()
    parser.add_argument("--defect", action="append", choices=DEFECTS)
    return parser.parse_args()


if __name__ == "__main__":
    options = parse()
    main(options, session_type(options.defect or DEFECTS))
