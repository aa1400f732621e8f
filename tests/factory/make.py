"""Building each specified file once, and keeping it."""

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import av

from tests.factory.broken import write_broken
from tests.factory.clips import BROKEN, CLIPS, STILLS
from tests.factory.encode import write_clip
from tests.factory.extras import add_extras
from tests.factory.spec import Broken, Spec, Still
from tests.factory.still import write_still

_KEPT_S = 86_400.0


def make(spec: Spec | str) -> Path:
    """The file of `spec` (a spec, or a name in CLIPS, STILLS or BROKEN), built when it is not there yet.

    Files are shared between tests and test runs: read-only, copy one before changing it. They lie in
    a folder of the temp directory (or of SAYCUT_FACTORY_DIR) named by a hash of the factory's own source
    and the engine's version, under a hash of the spec, so that none is ever stale; what an older source
    made is removed a day after its last use.
    """
    if isinstance(spec, str):
        name, spec = spec, named(spec)
    else:
        name = type(spec).__name__.lower()
    key = hashlib.sha256(repr(spec).encode()).hexdigest()[:16]
    path = _folder(os.environ.get("SAYCUT_FACTORY_DIR")) / f"{name}-{key}{spec.suffix}"
    if not path.exists():
        work = path.with_name(f".{os.getpid()}-{path.name}")
        try:
            _write(spec, work)
            work.chmod(0o444)
            # Atomic, and the first of parallel test processes wins: a sandbox is granted the file it saw.
            with suppress(FileExistsError):
                os.link(work, path)
        finally:
            work.unlink(missing_ok=True)
    return path


def named(name: str) -> Spec:
    """The spec of that name; KeyError when there is none."""
    everything: dict[str, Spec] = {**BROKEN, **STILLS, **CLIPS}
    return everything[name]


def _write(spec: Spec, path: Path) -> None:
    if isinstance(spec, Still):
        write_still(spec, path)
    elif isinstance(spec, Broken):
        write_broken(spec, path, make("faststart").read_bytes())
    elif spec.subtitle or spec.cover or spec.timecode:
        plain = replace(spec, subtitle=False, cover=False, timecode=False)
        add_extras(spec, make(plain), path)
    else:
        write_clip(spec, path)


@lru_cache(maxsize=1)
def _version() -> str:
    here = Path(__file__).parent
    voice = here.parents[1] / "examples"
    sources = [source for source in sorted(here.glob("*.py")) if not source.name.startswith("test_")]
    sources += [*sorted(voice.glob("voice/*.*")), voice / "stage" / "script.py"]
    content = b"".join(source.read_bytes() for source in sources)
    return hashlib.sha256(content + av.__version__.encode()).hexdigest()[:12]


@lru_cache(maxsize=4)
def _folder(chosen: str | None) -> Path:
    root = Path(chosen) if chosen else Path(tempfile.gettempdir()) / f"saycut-factory-{os.getuid()}"
    folder = root / _version()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.utime(folder)
    for other in root.iterdir():
        if other.is_dir() and other.stat().st_mtime < time.time() - _KEPT_S:
            shutil.rmtree(other, ignore_errors=True)
    return folder
