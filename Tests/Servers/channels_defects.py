#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server for `channels` with the field's usual defects, all of them or those that are named.

    python3 channels_defects.py PORT [DATABASE] [--defect NAME]...

    recv-is-message    what one recv brings is one message
    plain-passwords    passwords are stored as they are
    late-commit        what is said is committed with the next account or channel
    split-everywhere   a text is split at its spaces and put together with one between each
    no-history         who joins is told nothing of what was said before
    told-everybody     what is said goes to all who are logged in

All else is that of channels_threads.py.
"""

from channels_threads import Lines, Session, Store, argument_parser, main

DEFECTS = [
    "recv-is-message", "plain-passwords", "late-commit", "split-everywhere", "no-history",
    "told-everybody"]


class RecvIsMessage(Lines):
    def next(self):
        chunk = self.receive()
        return chunk.removesuffix(b"\n") if chunk else None


def store_type(defects):
    class Defective(Store):
        def add_message(self, *message):
            if "late-commit" in defects and not self.database.in_transaction:
                self.database.execute("BEGIN")
            super().add_message(*message)

        def insert(self, statement, *values):
            is_done = super().insert(statement, *values)
            if self.database.in_transaction and "INTO message" not in statement:
                self.database.execute("COMMIT")
            return is_done

        def last_messages(self, channel, count):
            return [] if "no-history" in defects else super().last_messages(channel, count)

    return Defective


def session_type(defects):
    class Defective(Session):
        lines_type = RecvIsMessage if "recv-is-message" in defects else Lines

        def register(self, name, password):
            if "plain-passwords" in defects:
                with self.server.lock:
                    self.server.store.database.execute(
                        "CREATE TABLE IF NOT EXISTS plain (name BLOB, password BLOB)")
                    self.server.store.insert("INSERT INTO plain VALUES (?, ?)", name, password)
            super().register(name, password)

        def say(self, channel, text):
            if "split-everywhere" in defects:
                text = b" ".join(text.split())
            if "told-everybody" in defects:
                self.tell_everybody(channel, text)
            super().say(channel, text)

        def tell_everybody(self, channel, text):
            with self.server.lock:
                if channel not in self.channels:
                    return
                for other in self.server.online.values():
                    if channel not in other.channels:
                        other.tell(b" ".join([b"RECV", self.user, channel, text]))

    return Defective


def parse():
    parser = argument_parser()
    parser.add_argument("--defect", action="append", choices=DEFECTS)
    return parser.parse_args()


if __name__ == "__main__":
    options = parse()
    defects = options.defect or DEFECTS
    main(options, session_type(defects), store_type(defects))
