#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs all end-to-end tests, four files at a time: most of what they do is waiting.

    run_all.py [MODULE ...]

Each file is a process of its own, whose output is printed when it has ended. Exit status: 0 all
tests passed, 1 one did not, or a file had none.
"""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Those that take longest begin first.
FIRST = ["test_suite_refserver", "test_suite_channels", "test_split", "test_federation",
         "test_suite_foreign", "test_split_protocols", "test_faults", "test_suite_callback",
         "test_stress"]

# What records the network stands apart from what floods it.
APART = ["test_evidence"]


def modules():
    names = sorted(path.stem for path in HERE.glob("test_*.py"))
    return [name for name in FIRST if name in names] + [name for name in names if name not in FIRST]


def run(name):
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "unittest", "-v", name], cwd=HERE, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    ran = re.search(r"^Ran (\d+) tests? in ", done.stdout, re.MULTILINE)
    count = int(ran[1]) if ran else 0
    return name, done.returncode == 0 and count > 0, count, time.monotonic() - began, done.stdout


def main(names):
    began = time.monotonic()
    total, failed = 0, []
    together = [name for name in names if name not in APART]
    for group, workers in ((together, 4), ([name for name in names if name in APART], 1)):
        with ThreadPoolExecutor(workers) as pool:
            for future in as_completed([pool.submit(run, name) for name in group]):
                name, passed, count, seconds, said = future.result()
                print(f"-- {name}: {seconds:.0f} s\n{said}", flush=True)
                total += count
                failed += [] if passed else [name]
    print(f"All files: {total} tests in {time.monotonic() - began:.0f} s")
    print(f"FAILED: {', '.join(sorted(failed))}" if failed else "OK")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or modules()))
