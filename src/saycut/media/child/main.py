"""The entrance of our child programs: `python -I main.py PROGRAM REQUEST`.

Runs fenced in by `launcher.py`. Answers go to stdout; a refusal, or the report of a streaming
program, is the last line of stderr as JSON.
"""

import importlib
import json
import sys
from pathlib import Path

REFUSED_STATUS = 3


def main() -> None:
    # Run by path and isolated, so that no current folder or variable can put other code in our place.
    sys.path.append(str(Path(__file__).parents[3]))
    program = importlib.import_module(f"saycut.media.child.{sys.argv[1]}")
    from saycut.media.child.refusing import Refused

    try:
        program.main(json.loads(sys.argv[2]))
    except Refused as refused:
        sys.stdout.flush()
        sys.stderr.write(
            "\n" + json.dumps({"refused": refused.kind, "en": refused.words.en, "zh": refused.words.zh})
        )
        sys.exit(REFUSED_STATUS)


if __name__ == "__main__":
    main()
