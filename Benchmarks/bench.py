#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures every figure of README.md beside its limit and prints a table.

    bench.py [--quick] [--only TEXT] [--json FILE]

Both sides of a figure are measured in turn, A B A B ..., so that a machine that is busy for a while
is busy for both; the ratio is taken within each repetition. Exit status: 0 all was measured,
whatever came out; 1 something could not be measured; 2 wrong usage.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from figures import figures  # noqa: E402
from measure import ROOT, CannotMeasure, build  # noqa: E402


def repetition(figure):
    ours = figure.ours()
    limit = figure.limit() if callable(figure.limit) else figure.limit
    return ours, limit


def row(figure, repetitions):
    """What the repetitions of a figure come to."""
    ratios = [ours / limit for ours, limit in repetitions]
    ratio = statistics.median(ratios)
    return {
        "figure": figure.name,
        "unit": figure.unit,
        "sides": list(figure.sides),
        "ours": statistics.median(ours for ours, _ in repetitions),
        "limit": statistics.median(limit for _, limit in repetitions),
        "ratio": {"median": ratio, "min": min(ratios), "max": max(ratios)},
        "reach": figure.reach,
        "atLeast": figure.more_is_better,
        "reached": ratio >= figure.reach if figure.more_is_better else ratio <= figure.reach,
        "repetitions": [{"ours": ours, "limit": limit} for ours, limit in repetitions],
    }


def number(value):
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def print_table(rows):
    lines = [("figure", "", "measured", "beside", "ratio [min-max]", "reach", "reached")]
    for entry in rows:
        one, other = entry["sides"]
        unit, ratio = entry["unit"], entry["ratio"]
        spread = f"{number(ratio['median'])} [{number(ratio['min'])}-{number(ratio['max'])}]"
        lines.append((
            entry["figure"], unit, f"{one} {number(entry['ours'])}",
            f"{other} {number(entry['limit'])}", spread,
            f"{'>=' if entry['atLeast'] else '<='} {number(entry['reach'])}",
            "yes" if entry["reached"] else "no",
        ))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(description="Measures every figure beside its limit.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter repetitions")
    parser.add_argument("--only", default="", metavar="TEXT", help="figures whose name has TEXT")
    parser.add_argument("--json", metavar="FILE", help="where the JSON goes, else results/")
    options = parser.parse_args()
    chosen = [f for f in figures(options.quick) if options.only in f.name]
    if not chosen:
        parser.error(f"no figure's name has {options.only!r} in it")

    count = 3 if options.quick else 5
    began = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    done, failures = {f.name: [] for f in chosen}, {}
    try:
        build()
        for turn in range(count):
            for figure in chosen:
                if figure.name in failures or turn >= figure.turns:
                    continue
                if sys.stderr.isatty():
                    print(f"\r\033[K{turn + 1}/{count} {figure.name}", end="", file=sys.stderr)
                try:
                    done[figure.name].append(repetition(figure))
                except CannotMeasure as error:
                    failures[figure.name] = str(error)
    except CannotMeasure as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)

    rows = [row(f, done[f.name]) for f in chosen if f.name not in failures]
    print_table(rows)
    result = {
        "began": began,
        "repetitions": count,
        "quick": options.quick,
        "machine": {
            "processors": os.cpu_count(), "kernel": platform.release(),
            "architecture": platform.machine(), "load": os.getloadavg()[0],
        },
        "figures": rows,
        "notMeasured": [{"figure": name, "reason": why} for name, why in failures.items()],
    }
    file = Path(options.json) if options.json else ROOT / "results" / f"bench-{began}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"\n{sum(r['reached'] for r in rows)} of {len(chosen)} reached; {file}")
    for name, why in failures.items():
        print(f"bench: not measured: {name}: {why}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
