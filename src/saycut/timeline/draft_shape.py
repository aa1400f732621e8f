"""What the writer and the reader of drafts agree on (`timeline.draft` says it in words)."""

from saycut.timeline.clock import Seconds

VIDEO, AUDIO, TEXT = 0, 1, 7
VERSION = 1
OWN = "saycut"  # the key in `m` under which the exact values stand


def in_ms(time_s: Seconds) -> int:
    """A time as drafts tell it."""
    return round(time_s * 1000)
