"""Celery broker made of files that never shows a half-written message.

kombu's filesystem transport opens the final name and then writes, so that a consumer may read an empty
file and lose the message (celery/kombu#1551). Here the message is written beside and renamed: on one
file system a rename is atomic. The name starts with the wall clock, which keeps first in, first out
over a reboot.
"""

import os
import time
import uuid

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # kombu's own two base classes name the second argument differently
    def _put(self, queue: str, payload: dict, **kwargs: object) -> None:  # type: ignore[override]  # kombu has no types
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        hidden = os.path.join(self.data_folder_out, f".{name}.tmp")
        with open(hidden, "xb") as file:
            file.write(str_to_bytes(dumps(payload)))
        os.rename(hidden, os.path.join(self.data_folder_out, name))


class Transport(filesystem.Transport):
    Channel = Channel

    def __init__(self, client: object, **kwargs: object) -> None:
        super().__init__(client, **kwargs)
        # Whoever speaks first (worker, web server, a command in a fresh clone) makes the folders.
        options = client.transport_options  # type: ignore[attr-defined]  # kombu
        for folder in ("data_folder_in", "data_folder_out", "control_folder", "processed_folder"):
            if folder in options:
                os.makedirs(options[folder], mode=0o700, exist_ok=True)
