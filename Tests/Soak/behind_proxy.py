#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts a server behind `splitclient proxy`, for the launch line of `conformance run`.

    behind_proxy.py LISTEN PROXY_WORDS -- COMMAND_WORDS

LISTEN (HOST:PORT) is where the proxy listens, as soon as the server does; PROXY_WORDS are the
program and its further options. The word PORT among COMMAND_WORDS becomes the server's own port.

This process becomes the server: its signals, its status and its output are the server's. The proxy
is a child of it and outlives it, so that what the server said last, and how it ended, still passes;
who has started this (the runner does) ends all of its descendants.
"""

import os
import socket
import sys
import time

LISTENING = "0A"

# A server whose proxy cannot be, as its port is taken, must not be either.
TOGETHER = '"$@" || kill -TERM $PPID'


def free_port(host):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def listens(port):
    """Whether somebody listens there; the kernel is asked, as the server counts who connects."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="ascii") as lines:
            next(lines)
            for line in lines:
                words = line.split(None, 4)
                # Who listens is listed first, before thousands of connections.
                if words[3] != LISTENING:
                    break
                if int(words[1].rpartition(":")[2], 16) == port:
                    return True
    return False


def become_proxy(listen, host, port, words, server):
    while not listens(port):
        if os.getppid() != server:
            os._exit(1)
        time.sleep(0.005)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    words = [*words, "--listen", listen, "--to", f"{host}:{port}"]
    os.execvp("sh", ["sh", "-c", TOGETHER, "sh", *words])


def main():
    listen, *words = sys.argv[1:]
    at = words.index("--")
    proxy, command = words[:at], words[at + 1:]
    host = listen.rpartition(":")[0]
    port = free_port(host)
    server = os.getpid()
    if os.fork() == 0:
        become_proxy(listen, host, port, proxy, server)
    command = [str(port) if word == "PORT" else word for word in command]
    os.execvp(command[0], command)


main()
