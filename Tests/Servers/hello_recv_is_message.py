#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server for `hello` with the field's most common defect: one recv is one message.

    python3 hello_recv_is_message.py PORT

Whatever a recv of up to 4,096 bytes brings is handled as one line, the newline at its end, if there
is one, taken off. Lines that arrive whole and alone are served as hello_asyncio.py serves them.
"""

from hello_asyncio import Client, Server, main


class RecvIsMessage(Client):
    async def lines(self):
        while not self.is_gone:
            try:
                chunk = await self.reader.read(4096)
            except OSError:
                return
            if not chunk:
                return
            yield chunk.removesuffix(b"\n")


if __name__ == "__main__":
    main(Server(RecvIsMessage))
