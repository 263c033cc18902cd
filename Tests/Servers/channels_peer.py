#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server of `channels` that does nothing but federate: no clients, only peers.

    python3 channels_peer.py PORT [--bind ADDRESS] [--dial HOST:PORT]... [--channel NAME]...

It was written from the federation half of docs/protocols/channels.md and shares nothing with the
reference server. It accepts who asks to federate, dials who is named, has channels of its own, and
in each of them one user, `echo`, who repeats what everybody else says there. A thread for each link.

Tests use the class `Peer`, whose users join and speak as the test says.
"""

import argparse
import queue
import socket
import threading

PATIENCE = 10.0
LONGEST = 128 * 1024


def plain(name):
    """The name in front of the first `@` or `:`."""
    return name.split("@", 1)[0].split(":", 1)[0]


def host_of(name, mark):
    """The host behind the mark, without its port; nothing where there is none."""
    return name.partition(mark)[2].split(":", 1)[0]


class Link:
    """One connection to another server, in whichever role; it carries both directions."""

    def __init__(self, peer, connection, dialled):
        self.peer = peer
        self.connection = connection
        self.dialled = dialled
        self.host = connection.getpeername()[0]
        self.confirmed = threading.Event()
        self.ended = threading.Event()
        self.writing = threading.Lock()
        self.first = True
        threading.Thread(target=self.run, daemon=True).start()

    def send(self, line):
        with self.writing:
            try:
                self.connection.sendall(line.encode() + b"\n")
            except OSError:
                pass  # The reader notices the end.

    def close(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.ended.wait(PATIENCE)

    def run(self):
        if self.dialled:
            self.send("FEDERATE-OUT")
        pending = b""
        try:
            while chunk := self.connection.recv(65536):
                *lines, pending = (pending + chunk).split(b"\n")
                for line in lines:
                    self.take(line)
                if len(pending) > LONGEST:
                    break
        except OSError:
            pass
        self.connection.close()
        self.peer.forget(self)
        self.ended.set()

    def take(self, bytes_):
        try:
            line = bytes_.decode()
        except UnicodeDecodeError:
            return
        is_first, self.first = self.first, False
        if self.dialled and line == "FEDERATE-CONFIRM" and not self.confirmed.is_set():
            self.greet()
        elif not self.dialled and line == "FEDERATE-OUT" and is_first:
            self.send("FEDERATE-CONFIRM")
            self.greet()
        elif self.confirmed.is_set():
            word, _, rest = line.partition(" ")
            handler = getattr(self.peer, "on_" + word.lower(), None)
            if word.startswith("FED") and handler:
                handler(self, rest)

    def greet(self):
        # Whoever creates a channel meanwhile sends FEDNEW behind this, not in front of it.
        with self.peer.lock:
            self.peer.links.append(self)
            self.confirmed.set()
            self.send("FEDCHANNELS " + ", ".join(sorted(self.peer.channels)))


class Channel:
    def __init__(self):
        self.local = set()
        self.remote = {}  # (user, host): the link of its last FEDJOIN
        self.said = []


class Peer:
    """A server with users that a test speaks for."""

    def __init__(self, name, echoes=False):
        self.name = name
        self.echoes = echoes
        self.lock = threading.RLock()
        self.links = []
        self.channels = {}
        self.listed = {}  # host: names of its channels
        self.joined = {}  # (channel, host): users
        self.own_names = {}  # host: what that server calls us
        self.heard = {}
        self.results = {}
        self.listener = None

    # Links

    def listen(self, port=0):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((self.name, port))
        self.listener.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()
        return self.listener.getsockname()[1]

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            Link(self, connection, dialled=False)

    def dial(self, host, port):
        connection = socket.create_connection((host, port), PATIENCE, (self.name, 0))
        connection.settimeout(None)
        link = Link(self, connection, dialled=True)
        if not link.confirmed.wait(PATIENCE):
            link.close()
            raise TimeoutError(f"{host}:{port} did not confirm")
        return link

    def link_to(self, host):
        with self.lock:
            return next((link for link in self.links if link.host == host), None)

    def forget(self, link):
        with self.lock:
            if link in self.links:
                self.links.remove(link)
            if not self.link_to(link.host):
                self.listed.pop(link.host, None)

    def close(self):
        if self.listener:
            # A thread that waits in accept keeps the port open.
            try:
                self.listener.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self.listener.close()
        for link in list(self.links):
            link.close()

    # What own users do

    def create(self, channel):
        with self.lock:
            self.channels[channel] = Channel()
            for host in {link.host for link in self.links}:
                self.link_to(host).send(f"FEDNEW {channel}")

    def inbox(self, user):
        with self.lock:
            return self.heard.setdefault(user, queue.Queue())

    def enter(self, user, channel):
        """A user of this server joins a channel of this server."""
        self.inbox(user)
        with self.lock:
            self.channels[channel].local.add(user)

    def join(self, user, channel, host):
        """A user of this server joins a channel of another; whether it may."""
        self.inbox(user)
        answer = queue.Queue()
        with self.lock:
            self.results.setdefault((user, "JOIN", channel, host), []).append(answer)
        self.link_to(host).send(f"FEDJOIN {user}@{self.name} {channel}")
        word = answer.get(timeout=PATIENCE)
        if word == "1":
            with self.lock:
                self.joined.setdefault((channel, host), set()).add(user)
        return word == "1"

    def say(self, user, channel, text, host=None):
        if host is None:
            self.spread(channel, user, None, text)
        else:
            self.link_to(host).send(f"FEDSAY {user}@{self.name} {channel} {text}")

    def hear(self, user, seconds=PATIENCE):
        """What the user is told next: sender, channel, text."""
        return self.inbox(user).get(timeout=seconds)

    def hears_nothing(self, user):
        return self.inbox(user).empty()

    # Talk in own channels

    def spread(self, channel, user, host, text):
        """Tells every member; `host` is that of the sender, nothing for one of our own."""
        with self.lock:
            place = self.channels[channel]
            place.said.append((user, host, text))
            for member in place.local:
                self.inbox(member).put((f"{user}@{host}" if host else user, channel, text))
            for member, link in place.remote.items():
                self.tell(member, link, (user, host, text), channel)
        if self.echoes and user != "echo":
            self.spread(channel, "echo", None, text)

    def tell(self, member, link, said, channel):
        user, home = member
        sender, host, text = said
        if host is None:
            who = f"{sender}@{self.name}"
        elif host == home:
            who = f"{sender}@{self.own_names.get(home, home)}"
        else:
            who = f"{sender}@{host}"
        if link.ended.is_set():
            link = self.link_to(home)
        if link:
            link.send(f"FEDRECV {user} {who} {channel}:{self.name} {text}")

    # What peers send

    def remember(self, link, user):
        if host := user.partition("@")[2]:
            self.own_names[link.host] = host

    def here(self, channel):
        """The own channel that is meant; nothing for one of another host."""
        name, _, host = channel.partition(":")
        with self.lock:
            is_ours = host.split(":", 1)[0] in ("", self.name)
            return self.channels.get(name) if is_ours else None

    def on_fedchannels(self, link, rest):
        with self.lock:
            names = self.listed.setdefault(link.host, set())
            names.update(plain(name.strip()) for name in rest.split(",") if name.strip())

    def on_fednew(self, link, rest):
        with self.lock:
            self.listed.setdefault(link.host, set()).add(plain(rest))

    def on_fedjoin(self, link, rest):
        words = rest.split(" ")
        if len(words) != 2 or not plain(words[0]) or not plain(words[1]):
            return
        user, channel = plain(words[0]), plain(words[1])
        with self.lock:
            self.remember(link, words[0])
            place = self.here(words[1])
            link.send(f"FEDRESULT {user} JOIN {channel}:{self.name} {1 if place else 0}")
            if place is None:
                return
            member = (user, link.host)
            is_new = member not in place.remote
            place.remote[member] = link
            for said in place.said[-50:] if is_new else ():
                self.tell(member, link, said, channel)

    def on_fedsay(self, link, rest):
        user, channel, text = (rest.split(" ", 2) + ["", ""])[:3]
        if not text:
            return
        with self.lock:
            self.remember(link, user)
            place = self.here(channel)
            if place is None or (plain(user), link.host) not in place.remote:
                link.send(f"FEDRESULT {plain(user)} SAY {plain(channel)}:{self.name} 0")
                return
            self.spread(plain(channel), plain(user), link.host, text)

    def on_fedrecv(self, link, rest):
        to, sender, channel, text = (rest.split(" ", 3) + ["", "", ""])[:4]
        user, name = plain(to), plain(channel)
        host = host_of(sender, "@")
        if host == self.name:
            who = plain(sender)
        elif host in ("", link.host, host_of(channel, ":")):
            who = f"{plain(sender)}@{link.host}"
        else:
            who = f"{plain(sender)}@{host}"
        with self.lock:
            if text and user in self.joined.get((name, link.host), ()):
                self.inbox(user).put((who, f"{name}:{link.host}", text))

    def on_fedresult(self, link, rest):
        words = rest.split(" ")
        if len(words) != 4:
            return
        user, kind, channel, word = plain(words[0]), words[1], plain(words[2]), words[3]
        with self.lock:
            waiting = self.results.get((user, kind, channel, link.host))
            if waiting:
                # Now, not when who asked awakes: the history may be in the same segment.
                if kind == "JOIN" and word == "1":
                    self.joined.setdefault((channel, link.host), set()).add(user)
                waiting.pop(0).put(word)
            elif kind == "SAY" and word == "0":
                self.inbox(user).put(("", f"{channel}:{link.host}", "refused"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--dial", action="append", default=[], metavar="HOST:PORT")
    parser.add_argument("--channel", action="append", default=[], metavar="NAME")
    arguments = parser.parse_args()
    peer = Peer(arguments.bind, echoes=True)
    for channel in arguments.channel or ["lobby"]:
        peer.create(channel)
        peer.enter("echo", channel)
    port = peer.listen(arguments.port)
    print(f"serving on {arguments.bind}:{port}", flush=True)
    for entry in arguments.dial:
        host, _, number = entry.rpartition(":")
        peer.dial(host, int(number))
    threading.Event().wait()


if __name__ == "__main__":
    main()
