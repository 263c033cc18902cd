#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A correct server for `json`: a thread reads each client, another writes to it.

    python3 json_threads.py PORT [--database FILE] [--moderator NAME]

It was written from docs/protocols/json.md and shares nothing with the reference server. Wherever
the page leaves something open, it does what the reference server does not:

    request.content-ignored   only null is accepted; all else is an error
    envelope.timestamp-format a number: seconds since 1970
    envelope.sender-other     null
    login.info                after the history, where there is one
    login.history-elements    objects
    login.history-empty       no history is sent
    msg.before-login          who has not logged in hears the common room, too
    msg.empty                 an error
    names.all                 an array
    logout.disconnects        no info, and a reset instead of an end
    error.malformed           a reset, and no error
    between two responses     nothing, not even white space
"""

import argparse
import json
import re
import socket
import sqlite3
import struct
import threading
import time

from padded_threads import Outbox, listening

REQUESTS = ["login", "logout", "msg", "names", "help"]
ROOM_REQUESTS = ["rooms", "create", "join", "leave"]
MODERATOR_REQUESTS = ["kick", "ban", "remove"]

# Bounds of one request, as the page has them.
LONGEST = 1024 * 1024
DEEPEST = 512

WHITE_SPACE = b" \t\r\n"
# What changes anything for who looks for the end of a value.
MARKS = re.compile(rb'["{}\[\]]')
STRING_MARKS = re.compile(rb'["\\]')

COMMON = ""


class Malformed(Exception):
    pass


class Refused(Exception):
    """A request that is answered with an error."""


def refuse_constant(word):
    raise ValueError(word)


def parse(data):
    """The value of a text of JSON, strictly."""
    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_constant=refuse_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # Half a surrogate pair fails here.
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    return value


class Borders:
    """Finds values in a stream; each byte is looked at once."""

    def __init__(self):
        self.pending = bytearray()
        self.looked_at = 0
        self.depth = 0
        self.in_string = False

    def feed(self, data):
        self.pending += data
        while (end := self.end()) is not None:
            value = bytes(self.pending[:end])
            del self.pending[:end]
            self.looked_at = 0
            yield parse(value)
        if len(self.pending) > LONGEST:
            raise Malformed

    def end(self):
        """The offset behind the first value, if it is whole."""
        if self.depth == 0 and not self.in_string and self.looked_at == 0:
            del self.pending[: len(self.pending) - len(self.pending.lstrip(WHITE_SPACE))]
            if not self.pending:
                return None
            if self.pending[:1] not in (b"{", b"[", b'"'):
                return self.end_of_word()
        while True:
            marks = STRING_MARKS if self.in_string else MARKS
            found = marks.search(self.pending, self.looked_at)
            if found is None:
                self.looked_at = len(self.pending)
                return None
            mark = found.group()
            if mark == b"\\":
                if found.end() == len(self.pending):
                    self.looked_at = found.start()
                    return None
                self.looked_at = found.end() + 1
                continue
            self.looked_at = found.end()
            if mark == b'"':
                self.in_string = not self.in_string
            elif mark in b"{[":
                self.depth += 1
                if self.depth > DEEPEST:
                    raise Malformed
            else:
                self.depth -= 1
            if self.depth == 0 and not self.in_string:
                return self.looked_at

    def end_of_word(self):
        """A number or a word ends with what cannot be part of it."""
        found = re.search(rb"[^-+.0-9A-Za-z]", self.pending)
        if found is None:
            return None
        if found.start() == 0:
            raise Malformed
        return found.start()


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.outbox = Outbox(connection)
        self.name = None
        self.room = COMMON
        self.is_over = False

    def tell(self, response, content, sender=None):
        self.outbox.put(encoded(envelope(response, content, sender)))

    def drop(self):
        """Ends the connection with a reset."""
        self.is_over = True
        try:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.shutdown(socket.SHUT_RD)
        except OSError:
            pass  # The peer was faster.

    def chunks(self):
        while True:
            try:
                chunk = self.connection.recv(4096)
            except OSError:
                return
            if not chunk or self.is_over:
                return
            yield chunk


def envelope(response, content, sender):
    return {"content": content, "response": response, "sender": sender, "timestamp": time.time()}


def encoded(value):
    return json.dumps(value).encode()


class Store:
    """The messages of all rooms, oldest first; in a file where one is named."""

    def __init__(self, path):
        self.messages = {COMMON: []}
        self.file = None
        if path:
            self.file = sqlite3.connect(path, check_same_thread=False)
            self.file.execute(
                "CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, room TEXT, body TEXT)"
            )
            for number, room, body in self.file.execute("SELECT id, room, body FROM message"):
                self.messages.setdefault(room, []).append((number, json.loads(body)))

    def add(self, room, message):
        number = None
        if self.file:
            with self.file:
                row = (room, json.dumps(message))
                cursor = self.file.execute("INSERT INTO message (room, body) VALUES (?, ?)", row)
                number = cursor.lastrowid
        self.messages[room].append((number, message))

    def remove(self, room, count):
        number, _ = self.messages[room].pop(-count)
        if self.file:
            with self.file:
                self.file.execute("DELETE FROM message WHERE id = ?", (number,))

    def history(self, room):
        return [message for _, message in self.messages[room]]


class Chat:
    """Who is there. One lock around each request: all see what happens in one order."""

    def __init__(self, store, moderators):
        self.lock = threading.Lock()
        self.clients = set()
        self.store = store
        self.moderators = moderators
        self.banned = set()

    def connected(self, client):
        with self.lock:
            self.clients.add(client)

    def gone(self, client):
        with self.lock:
            self.clients.discard(client)

    def handle(self, client, value):
        with self.lock:
            try:
                self.dispatch(client, value)
            except Refused as refusal:
                client.tell("error", str(refusal))

    def dispatch(self, client, value):
        if not isinstance(value, dict):
            raise Refused("A request is an object.")
        request = value.get("request")
        known = REQUESTS + ROOM_REQUESTS + MODERATOR_REQUESTS
        if not isinstance(request, str) or request not in known:
            raise Refused("There is no such request. Say help to learn what there is.")
        if client.name is None and request not in ("login", "help"):
            raise Refused("Log in first.")
        takes_text = request in ("login", "msg", "create", "join", "kick", "ban", "remove")
        content = value.get("content", "")
        if takes_text and ("content" not in value or not isinstance(content, str)):
            raise Refused(f"The content of {request} is a text.")
        if not takes_text and content is not None:
            raise Refused(f"The content of {request} is null.")
        if request in MODERATOR_REQUESTS and client.name not in self.moderators:
            raise Refused("Only moderators may do that.")
        getattr(self, "do_" + request)(client, content)

    def here(self, room):
        return [other for other in self.clients if other.room == room]

    def named(self, name):
        return next((other for other in self.clients if other.name == name), None)

    def do_help(self, client, _):
        client.tell("info", "Requests: " + " | ".join(REQUESTS + ROOM_REQUESTS + MODERATOR_REQUESTS))

    def do_login(self, client, name):
        if client.name is not None:
            raise Refused("You are logged in.")
        if not re.fullmatch("[A-Za-z0-9]+", name):
            raise Refused("A name is letters A-Z, a-z and digits.")
        if name in self.banned:
            raise Refused("This name is banned.")
        if self.named(name):
            raise Refused("This name is taken.")
        client.name = name
        self.welcome(client)
        client.tell("info", "Welcome.")

    def welcome(self, client):
        history = self.store.history(client.room)
        if history:
            client.tell("history", history)

    def do_logout(self, client, _):
        self.end(client)

    def end(self, client):
        client.name = None
        self.clients.discard(client)
        client.drop()

    def do_msg(self, client, text):
        if not text:
            raise Refused("Say something.")
        message = envelope("message", text, client.name)
        self.store.add(client.room, message)
        data = encoded(message)
        for other in self.here(client.room):
            other.outbox.put(data)

    def do_names(self, client, _):
        here = [other.name for other in self.here(client.room) if other.name]
        client.tell("info", sorted(here, reverse=True))

    def do_rooms(self, client, _):
        client.tell("info", "Rooms: " + ", ".join(room for room in self.store.messages if room))

    def do_create(self, client, room):
        if not re.fullmatch("[A-Za-z0-9]+", room) or room in self.store.messages:
            raise Refused("There can be no new room of this name.")
        self.store.messages[room] = []
        client.tell("info", "The room is there.")

    def do_join(self, client, room):
        if not room or room not in self.store.messages:
            raise Refused("There is no such room.")
        client.room = room
        self.welcome(client)
        client.tell("info", "You are in.")

    def do_leave(self, client, _):
        if client.room == COMMON:
            raise Refused("You are in the common room.")
        client.room = COMMON
        client.tell("info", "You are back.")

    def do_kick(self, client, name):
        other = self.named(name)
        if other is None:
            raise Refused("There is no such user.")
        client.tell("info", "Done.")
        self.end(other)

    def do_ban(self, client, name):
        self.banned.add(name)
        client.tell("info", "Done.")
        other = self.named(name)
        if other:
            self.end(other)

    def do_remove(self, client, count):
        known = len(self.store.messages[client.room])
        if not count.isascii() or not count.isdecimal() or not 1 <= int(count) <= known:
            raise Refused("There is no such message.")
        self.store.remove(client.room, int(count))
        for other in self.here(client.room):
            other.tell("info", "A message was removed.")


class Server:
    """`borders_type` decides where a request ends."""

    def __init__(self, chat, borders_type=Borders):
        self.chat = chat
        self.borders_type = borders_type

    def serve(self, listener):
        threading.stack_size(256 * 1024)
        while True:
            try:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                time.sleep(0.05)  # Out of descriptors, or the client is gone already.
                continue
            client = Client(connection)
            self.chat.connected(client)
            client.outbox.thread.start()
            threading.Thread(target=self.converse, args=(client,), daemon=True).start()

    def converse(self, client):
        borders = self.borders_type()
        try:
            for chunk in client.chunks():
                for value in borders.feed(chunk):
                    self.chat.handle(client, value)
                    if client.is_over:
                        break
        except Malformed:
            client.drop()
        self.chat.gone(client)
        if not client.is_over:
            client.outbox.finish()
        else:
            client.outbox.give_up()
        client.connection.close()


def main(borders_type=Borders):
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--database")
    parser.add_argument("--moderator", action="append", default=[])
    options = parser.parse_args()
    chat = Chat(Store(options.database), set(options.moderator))
    listener = listening(options.port)
    print("serving on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    try:
        Server(chat, borders_type).serve(listener)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
