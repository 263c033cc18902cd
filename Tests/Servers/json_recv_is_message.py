#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The server of `json_threads.py` with the field's most common defect: one recv is one object.

    python3 json_recv_is_message.py PORT [--database FILE] [--moderator NAME]
"""

from json_threads import Malformed, main, parse


class Reads:
    def feed(self, data):
        try:
            yield parse(data)
        except Malformed:
            pass  # What is no object by itself is passed over.


if __name__ == "__main__":
    main(Reads)
