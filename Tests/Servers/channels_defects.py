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
    password-beginning the beginning of a password, also of one letter, will do
    taken-logs-in      who is refused a name that is taken is that user from then on
    early-history      who may not join for want of a login is told the history first
    invented-channel   CHANNELS names one that nobody has made
    comma-at-end       CHANNELS ends with a comma
    first-membership   memberships are stored, and only each user's first one is found again
    short-texts        a text ends behind 1,000 bytes
    ascii-passwords    of a password only what is ASCII counts
    name-beginning     LOGIN takes the beginning of a user's name for the name
    any-name           LOGIN looks names up as patterns, in which % stands for any letters
    channel-beginning  JOIN takes the beginning of a channel's name for the name
    refusal-logs-out   a LOGIN that is refused ends the session of the user
    leaving-logs-out   who was refused a LOGIN ends the session of the user by going away
    strangers-kept     what is said without a login is refused, and shown to who joins later
    again-clears       a CREATE that is refused clears what was said in the channel
    ten-members        no more than ten users may join a channel
    thirty-accounts    no more than thirty users may register
    refused-passwords  a password that was refused is stored as it is

All else is that of channels_threads.py.
"""

import re

from channels_threads import Lines, Session, Store, argument_parser, main

DEFECTS = [
    "recv-is-message", "plain-passwords", "late-commit", "split-everywhere", "no-history",
    "told-everybody", "password-beginning", "taken-logs-in", "early-history",
    "invented-channel", "comma-at-end", "first-membership", "short-texts", "ascii-passwords",
    "name-beginning", "any-name", "channel-beginning", "refusal-logs-out", "leaving-logs-out",
    "strangers-kept", "again-clears", "ten-members", "thirty-accounts", "refused-passwords"]


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

        def load_memberships(self):
            """Of what is stored the first of each user, in the order of the joining."""
            self.memberships = {}
            self.database.execute("CREATE TABLE IF NOT EXISTS member (user BLOB, channel BLOB)")
            for user, channel in self.database.execute("SELECT * FROM member ORDER BY rowid"):
                self.memberships.setdefault(user, [channel])

        def add_membership(self, user, channel):
            if channel not in self.memberships.setdefault(user, []):
                self.memberships[user].append(channel)
                self.insert("INSERT INTO member VALUES (?, ?)", user, channel)

    class Remembering(Defective):
        def __init__(self, path):
            super().__init__(path)
            self.load_memberships()

    return Remembering if "first-membership" in defects else Defective


def session_type(defects):
    class Defective(Session):
        lines_type = RecvIsMessage if "recv-is-message" in defects else Lines
        passwords = {}
        refused = None  # Who this connection was refused to be.

        def register(self, name, password):
            password = self.counting(password)
            if "refused-passwords" in defects:
                self.keep(password, "SELECT EXISTS (SELECT 1 FROM user WHERE name = ?)", name)
            if "thirty-accounts" in defects and self.count("SELECT count(*) FROM user") >= 30:
                return self.result(b"REGISTER", False)
            if "plain-passwords" in defects:
                with self.server.lock:
                    self.server.store.database.execute(
                        "CREATE TABLE IF NOT EXISTS plain (name BLOB, password BLOB)")
                    self.server.store.insert("INSERT INTO plain VALUES (?, ?)", name, password)
            if "password-beginning" in defects:
                self.passwords.setdefault(name, password)
            super().register(name, password)
            if "taken-logs-in" in defects and self.user is None:
                self.user = name

        def log_in(self, name, password):
            if password and self.passwords.get(name, b"").startswith(password):
                password = self.passwords[name]
            super().log_in(self.user_meant(name), self.counting(password))
            if self.user is None:
                self.refused = name
            if self.user is None and "refusal-logs-out" in defects:
                self.end_session_of(name)

        def log_out(self):
            if "leaving-logs-out" in defects and self.user is None and self.refused:
                former = self.server.online.get(self.refused)
                if former:
                    former.log_out()
            super().log_out()

        def end_session_of(self, name):
            with self.server.lock:
                former = self.server.online.get(name)
                if former:
                    former.log_out()

        def counting(self, password):
            """What counts of a password."""
            if "ascii-passwords" not in defects:
                return password
            return bytes(byte for byte in password if byte < 0x80) or b"?"

        def user_meant(self, name):
            pattern = name + b"%" if "name-beginning" in defects else name
            if "any-name" not in defects and "name-beginning" not in defects:
                return name
            return self.found("SELECT name FROM user WHERE name = ?", name) or self.found(
                "SELECT name FROM user WHERE CAST(name AS TEXT) LIKE ?", pattern.decode()) or name

        def found(self, statement, *values):
            with self.server.lock:
                row = self.server.store.database.execute(statement, values).fetchone()
            return row and row[0]

        def count(self, statement, *values):
            return self.found(statement, *values) or 0

        def keep(self, password, statement, *values):
            if self.count(statement, *values):
                with self.server.lock:
                    self.server.store.database.execute(
                        "CREATE TABLE IF NOT EXISTS refused (password BLOB)")
                    self.server.store.insert("INSERT INTO refused VALUES (?)", password)

        def create(self, channel):
            is_done = super().create(channel)
            if not is_done and "again-clears" in defects:
                self.server.store.insert("DELETE FROM message WHERE channel = ?", channel)
            return is_done

        def join(self, channel):
            if "channel-beginning" in defects and not self.server.store.has_channel(channel):
                row = self.server.store.database.execute(
                    "SELECT name FROM channel WHERE substr(name, 1, ?) = ?",
                    (len(channel), channel)).fetchone()
                channel = row[0] if row else channel
            members = self.server.members.get(channel, [])
            if "ten-members" in defects and len(members) >= 10 and self not in members:
                return False
            return super().join(channel)

        def handle(self, line):
            channel = line.removeprefix(b"JOIN ")
            if "early-history" in defects and channel != line and self.user is None:
                for sender, text in self.server.store.last_messages(channel, 50):
                    self.tell(b" ".join([b"RECV", sender, channel, text]))
            super().handle(line)

        def tell(self, line):
            if re.match(rb"RESULT CHANNELS [^ ]", line):
                line += b",invented" if "invented-channel" in defects else b""
                line += b"," if "comma-at-end" in defects else b""
            super().tell(line)

        def enter(self, name):
            super().enter(name)
            if "first-membership" in defects:
                for channel in self.server.store.memberships.get(name, []):
                    if channel not in self.channels:
                        super().become_member(channel)

        def become_member(self, channel):
            super().become_member(channel)
            if "first-membership" in defects:
                self.server.store.add_membership(self.user, channel)

        def say(self, channel, text):
            if "short-texts" in defects:
                text = text[:1000]
            if "split-everywhere" in defects:
                text = b" ".join(text.split())
            if "strangers-kept" in defects and self.user is None:
                with self.server.lock:
                    self.server.store.add_message(channel, b"anonymous", text)
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
