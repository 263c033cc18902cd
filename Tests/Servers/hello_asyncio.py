#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A correct server for `hello`: one task reads each client, another writes to it, on asyncio.

    python3 hello_asyncio.py PORT

It was written from docs/protocols/hello.md and shares nothing with the reference server. Wherever
the page leaves something open, it does what the reference server does not:

    login.case                 small and capital letters make one name
    login.busy-over-in-use     BUSY
    login.edge-spaces          stripped
    login.twice                changes the name
    login.required             what comes before the login and is no login ends the connection
    logout.half-close          what is owed, then a reset
    list.with-argument         the list
    LIST-OK                    in alphabetical order
    send.self, send.ok         the confirmation goes out before the delivery
    send.edge-spaces           stripped
    send.empty-to-unknown      the recipient is looked up first
    error.carriage-return      a carriage return in front of the newline is dropped
    the end of a conversation  a reset
"""

import asyncio
import socket
import struct
import sys

CAPACITY = 16
ILLEGAL = set(b"!@#$%^&*, \t\r\v\f")
LONGEST = 1 << 20

# What may wait for one client. A reader who is slower than this is dropped.
QUEUE_LIMIT = 32 * 1024 * 1024


class Client:
    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.name = None
        self.is_gone = False

    def tell(self, line):
        if self.is_gone:
            return
        self.writer.write(line + b"\n")
        if self.writer.transport.get_write_buffer_size() > QUEUE_LIMIT:
            self.reset()

    def reset(self):
        """Ends the connection with RST, whatever is unread."""
        self.is_gone = True
        connection = self.writer.get_extra_info("socket")
        if connection is not None:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()

    async def lines(self):
        """Each line when its newline is there. Half a line at the end is dropped."""
        pending = bytearray()
        while not self.is_gone:
            try:
                chunk = await self.reader.read(1000)
            except OSError:
                return
            if not chunk:
                return
            searched = len(pending)
            pending += chunk
            while (end := pending.find(b"\n", searched)) >= 0:
                yield bytes(pending[:end])
                del pending[:end + 1]
                searched = 0
            if len(pending) > LONGEST:
                self.tell(b"BAD-RQST-BODY")
                return


class Server:
    def __init__(self, client_type=Client):
        self.client_type = client_type
        self.users = {}

    async def converse(self, reader, writer):
        client = self.client_type(reader, writer)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            async for line in client.lines():
                stays = self.handle(client, line)
                # The other tasks come to their turns; what this one owes is not waited for.
                await asyncio.sleep(0)
                if not stays:
                    await self.flush(client)
                    break
        finally:
            self.log_out(client)
            client.reset()

    async def flush(self, client):
        """Gives the client time to read its last answer, which a reset would take from it."""
        try:
            await asyncio.wait_for(client.writer.drain(), 5)
            client.writer.write_eof()
            while await asyncio.wait_for(client.reader.read(65536), 5):
                pass
        except (OSError, asyncio.TimeoutError):
            pass

    def handle(self, client, line):
        """Acts on one line; answers whether the client may stay."""
        line = line.removesuffix(b"\r")
        header, _, body = line.partition(b" ")
        if header == b"HELLO-FROM":
            self.log_in(client, body.strip(b" "))
        elif client.name is None:
            client.tell(b"BAD-RQST-HDR")
            return False
        elif header == b"LIST":
            client.tell(b"LIST-OK " + b",".join(sorted(user.name for user in self.users.values())))
        elif header == b"SEND":
            self.send(client, body)
        else:
            client.tell(b"BAD-RQST-HDR")
        return True

    def log_in(self, client, name):
        if not name or ILLEGAL & set(name):
            client.tell(b"BAD-RQST-BODY")
        elif client.name is None and len(self.users) >= CAPACITY:
            client.tell(b"BUSY")
        elif self.users.get(name.lower(), client) is not client:
            client.tell(b"IN-USE")
        else:
            self.log_out(client)
            client.name = name
            self.users[name.lower()] = client
            client.tell(b"HELLO " + name)

    def log_out(self, client):
        if client.name is not None:
            del self.users[client.name.lower()]
            client.name = None

    def send(self, client, body):
        name, _, text = body.partition(b" ")
        text = text.strip(b" \t\r\v\f")
        if not name:
            client.tell(b"BAD-RQST-BODY")
            return
        recipient = self.users.get(name.lower())
        if recipient is None:
            client.tell(b"BAD-DEST-USER")
        elif not text:
            client.tell(b"BAD-RQST-BODY")
        else:
            client.tell(b"SEND-OK")
            recipient.tell(b"DELIVERY " + client.name + b" " + text)


def listening(port, backlog=5):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(backlog)
    return listener


async def serve(server, listener):
    serving = await asyncio.start_server(server.converse, sock=listener, limit=1 << 16)
    print("serving on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    await serving.serve_forever()


def main(server):
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit(f"usage: {sys.argv[0]} PORT")
    try:
        asyncio.run(serve(server, listening(int(sys.argv[1]))))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main(Server())
