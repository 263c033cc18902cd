#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the suites through `splitclient proxy` under every plan: no verdict may change by that.

    proxy.py [--protocol NAME ...] [--plan PLAN ...] [--way there|both ...] [--only GLOB ...]
             [--servers launched|address] [--jobs N] [--seed N] [--timeout-scale N]
             [--proxy OPTIONS] [--keep DIR]

The runner launches each reference server together with a proxy before it (behind_proxy.py), which
cuts by the plan what goes to the server ("there") or what goes either way ("both"). So all of a
suite is run, and time in which a server or its proxy has no processor does not count. What a case
comes to must be what it comes to without the proxy. What a server opens itself to the runner (the
connections back of `callback`, links to peers of `channels`) does not pass through a proxy; links
between launched servers do.

With `--servers address` each run has one server at an address, with one proxy before it that says
at its end how many cuts it made; there, cases that need a server of their own are skipped.

Exit status: 0 all verdicts are the same; 1 one is not, or a run did not end as runs do; 130
interrupted. Reports that differ are kept in DIR.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BEHIND = Path(__file__).resolve().with_name("behind_proxy.py")
BIN = Path(os.environ.get("CHATSPEC_BIN") or ROOT / ".build" / "release").resolve()

# A run that takes so many seconds will not end.
PATIENCE = 1800

PLANS = (
    "whole", "bytes", "every:7", "at:1", "straddle", "coalesce:3", "parts:3", "random:7", "utf8",
    "escape", "tokens", "delimiter")
WAYS = ("there", "both")

MODERATOR = "Moderator"
USERS = "".join(f"user{number} Secret{number}\n" for number in range(1, 17))

# What messages are, what a launched server is started with, and what the runner is told of it.
# A server's own time-outs go on while the machine is busy: that for receipts is long.
LAUNCHED = {
    "padded": ("fixed:200", "", ""),
    "hello": ("line", "", ""),
    "json": ("json", "--database {database} --moderator {moderator}", "--feature rooms"),
    "callback": ("line", "{users} --receipt-timeout 20s", "--feature receiptTimeout=25s"),
    "channels": (
        "line", "{peers} --bind {host} --database {database} --password-cost min",
        "--feature history"),
}

# One server for many cases tells each new client more and more: here each case has its own.
REMEMBERING = ("json",)

# The same for a server at an address.
AT_ADDRESS = {
    "padded": ("fixed:200", "", ""),
    "hello": ("line", "", ""),
    "json": (
        "json", f"--database {{folder}}/json.db --moderator {MODERATOR}",
        f"--feature rooms --feature database --feature moderators={MODERATOR}"),
    "callback": (
        "line", "{folder}/users.txt --receipt-timeout 20s",
        "--users {folder}/users.txt --feature receiptTimeout=25s"),
    "channels": (
        "line", "--database {folder}/channels.db --password-cost min",
        "--feature database --feature history"),
}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--protocol", action="append", choices=LAUNCHED, help="default: all")
    parser.add_argument("--plan", action="append", help="default: " + ", ".join(PLANS))
    parser.add_argument("--way", action="append", choices=WAYS, help="default: both of them")
    parser.add_argument("--only", action="append", default=[], help="only these scenarios")
    parser.add_argument(
        "--servers", choices=("launched", "address"), default="launched",
        help="launched by the runner (default), or one at an address")
    parser.add_argument(
        "--jobs", type=int, default=1,
        help="cases side by side, each with a server of its own (default: 1, and cases share one)")
    parser.add_argument("--seed", type=int, default=1, help="of names and texts (default: 1)")
    parser.add_argument("--timeout-scale", default="1", help="as of conformance run")
    parser.add_argument("--proxy", default="", help="further options of the proxy")
    parser.add_argument("--keep", default=str(ROOT / "results" / "proxy"), help="for reports")
    return parser.parse_args()


class Process:
    """A program that says where it listens, on its first line."""

    def __init__(self, words, folder):
        self.errors = open(folder / f"{Path(words[0]).name}.txt", "w+b")
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors)
        self.port = int(self.process.stdout.readline().decode().rpartition(":")[2] or 0)

    def end(self):
        """Ends it; its status, and what it said on standard error."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.process.stdout.close()
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace")
        self.errors.close()
        return status, said


class Run:
    """What one suite came to, with or without a proxy before its servers."""

    def __init__(self, protocol, plan, way):
        self.protocol, self.plan, self.way = protocol, plan, way
        self.name = f"{protocol} {plan} {way}" if plan else f"{protocol} direct"
        self.verdicts, self.problems, self.kept = {}, [], ""
        self.planned = self.proven = self.count = 0

    def perform(self, options, above):
        self.folder = Path(tempfile.mkdtemp(prefix=self.name.replace(" ", "-") + "-", dir=above))
        began = time.monotonic()
        if options.servers == "launched":
            self.launch(options)
        else:
            self.approach(options)
        self.seconds = time.monotonic() - began
        return self

    def proxy_words(self, framing, options):
        words = [
            f"{BIN}/splitclient", "proxy", "--framing", framing, "--cut", self.plan,
            *shlex.split(options.proxy)]
        return [*words, "--back", self.plan] if self.way == "both" else words

    def launch(self, options):
        """The runner starts the servers, each behind a proxy of its own."""
        framing, offers, told = LAUNCHED[self.protocol]
        before, port = [], "{port}"
        if self.plan:
            host = "{host}" if "{host}" in offers else "127.0.0.1"
            before = [
                sys.executable, "-S", "-E", str(BEHIND), f"{host}:{{port}}",
                *self.proxy_words(framing, options), "--"]
            port = "PORT"
        line = shlex.join([*before, f"{BIN}/refserver", self.protocol]) + f" {port} {offers}"
        words = ["--launch", line, "--jobs", str(options.jobs), *told.split()]
        if options.jobs > 1 or self.protocol in REMEMBERING:
            self.verdicts = self.judge(words, options, options.only)
            return
        self.verdicts = self.judge([*words, "--reuse"], options, options.only)
        # Cases that ask for a server of their own.
        skipped = [name for name, verdict in self.verdicts.items() if verdict == "skipped"]
        if skipped and not self.problems:
            self.verdicts |= self.judge(words, options, skipped)

    def approach(self, options):
        """One server for all, at an address."""
        (self.folder / "users.txt").write_text(USERS)
        framing, offers, told = (
            text.replace("{folder}", str(self.folder)) for text in AT_ADDRESS[self.protocol])
        server = Process([f"{BIN}/refserver", self.protocol, "0", *offers.split()], self.folder)
        try:
            if self.plan:
                self.through(server.port, framing, told, options)
            else:
                self.judge_at(server.port, told, options)
        finally:
            status, said = server.end()
        if status != 0:
            self.problems.append(f"the server ended with {status}: {said[-400:]}")

    def through(self, port, framing, told, options):
        words = [
            *self.proxy_words(framing, options), "--listen", "0", "--to", f"127.0.0.1:{port}"]
        proxy = Process(words, self.folder)
        try:
            self.judge_at(proxy.port, told, options)
        finally:
            status, said = proxy.end()
        if status != 0:
            self.problems.append(f"the proxy ended with {status}: {said[-400:]}")
        for planned, proven in re.findall(r"(\d+) cuts? planned, (\d+) proven", said):
            self.planned += int(planned)
            self.proven += int(proven)

    def judge_at(self, port, told, options):
        words = ["--target", f"127.0.0.1:{port}", *told.split()]
        self.verdicts = self.judge(words, options, options.only)

    def judge(self, words, options, only):
        """Runs the suite, or these cases of it: what each of them comes to."""
        self.count += 1
        report = self.folder / f"report{self.count}"
        words = [
            f"{BIN}/conformance", "run", self.protocol, *words, "--seed", str(options.seed),
            "--timeout-scale", options.timeout_scale, "--capture", "none",
            "--report", str(report), *(word for glob in only for word in ("--only", glob))]
        with open(self.folder / f"said{self.count}.txt", "wb") as said:
            said.write((shlex.join(words) + "\n").encode())
            said.flush()
            try:
                status = subprocess.run(
                    words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                    timeout=PATIENCE, check=False).returncode
            except subprocess.TimeoutExpired:
                status = f"none after {PATIENCE} s"
        if status not in (0, 1):
            self.problems.append(f"the runner ended with {status}")
        if not (report / "report.json").exists():
            return {}
        scenarios = json.loads((report / "report.json").read_text())["scenarios"]
        return {scenario["id"]: scenario["verdict"] for scenario in scenarios}

    def compare(self, expected):
        """Notes what is not as it is without the proxy."""
        if not self.verdicts:
            self.problems.append("no scenario was run")
        for name, verdict in sorted(self.verdicts.items()):
            if verdict != expected.get(name):
                self.problems.append(f"{name}: {verdict}, not {expected.get(name)}")

    def keep(self, options):
        kept = Path(options.keep) / self.folder.name
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(self.folder, kept)
        self.kept = kept


def tell(run, options):
    """A line on the run, and one for each case that differs."""
    counts = Counter(run.verdicts.values())
    shown = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    cuts = f"; {run.planned} cuts planned, {run.proven} proven" if run.planned else ""
    print(f"{run.name}: {len(run.problems)} differ; {shown}{cuts}; {run.seconds:.0f} s",
          flush=True)
    if run.problems:
        run.keep(options)
        print("".join(f"    {problem}\n" for problem in run.problems)
              + f"    kept in {run.kept}", flush=True)


def table(runs, plans, ways):
    """How many cases differ, for each plan and direction, one column for each protocol."""
    protocols = list(dict.fromkeys(run.protocol for run in runs))
    found = {(run.protocol, run.plan, run.way): run for run in runs}
    lines = [f"{'plan':12} {'way':6}" + "".join(f"{protocol:>10}" for protocol in protocols)]
    for plan in plans:
        for way in ways:
            cells = [found.get((protocol, plan, way)) for protocol in protocols]
            lines.append(f"{plan:12} {way:6}" + "".join(
                f"{'-' if run is None else len(run.problems):>10}" for run in cells))
    return "\n".join(lines)


def main():
    options = arguments()
    plans, ways = options.plan or PLANS, options.way or WAYS
    runs, interrupted = [], False
    with tempfile.TemporaryDirectory(prefix="proxy-") as folder:
        try:
            for protocol in options.protocol or list(LAUNCHED):
                direct = Run(protocol, None, None).perform(options, folder)
                tell(direct, options)
                for plan in plans:
                    for way in ways:
                        run = Run(protocol, plan, way).perform(options, folder)
                        run.compare(direct.verdicts)
                        tell(run, options)
                        runs.append(run)
        except KeyboardInterrupt:
            interrupted = True
    print(table(runs, plans, ways))
    return 130 if interrupted else 1 if any(run.problems for run in runs) or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
