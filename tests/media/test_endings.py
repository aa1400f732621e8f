"""How a child's end reads to a person."""

import signal
from pathlib import Path

import pytest

from saycut.errors import Cancelled, DiskFull, EngineFailed, LimitExceeded, SaycutError
from saycut.media.endings import Ending, StoppedBy, check_ending, last_line

OUT = Path("/somewhere/out.mp4")


def ending(status: int, tail: str = "", stopped_by: StoppedBy | None = None) -> Ending:
    return Ending(status, tail, stopped_by, {"cpu_s": 5, "wall_s": 60.0}, (OUT,))


@pytest.mark.parametrize(
    ("status", "tail", "stopped_by", "error"),
    [
        (0, "", StoppedBy.PERSON, Cancelled),  # a program that ended well all the same was still stopped
        (255, "", StoppedBy.PERSON, Cancelled),
        (255, "", StoppedBy.CLOCK, LimitExceeded),
        (228, "", None, DiskFull),
        (1, "av_interleaved_write_frame(): No space left on device\nConversion failed!", None, DiskFull),
        (1, "OSError: [Errno 122] Disk quota exceeded", None, DiskFull),
        (-signal.SIGXCPU, "", None, LimitExceeded),
        (-signal.SIGKILL, "", None, LimitExceeded),  # the kernel ran out of memory
        (-signal.SIGXFSZ, "", None, LimitExceeded),
        (1, "Error while filtering: Cannot allocate memory", None, LimitExceeded),
        (1, "something else", None, EngineFailed),
        (-signal.SIGSEGV, "", None, EngineFailed),
    ],
)
def test_each_end_has_its_error(
    status: int, tail: str, stopped_by: StoppedBy | None, error: type[SaycutError]
) -> None:
    with pytest.raises(error):
        check_ending(ending(status, tail, stopped_by), accept=(0,))


def test_an_accepted_status_is_no_error() -> None:
    check_ending(ending(3, "No such thing"), accept=(0, 3))


def test_disk_full_names_the_folder() -> None:
    with pytest.raises(DiskFull, match="disk of /somewhere;"):
        check_ending(ending(228), accept=(0,))


def test_reason_is_the_last_line_without_addresses() -> None:
    text = "one\n[in#0 @ 0x55c2f0] Error opening input: Invalid data found\n\n"
    assert last_line(text) == "[in#0] Error opening input: Invalid data found"
    assert last_line("") == ""
