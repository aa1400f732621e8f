"""Whatever is read first may be read by several threads at once: what readers are put together from is known
before there are threads. Where it was not, msgspec 0.22 ended two to nine processes of twelve (SIGSEGV)."""

import subprocess
import sys

import pytest

_TOGETHER = """
import sys, threading
{given}
sys.setswitchinterval(1e-6)
together = threading.Barrier(8)
def first():
    together.wait()
    {read}
readers = [threading.Thread(target=first) for _ in range(8)]
for reader in readers: reader.start()
for reader in readers: reader.join()
"""
_PROJECT = (
    "from saycut.timeline.stored import from_text",
    """from_text('{"format":1,"project":{}}')""",
)
_OPERATION = (
    "from saycut.operations.catalogue import build",
    "build('denoise', {'strength': 'strong'})",
)
_INFO = (
    "from saycut.media.info import info_from_json; import msgspec",
    "\n    ".join(("try: info_from_json(b'{}')", "except msgspec.ValidationError: pass")),
)
_ATTEMPTS = 4


@pytest.mark.parametrize("place", [_PROJECT, _OPERATION, _INFO], ids=["project", "operation", "info"])
def test_the_first_of_all_is_read_by_eight_threads(place: tuple[str, str]) -> None:
    given, read = place
    for _ in range(_ATTEMPTS):
        program = _TOGETHER.format(given=given, read=read)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
