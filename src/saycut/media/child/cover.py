"""Child program: the first attached picture.

Request: path, demuxer. Answer: the image as it is stored, or nothing.
"""

import sys
from typing import Any

from saycut.media.child.opening import open_media, packets
from saycut.media.child.tracks import is_attached_picture


def main(request: dict[str, Any]) -> None:
    container = open_media(request["path"], request["demuxer"])
    for stream in container.streams:
        if is_attached_picture(stream):
            for packet in packets(container, [stream]):
                sys.stdout.buffer.write(bytes(packet))
                return
