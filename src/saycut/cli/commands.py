"""Every command: its arguments and one call into the studio."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from saycut.audio.engines import DEMUCS, EMBEDDED, ONNX, RNNOISE, USUAL
from saycut.cli import mcp_command, service_commands, talk
from saycut.watch import Watch

if TYPE_CHECKING:
    from saycut.studio.edit import Edited, Wish

Run = Callable[[argparse.Namespace, Watch], int]


class Command(NamedTuple):
    """One verb of the command line."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Run
    has_own_screen: bool = False  # shows progress itself


def _edit_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("files", nargs="+", metavar="FILE", help="videos, pictures and recordings")
    verb.add_argument("--say", required=True, metavar="TEXT", help="what to do, in plain words")
    verb.add_argument("-o", "--out", type=Path, metavar="OUT", help="its suffix decides the format")
    verb.add_argument("--dry-run", action="store_true", help="list what would be done, write nothing")
    verb.add_argument("--recipe-out", type=Path, metavar="FILE", help="keep the plan, for `saycut apply`")
    _engine_arguments(verb)


def _engine_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--music-folder", type=Path, metavar="DIR", help="your own tracks, used first")
    verb.add_argument(
        "--separator",
        default=USUAL,
        metavar="ENGINE",
        help=f"who tells voice: {EMBEDDED}, {RNNOISE}, {ONNX}PATH or {DEMUCS}FOLDER ({USUAL} unless given)",
    )
    verb.add_argument(
        "--encoder",
        default="x264",
        choices=("auto", "x264", "nvenc", "qsv", "vaapi"),
        help="of pictures: x264 (default), a chip, or auto for the first chip that works",
    )


def _wish(options: argparse.Namespace) -> "Wish":
    from saycut.studio.edit import Wish
    from saycut.studio.session import Settings

    return Wish(
        language=options.lang,
        settings=Settings(
            music_folder=options.music_folder, separator=options.separator, encoder=options.encoder
        ),
    )


def _edit(options: argparse.Namespace, watch: Watch) -> int:
    import msgspec

    from saycut.studio.edit import edit

    wish = msgspec.structs.replace(
        _wish(options),
        say=options.say,
        out=options.out,
        dry_run=options.dry_run,
        recipe_out=options.recipe_out,
    )
    edited = edit([Path(name) for name in options.files], wish, watch)
    if options.json:
        talk.result_json(edited.as_data())
    else:
        _tell(edited, options)
    return 0


def _tell(edited: "Edited", options: argparse.Namespace) -> None:
    for line in edited.lines():
        talk.say(f"  • {line}", options)
    for warning in edited.warnings:
        talk.say(f"  ! {warning.said(edited.language)}", options)
    for step in edited.turn.steps:
        for start, end in step.get("cuts", ()) if edited.output is None else ():
            talk.result(f"cut {start:.3f} {end:.3f}")
    if edited.output is None:
        talk.result(edited.summary.said(edited.language))
    else:
        talk.say(edited.summary.said(edited.language), options)
        talk.result(str(edited.output))


def _apply_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("recipe", type=Path, metavar="RECIPE", help="a file that --recipe-out wrote")
    verb.add_argument("files", nargs="+", metavar="FILE", help="one result is made of each")
    verb.add_argument("-o", "--out", type=Path, metavar="DIR", help="default: beside each file")
    _engine_arguments(verb)


def _apply(options: argparse.Namespace, watch: Watch) -> int:
    import msgspec

    from saycut.studio import naming
    from saycut.studio.edit import apply_recipe

    if options.out is not None:
        naming.made_folder(options.out)
    wish = msgspec.structs.replace(_wish(options), folder=options.out)
    language = talk.language_of(options)
    batch = apply_recipe(options.recipe, [Path(name) for name in options.files], wish, watch)
    rows = []
    for one in batch:
        if one.edited is not None:
            rows.append({"file": str(one.path), **one.edited.as_data(), "error": None})
            talk.say(f"✓ {one.path.name}: {one.edited.summary.said(language)}", options)
        elif one.error is not None:
            told = {"code": one.error.code, "message": one.error.sentence(language)}
            rows.append({"file": str(one.path), "output": None, "error": told})
            talk.say(f"✗ {one.path.name}: {one.error.sentence(language)}", options)
    failed = [one.error for one in batch if one.error is not None]
    if options.json:
        talk.result_json({"results": rows, "made": len(batch) - len(failed), "failed": len(failed)})
    else:
        for one in batch:
            if one.edited is not None:
                talk.result(str(one.edited.output))
        talk.say(f"{len(batch) - len(failed)} made, {len(failed)} failed", options)
    return failed[0].exit_code if failed else 0


def _replay_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("recipe", type=Path, metavar="RECIPE", help="a file that --recipe-out wrote")
    verb.add_argument("files", nargs="*", metavar="FILE", help="the inputs (default: beside the recipe)")
    verb.add_argument("--music-folder", type=Path, metavar="DIR", help="as it was given to the edit")
    verb.add_argument("--separator", metavar="ENGINE", help=f"{ONNX}PATH or {DEMUCS}FOLDER, if it was used")


def _replay(options: argparse.Namespace, watch: Watch) -> int:
    from saycut.studio.replay import Engines, replay

    engines = Engines(music_folder=options.music_folder, separator=options.separator)
    verdict = replay(options.recipe, [Path(name) for name in options.files], engines, watch)
    language = talk.language_of(options)
    if options.json:
        talk.result_json(verdict.as_data(language))
    elif verdict.identical:
        talk.result(verdict.said().said(language))
    if not verdict.identical:
        sys.stderr.write(f"saycut: {verdict.said().said(language)}\n")
    return 0 if verdict.identical else 1


def _understand_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("text", nargs="?", metavar="TEXT", help="what a person said")
    verb.add_argument("--context", metavar="JSON", help="what is on the timeline and what was done before")
    verb.add_argument("--jsonl", type=Path, metavar="FILE", help="rows with id, text, context")
    verb.add_argument("--explain", action="store_true", help="say which words became what")


def _understand(options: argparse.Namespace, watch: Watch) -> int:
    from saycut.errors import Usage
    from saycut.studio.understanding import told, understood_row, understood_rows

    if options.jsonl is not None:
        for row in understood_rows(options.jsonl):
            watch.check()
            sys.stdout.write(row + "\n")
        return 0
    if options.text is None:
        raise Usage(
            reason="Give the words, or rows with --jsonl.", reason_zh="请给出文字，或用 --jsonl 给出数据行。"
        )
    language = talk.language_of(options)
    if options.json:
        talk.result_json(understood_row(options.text, options.context, language, explain=options.explain))
    else:
        for line in told(options.text, options.context, language, explain=options.explain):
            talk.result(line)
    return 0


def _probe_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", type=Path, metavar="FILE", help="a video, picture or recording")


def _probe(options: argparse.Namespace, watch: Watch) -> int:
    from saycut.studio.looking import probed, probed_lines

    if options.json:
        talk.result_json(probed(options.file, watch))
    else:
        language = talk.language_of(options)
        for line in probed_lines(options.file, watch):
            talk.result(line.said(language))
    return 0


def _report_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("before", type=Path, metavar="BEFORE")
    verb.add_argument("after", type=Path, metavar="AFTER")
    verb.add_argument("--html", type=Path, metavar="OUT", help="write one page to look at and listen to")


def _report(options: argparse.Namespace, watch: Watch) -> int:
    from saycut.studio.looking import compared, compared_lines

    if options.html is not None:
        return _report_page(options, watch)
    comparison = compared(options.before, options.after, watch)
    if options.json:
        talk.result_json(comparison)
    else:
        for line in compared_lines(comparison):
            talk.result(line)
    return 0


def _report_page(options: argparse.Namespace, watch: Watch) -> int:
    from saycut.studio.looking import compared_lines
    from saycut.studio.report_page import write_report_page

    language = talk.language_of(options)
    comparison = write_report_page(options.before, options.after, options.html, language, watch)
    if options.json:
        talk.result_json({"html": str(options.html), **comparison})
    else:
        for line in compared_lines(comparison):
            talk.say(line, options)
        talk.result(str(options.html))
    return 0


def _preview_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("files", nargs="+", metavar="FILE", help="videos, pictures and recordings")
    verb.add_argument("--say", required=True, metavar="TEXT", help="what to do, in plain words")
    verb.add_argument("--at", metavar="TIME", help="from where on: 75 or 1:15 (default: the middle)")
    verb.add_argument("--seconds", default="10", metavar="N", help="how long, up to 60 (default: 10)")
    verb.add_argument("-o", "--out", type=Path, required=True, metavar="FOLDER", help="where the sounds go")
    _engine_arguments(verb)


def _preview(options: argparse.Namespace, watch: Watch) -> int:
    from saycut.studio.preview import Look, preview, time_of

    look = Look(
        say=options.say,
        folder=options.out,
        at_s=time_of(options.at) if options.at is not None else None,
        length_s=time_of(options.seconds),
        language=options.lang,
        settings=_wish(options).settings,
    )
    shown = preview([Path(name) for name in options.files], look, watch)
    if options.json:
        talk.result_json(shown.as_data())
        return 0
    for line in shown.lines():
        talk.say(f"  • {line}", options)
    for warning in shown.warnings:
        talk.say(f"  ! {warning.said(shown.language)}", options)
    for path in shown.files.values():
        talk.result(str(path))
    return 0


def _doctor_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--offline", action="store_true", help="prove that children have no network")


def _doctor(options: argparse.Namespace, watch: Watch) -> int:
    from saycut.studio.doctor import examined

    checks = examined(offline=options.offline, watch=watch)
    if options.json:
        talk.result_json({"ok": all(c.ok for c in checks), "checks": [c.as_data() for c in checks]})
    else:
        for check in checks:
            talk.result(f"{'ok ' if check.ok else 'BAD'}  {check.name}: {check.found}")
    return 0 if all(check.ok for check in checks) else 1


def _chat_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("files", nargs="*", type=Path, metavar="FILE", help="to begin with")
    verb.add_argument("--server", metavar="URL", help="a service (default: $SAYCUT_URL, else one of its own)")
    verb.add_argument("--data-dir", type=Path, metavar="DIR", help="where a service of its own keeps things")


def _chat(options: argparse.Namespace, _: Watch) -> int:
    from saycut.cli.chat import chat  # its own rooms take a moment to load

    return chat(options)


COMMANDS: tuple[Command, ...] = (
    Command("edit", "Do what TEXT says to the files and write one result.", _edit_arguments, _edit),
    Command("apply", "Carry out a recipe on each file.", _apply_arguments, _apply),
    Command("replay", "Make a recorded result again and prove it is the same.", _replay_arguments, _replay),
    Command("understand", "Show how words become a plan.", _understand_arguments, _understand),
    Command("probe", "Say what a file holds.", _probe_arguments, _probe),
    Command("report", "Measure two files and compare them.", _report_arguments, _report),
    Command("preview", "Hear some seconds before and after, without the edit.", _preview_arguments, _preview),
    Command("doctor", "Say what this install can do.", _doctor_arguments, _doctor),
    Command(
        "chat", "Talk about your clips until they are right.", _chat_arguments, _chat, has_own_screen=True
    ),
    Command(
        "serve",
        "Answer clients and skills over HTTP.",
        service_commands.serve_arguments,
        service_commands.serve,
    ),
    Command(
        "worker", "Take jobs of a shared service.", service_commands.worker_arguments, service_commands.worker
    ),
    Command("mcp", "Be the tools of an agent on this machine.", mcp_command.arguments, mcp_command.mcp),
    Command(
        "admin",
        "Users, tokens and credits of the service.",
        service_commands.admin_arguments,
        service_commands.admin,
    ),
    Command(
        "fsck",
        "Check that the service has everything it promised.",
        service_commands.fsck_arguments,
        service_commands.fsck,
    ),
    Command(
        "backup",
        "Copy the service's database and files while they are in use.",
        service_commands.backup_arguments,
        service_commands.backup,
    ),
    Command(
        "restore",
        "Put a backup into an empty data folder.",
        service_commands.backup_arguments,
        service_commands.restore,
    ),
    Command(
        "config", "Show the service's settings.", service_commands.config_arguments, service_commands.config
    ),
)
