"""The command line: words in, one call into the studio, results on stdout, talk on stderr."""

import argparse
import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from saycut import __version__
from saycut.cli import commands, talk
from saycut.errors import Cancelled, DiskFull, Internal, SaycutError
from saycut.watch import Watch

INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="saycut", description="Say what your clip should sound like; get it back ready to post."
    )
    top.add_argument("--version", action="version", version=f"saycut {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    for command in commands.COMMANDS:
        verb = verbs.add_parser(command.name, help=command.help, description=command.help)
        command.arguments(verb)
        verb.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        verb.add_argument("--lang", choices=("en", "zh"), help="of messages (default: as the words)")
        verb.add_argument("--quiet", action="store_true", help="no progress and no talk on stderr")
        verb.set_defaults(run=command.run, has_own_screen=command.has_own_screen)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code (0 ok, 1 internal, 2 usage, 3 refused, 4 not found, 5 limit,
    6 cancelled, 7 needs an answer, 130 interrupted)."""
    options = parser().parse_args(argv)
    with talk.progress(quiet=options.quiet or options.json or options.has_own_screen) as on_progress:
        watch = Watch(on_progress)
        stopped_by = _stoppable(watch)
        run: Callable[[argparse.Namespace, Watch], int] = options.run
        try:
            return run(options, watch)
        except Cancelled as error:
            talk.error(error, options)
            return INTERRUPTED if stopped_by() == signal.SIGINT else error.exit_code
        except SaycutError as error:
            talk.error(error, options)
            return error.exit_code
        except BrokenPipeError:
            raise
        except Exception as error:  # the last resort: one sentence and the exit code, never a traceback
            if "SAYCUT_DEBUG" in os.environ:
                raise
            told = _unforeseen(error)
            talk.error(told, options)
            return told.exit_code


def _unforeseen(error: Exception) -> SaycutError:
    """What is said of an error that no room foresaw; SAYCUT_DEBUG in the environment shows its traceback."""
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return DiskFull(folder=error.filename or "TMPDIR")
        where = f" ({error.filename})" if error.filename else ""
        return Internal(reason=f"{error.strerror or error}{where}.")
    return Internal(reason=f"{type(error).__name__}: {error}.")


def _stoppable(watch: Watch) -> Callable[[], int | None]:
    """Ctrl-C and TERM stop the work in an orderly way; a second Ctrl-C at once."""
    received: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        if number in received:
            signal.signal(number, signal.SIG_DFL)
        received.append(number)
        watch.cancel()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return lambda: received[0] if received else None


def script() -> None:
    """Entry point of the `saycut` command."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file name may hold bytes that are no text
        sys.stdout.reconfigure(
            errors="surrogateescape" if sys.stdout.encoding == "utf-8" else "backslashreplace"
        )
    try:
        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:  # before the work, and with it an orderly stop, began
        code = INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away: not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


if __name__ == "__main__":
    script()
