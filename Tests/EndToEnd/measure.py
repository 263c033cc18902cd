#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program and writes down the most memory it had, in kilobytes.

    measure.py FILE PROGRAM [ARGUMENT ...]

A process of its own: the kernel counts into a new program's peak what the process had that
started it, and the tests themselves may have had much.
"""

import os
import sys


def main(file, *words):
    process = os.posix_spawnp(words[0], words, os.environ)
    _, status, usage = os.wait4(process, 0)
    with open(file, "w", encoding="utf-8") as result:
        result.write(str(usage.ru_maxrss))
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
