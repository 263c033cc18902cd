#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server of `channels` that federates and has clients, on asyncio; with habits and with defects.

    python3 channels_federates.py PORT [PEERS] [--bind ADDRESS] [--habit NAME]... [--defect NAME]...

It was written from docs/protocols/channels.md and shares nothing with the reference server. It
keeps nothing on disk, answers what follows a JOIN of a remote channel without waiting for that, and
gives such a JOIN up after a second and a half. PEERS is a file of servers to dial; without it the
server does not federate.

A habit is as good as what the server does without it; those of the second list break a requirement
of level S, about a form:

    channels-late        FEDCHANNELS comes 0.1 s after FEDERATE-CONFIRM
    confirm-late         FEDERATE-CONFIRM comes after 0.1 s
    forgets              a peer that goes takes memberships in its channels, and its guests, with it
    history-again        a FEDJOIN of a member is answered with the history as well
    history-first        the RESULT of a JOIN of a remote channel comes 0.1 s after the history
    hosted-lists         FEDCHANNELS and FEDNEW name own channels with the host
    keeps-list           the channels of a peer that has gone stay in the list
    name-by-address      an entry of the peers file is known by the address, not as it is written
    new-late             FEDNEW comes 0.1 s after the RESULT
    new-on-all-links     FEDNEW goes out on every link, not on one for each peer
    replaces-list        a second FEDCHANNELS replaces what was listed before
    say-granted          a FEDSAY that is granted is answered `FEDRESULT … SAY … 1`
    say-granted-plain    the same, with the channel alone
    say-unanswered       a FEDSAY that is refused is not answered
    slow-to-give-up      an unanswered JOIN is given up after six seconds
    to-host              TOUSER of a FEDRECV has its host
    unsorted             lists have no order, and no spaces

    answers-with-host    FEDRESULT JOIN names the user with its host     fed.join-answer-form
    answers-plain        FEDRESULT JOIN names the channel alone          fed.join-answer-form
    asks-with-host       FEDJOIN and FEDSAY name the channel `c:host`    fed.join-form
    self-with-port       the own name has the port                       fed.join-form
    channel-plain        FEDRECV names the channel alone                 fed.recv-form
    sender-plain         FEDRECV names own users alone                   fed.recv-form
    echo-with-host       own users are shown with their host, as others  fed.echo-form
    host-with-port       peers are shown to clients with a port          fed.list-form
    answers-only         begins nothing on links that came in            fed.new, fed.join
    no-list-accepted     no FEDCHANNELS on a link that came in           fed.channels-both
    no-list-dialled      no FEDCHANNELS on a link that was dialled       fed.channels-both

The defects are named in DEFECTS; their comments say what goes wrong.
"""

import argparse
import asyncio
import signal
import sys

LONGEST = 1 << 17
BEHIND = 1 << 23  # Bytes that wait for somebody who does not read; then the connection ends.
HISTORY = 50
LATE = 0.1

HABITS = [
    "answers-only", "channels-late", "confirm-late", "forgets", "history-again", "history-first",
    "hosted-lists", "keeps-list", "name-by-address", "new-late", "new-on-all-links",
    "replaces-list", "say-granted", "say-granted-plain", "say-unanswered", "slow-to-give-up",
    "to-host", "unsorted",
    "answers-with-host", "answers-plain", "asks-with-host", "self-with-port", "channel-plain",
    "sender-plain", "echo-with-host", "host-with-port", "no-list-accepted", "no-list-dialled"]

DEFECTS = [
    "again-refused",  # a FEDJOIN of a member is refused
    "any-host-channel",  # a FEDJOIN of a channel of another host is one of the own channel
    "any-host-recv",  # a FEDRECV reaches clients as talk in a channel of whatever host it names
    "any-host-user",  # a user is of the host that a peer writes
    "any-list",  # names that a peer lists under another host are taken for channels of the peer
    "any-peers-answer",  # a JOIN is answered by whichever peer says FEDRESULT
    "any-users-answer",  # a JOIN is answered by a FEDRESULT for another user
    "anybody-recv",  # a FEDRECV reaches every client
    "anybody-says",  # a FEDSAY of a user who has not joined is spread
    "anyone-spreads",  # a SAY that is refused goes to members from other servers
    "anytime",  # FEDERATE-OUT makes a link of a connection on which a client has logged in
    "asks-in-a-word",  # the text of a FEDSAY ends at its first space
    "asks-in-ascii",  # the text of a FEDSAY has `?` for what is not ASCII
    "asks-single-spaced",  # the text of a FEDSAY has one space for several
    "clash",  # a remote user is the local one of that name
    "client-says-unjoined",  # a SAY in a remote channel goes out without a membership
    "creates-any-name",  # names with @ and : are taken
    "creates-when-asked",  # a FEDJOIN of no channel is refused, and makes it
    "creates-when-told",  # a FEDNEW makes a channel of this server
    "double-fedrecv",  # every FEDRECV is sent twice
    "double-recv",  # every RECV for a FEDRECV is sent twice
    "early-echo",  # a client hears its SAY at once, and once more by FEDRECV
    "first-entry-only",  # FEDNEW goes to the first peer
    "forgets-guests",  # a FEDJOIN is granted, and no member is made
    "gone-takes-members",  # a peer that goes takes all members of its guests' channels with it
    "grants-all",  # a FEDJOIN of no channel is granted
    "hears-in-a-word",  # the text of a FEDRECV is shown up to its first space
    "hears-in-ascii",  # the text of a FEDRECV is shown with `?` for what is not ASCII
    "hears-single-spaced",  # the text of a FEDRECV is shown with one space for several
    "history-plain",  # guests are shown without host to who joins later
    "invalid-kills",  # bytes that are no UTF-8 end a link
    "listed-is-taken",  # a channel that a peer has cannot be created
    "lists-need-spaces",  # a list is cut at `, ` alone
    "lists-one",  # FEDCHANNELS names one channel
    "lists-plain",  # channels of peers are listed without their host
    "mute-refusal",  # a FEDJOIN that is refused is not answered
    "no-confirm",  # FEDERATE-OUT is not answered
    "no-echo",  # who has spoken gets no FEDRECV
    "no-fednew",  # no FEDNEW is sent
    "no-history",  # who joins from another server is told nothing of what was said before
    "no-refusal-told",  # the client is not told that its SAY was refused
    "no-result",  # the client is not told what became of its JOIN
    "nowhere-is-here",  # a channel of an unknown host is the own one of that name
    "optimistic-join",  # a JOIN of a remote channel is granted before the peer has
    "other-self",  # the own name in FEDJOIN is not that in FEDSAY
    "own-name-shown",  # a remote user is shown with the host that the peer writes
    "plain-is-own",  # FROMUSER of a FEDRECV without host is shown without host
    "recv-is-line",  # what one read of a link brings is one line
    "refused-is-kept",  # a FEDSAY that is refused is shown to who joins later
    "result-ignored",  # a JOIN that the peer refuses is granted
    "self-unknown",  # a channel with the own host behind it is none
    "spreads-to-all",  # talk goes to peers without members, too
    "strangers",  # federation messages are obeyed on any connection
    "takes-in-a-word",  # the text of a FEDSAY is told up to its first space
    "takes-in-ascii",  # the text of a FEDSAY is told with `?` for what is not ASCII
    "takes-single-spaced",  # the text of a FEDSAY is told with one space for several
    "tells-in-a-word",  # the text of a FEDRECV ends at its first space
    "tells-in-ascii",  # the text of a FEDRECV has `?` for what is not ASCII
    "tells-single-spaced",  # the text of a FEDRECV has one space for several
    "to-host-unknown",  # a FEDRECV whose TOUSER has a host is dropped
    "unasked-answer",  # a FEDRESULT that nobody has asked for makes a membership
    "unasked-channel",  # a FEDRECV reaches a user who has joined another channel of the peer
    "unasked-peer",  # a FEDRECV reaches a user who has joined another peer's channel of that name
    "unasked-recv",  # a FEDRECV reaches a user who has not joined
    "unheard-fednew",  # a FEDNEW is ignored
    "wrong-user"]  # TOUSER of a FEDRECV is wrong


def plain(name):
    """The name in front of the first `@` or `:`."""
    return name.split("@", 1)[0].split(":", 1)[0]


def host_of(name):
    """The host behind the first `@` or `:`, without its port; None where there is none."""
    behind = name[len(plain(name)) + 1:]
    return behind.split(":", 1)[0] or None


def damaged(text, traits, verb):
    """The text as a server with these defects hands it on; the verb says on which way."""
    if f"{verb}-in-a-word" in traits:
        text = text.split(" ")[0]
    if f"{verb}-in-ascii" in traits:
        text = text.encode("ascii", "replace").decode()
    if f"{verb}-single-spaced" in traits:
        text = " ".join(text.split())
    return text


class Channel:
    def __init__(self):
        self.members = {}  # (user, host of the peer or None) in the order of their joining
        self.said = []


class Peer:
    """Another server, as long as this one runs."""

    def __init__(self):
        self.links = []
        self.port = None  # that was dialled; else of the first link that came in
        self.listed = set()
        self.own_name = None  # what it calls itself
        self.joins = []  # of our users that it has not answered


class Join:
    """A client's JOIN of a remote channel, or a membership that is renewed (no connection)."""

    def __init__(self, user, channel, connection=None, written=None):
        self.user = user
        self.channel = channel
        self.connection = connection
        self.written = written
        self.timer = None


class Connection(asyncio.Protocol):
    """A client or a link, which of the two its first line shows; or a link that was dialled."""

    def __init__(self, server, entry=None):
        self.server = server
        self.entry = entry
        self.pending = b""
        self.user = None
        self.host = None  # of the peer, once the link is confirmed
        self.is_first = True
        self.is_open = False

    @property
    def is_dialled(self):
        return self.entry is not None

    def has(self, name):
        return name in self.server.traits

    def tell(self, line):
        if self.is_open:
            self.transport.write(line.encode() + b"\n")
            if self.transport.get_write_buffer_size() > BEHIND:
                self.transport.abort()

    def connection_made(self, transport):
        self.transport = transport
        self.address, self.port = transport.get_extra_info("peername")
        self.is_open = True
        if self.is_dialled:
            self.tell("FEDERATE-OUT")

    def data_received(self, data):
        if self.host and self.has("recv-is-line"):
            return self.take(data.rstrip(b"\n").replace(b"\n", b" "))
        *lines, self.pending = (self.pending + data).split(b"\n")
        for line in lines:
            if self.is_open:
                self.take(line.removesuffix(b"\r"))
        if len(self.pending) > LONGEST:
            self.transport.close()

    def connection_lost(self, _):
        self.is_open = False
        self.server.log_out(self)
        self.server.unlink(self)

    def take(self, bytes_):
        try:
            line = bytes_.decode()
        except UnicodeDecodeError:
            if self.has("invalid-kills"):
                self.transport.close()
            return
        is_first, self.is_first = self.is_first, False
        if self.host:
            self.server.links.take(self, line)
        elif self.is_dialled:
            if line == "FEDERATE-CONFIRM":
                self.server.link(self)
        elif line == "FEDERATE-OUT" and (is_first or self.has("anytime")):
            if self.server.federates and not self.has("no-confirm"):
                self.server.later("confirm-late", self.confirm)
        elif line.startswith("FED") and self.has("strangers"):
            self.server.obey(self, line)
        else:
            self.server.clients.take(self, line)

    def confirm(self):
        self.tell("FEDERATE-CONFIRM")
        self.server.link(self)


class Clients:
    """What clients ask for."""

    def __init__(self, server):
        self.server = server

    def has(self, name):
        return name in self.server.traits

    def take(self, client, line):
        word, _, rest = line.partition(" ")
        words = rest.split(" ")
        if word == "SAY":
            channel, _, text = rest.partition(" ")
            if text:
                self.say(client, channel, text)
        elif line == "CHANNELS":
            self.list(client)
        elif word in ("REGISTER", "LOGIN") and len(words) == 2 and all(words):
            act = self.register if word == "REGISTER" else self.log_in
            client.tell(f"RESULT {word} {int(act(client, *words))}")
        elif word == "CREATE" and len(words) == 1 and rest:
            client.tell(f"RESULT CREATE {rest} {int(self.create(client, rest))}")
        elif word == "JOIN" and len(words) == 1 and rest:
            self.join(client, rest)

    def is_name(self, name, refused):
        return self.has("creates-any-name") or not any(mark in name for mark in refused)

    def register(self, _, name, password):
        if name in self.server.accounts or not self.is_name(name, "@:"):
            return False
        self.server.accounts[name] = password
        return True

    def log_in(self, client, name, password):
        if client.user or name in self.server.online:
            return False
        if self.server.accounts.get(name) != password:
            return False
        client.user = name
        self.server.online[name] = client
        return True

    def create(self, client, name):
        if not client.user or name in self.server.channels or not self.is_name(name, "@:,"):
            return False
        if self.has("listed-is-taken"):
            if any(name in peer.listed for peer in self.server.peers.values()):
                return False
        self.server.channels[name] = Channel()
        self.server.announce(name)
        return True

    def host_of(self, written):
        host = host_of(written)
        if self.has("nowhere-is-here") and host not in self.server.peers:
            return None
        return host

    def join(self, client, written):
        channel, host = plain(written), self.host_of(written)
        if client.user and host not in (None, self.server.host):
            return self.server.join_remote(client, channel, host, written)
        place = self.server.channels.get(channel)
        is_new = bool(client.user and place and (client.user, None) not in place.members)
        client.tell(f"RESULT JOIN {written} {int(is_new)}")
        if is_new:
            place.members[client.user, None] = True
            for user, home, text in place.said[-HISTORY:]:
                home = None if self.has("history-plain") else home
                client.tell(f"RECV {self.server.shown(user, home)} {channel} {text}")

    def say(self, client, written, text):
        channel, host = plain(written), self.host_of(written)
        if client.user and host not in (None, self.server.host):
            return self.server.say_remote(client, channel, host, text)
        place = self.server.channels.get(channel)
        if not client.user or not place or (client.user, None) not in place.members:
            if self.has("anyone-spreads") and client.user and place:
                self.server.spread_abroad(channel, (client.user, None, text))
            return client.tell("RESULT SAY 0")
        self.server.spread(channel, client.user, None, text)

    def list(self, client):
        names = list(self.server.channels)
        for host, peer in self.server.peers.items():
            mark = "" if self.has("lists-plain") else ":" + self.server.shown_host(host)
            names += [name + mark for name in peer.listed]
        client.tell(f"RESULT CHANNELS {self.server.joined(names)}")


class Links:
    """What peers ask for."""

    def __init__(self, server):
        self.server = server

    def has(self, name):
        return name in self.server.traits

    def take(self, link, line):
        word, _, rest = line.partition(" ")
        handler = getattr(self, "on_" + word.lower(), None)
        if word.startswith("FED") and word.isupper() and handler:
            handler(link, rest)

    def on_fedchannels(self, link, rest):
        peer = self.server.peers[link.host]
        if self.has("replaces-list"):
            peer.listed.clear()
        for name in rest.split(", " if self.has("lists-need-spaces") else ","):
            self.hear_of(link, name.strip(" "))

    def on_fednew(self, link, rest):
        if " " not in rest and not self.has("unheard-fednew"):
            self.hear_of(link, rest)

    def hear_of(self, link, written):
        peer = self.server.peers[link.host]
        known = (None, link.host, peer.own_name)
        if plain(written) and (host_of(written) in known or self.has("any-list")):
            peer.listed.add(plain(written))
            if self.has("creates-when-told"):
                self.server.channels.setdefault(plain(written), Channel())

    def guest(self, link, written):
        """The user of the peer that is meant."""
        if host_of(written):
            self.server.peers[link.host].own_name = host_of(written)
        if self.has("clash"):
            return plain(written), None
        return plain(written), self.has("any-host-user") and host_of(written) or link.host

    def place(self, written):
        """The own channel that is meant; nothing for one of another host."""
        is_own = host_of(written) in (None, self.server.host) or self.has("any-host-channel")
        if self.has("self-unknown") and host_of(written):
            return None
        return self.server.channels.get(plain(written)) if is_own else None

    def on_fedjoin(self, link, rest):
        words = rest.split(" ")
        if len(words) != 2 or not plain(words[0]) or not plain(words[1]):
            return
        guest, place, channel = self.guest(link, words[0]), self.place(words[1]), plain(words[1])
        is_member = place is not None and guest in place.members
        is_granted = place is not None or self.has("grants-all")
        if is_member and self.has("again-refused"):
            is_granted = False
        if is_granted or not self.has("mute-refusal"):
            user = words[0] if self.has("answers-with-host") else plain(words[0])
            named = channel if self.has("answers-plain") else f"{channel}:{self.server.name}"
            link.tell(f"FEDRESULT {user} JOIN {named} {int(is_granted)}")
        if place is not None and is_granted:
            if not self.has("forgets-guests"):
                place.members[guest] = True
            if not self.has("no-history") and (not is_member or self.has("history-again")):
                for said in place.said[-HISTORY:]:
                    self.server.forward(link, (plain(words[0]), link.host), channel, said)
        if place is None and self.has("creates-when-asked"):
            self.server.channels[channel] = Channel()

    def on_fedsay(self, link, rest):
        user, channel, text = (rest.split(" ", 2) + ["", ""])[:3]
        if not text or not plain(user):
            return
        guest, place = self.guest(link, user), self.place(channel)
        answer = f"FEDRESULT {plain(user)} SAY {plain(channel)}"
        if place is None or guest not in place.members and not self.has("anybody-says"):
            if self.has("refused-is-kept") and place is not None:
                place.said.append((*guest, text))
            if not self.has("say-unanswered"):
                link.tell(f"{answer}:{self.server.name} 0")
            return
        if self.has("say-granted"):
            link.tell(f"{answer}:{self.server.name} 1")
        if self.has("say-granted-plain"):
            link.tell(f"{answer} 1")
        text = damaged(text, self.server.traits, "takes")
        self.server.spread(plain(channel), *guest, text)

    def on_fedrecv(self, link, rest):
        to, sender, written, text = (rest.split(" ", 3) + ["", "", ""])[:4]
        user, channel, host = plain(to), plain(written), link.host
        if not text or not self.is_meant(user, channel, host):
            return
        if self.has("to-host-unknown") and host_of(to):
            return
        text = damaged(text, self.server.traits, "hears")
        if self.has("any-host-recv"):
            host = host_of(written) or host
        line = f"RECV {self.sender(link, sender, written)} {channel}:"
        line += f"{self.server.shown_host(host)} {text}"
        users = list(self.server.online) if self.has("anybody-recv") else [user]
        for name in users * (2 if self.has("double-recv") else 1):
            if name in self.server.online:
                self.server.online[name].tell(line)

    def is_meant(self, user, channel, host):
        """Whether the user has joined the channel of the peer, or need not."""
        return self.has("unasked-recv") or any(
            user == member
            and (channel == joined or self.has("unasked-channel"))
            and (host == home or self.has("unasked-peer"))
            for member, joined, home in self.server.memberships)

    def sender(self, link, written, channel):
        """Who has spoken, as clients are shown it: the first that fits."""
        host = host_of(written)
        if host is None and self.has("plain-is-own"):
            return written
        known = (None, link.host, self.server.peers[link.host].own_name, host_of(channel))
        if host in known:
            return self.server.shown(plain(written), link.host)
        if host == self.server.host:
            return written if self.has("echo-with-host") else plain(written)
        return f"{plain(written)}@{host}"

    def on_fedresult(self, link, rest):
        words = rest.split(" ")
        if len(words) != 4 or words[3] not in ("0", "1"):
            return
        user, kind, channel = plain(words[0]), words[1], plain(words[2])
        if kind == "JOIN":
            self.server.joined_remote(link, user, channel, words[3] == "1")
        elif kind == "SAY" and words[3] == "0" and not self.has("no-refusal-told"):
            client = self.server.online.get(user)
            if client and (user, channel, link.host) in self.server.memberships:
                client.tell("RESULT SAY 0")


class Server:
    """What clients and links share, and what goes out to peers."""

    def __init__(self, options):
        self.host = options.bind
        self.traits = set(options.habit) | set(options.defect)
        self.federates = options.peers is not None
        self.accounts = {}
        self.online = {}  # user: connection
        self.channels = {}
        self.peers = {}  # host: Peer
        self.memberships = set()  # of own users in channels of peers: (user, channel, host)
        self.clients = Clients(self)
        self.links = Links(self)

    async def serve(self, options):
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(
            lambda: Connection(self), options.bind, options.port, backlog=64)
        port = listener.sockets[0].getsockname()[1]
        self.name = f"{self.host}:{port}" if "self-with-port" in self.traits else self.host
        print(f"serving on {self.host}:{port}", flush=True)
        entries = [entry for entry in entries_of(options.peers) if entry[0] != self.host]
        self.dialling = [asyncio.create_task(self.dial(entry)) for entry in entries]
        await asyncio.Event().wait()

    async def dial(self, entry):
        loop = asyncio.get_running_loop()
        pause = 0.1
        while True:
            try:
                _, link = await loop.create_connection(
                    lambda: Connection(self, entry), *entry, local_addr=(self.host, 0))
                while link.is_open:
                    await asyncio.sleep(0.05)
                    pause = 0.1 if link.host else pause
            except OSError:
                pass  # It is tried again, like one that was lost.
            await asyncio.sleep(pause)
            pause = min(2, 2 * pause)

    def later(self, habit, act, *arguments):
        """Does it a while later with this habit, at once without it."""
        if habit in self.traits:
            asyncio.get_running_loop().call_later(LATE, act, *arguments)
        else:
            act(*arguments)

    # Names and lists

    def shown_host(self, host):
        return f"{host}:{self.peers[host].port}" if "host-with-port" in self.traits else host

    def shown(self, user, host):
        if host is None:
            return user
        if "own-name-shown" in self.traits:
            return f"{user}@{self.peers[host].own_name or host}"
        return f"{user}@{self.shown_host(host)}"

    def joined(self, names):
        return ",".join(names) if "unsorted" in self.traits else ", ".join(sorted(names))

    # Links

    def link(self, link):
        """The link is confirmed, and the peer is known by its name from now on."""
        if not link.is_open:
            return
        by_address = not link.is_dialled or "name-by-address" in self.traits
        link.host = link.address if by_address else link.entry[0]
        peer = self.peers.setdefault(link.host, Peer())
        peer.port = link.entry[1] if link.is_dialled else peer.port or link.port
        was_down = not peer.links
        peer.links.append(link)
        role = "dialled" if link.is_dialled else "accepted"
        if f"no-list-{role}" not in self.traits:
            self.later("channels-late", self.tell_channels, link)
        if was_down:
            for user, channel, host in sorted(self.memberships):
                if host == link.host:
                    self.ask_to_join(link, Join(user, channel))

    def tell_channels(self, link):
        mark = f":{self.name}" if "hosted-lists" in self.traits else ""
        names = [name + mark for name in self.channels]
        link.tell("FEDCHANNELS " + self.joined(names[:1] if "lists-one" in self.traits else names))

    def unlink(self, link):
        if not link.host or link not in self.peers[link.host].links:
            return
        peer = self.peers[link.host]
        peer.links.remove(link)
        if peer.links:
            return
        for join in peer.joins:
            self.answer(join, False)
        peer.joins = []
        if "keeps-list" not in self.traits:
            peer.listed.clear()
        if "forgets" in self.traits:
            self.forget(link.host)
        for place in self.channels.values() if "gone-takes-members" in self.traits else []:
            if any(home == link.host for _, home in place.members):
                place.members = {}

    def forget(self, host):
        self.memberships = {one for one in self.memberships if one[2] != host}
        for place in self.channels.values():
            place.members = {member: True for member in place.members if member[1] != host}

    def link_to(self, host):
        """The link for what this server begins."""
        links = self.peers[host].links if host in self.peers else []
        if "answers-only" in self.traits:
            links = [link for link in links if link.is_dialled]
        return links[0] if links else None

    def obey(self, connection, line):
        self.peers.setdefault(connection.address, Peer())
        connection.host = connection.address
        self.links.take(connection, line)
        connection.host = None

    def log_out(self, client):
        if self.online.get(client.user) is client:
            del self.online[client.user]

    # What own users do in channels of peers

    def announce(self, channel):
        if "no-fednew" in self.traits:
            return
        mark = f":{self.name}" if "hosted-lists" in self.traits else ""
        hosts = [host for host in self.peers if self.link_to(host)]
        for host in hosts[:1] if "first-entry-only" in self.traits else hosts:
            on_all = "new-on-all-links" in self.traits
            for link in self.peers[host].links if on_all else [self.link_to(host)]:
                self.later("new-late", link.tell, f"FEDNEW {channel}{mark}")

    def asked(self, channel, host):
        return f"{channel}:{host}" if "asks-with-host" in self.traits else channel

    def ask_to_join(self, link, join):
        self.peers[link.host].joins.append(join)
        name = "elsewhere" if "other-self" in self.traits else self.name
        link.tell(f"FEDJOIN {join.user}@{name} {self.asked(join.channel, link.host)}")

    def join_remote(self, client, channel, host, written):
        link = self.link_to(host)
        if not link or (client.user, channel, host) in self.memberships:
            return client.tell(f"RESULT JOIN {written} 0")
        join = Join(client.user, channel, client, written)
        self.ask_to_join(link, join)
        if "optimistic-join" in self.traits:
            self.memberships.add((client.user, channel, host))
            return self.answer(join, True)
        patience = 6 if "slow-to-give-up" in self.traits else 1.5
        join.timer = asyncio.get_running_loop().call_later(patience, self.answer, join, False)

    def joined_remote(self, link, user, channel, is_granted):
        """A FEDRESULT JOIN; it belongs to the oldest request, whether or not that was given up."""
        host, joins = link.host, self.peers[link.host].joins
        if "any-peers-answer" in self.traits:
            host, joins = self.asked_peer(user, channel, host)
        for join in joins:
            if (join.user, join.channel) == (user, channel) or "any-users-answer" in self.traits:
                break
        else:
            if is_granted and "unasked-answer" in self.traits:
                self.memberships.add((user, channel, host))
            return
        joins.remove(join)
        user, channel = join.user, join.channel
        if is_granted:
            self.memberships.add((user, channel, host))
            self.peers[host].listed.add(channel)
        elif join.connection is None:
            self.memberships.discard((user, channel, host))
        is_granted = is_granted or "result-ignored" in self.traits
        self.later("history-first", self.answer, join, is_granted)

    def asked_peer(self, user, channel, speaker):
        """Whichever peer was asked for this, else the one that speaks; and what it was asked."""
        for host, peer in self.peers.items():
            if any((join.user, join.channel) == (user, channel) for join in peer.joins):
                return host, peer.joins
        return speaker, self.peers[speaker].joins

    def answer(self, join, is_granted):
        """Tells the client, once."""
        client, join.connection = join.connection, None
        if join.timer:
            join.timer.cancel()
        if client and client.user == join.user and "no-result" not in self.traits:
            client.tell(f"RESULT JOIN {join.written} {int(is_granted)}")

    def say_remote(self, client, channel, host, text):
        link = self.link_to(host)
        is_member = (client.user, channel, host) in self.memberships
        if not link or not is_member and "client-says-unjoined" not in self.traits:
            return client.tell("RESULT SAY 0")
        text = damaged(text, self.traits, "asks")
        link.tell(f"FEDSAY {client.user}@{self.name} {self.asked(channel, host)} {text}")
        if "early-echo" in self.traits:
            client.tell(f"RECV {client.user} {channel}:{self.shown_host(host)} {text}")

    # Talk in own channels

    def spread(self, channel, user, host, text):
        place = self.channels[channel]
        place.said.append((user, host, text))
        for member, home in list(place.members):
            if home is None and member in self.online:
                self.online[member].tell(f"RECV {self.shown(user, host)} {channel} {text}")
        self.spread_abroad(channel, (user, host, text))
        if "spreads-to-all" in self.traits:
            for home, peer in self.peers.items():
                for link in peer.links[:1]:
                    self.forward(link, ("nobody", home), channel, (user, host, text))

    def spread_abroad(self, channel, said):
        for member, home in list(self.channels[channel].members):
            for link in self.peers[home].links[:1] if home in self.peers else []:
                self.forward(link, (member, home), channel, said)

    def forward(self, link, member, channel, said):
        user, host, text = said
        text = damaged(text, self.traits, "tells")
        if member == (user, host) and "no-echo" in self.traits:
            return
        is_plain = "sender-plain" in self.traits
        if host is None:
            sender = user if is_plain else f"{user}@{self.name}"
        elif host == member[1]:
            sender = user if is_plain else f"{user}@{self.peers[host].own_name or host}"
        else:
            sender = f"{user}@{host}"
        to = "@".join(member) if "to-host" in self.traits else member[0]
        if "wrong-user" in self.traits:
            to = "x" + to
        named = channel if "channel-plain" in self.traits else f"{channel}:{self.name}"
        for _ in range(2 if "double-fedrecv" in self.traits else 1):
            link.tell(f"FEDRECV {to} {sender} {named} {text}")


def entries_of(path):
    """The hosts and ports of a peers file."""
    if path is None:
        return []
    with open(path, encoding="utf-8") as file:
        lines = [line.partition("#")[0].strip() for line in file]
    entries = [line.rpartition(":") for line in lines if line]
    return [(host, int(port)) for host, _, port in entries]


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("peers", nargs="?")
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--habit", action="append", default=[], choices=HABITS)
    parser.add_argument("--defect", action="append", default=[], choices=DEFECTS)
    return parser.parse_args()


async def main(options):
    loop = asyncio.get_running_loop()
    serving = asyncio.create_task(Server(options).serve(options))
    loop.add_signal_handler(signal.SIGINT, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        pass


if __name__ == "__main__":
    sys.exit(asyncio.run(main(parse())))
