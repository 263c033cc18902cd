# SPDX-License-Identifier: Apache-2.0
"""`splitclient proxy`: cuts that arrive, a log that does not depend on time, ends that get through."""

import contextlib
import re
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest

from support import CallbackTest, ChannelsTest, JSONTest, MODERATOR, ProgramTest, finish, first_line

# Sends back what comes, and writes the sizes of its reads at the end of each connection.
ECHO = """
import socket, sys, threading
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=512)
print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
def serve(client):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sizes = []
    while data := client.recv(65536):
        sizes.append(len(data))
        client.sendall(data)
    print(*sizes, flush=True)
    client.close()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""

LINES = b"".join(b"line %d %s\n" % (i, "é".encode() * (i % 23)) for i in range(60))

PLANS = ("bytes", "every:7", "at:1,-1", "straddle", "coalesce:2", "random:7", "random",
         "delimiter", "parts:3")


# Where a busy machine must not make a flush.
UNHURRIED = ("--flush", "10s")


class Proxy:
    """A proxy that has said where it listens."""

    def __init__(self, test, process):
        self.process = process
        self.said = ""
        self.port = int(first_line(process.stdout).rpartition(":")[2])
        self.target = f"127.0.0.1:{self.port}"

    def end(self, number=signal.SIGTERM):
        """Ends it, and gives back what it says."""
        if number:
            self.process.send_signal(number)
        self.status = finish(self.process, 20)
        self.said += " ".join(self.process.stderr.read().decode().split())
        return self.said


class ProxyTest(ProgramTest):
    def proxy(self, port, *words, **options):
        process = self.begin(
            "proxy", "--listen", "0", "--to", f"127.0.0.1:{port}", *words, program="splitclient",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.addCleanup(finish, process, 20)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return Proxy(self, process)

    def echo(self):
        return self.start(self.inline(ECHO))

    def dial(self, port):
        client = socket.create_connection(("127.0.0.1", port), timeout=20)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.addCleanup(client.close)
        return client

    def talk(self, port, pieces, pause=0.0):
        """Sends the pieces, half-closes, and gives back what came to the end."""
        client = self.dial(port)
        for piece in pieces:
            client.sendall(piece)
            time.sleep(pause)
        client.shutdown(socket.SHUT_WR)
        return self.rest(client)

    def take(self, client, count):
        """So many bytes, or fewer at the end."""
        received = b""
        while len(received) < count and (data := client.recv(count - len(received))):
            received += data
        return received

    def rest(self, client):
        received = b""
        while data := client.recv(65536):
            received += data
        return received

    def served(self):
        """A server's end for the test itself: a listener, and a way to take a connection."""
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(20)
        self.addCleanup(listener.close)

        def take():
            server, _ = listener.accept()
            server.settimeout(20)
            self.addCleanup(server.close)
            return server

        return listener.getsockname()[1], take

    def log(self, name="cuts.txt"):
        return (self.folder / name).read_text(encoding="ascii")


class Cutting(ProxyTest):
    def once(self, plan, pieces, pause=0.0, *words, seed=5, name="cuts.txt"):
        """One connection: the sizes of the server's reads, the log, what the proxy said."""
        server = self.echo()
        proxy = self.proxy(
            server.port, "--cut", plan, "--back", plan, "--seed", str(seed), "--log",
            str(self.folder / name), "--connections", "1", *words)
        self.assertEqual(LINES, self.talk(proxy.port, pieces, pause))
        said = proxy.end(None)
        self.assertEqual(0, proxy.status, said)
        sizes = [int(size) for size in first_line(server.process.stdout).split()]
        return sizes, self.log(name), said

    def test_the_log_depends_on_the_bytes_and_on_nothing_else(self):
        dribbled = [LINES[i:i + 17] for i in range(0, len(LINES), 17)]
        slowly = [LINES[i:i + 300] for i in range(0, len(LINES), 300)]
        for plan in PLANS:
            for framing in ("line", "none"):
                with self.subTest(plan=plan, framing=framing), self.busy(plan == "bytes"):
                    words = ("--framing", framing)
                    _, expected, _ = self.once(plan, [LINES], 0.0, *words)
                    _, log, _ = self.once(plan, dribbled, 0.002, *words)
                    self.assertEqual(expected, log)
                    _, log, _ = self.once(plan, slowly, 0.03, *words)
                    self.assertEqual(expected, log)
                    self.assertIn(f"1 > fin {len(LINES)}\n", expected)

    @contextlib.contextmanager
    def busy(self, is_wanted):
        """While all processors have something else to do."""
        words = [sys.executable, "-c", "while True: pass", str(self.folder)]
        burners = [subprocess.Popen(words) for _ in range(3 if is_wanted else 0)]
        try:
            yield
        finally:
            for burner in burners:
                burner.kill()
                burner.wait()

    def test_each_segment_is_a_read_of_its_own(self):
        for plan in PLANS:
            with self.subTest(plan=plan):
                sizes, log, said = self.once(plan, [LINES], 0.0, "--framing", "line", *UNHURRIED)
                offsets = [int(offset) for offset in re.findall(r"^1 > (\d+)$", log, re.M)]
                self.assertEqual(offsets, [sum(sizes[:i + 1]) for i in range(len(sizes))])
                planned, proven = re.search(
                    r"to the server: [^;]*; (\d+) cuts? planned, (\d+) proven", said).groups()
                self.assertEqual(planned, proven, said)

    def test_another_seed_draws_other_cuts_and_a_plan_with_a_seed_does_not_care(self):
        logs = [self.once("random", [LINES], seed=seed)[1] for seed in (5, 5, 6)]
        self.assertEqual(logs[0], logs[1])
        self.assertNotEqual(logs[1], logs[2])
        self.assertNotEqual(*(re.findall(f"^1 {way} (\\d+)$", logs[0], re.M) for way in "<>"))
        logs = [self.once("random:7", [LINES], seed=seed)[1] for seed in (5, 6)]
        self.assertEqual(*logs)

    def test_a_log_is_replayed_with_its_flushes(self):
        server = self.echo()
        proxy = self.proxy(
            server.port, "--cut", "straddle", "--back", "straddle", "--framing", "line", "--log",
            str(self.folder / "cuts.txt"), "--connections", "1")
        client = self.dial(proxy.port)
        for start in range(0, len(LINES), 300):
            # Only a flush lets half a line go whose rest is sent when the half has come back.
            piece = LINES[start:start + 300]
            client.sendall(piece)
            self.assertEqual(piece, self.take(client, len(piece)))
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(b"", self.rest(client))
        self.assertRegex(proxy.end(None), r"\d+ flush")
        sizes = [int(size) for size in first_line(server.process.stdout).split()]
        proxy = self.proxy(
            server.port, "--replay", str(self.folder / "cuts.txt"), "--connections", "2", "--log",
            str(self.folder / "again.txt"), *UNHURRIED)
        self.assertEqual(LINES, self.talk(proxy.port, [LINES]))
        again = [int(size) for size in first_line(server.process.stdout).split()]
        self.assertEqual(sizes, again)
        # A connection that the log knows nothing of goes through as it comes.
        self.assertEqual(LINES, self.talk(proxy.port, [LINES]))
        said = proxy.end(None)
        self.assertEqual(0, proxy.status, said)
        self.assertNotIn("flush", self.log("again.txt.flushes").partition("\n")[2])
        self.assertIn(f"2 > fin {len(LINES)}\n", self.log("again.txt"))

    def test_without_flushes_a_replay_writes_the_same_log(self):
        _, log, _ = self.once("random", [LINES], 0.0, "--framing", "line", *UNHURRIED)
        server = self.echo()
        proxy = self.proxy(
            server.port, "--replay", str(self.folder / "cuts.txt"), "--connections", "1", "--log",
            str(self.folder / "again.txt"), *UNHURRIED)
        self.assertEqual(LINES, self.talk(proxy.port, [LINES[:700], LINES[700:]]))
        proxy.end(None)
        self.assertEqual(log, self.log("again.txt"))

    def test_nobody_starves(self):
        port, take = self.served()
        proxy = self.proxy(port, "--cut", "coalesce:3", "--framing", "fixed:10")
        client, server = self.dial(proxy.port), take()
        client.sendall(b"x" * 14)
        began = time.monotonic()
        self.assertEqual(14, len(server.recv(100)))
        self.assertGreater(time.monotonic() - began, 0.015)
        self.assertIn("1 flush", proxy.end())

    def test_delay(self):
        server = self.echo()
        proxy = self.proxy(server.port, "--delay", "150ms", "--back-delay", "100ms")
        client = self.dial(proxy.port)
        began = time.monotonic()
        client.sendall(b"hello\n")
        self.assertEqual(b"hello\n", client.recv(100))
        self.assertGreater(time.monotonic() - began, 0.25)
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(b"", client.recv(100))


class Ends(ProxyTest):
    def reset(self, connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def assert_reset(self, connection, before=b""):
        received = b""
        with self.assertRaises(ConnectionResetError):
            while data := connection.recv(65536):
                received += data
        self.assertEqual(before, received)

    def each_plan(self, *words):
        """A client and a server's end, joined by a proxy of each kind."""
        for plan in ("whole", "bytes", "coalesce:9"):
            port, take = self.served()
            proxy = self.proxy(
                port, "--cut", plan, "--back", plan, "--framing", "line", "--log",
                str(self.folder / "cuts.txt"), *words)
            yield proxy, self.dial(proxy.port), take()
            proxy.end()
            self.assertEqual(0, proxy.status, plan)

    def test_half_close_goes_through_and_the_other_direction_goes_on(self):
        for _, client, server in self.each_plan():
            client.sendall(b"one\ntwo")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(b"one\ntwo", self.rest(server))
            server.sendall(b"late\nanswer")
            server.close()
            self.assertEqual(b"late\nanswer", self.rest(client))

    def test_the_server_may_end_first(self):
        for _, client, server in self.each_plan():
            server.sendall(b"bye\n")
            server.shutdown(socket.SHUT_WR)
            self.assertEqual(b"bye\n", self.rest(client))
            client.sendall(b"still here\n")
            client.close()
            self.assertEqual(b"still here\n", self.rest(server))

    def test_a_reset_goes_through_behind_what_came_before(self):
        for proxy, client, server in self.each_plan():
            client.sendall(b"last words\nand half a li")
            self.reset(client)
            self.assert_reset(server, b"last words\nand half a li")
        self.assertIn("1 > reset 24\n", self.log())
        for _, client, server in self.each_plan():
            server.sendall(b"go away\n")
            self.reset(server)
            self.assert_reset(client, b"go away\n")

    def test_a_server_that_closes_on_what_it_has_not_read(self):
        for _, client, server in self.each_plan():
            client.sendall(b"x" * 100 + b"\n")
            server.recv(1, socket.MSG_PEEK)
            server.sendall(b"too much\n")
            server.close()  # With bytes unread: a reset.
            self.assert_reset(client, b"too much\n")

    def test_a_reset_gets_through_to_who_does_not_read(self):
        for _, client, server in self.each_plan():
            for _ in range(20):
                client.sendall(b"y" * 999 + b"\n")
            time.sleep(0.05)
            self.reset(client)
            poller = select.poll()
            poller.register(server, 0)
            self.assertTrue(poller.poll(10_000), "the server hears nothing of the reset")

    def test_a_reset_after_so_many_bytes(self):
        for proxy, client, server in self.each_plan("--reset-at", "5"):
            client.sendall(b"1234567890\n")
            self.assert_reset(server, b"12345")
            self.assert_reset(client)
            self.assertIn("1 reset", proxy.end())
            self.assertIn("1 > injected-reset 5\n", self.log())

    def test_an_end_after_so_many_bytes_from_the_server(self):
        for _, client, server in self.each_plan("--back-close-at", "3"):
            server.sendall(b"abcdef\n")
            self.assertEqual(b"abc", self.rest(client))
            server.sendall(b"never seen\n")
            client.sendall(b"but this is\n")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(b"but this is\n", self.rest(server))

    def test_who_is_gone_behind_an_injected_end_is_read_to_the_end(self):
        port, take = self.served()
        proxy = self.proxy(port, "--cut", "bytes", "--close-at", "500", "--connections", "12")
        for _ in range(12):
            client = self.dial(proxy.port)
            server = take()
            # More than is read before both have ended.
            client.sendall(b"x" * 90_000)
            client.shutdown(socket.SHUT_WR)
            server.shutdown(socket.SHUT_WR)
            self.assertEqual(b"x" * 500, self.rest(server))
            self.assertEqual(b"", self.rest(client))
            client.close()
            server.close()
        self.assertEqual(0, proxy.process.wait(20))

    def test_an_injected_end_is_replayed(self):
        for proxy, client, server in self.each_plan("--close-at", "5"):
            client.sendall(b"123456\n")
            self.assertEqual(b"12345", self.rest(server))
        port, take = self.served()
        proxy = self.proxy(port, "--replay", str(self.folder / "cuts.txt"))
        client, server = self.dial(proxy.port), take()
        client.sendall(b"123456\n")
        self.assertEqual(b"12345", self.rest(server))


class UnderEveryPlan:
    """Cases that tell most of cutting come to what they come to without a proxy, whatever it does.

    The whole suites are for Tests/Soak/proxy.py.
    """

    plans = ("whole", "bytes", "every:7", "at:1", "straddle", "coalesce:3", "parts:3", "random:7",
             "utf8", "escape", "tokens", "delimiter")
    framing = "line"
    # How many cases pass at least; there are as many cuts in each direction.
    fewest = 20
    # What the runner is told of a server at an address.
    told = ()

    def test_no_plan_changes_a_verdict(self):
        only = [word for glob in self.telling for word in ("--only", glob)]
        # A server at an address is given no time for what else the machine does.
        # Servers are started one after the other, as they share a file of users.
        servers = [self.start(self.refserver()) for _ in ("", *self.plans)]
        proxies = [self.proxy(server.port, *self.cutting(plan))
                   for server, plan in zip(servers[1:], self.plans)]
        targets = [servers[0].target, *(proxy.target for proxy in proxies)]
        direct, *outcomes = self.at_once(*(
            lambda target=target: self.suite(
                "--target", target, "--timeout-scale", "5", *self.told, *only)
            for target in targets))
        self.assertEqual([], direct.bad, direct)
        self.assertGreaterEqual(len(direct.ids("pass")), self.fewest)
        for plan, proxy, outcome in zip(self.plans, proxies, outcomes):
            with self.subTest(plan=plan):
                self.assertEqual(direct.verdicts, outcome.verdicts, outcome)
                said = proxy.end()
                self.assertEqual(0, proxy.status, said)
                self.assert_cut(plan, said)

    def cutting(self, plan):
        return ("--cut", plan, "--back", plan, "--framing", self.framing, "--flush", "2ms")

    def assert_cut(self, plan, said):
        """Both directions were cut, but where what is said has nothing that the plan would cut."""
        ways = [[int(number) for number in found] for found in re.findall(
            r"in (\d+) segments; (\d+) cuts? planned, (\d+) proven", said)]
        if plan == "whole":
            return self.assertEqual([], ways, said)
        self.assertEqual(2, len(ways), said)
        for segments, planned, proven in ways:
            self.assertGreater(segments, self.fewest, said)
            self.assertLessEqual(proven, planned, said)
            if plan not in ("straddle", "coalesce:3", "utf8", "escape", "tokens"):
                self.assertGreater(proven, self.fewest, said)


class PaddedUnderPlans(UnderEveryPlan, ProxyTest):
    # A frame is 200 segments under bytes: that is for Tests/Soak/proxy.py.
    plans = ("at:1", "straddle", "coalesce:3", "parts:3", "utf8")
    framing = "fixed:200"
    telling = ("framing.coalesced.order", "framing.coalesced.answers",
               "concurrency.stalled-peer.reading")
    fewest = 3


class JSONUnderPlans(UnderEveryPlan, ProxyTest, JSONTest):
    plans = ("at:1", "coalesce:3")
    framing = "json"
    # Without a database, as servers that run side by side need one each.
    offers = "--moderator {moderator}"
    told = ("--feature", f"moderators={MODERATOR}")
    telling = ("framing.stream", "framing.stream.kinds", "msg.unicode*")
    fewest = 10


class HelloUnderEveryPlan(UnderEveryPlan, ProxyTest):
    protocol = "hello"
    telling = ("framing.coalesced*", "framing.partial.characters*", "header.*")


class CallbackUnderEveryPlan(UnderEveryPlan, ProxyTest, CallbackTest):
    telling = ("framing.coalesced*", "delivery.*")

    @property
    def told(self):
        return ("--users", f"{self.folder}/users.txt")


class ChannelsUnderEveryPlan(UnderEveryPlan, ProxyTest, ChannelsTest):
    offers = "--password-cost min"
    telling = ("framing.coalesced*", "history.*", "say.order*", "say.unicode")


class World(ProxyTest):
    def test_frames_pass_through_it(self):
        server = self.start(self.refserver())
        proxy = self.proxy(
            server.port, "--cut", "parts:2", "--back", "delimiter", "--framing", "fixed:200",
            "--flush", "5ms")
        outcome = self.suite(
            "--target", proxy.target, "--only", "framing.*", "--only", "join.*",
            "--only", "say.*", "--only", "list.*")
        self.assertEqual([], outcome.bad, outcome)
        self.assertEqual(0, outcome.status, outcome)
        self.assertGreater(len(outcome.ids("pass")), 40)
        self.assertRegex(proxy.end(), r"[1-9]\d* cuts planned")

    def test_hundreds_of_connections_at_once(self):
        server = self.echo()
        proxy = self.proxy(
            server.port, "--cut", "random", "--seed", "1", "--framing", "line", "--log",
            str(self.folder / "cuts.txt"), "--connections", "300")
        clients = [self.dial(proxy.port) for _ in range(300)]
        for number, client in enumerate(clients):
            client.sendall(b"hello from client number %d\n" % number)
        for number, client in enumerate(clients):
            client.shutdown(socket.SHUT_WR)
        for number, client in reversed(list(enumerate(clients))):
            self.assertEqual(b"hello from client number %d\n" % number, self.rest(client))
        self.assertIn("300 connections", proxy.end(None))
        numbers = [int(line.split()[0]) for line in self.log().splitlines()[1:]]
        self.assertEqual(sorted(numbers), numbers)
        self.assertEqual(set(range(1, 301)), set(numbers))

    def test_a_megabyte_each_way_with_nobody_reading_for_a_while(self):
        for plan in ("whole", "every:5000"):
            with self.subTest(plan=plan):
                server = self.echo()
                proxy = self.proxy(
                    server.port, "--cut", plan, "--back", plan, "--connections", "1")
                client = self.dial(proxy.port)
                data = bytes(range(256)) * 16384
                sender = threading.Thread(target=client.sendall, args=(data,))
                sender.start()
                time.sleep(0.2)
                received = b""
                while len(received) < len(data):
                    received += client.recv(1 << 20)
                sender.join()
                self.assertEqual(data, received)
                client.close()
                self.assertEqual(0, self.memory_is_small(proxy))
                proxy.end(None)

    def memory_is_small(self, proxy):
        """Kilobytes above what it may have."""
        with contextlib.suppress(OSError, TypeError):
            with open(f"/proc/{proxy.process.pid}/status", encoding="ascii") as status:
                return max(0, int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) - 64_000)
        return 0

    def test_a_server_that_is_not_there_resets_the_client(self):
        port, take = self.served()
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            dead = nobody.getsockname()[1]
        proxy = self.proxy(dead)
        with self.assertRaises(ConnectionResetError):
            self.dial(proxy.port).recv(1)
        said = proxy.end()
        self.assertEqual(0, proxy.status)
        self.assertIn(
            f"connection 1 is reset: cannot connect to 127.0.0.1:{dead}: Connection refused", said)
        self.assertIn("1 connection, 1 without the server", said)

    def test_where_descriptors_run_out_clients_wait(self):
        server = self.echo()
        proxy = self.proxy(
            server.port,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        clients = [self.dial(proxy.port) for _ in range(30)]
        for client in clients[:16]:
            client.sendall(b"x")
            self.assertEqual(b"x", client.recv(1))
        for client in clients[:16]:
            client.close()
        for client in clients[16:]:
            client.sendall(b"y")
            self.assertEqual(b"y", client.recv(1))
            client.close()
        said = proxy.end()
        self.assertEqual(0, proxy.status)
        self.assertIn("accepting rests: 16 connections are open", said)
        self.assertIn("the limit for this process is 64; raise it (ulimit -n)", said)

    def test_signals_end_it_with_its_tally_and_its_log(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            port, take = self.served()
            proxy = self.proxy(
                port, "--cut", "bytes", "--log", str(self.folder / "cuts.txt"))
            client, server = self.dial(proxy.port), take()
            client.sendall(b"abc")
            self.assertEqual([b"a", b"b", b"c"], [server.recv(3) for _ in range(3)])
            said = proxy.end(number)
            self.assertEqual(0, proxy.status, said)
            self.assertIn("to the server: 3 bytes in 3 segments", said)
            self.assertEqual("splitclient cut log 1\n1 > 1\n1 > 2\n1 > 3\n", self.log())

    def test_what_cannot_begin_says_why(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            taken = other.getsockname()[1]
            cases = [
                (1, ("--listen", str(taken), "--to", "127.0.0.1:1"),
                 f"cannot listen on 127.0.0.1:{taken}: Address already in use"),
                (3, ("--listen", "0", "--to", "no-such-host.invalid:1"),
                 'cannot find the address of "no-such-host.invalid"'),
                (1, ("--listen", "0", "--to", "127.0.0.1:1", "--log", "/nowhere/cuts"),
                 "--log: /nowhere/cuts: No such file"),
                (2, ("--listen", "0", "--to", "127.0.0.1"), "expected is HOST:PORT"),
            ]
            for status, words, sentence in cases:
                with self.subTest(words=words):
                    outcome = self.run_program("proxy", *words, program="splitclient", seconds=20)
                    self.assertEqual(status, outcome.status, outcome)
                    self.assert_says(outcome, sentence)


if __name__ == "__main__":
    unittest.main()
