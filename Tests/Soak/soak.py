#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a suite again and again under changing conditions: one verdict that differs is our failure.

    soak.py [--runs N] [--protocol NAME ...] [--launch LINE] [--seed N] [--keep DIR]

Every run has another seed and the next of these conditions: scenarios one after the other; eight
side by side; the same two while all processors are busy; time-outs ten times as long; two runs at
once against two servers. Each run must have the same cases, skip the same ones where one server has
them all and where each has its own, have the same verdict of each, and end with the status that these
verdicts make.

Exit status: 0 all verdicts are the same; 1 one is not, or a run did not end as runs do; 130
interrupted, after telling what was done. Reports that differ are kept in DIR.
"""

import argparse
import contextlib
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("CHATSPEC_BIN") or ROOT / ".build" / "release").resolve()

# A run that takes so many seconds will not end.
PATIENCE = 900

# What a server is started with beside its port, where it needs something.
NEEDED = {
    "callback": " {users} --receipt-timeout 2s",
    "channels": " {peers} --bind {host} --database {database} --password-cost min",
}
FEATURES = {
    "callback": ["--feature", "receiptTimeout=3s"],
    "channels": ["--feature", "history"],
}

CONDITIONS = {
    "one after the other": {},
    "side by side": {"options": ["--jobs", "8"]},
    "busy processors": {"busy": True},
    "side by side, busy processors": {"busy": True, "options": ["--jobs", "8"]},
    "ten times the patience": {"options": ["--timeout-scale", "10"]},
    "two runs at once": {"options": ["--reuse"], "twice": True},
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=500, help="how many runs (default: 500)")
    parser.add_argument("--protocol", action="append", help="only this one; default: all in specs/")
    parser.add_argument("--launch", help="the server's line; default: refserver")
    parser.add_argument("--only", action="append", default=[], help="only these scenarios")
    parser.add_argument("--seed", type=int, help="of the seeds; default: another each time")
    parser.add_argument("--keep", default=str(ROOT / "results" / "soak"), help="for reports")
    return parser.parse_args()


@contextlib.contextmanager
def busy(needed):
    """Keeps every processor busy with something else."""
    count = os.cpu_count() if needed else 0
    # One that is left behind by a soak that was killed must not burn on.
    burn = f"import os\nwhile os.getppid() == {os.getpid()}: pass"
    burners = [subprocess.Popen([sys.executable, "-S", "-c", burn])
               for _ in range(count)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


class Soak:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.random = random.Random(options.seed)
        self.is_ours = options.launch is None
        self.expected = {}
        # Of each protocol, the cases that there are; also those that are skipped, which are more
        # where one server has all.
        self.named = {}
        self.skipped = {}
        self.done = Counter()
        self.cases = 0
        self.bad = []

    def protocols(self):
        if self.options.protocol:
            return self.options.protocol
        return sorted(path.parent.name for path in (ROOT / "specs").glob("*/protocol.json"))

    def run(self, progress):
        number = 0
        for name, protocol in self.turns():
            if number >= self.options.runs:
                return
            number += self.under(name, protocol, number)
            progress(number)

    def turns(self):
        """Each protocol under a condition, then under the next, for ever."""
        while True:
            for name in CONDITIONS:
                for protocol in self.protocols():
                    yield name, protocol

    def under(self, name, protocol, number):
        """Runs the suite once or twice under a condition; how often."""
        condition = CONDITIONS[name]
        times = 2 if condition.get("twice") else 1
        with busy(condition.get("busy")):
            runs = [self.start(protocol, number + place, condition) for place in range(times)]
            for run in runs:
                self.finish(protocol, name, *run)
        return times

    def start(self, protocol, number, condition):
        report = self.folder / f"{number}-{protocol}"
        needed = NEEDED.get(protocol, "")
        launch = self.options.launch or f"{BIN / 'refserver'} {protocol} {{port}}{needed}"
        words = [
            str(BIN / "conformance"), "run", protocol, "--launch", launch,
            "--seed", str(self.random.randrange(1_000_000)), "--report", str(report),
            *FEATURES.get(protocol, []), *condition.get("options", []),
            *(word for glob in self.options.only for word in ("--only", glob)),
        ]
        with open(f"{report}.txt", "wb") as said:
            process = subprocess.Popen(
                words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        return words, process, report

    def finish(self, protocol, name, words, process, report):
        try:
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            status = f"none after {PATIENCE} s"
        self.done[name] += 1
        problems = (self.compare(protocol, "--reuse" in words, report, status)
                    if status in (0, 1) else [f"status {status}"])
        if not problems:
            shutil.rmtree(report)
            os.remove(f"{report}.txt")
            return
        kept = Path(self.options.keep) / report.name
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        if report.exists():
            shutil.move(report, kept / "report")
        shutil.move(f"{report}.txt", kept / "said.txt")
        self.bad.append(f"{name}: {shlex.join(words)}\n" + "".join(f"    {p}\n" for p in problems)
                        + f"    kept in {kept}")
        print(self.bad[-1], flush=True)

    def compare(self, protocol, is_shared, report, status):
        """What is not as in the runs before; a case that is skipped here has no verdict."""
        scenarios = json.loads((report / "report.json").read_text())["scenarios"]
        verdicts = {scenario["id"]: scenario["verdict"] for scenario in scenarios}
        if set(verdicts.values()) <= {"skipped"}:
            return ["nothing was judged"]
        skipped = {name for name, verdict in verdicts.items() if verdict == "skipped"}
        problems = [] if len(verdicts) == len(scenarios) else ["a case is there twice"]
        problems += self.differences(self.named, protocol, set(verdicts), "there")
        problems += self.differences(self.skipped, (protocol, is_shared), skipped, "skipped")
        for name, verdict in verdicts.items():
            if verdict == "skipped":
                continue
            self.cases += 1
            # Our own server does well from the first run on.
            does_well = verdict in ("pass", "observed") or not self.is_ours
            expected = self.expected.setdefault((protocol, name), verdict if does_well else "pass")
            if verdict != expected:
                problems.append(f"{name}: {verdict}, not {expected}")
        fails = any(verdict in ("fail", "inconclusive") for verdict in verdicts.values())
        if status != int(fails):
            problems.append(f"status {status} does not fit the verdicts")
        return problems

    @staticmethod
    def differences(known, key, names, word):
        """Names that are not those of the first run that has this key."""
        first = known.setdefault(key, names)
        return ([f"{name}: not {word}" for name in sorted(first - names)]
                + [f"{name}: {word}, as it was not before" for name in sorted(names - first)])

    def summary(self, seconds):
        lines = [f"{count:5} runs  {name}" for name, count in self.done.items()]
        verdicts = Counter(self.expected.values())
        lines.append(
            f"{sum(self.done.values()):5} runs in {seconds:.0f} s, {self.cases} verdicts on "
            f"{len(self.expected)} cases: "
            + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()))
        lines.append(f"{len(self.bad)} runs differ" if self.bad else "all verdicts are the same")
        return "\n".join(lines)


def main():
    options = arguments()
    if options.seed is None:
        options.seed = random.randrange(1_000_000)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        soak = Soak(options, Path(folder))

        def progress(number):
            if sys.stderr.isatty():
                print(f"\r{number} of {options.runs} ", end="", file=sys.stderr, flush=True)

        interrupted = False
        try:
            soak.run(progress)
        except KeyboardInterrupt:
            interrupted = True
        print(f"seed {options.seed}\n" + soak.summary(time.monotonic() - began))
    return 130 if interrupted else 1 if soak.bad or not soak.expected else 0


if __name__ == "__main__":
    sys.exit(main())
