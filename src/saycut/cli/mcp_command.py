"""`saycut mcp`: the door for an agent on this machine."""

import argparse
import os
from pathlib import Path

from saycut.watch import Watch

_FOLDER = "mcp"  # in the user's data folder, beside what `serve` keeps


def arguments(verb: argparse.ArgumentParser) -> None:
    """What `mcp` takes."""
    verb.add_argument(
        "--root",
        type=Path,
        action="append",
        metavar="DIR",
        help="a folder to read from and save to; may be given again (default: the current one)",
    )
    verb.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="sessions and media (default: mcp in your data folder)"
    )
    verb.add_argument("--music-folder", type=Path, metavar="DIR", help="your own tracks, used first")


def mcp(options: argparse.Namespace, _: Watch) -> int:
    """Answer on standard input and output until it is closed."""
    from concurrent.futures import ThreadPoolExecutor

    import msgspec

    from saycut.http.embedded import Embedded
    from saycut.service.configuration import configured, usual_data_dir
    from saycut.service.workplace import Workplace

    said = {
        "data_dir": options.data_dir or usual_data_dir(os.environ) / _FOLDER,
        "music_folder": options.music_folder,
    }
    settings = msgspec.structs.replace(configured(said).settings, host="127.0.0.1", port=0)
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(Embedded, settings)
        from saycut.mcp.over_stdio import serve  # takes as long to load as the service to start

    with starting.result():
        workplace = Workplace(settings)
        try:
            serve(workplace, options.root or [Path.cwd()])
        finally:
            workplace.close()
    return 0
