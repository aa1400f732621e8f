"""What the processor can do that changes what an encoder gives."""

from functools import cache
from pathlib import Path

_FACTS = Path("/proc/cpuinfo")


@cache
def has_avx512() -> bool:
    """Whether x264 would use AVX-512. False where nobody can tell."""
    try:
        return "avx512f" in _FACTS.read_text("utf-8", errors="replace")
    except OSError:
        return False
