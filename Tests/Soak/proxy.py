#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the suites through `splitclient proxy` under every plan: no verdict may change by that.

    proxy.py [--protocol NAME ...] [--plan PLAN ...] [--way there|both ...] [--only GLOB ...]
             [--jobs N] [--seed N] [--timeout-scale N] [--proxy OPTIONS] [--keep DIR]

Each run has a reference server of its own, at an address, and a proxy before it that cuts by the
plan what goes to the server ("there") or what goes either way ("both"). What a case comes to must
be what it comes to at that address without the proxy. What a server opens itself (the connections
back of `callback`, federation) does not pass through the proxy, and what needs the server's process
is skipped at an address: how many cases that is stands in the table.

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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("CHATSPEC_BIN") or ROOT / ".build" / "release").resolve()

# A run that takes so many seconds will not end.
PATIENCE = 1800

PLANS = (
    "whole", "bytes", "every:7", "at:1", "straddle", "coalesce:3", "parts:3", "random:7", "utf8",
    "escape", "tokens", "delimiter")
WAYS = ("there", "both")

MODERATOR = "Moderator"
USERS = "".join(f"user{number} Secret{number}\n" for number in range(1, 17))

# What messages are, what the server is started with, and what the runner is told of it.
PROTOCOLS = {
    "padded": ("fixed:200", "", ""),
    "hello": ("line", "", ""),
    "json": (
        "json", f"--database {{folder}}/json.db --moderator {MODERATOR}",
        f"--feature rooms --feature database --feature moderators={MODERATOR}"),
    "callback": (
        "line", "{folder}/users.txt --receipt-timeout 2s",
        "--users {folder}/users.txt --feature receiptTimeout=3s"),
    "channels": (
        "line", "--database {folder}/channels.db --password-cost min",
        "--feature database --feature history"),
}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--protocol", action="append", choices=PROTOCOLS, help="default: all")
    parser.add_argument("--plan", action="append", help="default: " + ", ".join(PLANS))
    parser.add_argument("--way", action="append", choices=WAYS, help="default: both of them")
    parser.add_argument("--only", action="append", default=[], help="only these scenarios")
    parser.add_argument("--jobs", type=int, default=2, help="runs side by side (default: 2)")
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
    """What one suite came to, at a server's address or through a proxy."""

    def __init__(self, protocol, plan, way):
        self.protocol, self.plan, self.way = protocol, plan, way
        self.name = f"{protocol} {plan} {way}" if plan else f"{protocol} direct"
        self.verdicts, self.problems, self.kept = {}, [], ""
        self.planned = self.proven = 0

    def perform(self, options, above):
        folder = Path(tempfile.mkdtemp(prefix=self.name.replace(" ", "-") + "-", dir=above))
        (folder / "users.txt").write_text(USERS)
        began = time.monotonic()
        framing, offers, told = (
            text.replace("{folder}", str(folder)) for text in PROTOCOLS[self.protocol])
        server = Process(
            [f"{BIN}/refserver", self.protocol, "0", *offers.split()], folder)
        try:
            if self.plan:
                self.through(server.port, framing, told, options, folder)
            else:
                self.judge(server.port, told, options, folder)
        finally:
            status, said = server.end()
        if status != 0:
            self.problems.append(f"the server ended with {status}: {said[-400:]}")
        self.seconds = time.monotonic() - began
        self.folder = folder
        return self

    def through(self, port, framing, told, options, folder):
        words = [
            f"{BIN}/splitclient", "proxy", "--listen", "0", "--to", f"127.0.0.1:{port}",
            "--framing", framing, "--cut", self.plan, *shlex.split(options.proxy)]
        if self.way == "both":
            words += ["--back", self.plan]
        proxy = Process(words, folder)
        try:
            self.judge(proxy.port, told, options, folder)
        finally:
            status, said = proxy.end()
        if status != 0:
            self.problems.append(f"the proxy ended with {status}: {said[-400:]}")
        for planned, proven in re.findall(r"(\d+) cuts? planned, (\d+) proven", said):
            self.planned += int(planned)
            self.proven += int(proven)

    def judge(self, port, told, options, folder):
        words = [
            f"{BIN}/conformance", "run", self.protocol, "--target", f"127.0.0.1:{port}",
            "--seed", str(options.seed), "--timeout-scale", options.timeout_scale,
            "--capture", "none", "--report", str(folder / "report"), *told.split(),
            *(word for glob in options.only for word in ("--only", glob))]
        with open(folder / "said.txt", "wb") as said:
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
            return
        report = json.loads((folder / "report" / "report.json").read_text())
        self.verdicts = {
            scenario["id"]: scenario["verdict"] for scenario in report["scenarios"]}

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
    protocols = options.protocol or list(PROTOCOLS)
    runs, interrupted = [], False
    with tempfile.TemporaryDirectory(prefix="proxy-") as folder, \
            ThreadPoolExecutor(options.jobs) as pool:

        def begin(*words):
            return pool.submit(Run(*words).perform, options, folder)

        directly = {protocol: begin(protocol, None, None) for protocol in protocols}
        futures = [
            begin(protocol, plan, way) for protocol in protocols for plan in plans for way in ways]
        try:
            for direct in directly.values():
                tell(direct.result(), options)
            for future in futures:
                run = future.result()
                run.compare(directly[run.protocol].result().verdicts)
                tell(run, options)
                runs.append(run)
        except KeyboardInterrupt:
            interrupted = True
            pool.shutdown(cancel_futures=True)
    print(table(runs, plans, ways))
    return 130 if interrupted else 1 if any(run.problems for run in runs) or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
