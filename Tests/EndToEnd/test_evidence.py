# SPDX-License-Identifier: Apache-2.0
"""What a failure leaves behind: words, bytes, a capture, and a line that runs it again."""

import copy
import json
import os
import pty
import re
import shlex
import subprocess
import unittest

from support import ROOT, Outcome, ProgramTest, finish, may_capture, problems_of_report

# Answers everything with what a terminal should never be given: escape sequences, text that runs
# from right to left, bytes that are no text.
HOSTILE = """
import socket, sys, threading
def serve(client):
    while client.recv(4096):
        client.sendall(b'\\x1b[2J\\x1b]0;owned\\x07\\xe2\\x80\\xae\\xff\\xfe'.ljust(200))
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("\\x1b[31mready\\x1b[0m", flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


class Evidence(ProgramTest):
    def failing(self, *words, **options):
        line = self.refserver("--fault", "join-is-not-announced")
        return self.launched(line, "--only", "join.announced", *words, **options)

    def tshark(self, capture, *words):
        done = subprocess.run(
            ["tshark", "-r", str(capture), *words], capture_output=True, text=True, check=True,
            timeout=60, env=self.environment(HOME=str(self.folder)))
        lines = [line for line in done.stderr.splitlines() if "Running as user" not in line]
        self.assertEqual([], lines)
        return done.stdout

    def streams(self, capture):
        """What went to and fro on each connection: bytes from the client, bytes from the server."""
        count = len(set(self.tshark(capture, "-T", "fields", "-e", "tcp.stream").split()))
        for number in range(count):
            text = self.tshark(capture, "-q", "-z", f"follow,tcp,raw,{number}")
            lines = [line for line in text.splitlines() if re.fullmatch(r"\t?[0-9a-f]+", line)]
            yield (
                b"".join(bytes.fromhex(line) for line in lines if line[0] != "\t"),
                b"".join(bytes.fromhex(line) for line in lines if line[0] == "\t"),
            )

    def test_a_failure_is_explained(self):
        outcome = self.failing()
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(
            outcome, "FAIL join.announced", "receive `{name} has joined`", "required", "has joined",
            "history", "/join", "server", "serving padded", "capture", "reproduce",
            "joining.json:")
        scenario = outcome.scenarios["join.announced"]
        finding = scenario["findings"][0]
        self.assert_says(
            outcome, finding["sentence"], finding["summary"], finding["step"]["text"],
            *finding["accepted"], scenario["reproduce"],
            str(outcome.report_path.parent / scenario["capture"]))

    def test_a_message_that_is_not_what_is_accepted_is_shown_beside_all_that_is(self):
        line = self.refserver("--fault", "unknown-control-text-is-cut-short")
        outcome = self.launched(line, "--only", "control.unknown.words")
        finding = outcome.scenarios["control.unknown.words"]["findings"][0]
        self.assertEqual("mismatch", finding["kind"])
        self.assertGreater(len(finding["accepted"]), 1)
        # Where it ends too early is where it differs.
        self.assertEqual(len(finding["actual"]["text"]), finding["firstDifference"])
        self.assert_says(outcome, *finding["accepted"], finding["actual"]["text"])

    def test_bytes_are_marked_where_they_matter(self):
        line = self.refserver("--fault", "pads-with-zero-bytes")
        outcome = self.launched(line, "--only", "framing.exact-width.exists")
        self.assert_says(outcome, "00 00 00 00", "^^ first difference")

    def assert_reproducible(self, outcome):
        """The line of each failure, as a shell takes it, fails in the same scenario again."""
        self.assertEqual(1, outcome.status, outcome)
        self.assertNotEqual([], outcome.ids("fail"))
        for name in outcome.ids("fail"):
            with self.subTest(name):
                line = outcome.scenarios[name]["reproduce"]
                self.assertTrue(line.startswith("conformance run padded "), line)
                again = self.folder / f"again{self.count}"
                self.count += 1
                done = subprocess.run(
                    ["sh", "-c", f"{line} --report {again}"], env=self.environment(), cwd=ROOT,
                    capture_output=True, timeout=60, check=False)
                self.assertEqual(1, done.returncode, done)
                report = json.loads((again / "report.json").read_text(encoding="utf-8"))
                verdicts = {scenario["id"]: scenario for scenario in report["scenarios"]}
                self.assertEqual("fail", verdicts[name]["verdict"])
                first, second = outcome.scenarios[name]["findings"], verdicts[name]["findings"]
                self.assertEqual(
                    [(f["requirement"], f["kind"]) for f in first],
                    [(f["requirement"], f["kind"]) for f in second])

    def test_the_line_that_reproduces_a_failure_does(self):
        self.assert_reproducible(self.failing())
        # With a case whose name a shell would take apart, a cut, and other settings.
        self.assert_reproducible(
            self.launched(
                self.refserver("--fault", "error-is-told-to-the-channel"), "--reuse", "--strict",
                "--only", "error.no-side-effect[*", "--split", "every:70",
                "--timeout", "700ms"))

    def test_the_line_that_reproduces_a_failure_of_a_running_server_does(self):
        server = self.start(self.refserver("--fault", "join-is-not-announced"))
        self.assert_reproducible(self.suite("--target", server.target, "--only", "join.announced"))

    def test_synthesised_captures_are_read_without_a_warning_and_say_what_they_show(self):
        outcome = self.failing(captures=False)
        scenario = outcome.scenarios["join.announced"]
        capture = outcome.report_path.parent / scenario["capture"]
        comments = self.tshark(capture, "-T", "fields", "-e", "frame.comment")
        for phrase in ("scenario join.announced", "synthesised", 'sends "/join', "finding:"):
            self.assertIn(phrase, comments)
        self.assertEqual("", self.tshark(capture, "-Y", "tcp.analysis.flags || _ws.malformed"))
        bad = "tcp.checksum.status == 0 || ip.checksum.status == 0"
        check = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
        self.assertEqual("", self.tshark(capture, *check, "-Y", bad))

    def test_every_failure_has_a_capture_whose_streams_are_what_was_said(self):
        for captures in (True, False):
            outcome = self.launched(
                self.refserver("--fault", "text-comes-back"), "--reuse", "--split", "every:90",
                "--only", "say.broadcast", "--only", "say.order", "--only", "say.not-elsewhere",
                captures=captures)
            self.assertGreater(len(outcome.ids("fail")), 3)
            self.assert_sources(outcome, captures)
            self.assert_streams(outcome)

    def assert_streams(self, outcome):
        for name in outcome.bad:
            with self.subTest(name):
                scenario = outcome.scenarios[name]
                capture = outcome.report_path.parent / scenario["capture"]
                comments = self.tshark(capture, "-T", "fields", "-e", "frame.comment")
                self.assertIn(f"scenario {name}", comments)
                # Tabs and line breaks in a field are escaped by tshark.
                self.assertIn(scenario["findings"][0]["summary"], comments)
                sent, received = {}, {}
                for entry in scenario["transcript"]["entries"]:
                    for event, bytes_of in (("sent", sent), ("received", received)):
                        if entry["event"] == event:
                            text = entry["bytes"]["text"].encode()
                            bytes_of[entry["link"]] = bytes_of.get(entry["link"], b"") + text
                expected = sorted((sent.get(link, b""), received.get(link, b"")) for link in sent)
                found = sorted(pair for pair in self.streams(capture) if any(pair))
                if scenario["captureSource"]["kind"] == "live":
                    # What came when the scenario was over was recorded, too.
                    found = [
                        (up, down[:len(before[1])])
                        for (up, down), before in zip(found, expected, strict=True)]
                self.assertEqual(expected, found)

    def assert_sources(self, outcome, captures=True):
        """Captures are live where they may be, and otherwise say why they are not."""
        sources = [s["captureSource"] for s in outcome.report["scenarios"] if "capture" in s]
        self.assertGreater(len(sources), 0)
        if not captures or not may_capture():
            for source in sources:
                self.assertEqual("synthesised", source["kind"])
                self.assertRegex(source["reason"], "CAP_NET_RAW|libpcap")
            return
        live = {"kind": "live", "interface": "lo"}
        for source in sources:
            # On a busy machine the kernel may lose some: of all that goes over the interface.
            if source != live:
                self.assertRegex(source["reason"], r"the kernel lost [0-9]+ packets")
        self.assertIn(live, sources)

    def test_recorded_captures_are_read_without_a_warning_and_say_what_they_show(self):
        outcome = self.failing()
        self.assert_sources(outcome)
        capture = outcome.report_path.parent / outcome.scenarios["join.announced"]["capture"]
        comments = self.tshark(capture, "-T", "fields", "-e", "frame.comment")
        for phrase in ("scenario join.announced", 'sends "/join', "finding:"):
            self.assertIn(phrase, comments)
        self.assertEqual("", self.tshark(capture, "-Y", "tcp.analysis.flags || _ws.malformed"))
        times = self.tshark(capture, "-T", "fields", "-e", "frame.time_epoch").split()
        self.assertEqual(times, sorted(times))
        self.assertTrue(all(re.fullmatch(r"\d+\.\d{9}", time) for time in times))
        if may_capture():
            self.assertIn("recorded on interface lo", comments)
            self.assert_says(outcome, "recorded live on interface lo")
            self.assertTrue(any(not time.endswith("000") for time in times), "nanoseconds")
            # Loopback shows each packet twice; here it is once.
            again = "tcp.analysis.retransmission || tcp.analysis.duplicate_ack"
            self.assertEqual("", self.tshark(capture, "-Y", again))

    def test_captures_that_are_not_recorded_say_why(self):
        outcome = self.failing(captures=False)
        self.assert_sources(outcome, captures=False)
        self.assert_says(outcome, "synthesised from the transcript: no right to capture")
        doctor = self.conformance("doctor", captures=False)
        self.assert_says(doctor, "less live capture", "setcap cap_net_raw+ep")
        doctor = self.conformance("doctor")
        self.assertEqual(may_capture(), "ok      live capture" in doctor.said, doctor)

    def test_every_way_of_running_records_every_failure(self):
        fault = self.refserver("--fault", "text-comes-back")
        only = ("--only", "say.*")
        ways = {
            "one after the other": lambda: self.launched(fault, *only),
            "side by side": lambda: self.launched(fault, *only, "--jobs", "4"),
            "one server": lambda: self.launched(fault, *only, "--reuse", "--repeat", "3"),
            "a running server": lambda: self.suite("--target", self.start(fault).target, *only),
            "IPv6": lambda: self.suite(
                "--target", f"[::1]:{self.start(fault + ' --bind ::1').port}", *only),
        }
        for what, run in ways.items():
            with self.subTest(what):
                outcome = run()
                failed = [s for s in outcome.report["scenarios"] if s["verdict"] == "fail"]
                self.assertGreater(len(failed), 5)
                self.assertTrue(all("capture" in scenario for scenario in failed))
                self.assert_sources(outcome)

    def test_an_address_of_this_machine_is_recorded_on_loopback_whatever_interface_has_it(self):
        # The second address of a network has the first one for its source, which is not it.
        network = "ip link set lo up && ip link add va type veth peer name vb && ip link set va up"
        for address in ("198.51.100.1/24", "198.51.100.2/24", "fe80::77/64 nodad"):
            network += f" && ip address add {address} dev va"
        if subprocess.run(
                ["unshare", "-n", "sh", "-c", network], stderr=subprocess.DEVNULL,
                check=False).returncode != 0:
            self.skipTest("needs the right to make networks")
        script = network + """
refserver padded 5000 --bind "$1" > "$3" 2> /dev/null & server=$!
while ! grep -q listening "$3"; do sleep 0.01; done
conformance run padded --target "$2" --only join.announced --split every:50 \\
    --capture all --report "$4"
status=$?; kill $server; wait; exit $status
"""
        targets = {"198.51.100.2": "198.51.100.2:5000", "fe80::77%va": "[fe80::77%va]:5000"}
        for host, target in targets.items():
            with self.subTest(host):
                report = self.folder / host
                done = subprocess.run(
                    ["unshare", "-n", "sh", "-c", script, "sh", host, target,
                     str(self.folder / f"ready-{host}"), str(report)],
                    cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False,
                    timeout=60)
                self.assertEqual(0, done.returncode, done.stdout + done.stderr)
                outcome = Outcome([], 0, b"", b"", 0, report / "report.json")
                self.assert_sources(outcome)
                self.assertEqual(target, outcome.report["server"]["address"])
                planned, proven = outcome.cuts
                self.assertGreater(planned, 0)
                self.assertEqual(planned, proven)

    def test_a_server_that_is_started_again_is_recorded_at_its_new_port(self):
        self.protocol, self.features = "channels", ("history",)
        line = self.refserver("--database", "{database}", "--password-cost", "min")
        outcome = self.launched(line, "--only", "durability.*", "--capture", "all")
        self.assertEqual(0, outcome.status, outcome)
        self.assertGreater(len(outcome.ids("pass")), 5)
        self.assert_sources(outcome)

    def test_all_can_be_recorded_as_well(self):
        outcome = self.launched(self.refserver(), "--only", "join.*", "--capture", "all")
        captures = list(outcome.report_path.parent.rglob("*.pcapng"))
        self.assertEqual(len(outcome.ids("pass", "observed")), len(captures))
        self.assert_sources(outcome)
        for capture in captures:
            # The connections end in their captures, in one way or the other.
            ends = self.tshark(capture, "-Y", "tcp.flags.fin == 1 || tcp.flags.reset == 1")
            self.assertNotEqual("", ends)

    def test_captures_are_kept_as_asked(self):
        passing = ("--only", "create.joins")
        for which in ("none", "failures", "all"):
            with self.subTest(which=which):
                outcome = self.launched(self.refserver(), *passing, "--capture", which)
                folder = outcome.report_path.parent
                count = len(outcome.ids("pass")) if which == "all" else 0
                self.assertGreater(len(outcome.ids("pass")), 0)
                self.assertEqual(count, len(list(folder.rglob("*.pcapng"))))

    def test_hostile_bytes_reach_neither_terminal_nor_report_as_they_are(self):
        # Every run is searched for such bytes (`assert_sane`); here there are some to be found.
        outcome = self.launched(
            self.inline(HOSTILE), "--only", "join.*", "--timeout", "300ms")
        self.assertEqual(1, outcome.status, outcome)
        self.assert_says(outcome, "\\x1B[2J", "\\x1B[31mready")
        text = outcome.report_path.read_text(encoding="utf-8")
        json.loads(text)
        self.assertNotIn("\u202e", text)

    def on_a_terminal(self, *words, **environment):
        """What a person's terminal is sent."""
        ours, theirs = pty.openpty()
        try:
            process = self.begin(*words, stdout=theirs, stderr=theirs, env=environment)
            os.close(theirs)
            text = b""
            try:
                while chunk := os.read(ours, 65536):
                    text += chunk
            except OSError:
                pass  # The last writer has closed it.
            return finish(process), text.decode("utf-8")
        finally:
            os.close(ours)

    def test_a_terminal_gets_progress_and_colour_and_nothing_of_a_hostile_server(self):
        run = ("run", "padded", "--launch", self.inline(HOSTILE), "--only", "join.e*", "--timeout",
               "300ms", "--report", str(self.folder / "terminal"))
        status, text = self.on_a_terminal(*run, TERM="xterm")
        self.assertEqual(1, status, text)
        ours = re.compile("\x1b\\[(?:[0-9;]*m|K)")
        self.assertRegex(text, "\x1b\\[1m|\x1b\\[31m")
        self.assertRegex(text, r"\[\d+/\d+")
        self.assert_harmless(ours.sub("", text).replace("\r", "").encode())
        status, text = self.on_a_terminal(*run, TERM="xterm", NO_COLOR="1")
        self.assertEqual(1, status, text)
        self.assertEqual([], re.findall("\x1b\\[[0-9;]*m", text))


class Reports(ProgramTest):
    # All reports of these tests are held against the schema: it must be able to say no.
    def test_the_schema_refuses_what_is_no_report(self):
        outcome = self.launched(
            self.refserver("--fault", "text-comes-back"), "--reuse", "--only", "say.not-self")
        report = outcome.report
        self.assertEqual("fail", report["scenarios"][0]["verdict"])

        def damaged(damage):
            wrong = copy.deepcopy(report)
            damage(wrong)
            path = self.folder / "wrong.json"
            path.write_text(json.dumps(wrong), encoding="utf-8")
            return problems_of_report(path)

        def entries(report):
            return report["scenarios"][0]["transcript"]["entries"]

        damages = {
            "nothing": lambda r: None,
            "a member missing": lambda r: r.pop("seed"),
            "a member too many": lambda r: r.update(extra=1),
            "another version": lambda r: r.update(schemaVersion=2),
            "an unknown verdict": lambda r: r["scenarios"][0].update(verdict="fine"),
            "an unknown event": lambda r: entries(r)[0].update(event="happened"),
            "an entry without its time": lambda r: entries(r)[0].pop("timeNs"),
            "an entry with too much": lambda r: entries(r)[0].update(extra=1),
            "a number below zero": lambda r: entries(r)[0].update(timeNs=-1),
            "bytes twice": lambda r: next(
                e for e in entries(r) if e["event"] == "sent")["bytes"].update(base64="AA=="),
        }
        for what, damage in damages.items():
            with self.subTest(what):
                self.assertEqual(what == "nothing", damaged(damage) == [])

    def test_the_files_of_the_suite_and_a_report_are_valid_by_the_script_for_it(self):
        outcome = self.launched(
            self.refserver("--fault", "text-comes-back"), "--only", "say.not-self")
        done = subprocess.run(
            [str(ROOT / "Scripts" / "validate-json"), str(outcome.report_path)],
            capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(0, done.returncode, done.stderr)


if __name__ == "__main__":
    unittest.main()
