#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`padded_threads.py`, but for how it reads: whole frames only.

    python3 padded_whole_frames.py PORT

It looks at what has come (MSG_PEEK) and is woken by a whole frame only (SO_RCVLOWAT). What has come
of a frame whose rest is missing stays in the kernel's receive queue. That is as correct as any other
way to wait for 200 bytes.
"""

import select
import socket

from padded_threads import WIDTH, Client, Server, main

# The end of what a client sends, which wakes whatever has come before it.
ENDS = select.POLLRDHUP | select.POLLHUP | select.POLLERR


class WholeFrames(Client):
    def chunks(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, WIDTH)
        watch = select.poll()
        watch.register(self.connection, select.POLLIN | select.POLLRDHUP)
        while True:
            ready = watch.poll()[0][1]
            try:
                count = len(self.connection.recv(WIDTH, socket.MSG_PEEK | socket.MSG_DONTWAIT))
                if count < WIDTH and not ready & ENDS:
                    continue
                chunk = self.connection.recv(WIDTH)
            except BlockingIOError:
                continue
            except OSError:
                return
            if not chunk:
                return
            yield chunk


if __name__ == "__main__":
    main(Server(WholeFrames))
