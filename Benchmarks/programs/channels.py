#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a server of `channels` does under load; prints one line of JSON.

    channels.py logins PORT COUNT     a pair talks while so many logins are hashed: milliseconds from
                                      SAY to RECV at the other, the median and the worst
    channels.py store PORT SECONDS    four channels, in each one who says 64 things at once and one
                                      who listens: messages a second that arrived at both
"""

import json
import os
import selectors
import socket
import statistics
import sys
import time

PATIENCE = 60
AT_ONCE = 64
# Names of one run; the server may have a database of earlier ones.
RUN = f"{os.getpid()}n{time.monotonic_ns()}"


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""

    def send(self, text):
        self.socket.sendall(text)

    def line(self):
        while b"\n" not in self.pending:
            self.pending += self.more()
        line, _, self.pending = self.pending.partition(b"\n")
        return line

    def more(self):
        chunk = self.socket.recv(1 << 18)
        if not chunk:
            sys.exit("the server has closed a connection")
        return chunk

    def ask(self, line, answer):
        self.send(line + b"\n")
        if (came := self.line()) != answer:
            sys.exit(f"{line!r} was answered {came!r}")

    def enter(self, name, channel, creates):
        name = f"{name}{RUN}".encode()
        self.ask(b"REGISTER " + name + b" p", b"RESULT REGISTER 1")
        self.ask(b"LOGIN " + name + b" p", b"RESULT LOGIN 1")
        if creates:
            self.ask(b"CREATE " + channel, b"RESULT CREATE " + channel + b" 1")
        self.ask(b"JOIN " + channel, b"RESULT JOIN " + channel + b" 1")


def pair(port, number):
    channel = f"c{number}x{RUN}".encode()
    talker, listener = Client(port), Client(port)
    talker.enter(f"talker{number}", channel, True)
    listener.enter(f"listener{number}", channel, False)
    return channel, talker, listener


def logins(port, count):
    """Latencies from the moment when the logins are sent until the last is answered."""
    channel, talker, listener = pair(port, 0)
    clients = [Client(port) for _ in range(count)]
    waiting = selectors.DefaultSelector()
    for number, client in enumerate(clients):
        client.send(f"LOGIN nobody{number} secret\n".encode())
        waiting.register(client.socket, selectors.EVENT_READ)
    times = []
    while waiting.get_map():
        began = time.perf_counter()
        talker.send(b"SAY " + channel + b" a text of some length, as people write\n")
        listener.line()
        times.append((time.perf_counter() - began) * 1e3)
        talker.line()
        for key, _ in waiting.select(0.001):
            waiting.unregister(key.fileobj)
    return {"median_ms": statistics.median(times), "worst_ms": max(times), "said": len(times)}


def store(port, seconds):
    pairs = [pair(port, number) for number in range(4)]
    lines = {}
    arrived = {}
    reading = selectors.DefaultSelector()
    for channel, talker, listener in pairs:
        line = b"SAY " + channel + b" a text of some length, as people write\n"
        lines[talker] = line
        for client in (talker, listener):
            arrived[client] = 0
            reading.register(client.socket, selectors.EVENT_READ, client)
        talker.send(line * AT_ONCE)
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        for key, _ in reading.select(PATIENCE):
            client = key.data
            count = client.more().count(b"\n")
            arrived[client] += count
            if client in lines:
                client.send(lines[client] * count)
    taken = time.perf_counter() - began
    total = sum(min(arrived[talker], arrived[listener]) for _, talker, listener in pairs)
    return {"per_second": total / taken}


if __name__ == "__main__":
    mode, port, amount = sys.argv[1:]
    result = logins(int(port), int(amount)) if mode == "logins" else store(int(port), float(amount))
    print(json.dumps(result))
