"""Files that are not what their name says, or not all of it."""

from pathlib import Path

import numpy as np

from tests.factory.spec import Broken

_PLAYLIST = "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:3.0,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"
_FILLER_BYTES = 65_536


def write_broken(broken: Broken, path: Path, whole: bytes) -> None:
    """Write `broken`; `whole` is a sound MP4 file with its index in front, to cut from."""
    path.write_bytes(_content(broken.how, whole))


def _content(how: str, whole: bytes) -> bytes:
    media = whole.index(b"mdat") - 4
    middle = media + (len(whole) - media) // 2
    file_type = whole[: int.from_bytes(whole[:4], "big")]
    contents: dict[str, bytes] = {
        "empty": b"",
        "header": file_type,
        "text": b"Dear diary, today I renamed a text file to .mp4.\n" * 40,
        "noise": np.random.default_rng(7).bytes(_FILLER_BYTES),
        "zeros": bytes(_FILLER_BYTES),
        "playlist": _PLAYLIST.encode(),
        "truncated": whole[: media + (len(whole) - media) * 6 // 10],
        "no_index": file_type + whole[media:],
        "damaged": whole[:middle] + np.random.default_rng(8).bytes(3000) + whole[middle + 3000 :],
    }
    return contents[how]
