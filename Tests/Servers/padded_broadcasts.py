#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A correct server for `padded` whose news come late: a thread of its own tells everyone.

    python3 padded_broadcasts.py PORT

It is padded_threads.py but for what several clients are told (who joined, who left, what was said):
that waits in a queue, in its order, two milliseconds where nothing else waits, while answers to a client's own
requests go out at once. So news may reach a client long after the answer to what it asked later.
"""

import queue
import threading
import time

from padded_threads import Room, Server, main

DELAY = 0.002


class LateRoom(Room):
    def __init__(self):
        super().__init__()
        self.news = queue.SimpleQueue()
        threading.Thread(target=self.spread, daemon=True).start()

    def announce(self, members, text):
        self.news.put((list(members), text))

    def spread(self):
        while True:
            members, text = self.news.get()
            if self.news.empty():
                time.sleep(DELAY)
            super().announce(members, text)


if __name__ == "__main__":
    server = Server()
    server.room = LateRoom()
    main(server)
