# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: running the built programs, bounded, and reading their reports.

CHATSPEC_BIN names the directory of the programs; .build/release by default.
"""

import contextlib
import ctypes
import json
import os
import re
import resource
import selectors
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    from report_schema import ReportSchema
except ImportError:
    ReportSchema = None  # jsonschema belongs to another Python: see `problems_of_report`.

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = Path(os.environ.get("CHATSPEC_BIN") or ROOT / ".build" / "release").resolve()
SERVERS = ROOT / "Tests" / "Servers"

# The longest that any one program may take in these tests; nothing comes near it.
PATIENCE = 900.0

# A test that takes longer says so, as all of them together have a limit.
LONG = 20.0

# Who moderates a server that a test starts, rather than the runner.
MODERATOR = "Moderator"

# Most of what the tests wait for is time-outs: more than two runs at once do each other no harm.
PARALLEL = 4


def wait_until(holds, what, seconds=20.0):
    """Asks until it holds; fails the test where it does not in time."""
    deadline = time.monotonic() + seconds
    while not (answer := holds()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.01)
    return answer


# MARK: Processes


def processor_time():
    """Seconds that programs which were started here, and which have ended, have worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def may_capture():
    """Whether programs that are started here may record what passes on the network."""
    try:
        ctypes.CDLL("libpcap.so.0.8")
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except OSError:
        return False
    return True


def processes_with(marker):
    """The ids of the processes that have the marker in their command lines, zombies left out."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue  # It has ended meanwhile. A zombie has an empty command line.
        if os.fsencode(marker) in words:
            found[int(folder.name)] = words.replace(b"\0", b" ").decode(errors="replace")
    return found


class Outcome:
    """How a program ended, and what it said."""

    def __init__(self, words, status, output, errors, seconds, report):
        self.words = words
        self.status = status
        self.output = output
        self.errors = errors
        self.seconds = seconds
        self.report_path = report
        self.memory = None  # The most it had in memory, in kilobytes, where it was measured.

    @property
    def said(self):
        return (self.output + self.errors).decode(errors="replace")

    @property
    def prose(self):
        """What was said, with all white space made single spaces, as lines are broken anywhere."""
        return " ".join(self.said.split())

    @property
    def report(self):
        if not hasattr(self, "_report"):
            self._report = json.loads(self.report_path.read_text(encoding="utf-8"))
        return self._report

    @property
    def scenarios(self):
        return {scenario["id"]: scenario for scenario in self.report["scenarios"]}

    @property
    def verdicts(self):
        return {name: scenario["verdict"] for name, scenario in self.scenarios.items()}

    def ids(self, *verdicts):
        return sorted(name for name, verdict in self.verdicts.items() if verdict in verdicts)

    @property
    def bad(self):
        return self.ids("fail", "warn", "inconclusive", "error")

    @property
    def cuts(self):
        """Planned and proven."""
        cuts = self.report["coverage"]["cuts"]
        return sum(cut["planned"] for cut in cuts), sum(cut["proven"] for cut in cuts)

    def __str__(self):
        lines = self.said.splitlines()
        shown = lines if len(lines) < 70 else lines[:45] + ["..."] + lines[-20:]
        return "\n".join([f"$ {shlex.join(self.words)}", *shown, f"-> {self.status}"])


def finish(process, seconds=PATIENCE):
    """Waits for the end of the process, killing it after the time; its status."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


class Ready:
    """A server that has been started and said where it listens, on its first line."""

    def __init__(self, words):
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            self.line = first_line(self.process.stdout)
            self.port = int(self.line.rpartition(":")[2])
        except BaseException:
            self.end()
            raise

    @property
    def target(self):
        return f"127.0.0.1:{self.port}"

    def end(self, number=signal.SIGKILL):
        if self.process.returncode is None:
            self.process.send_signal(number)
            finish(self.process, 20)
        self.process.stdout.close()
        return self.process.returncode


def first_line(stream, seconds=20.0):
    deadline = time.monotonic() + seconds
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            if not selector.select(deadline - time.monotonic()):
                raise AssertionError(f"no line in time, only {line!r}")
            byte = os.read(stream.fileno(), 1)
            if not byte:
                raise AssertionError(f"the output ended before its first line: {line!r}")
            line += byte
    return line.decode().rstrip("\n")


# MARK: Reports

_schema_lock = threading.Lock()
_schema = None


def problems_of_report(path):
    """What the schema has to say against the report; empty for a valid one."""
    global _schema
    if ReportSchema is None:
        script = [str(HERE / "report_schema.py"), str(path)]
        for python in ("/usr/bin/python3", "python3"):
            done = subprocess.run([python, *script], capture_output=True, text=True, check=False)
            if "jsonschema" not in done.stderr:
                return (done.stdout + done.stderr).splitlines()
        return ["jsonschema is missing; `make setup` installs it"]
    with _schema_lock:
        _schema = _schema or ReportSchema()
        return list(_schema.problems(json.loads(Path(path).read_text(encoding="utf-8"))))


# MARK: Tests


class ProgramTest(unittest.TestCase):
    """A test with a directory of its own, and no process left behind.

    Servers are started by paths through that directory, so that each of their processes, and all
    that these leave behind, bear its name on their command lines.
    """

    maxDiff = None

    # Which protocol the reference server serves, and which suite is run.
    protocol = "padded"
    # What the reference server is told to offer, and what the suite is told of that.
    offers = ""
    features = ()
    # Forms that are also sent to a server that no longer reads, where nothing proves their cuts.
    sent_in_vain = ()

    def run(self, result=None):
        began, worked = time.monotonic(), processor_time()
        try:
            return super().run(result)
        finally:
            if (seconds := time.monotonic() - began) > LONG:
                worked = processor_time() - worked
                print(f"    that took {seconds:.0f} s, and {worked:.0f} s of processor time: "
                      f"{self.id()}", file=sys.stderr)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="chatspec-")
        self.folder = Path(folder.name)
        self.addCleanup(folder.cleanup)
        self.addCleanup(self.end_survivors)
        (self.folder / "bin").symlink_to(BIN)
        (self.folder / "servers").symlink_to(SERVERS)
        self.count = 0
        self.counting = threading.Lock()

    def end_survivors(self):
        survivors = processes_with(str(self.folder))
        for process in survivors:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.assertEqual({}, survivors, "left behind")

    # Command lines

    def refserver(self, *words):
        """A launch line."""
        program = shlex.join([f"{self.folder}/bin/refserver", self.protocol])
        return " ".join([program, "{port}", self.offers, *words])

    def foreign(self, name, *words):
        """A launch line of a server in Tests/Servers."""
        script = f"{self.folder}/servers/{name}.py"
        return shlex.join([sys.executable, script, *words]) + " {port}"

    def inline(self, source, *words):
        """A launch line of a Python server that is written for one test; its port is argv[1]."""
        with self.counting:
            self.count += 1
            script = self.folder / f"server{self.count}.py"
        script.write_text(source, encoding="utf-8")
        return shlex.join([sys.executable, str(script)]) + " {port} " + shlex.join(words)

    def start(self, launch_line):
        """Starts a server that says where it listens, and ends it after the test."""
        stands_for = {
            "port": "0", "database": f"{self.folder}/target.db", "moderator": MODERATOR,
            "users": str(self.users_file())}
        for name, value in stands_for.items():
            launch_line = launch_line.replace(f"{{{name}}}", value)
        ready = Ready(shlex.split(launch_line))
        self.addCleanup(ready.end)
        return ready

    def users_file(self):
        """A file of accounts, for servers that a test starts and for runs against them."""
        path = self.folder / "users.txt"
        lines = [f"user{number} Secret{number}\n" for number in range(1, 17)]
        path.write_text("".join(lines), encoding="utf-8")
        return path

    # Running

    def environment(self, **changes):
        environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
        environment["PYTHONPYCACHEPREFIX"] = str(self.folder / "pycache")
        environment.pop("NO_COLOR", None)
        # A program that is linked with its runtime would complain that it cannot trace itself.
        environment.pop("SWIFT_BACKTRACE", None)
        return environment | changes

    def begin(self, *words, program="conformance", measured=None, captures=True, **options):
        """Starts a program, and waits for nothing; `measured` is a file for the memory it took.

        Without `captures` it has no right to record what passes on the network.
        """
        before = [] if captures or os.geteuid() != 0 else ["setpriv", "--bounding-set=-net_raw"]
        before += [sys.executable, "-S", str(HERE / "measure.py"), str(measured)] if measured else []
        return subprocess.Popen(
            [*before, str(BIN / program), *words], cwd=options.pop("cwd", ROOT),
            env=self.environment(**options.pop("env", {})), stdin=subprocess.DEVNULL, **options)

    def run_program(self, *words, program="conformance", report=None, seconds=PATIENCE, **options):
        """Runs a program to its end."""
        began = time.monotonic()
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = self.begin(*words, program=program, stdout=output, stderr=errors, **options)
            status = finish(process, seconds)
            output.seek(0)
            errors.seek(0)
            return Outcome(
                [program, *words], status, output.read(), errors.read(),
                time.monotonic() - began, report)

    def conformance(self, *words, **options):
        outcome = self.run_program(*words, **options)
        self.assert_sane(outcome)
        return outcome

    def suite(self, *words, **options):
        """`conformance run`, its report in a directory of its own; a report is valid."""
        with self.counting:
            self.count += 1
            report = self.folder / f"report{self.count}"
        offered = [word for name in self.features for word in ("--feature", name)]
        outcome = self.conformance(
            "run", self.protocol, *words, *offered, "--report", str(report),
            report=report / "report.json", **options)
        if outcome.report_path.exists():
            self.assertEqual([], problems_of_report(outcome.report_path)[:5], outcome)
        return outcome

    def launched(self, launch_line, *words, **options):
        return self.suite("--launch", launch_line, *words, **options)

    def measured(self, launch_line, *words, **options):
        """The same, with the memory that the runner took."""
        with self.counting:
            self.count += 1
            file = self.folder / f"memory{self.count}"
        outcome = self.launched(launch_line, *words, measured=file, **options)
        outcome.memory = int(file.read_text(encoding="utf-8"))
        return outcome

    def at_once(self, *calls, workers=PARALLEL):
        """Makes the calls side by side; their results, in order."""
        with ThreadPoolExecutor(workers) as pool:
            return [future.result() for future in [pool.submit(call) for call in calls]]

    # Assertions

    def assert_sane(self, outcome):
        """What holds of every run of the program."""
        self.assertIn(outcome.status, (0, 1, 2, 3, 4, 130), outcome)
        self.assert_harmless(outcome.output + outcome.errors)

    def assert_harmless(self, text):
        """Nothing a terminal would obey, and nothing that hides or turns text around."""
        shown = text.decode("utf-8")  # It is UTF-8, or this fails.
        bad = re.findall(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", shown)
        self.assertEqual([], bad)

    def assert_says(self, outcome, *phrases):
        for phrase in phrases:
            if " ".join(phrase.split()) not in outcome.prose:
                self.fail(f"it says nowhere {phrase!r}:\n{outcome}")

    def assert_all_well(self, outcome, proves=True):
        """Nothing but passes, observations and what was skipped; all cuts arrived as cuts, and are
        known to, where the run proves it."""
        self.assertEqual([], outcome.bad, outcome)
        self.assertEqual(0, outcome.status, outcome)
        self.assertNotIn("abandoned", outcome.report)
        self.assertGreater(len(outcome.ids("pass")), 100)
        for cut in outcome.report["coverage"]["cuts"]:
            if not proves:
                self.assertEqual(0, cut["proven"], cut)
            elif cut.get("form", "nonsense") in self.sent_in_vain:
                self.assertGreater(cut["proven"], 0, cut)
            else:
                self.assertEqual(cut["planned"], cut["proven"], cut)

    def assert_passes_all_of_it(self, launch_line, but=()):
        """On one server; what asks for one of its own gets it, and the rest need not wait for that.

        What begins as `but` says is skipped.
        """
        shared = self.launched(launch_line, "--reuse")
        self.assert_all_well(shared)
        skipped = [name for name in shared.ids("skipped") if not name.startswith(tuple(but))]
        self.assertNotEqual([], skipped)
        own = self.launched(
            launch_line, *(word for name in skipped for word in ("--only", name)))
        self.assertEqual(set(skipped), set(own.verdicts))
        self.assertEqual([], own.ids("skipped", "fail", "warn", "inconclusive", "error"))


class JSONTest(ProgramTest):
    """A test of the suite of `json`, with all that a server may offer."""

    protocol = "json"
    offers = "--database {database} --moderator {moderator}"
    features = ("rooms",)
    # The server closes at nonsense, and at floods of requests whose answers nobody reads.
    sent_in_vain = ("nonsense", "help")


class CallbackTest(ProgramTest):
    """A test of the suite of `callback`; a receipt that is missing is given up in good time."""

    protocol = "callback"
    offers = "{users} --receipt-timeout 2s"
    features = ("receiptTimeout=3s",)


class ChannelsTest(ProgramTest):
    """A test of the suite of `channels`; passwords are hashed with the least work."""

    protocol = "channels"
    offers = "--database {database} --password-cost min"
    features = ("history",)
