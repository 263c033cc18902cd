#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server for `padded` with the field's most common defect: one recv is one message.

    python3 padded_recv_is_message.py PORT

Whatever a recv of up to 200 bytes brings is stripped and handled as a message. Frames that arrive
whole are served as padded_threads.py serves them; frames that arrive cut are not put together.
"""

from padded_threads import WIDTH, Client, Server, main


class RecvIsMessage(Client):
    def frames(self):
        while True:
            try:
                chunk = self.connection.recv(WIDTH)
            except OSError:
                return
            if not chunk:
                return
            yield chunk


if __name__ == "__main__":
    main(Server(RecvIsMessage))
