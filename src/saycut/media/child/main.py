"""The entrance of our child programs: `python -I main.py PROGRAM REQUEST`.

Runs fenced in by `launcher.py`. Answers go to stdout; a refusal, or the report of a streaming
program, is the last line of stderr as JSON.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saycut.media.child.refusing import Refused

REFUSED_STATUS = 3


def _given_up(error: Exception) -> "Refused | None":
    """Wherever the engine gives up on a file, the file is at fault; any other error is ours."""
    engine = sys.modules.get("av.error")  # programs for stills never load it
    if engine is None or not isinstance(error, engine.FFmpegError):
        return None
    from saycut.media.child.opening import reason_of
    from saycut.media.child.refusing import Refused

    return Refused("unreadable", reason_of(error))


def main() -> None:
    # Run by path and isolated, so that no current folder or variable can put other code in our place.
    sys.path.append(str(Path(__file__).parents[3]))
    program = importlib.import_module(f"saycut.media.child.{sys.argv[1]}")
    from saycut.media.child.refusing import Refused

    try:
        program.main(json.loads(sys.argv[2]))
    except Exception as error:
        refused = error if isinstance(error, Refused) else _given_up(error)
        if refused is None:
            raise
        sys.stdout.flush()
        sys.stderr.write(
            "\n" + json.dumps({"refused": refused.kind, "en": refused.words.en, "zh": refused.words.zh})
        )
        sys.exit(REFUSED_STATUS)


if __name__ == "__main__":
    main()
