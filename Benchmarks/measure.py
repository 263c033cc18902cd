# SPDX-License-Identifier: Apache-2.0
"""Starting programs and reading what they measured."""

import contextlib
import json
import os
import re
import resource
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = Path(os.environ.get("CHATSPEC_BIN", ROOT / ".build/release")).resolve()
THEIRS = ROOT / ".build/bench"
SPECS = ROOT / "Benchmarks/specs"
CORES = sorted(os.sched_getaffinity(0))


class CannotMeasure(Exception):
    """Something did not run, or did not do what it should."""


def build():
    """Compiles the C programs; they are small, so all of them each time."""
    THEIRS.mkdir(parents=True, exist_ok=True)
    for source in sorted((ROOT / "Benchmarks/programs").glob("*.c")):
        run(["gcc", "-O2", "-Wall", "-Wextra", "-o", THEIRS / source.stem, source])


def run(command, timeout=120, ok=(0,), **options):
    """The standard output of a command that must succeed."""
    command = [str(word) for word in command]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, cwd=ROOT, **options
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotMeasure(f"{Path(command[0]).name}: {error}") from error
    if done.returncode not in ok:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise CannotMeasure(f"{' '.join(command)}: status {done.returncode}: {' '.join(last)}")
    return done.stdout


def measured(command, **options):
    return json.loads(run(command, **options))


def timed(command, **options):
    """Wall clock and processor seconds of a command and all that it started."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    output = run(command, **options)
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, output


def pinned(core, command):
    """The command on one processor only, where there are two."""
    if len(CORES) < 2:
        return command
    return ["taskset", "-c", str(CORES[core]), *command]


@contextlib.contextmanager
def server(command, is_alone=True):
    """A server of its own: its port and its process id.

    It is pinned to the first processor, unless it shares all of them with who measures it.
    """
    command = [str(word) for word in (pinned(0, command) if is_alone else command)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    try:
        line = process.stdout.readline()
        found = re.search(r"(\d+)$", line.strip())
        if not found:
            raise CannotMeasure(f"{' '.join(command)} did not say where it listens, but {line!r}")
        yield int(found[1]), process.pid
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@contextlib.contextmanager
def servers(count, command):
    """So many servers that are each other's peers, at addresses of their own with one port: where.

    `command` makes a server's command of its address, its port and its peers file.
    """
    hosts = [f"127.9.{os.getpid() % 250 + 1}.{number + 1}" for number in range(count)]
    port = free_port(hosts)
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as started:
        peers = Path(folder, "peers.txt")
        peers.write_text("".join(f"{host}:{port}\n" for host in hosts), encoding="utf-8")
        for host in hosts:
            started.enter_context(server(command(host, port, peers), is_alone=False))
        yield [f"{host}:{port}" for host in hosts]


def free_port(hosts):
    """A port that nobody has at any of these addresses."""
    for _ in range(100):
        with contextlib.ExitStack() as bound:
            port = 0
            try:
                for host in hosts:
                    socket_ = bound.enter_context(socket.socket())
                    socket_.bind((host, port))
                    port = socket_.getsockname()[1]
            except OSError:
                continue
            return port
    raise CannotMeasure("no port is free")


def conformance(protocol, launch, *options, command="run", **settings):
    """Wall clock and processor seconds of a run, and its report."""
    with tempfile.TemporaryDirectory() as folder:
        line = [
            OURS / "conformance", command, protocol, "--launch", launch, "--capture", "none",
            "--report", folder, *options,
        ]
        wall, cpu, _ = timed(line, **settings)
        report = json.loads(Path(folder, "report.json").read_text(encoding="utf-8"))
    return wall, cpu, report
