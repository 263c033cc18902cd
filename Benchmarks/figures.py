# SPDX-License-Identifier: Apache-2.0
"""The figures: each is two sides that are measured in turn, and how far one may be from the other.

README.md says what each of them means.
"""

import importlib.util
import json
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from typing import Callable

from measure import OURS, ROOT, SPECS, THEIRS, CannotMeasure, conformance, measured, pinned, run
from measure import server, servers, timed

# Of each suite, what its server and its run are told besides.
PROTOCOLS = {
    "padded": ("", ()),
    "hello": ("", ()),
    "json": ("", ()),
    "callback": ("{users} --receipt-timeout 2s", ("--feature", "receiptTimeout=3s")),
    "channels": ("{peers} --bind {host} --database {database} --password-cost min", ("--feature", "history")),
}
RELAY = f"{THEIRS / 'relay'} -p {{port}}"


def refserver(protocol):
    # The largest it may be: the load has a thousand idle clients.
    words = ["--capacity", "1024"] if protocol == "hello" else []
    return [OURS / "refserver", protocol, "0", *words]


@dataclass
class Figure:
    name: str
    unit: str
    """What the sides are called in the table."""
    sides: tuple[str, str]
    ours: Callable[[], float]
    """Measured beside ours, or a number that is the same everywhere."""
    limit: Callable[[], float] | float
    """The ratio of ours to the limit that is aimed at; where `more_is_better`, the least one."""
    reach: float
    more_is_better: bool = False
    """How often it is measured at most: what takes minutes is measured once."""
    turns: int = 1000


def figures(quick):
    seconds = 0.2 if quick else 0.6
    return [
        *runner(quick), *cutting(), *([] if quick else splitting()), *proxying(quick),
        *stressing(quick), *entering(), *serving(seconds), *storing(seconds), *federating(seconds)]


# The runner


def scenario(mode, quick):
    rounds = 50 if quick else 200
    command = [THEIRS / "scenario", rounds, mode, THEIRS / "relay", "-p", "PORT"]
    return measured(command)


def scenario_cpu(mode, quick):
    result = scenario(mode, quick)
    return result["own_cpu_ms"] + result["server_cpu_ms"]


def three_clients(*options):
    wall, cpu, report = conformance("relay", RELAY, "--specs", SPECS, *options)
    rounds = report["scenarios"]
    expect_passes(report)
    return wall * 1e3 / len(rounds), cpu * 1e3 / len(rounds), report


def expect_passes(report):
    other = [s["id"] for s in report["scenarios"] if s["verdict"] != "pass"]
    if other:
        raise CannotMeasure(f"{len(other)} scenarios did not pass, {other[0]} among them")


def median_scenario(report):
    return statistics.median(s["durationMs"] for s in report["scenarios"])


def suite(protocol):
    words, options = PROTOCOLS[protocol]
    launch = f"{OURS / 'refserver'} {protocol} {{port}} {words}"
    _, _, report = conformance(protocol, launch, "--specs", ROOT / "specs", *options)
    well = ("pass", "observed", "skipped")
    wrong = [s["id"] for s in report["scenarios"] if s["verdict"] not in well]
    if wrong:
        raise CannotMeasure(f"refserver fails {wrong[0]}")
    return statistics.median(
        s["durationMs"] for s in report["scenarios"] if s["verdict"] != "skipped")


def course_tests(quick):
    rounds = 10 if quick else 50
    test = ROOT / "Benchmarks/programs/test_chat.py"
    environment = {
        **os.environ, "CHAT_SERVER": f"{THEIRS / 'relay'} -p PORT", "CHAT_ROUNDS": str(rounds),
    }
    runner = ["pytest", "-q", "-p", "no:cacheprovider"] if has_pytest() else ["unittest"]
    wall, _, _ = timed(
        [sys.executable, "-B", "-m", *runner, test.relative_to(ROOT)], env=environment
    )
    return wall * 1e3 / rounds


def has_pytest():
    return importlib.util.find_spec("pytest") is not None


def runner(quick):
    course = "pytest" if has_pytest() else "unittest"
    shared = lambda: three_clients("--reuse")[0]
    return [
        Figure(
            "three clients, a relay for each", "ms", ("conformance", "C"),
            lambda: three_clients()[0], lambda: scenario("fresh", quick)["ms"], 1.5,
        ),
        Figure(
            "three clients, a relay for each: processor", "ms", ("conformance", "C"),
            lambda: three_clients()[1], lambda: scenario_cpu("fresh", quick), 1.5,
        ),
        Figure(
            "three clients, one relay", "ms", ("conformance", "C"),
            shared, lambda: scenario("shared", quick)["ms"], 1.7,
        ),
        Figure(
            "three clients, one relay: processor", "ms", ("conformance", "C"),
            lambda: three_clients("--reuse")[1], lambda: scenario_cpu("shared", quick), 1.7,
        ),
        Figure(
            "three clients, one relay: scenario alone", "ms", ("conformance", "C"),
            lambda: median_scenario(three_clients("--reuse")[2]),
            lambda: scenario("shared", quick)["ms"], 1.7,
        ),
        Figure(
            "three clients, one relay: a course's tests", "ms", (course, "conformance"),
            lambda: course_tests(quick), shared, 40, more_is_better=True,
        ),
        *(
            Figure(
                f"{protocol}, a refserver for each: median scenario", "ms",
                ("conformance", "5 ms"), lambda protocol=protocol: suite(protocol), 5.0, 1.0,
            )
            for protocol in PROTOCOLS
        ),
    ]


# Cuts


def cuts(identifier):
    """Milliseconds for one round of the ten, and the share of proven cuts."""
    _, _, report = conformance("cuts", RELAY, "--specs", SPECS, "--only", identifier)
    expect_passes(report)
    return report["scenarios"][0]["durationMs"] / 10, proven_share(report)


def proven_share(report):
    planned = proven = 0
    for form in report["coverage"]["cuts"]:
        planned, proven = planned + form["planned"], proven + form["proven"]
    return proven / planned


def fragments(mode):
    with server([THEIRS / "relay"]) as (port, _):
        return measured([THEIRS / "fragments", port, mode, 10])["ms_per_round"]


def cutting():
    rows = []
    for mode, text in (("pairs", "199 cuts in two"), ("bytes", "200 single bytes")):
        rows += [
            Figure(
                text, "ms", ("conformance", "C"), lambda mode=mode: cuts(f"cuts.{mode}")[0],
                lambda mode=mode: fragments(mode), 3.0,
            ),
            Figure(
                f"{text}: proven", "%", ("conformance", "all"),
                lambda mode=mode: cuts(f"cuts.{mode}")[1] * 100, 100.0, 0.999,
                more_is_better=True,
            ),
        ]
    return [*rows, Figure(
        "19,701 frames, cut in three in every way", "s", ("splitclient", "4 s"),
        every_three_parts, 4.0, 1.0)]


def every_three_parts():
    """Seconds in which each of two clients has said as many frames as there are ways to cut one."""
    report = stress("padded", 2, 2, 8, 19_701, "--cut", "parts:3")
    cuts = report["cuts"]
    if cuts["proven"] < 0.999 * cuts["planned"]:
        raise CannotMeasure(f"{cuts['proven']} of {cuts['planned']} cuts are proven")
    return report["nanoseconds"] / 1e9


def splitting():
    """The whole suite of `padded` under every cut; one run has both figures."""
    shares = []

    def seconds():
        launch = f"{OURS / 'refserver'} padded {{port}}"
        wall, _, report = conformance(
            "padded", launch, "--specs", ROOT / "specs", command="split", timeout=1200)
        broken = report["splitting"]["breaks"]
        if broken:
            raise CannotMeasure(f"a cut broke {broken[0]['case']}")
        shares.append(proven_share(report))
        return wall

    def share():
        if not shares:
            seconds()
        return shares[-1] * 100

    return [
        Figure(
            "padded: the suite under every cut", "s", ("conformance", "60 s"), seconds, 60.0, 1.0,
            turns=1),
        Figure(
            "padded: the suite under every cut: proven", "%", ("conformance", "all"), share, 100.0,
            0.999, more_is_better=True, turns=1),
    ]


# The proxy


def proxying(quick):
    """MiB a second through a relay of bytes, which has the first processor to itself."""
    byterelay, amount = THEIRS / "byterelay", 200 if quick else 1000

    def through(*command):
        with server(pinned(-1, [byterelay, "sink"]), is_alone=False) as (sink, _):
            with server([word.replace("PORT", str(sink)) for word in command]) as (port, _):
                return measured(pinned(-1, [byterelay, "send", port, amount]))["mib_per_s"]

    proxy = [str(OURS / "splitclient"), "proxy", "--listen", "0", "--to", "127.0.0.1:PORT"]
    return [
        Figure(
            "proxy: bytes through it, not cut", "MiB/s", ("splitclient", "C"),
            lambda: through(*proxy), lambda: through(str(byterelay), "relay", "PORT"), 0.5,
            more_is_better=True),
    ]


# Many clients

# Bytes of each text, so that a message has 200 bytes on the wire.
TEXTS = {"padded": 168, "hello": 180, "json": 167}


def stress(protocol, clients, group, window, messages, *words):
    """The report of `splitclient stress`, which fails if anything was wrong."""
    return json.loads(stressed(protocol, clients, group, window, messages, *words)[1])


def stressed(protocol, clients, group, window, messages, *words):
    """Its processor seconds, from its start to its end, and its report."""
    with server(refserver(protocol)) as (port, _):
        _, cpu, output = timed(pinned(-1, [
            OURS / "splitclient", "stress", protocol, "127.0.0.1", port, "--connections", clients,
            "--group", group, "--window", window, "--messages", messages,
            "--size", TEXTS[protocol], "--json", *words]))
    return cpu, output


def entered(clients):
    """Seconds by the clock and of the processor, for each of so many clients who say a message."""
    with server(refserver("padded")) as (port, _):
        seconds, cpu, _ = timed(pinned(-1, [
            OURS / "splitclient", "stress", "padded", "127.0.0.1", port, "--connections", clients,
            "--messages", 1, "--json"]))
    return seconds / clients, cpu / clients


def entering():
    def linear(name, which):
        return Figure(
            f"stress: 4,000 clients of padded enter: {name} of each", "µs", ("4,000", "2,000"),
            lambda: entered(4000)[which] * 1e6, lambda: entered(2000)[which] * 1e6, 1.25)

    return [linear("time", 0), linear("processor", 1)]


def loaded(protocol, *words):
    """The same of the load generator."""
    with server(refserver(protocol)) as (port, process):
        _, cpu, output = timed(pinned(-1, [
            THEIRS / "load", protocol, port, process, "talk", *words]))
    result = json.loads(output)
    if result["disorder"]:
        raise CannotMeasure(f"{protocol}: {result['disorder']} messages came out of order")
    return cpu, result


def stressing(quick):
    def rate(name, protocol, *words):
        return Figure(
            f"stress: {name}", "1/s", ("splitclient", "C"),
            lambda: stress(protocol, *words)["deliveriesPerSecond"],
            lambda: loaded(protocol, *words)[1]["per_second"], 0.5, more_is_better=True)

    def processor(name, protocol, *words):
        def ours():
            cpu, output = stressed(protocol, *words)
            return cpu * 1e6 / json.loads(output)["deliveries"]

        def theirs():
            cpu, result = loaded(protocol, *words)
            return cpu * 1e6 / result["deliveries"]

        return Figure(
            f"stress: {name}: processor", "µs", ("splitclient", "C"), ours, theirs, 2.0)

    part = 3 if quick else 1
    one = ("padded, 101 clients in a channel, one message at a time", "padded", 101, 101, 1, 120 // part)
    many = ("padded, 101 clients in a channel, 8 messages at once", "padded", 101, 101, 8, 240 // part)
    pairs = ("padded, 10 pairs", "padded", 20, 2, 1, 3000 // part)
    room = ("json, 50 clients in a room, 8 messages at once", "json", 50, 50, 8, 240 // part)
    return [
        make(*shape) for shape in (one, many, pairs, room) for make in (rate, processor)]


# The server


def load(protocol, command, *words, key="cpu_us"):
    with server(command) as (port, process):
        words = [THEIRS / "load", protocol, port, process, *words]
        result = measured(pinned(-1, words))
    if result.get("disorder"):
        raise CannotMeasure(f"{protocol}: {result['disorder']} messages came out of order")
    return result[key]


def startup(command):
    # Its log goes to /dev/null in a shell's place: nobody reads it.
    return measured([THEIRS / "startup", 20, *command])["ms"]


def serving(seconds):
    def row(protocol, name, reach, *words, relay=("relay",)):
        peer = [THEIRS / relay[0], *relay[1:]]
        return Figure(
            f"{protocol}: {name}", "µs", ("refserver", " ".join(relay)),
            lambda: load(protocol, refserver(protocol), *words),
            lambda: load("relay", peer, *words), reach,
        )

    def fanout(protocol, one, many):
        return [
            row(protocol, "delivery, 100 receivers, one message at a time", one,
                "fanout", 100, 1, seconds),
            row(protocol, "delivery, 100 receivers, 64 messages at once", many,
                "fanout", 100, 64, seconds),
        ]

    def pairs(protocol, reach):
        idle = "delivery, a pair among 1,000 idle clients"
        return row(protocol, "delivery, 10 pairs", reach, "pingpong", 10, 0, seconds), row(
            protocol, idle, reach, "pingpong", 1, 1000, seconds, relay=("relay", "-z"))

    def memory(protocol):
        return Figure(
            f"{protocol}: memory of an idle client", "B", ("refserver", "1 KiB"),
            lambda: load(protocol, refserver(protocol), "idle", 1000, key="bytes_per_client"),
            1024.0, 1.0)

    return [
        *fanout("padded", 1.2, 1.5), *pairs("padded", 1.2), memory("padded"),
        *pairs("hello", 1.2), memory("hello"),
        *fanout("json", 1.5, 2.5), *pairs("json", 1.5), memory("json"),
        Figure(
            "start to listening", "ms", ("refserver", "6 ms"),
            lambda: startup(refserver("padded")), 6.0, 1.0
        ),
    ]


def channels(key, mode, amount, *words):
    """What `programs/channels.py` measures, beside a server with a database file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [OURS / "refserver", "channels", "0", "--database", f"{folder}/database", *words]
        with server(command, is_alone=False) as (port, _):
            program = ROOT / "Benchmarks/programs/channels.py"
            return measured([sys.executable, "-B", program, mode, port, amount])[key]


def storing(seconds):
    def hashing(what, key, limit):
        return Figure(
            f"channels: SAY while 100 logins are hashed, {what}", "ms",
            ("refserver", f"{limit:.0f} ms"), lambda: channels(key, "logins", 100), limit, 1.0)

    return [
        hashing("median", "median_ms", 1.0),
        hashing("worst", "worst_ms", 10.0),
        Figure(
            "channels: messages stored and relayed", "1/s", ("refserver", "10,000"),
            lambda: channels("per_second", "store", seconds * 2, "--password-cost", "min"),
            10_000.0, 1.0, more_is_better=True),
    ]


# Servers that federate


def members(count, window, seconds):
    """Deliveries a second to 300 members of one channel, spread over so many servers."""
    def command(host, port, peers):
        return [OURS / "refserver", "channels", port, peers, "--bind", host,
                "--password-cost", "min", "--log-level", "error"]

    with servers(count, command) as places:
        result = measured([THEIRS / "members", 300, window, seconds, *places])
    if result["disorder"]:
        raise CannotMeasure(f"{result['disorder']} messages came out of order")
    return result["per_second"]


def federating(seconds):
    def row(count, window, limit, name, reach):
        of = "a server" if count == 1 else f"{count} servers"
        pace = "one message at a time" if window == 1 else f"{window} messages at once"
        return Figure(
            f"channels: 300 members on {of}, {pace}", "1/s", ("refserver", name),
            lambda: members(count, window, seconds), limit, reach, more_is_better=True)

    def rows(window, least, reach):
        one = lambda: members(1, window, seconds)
        return [
            row(1, window, float(least), f"{least:,}", 1.0),
            row(2, window, one, "a server", reach),
            row(3, window, one, "a server", reach),
        ]

    return [*rows(1, 20_000, 0.5), *rows(64, 500_000, 0.1)]
