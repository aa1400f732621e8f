"""The commands of an operator: serve, worker, admin, config."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saycut.cli import talk
from saycut.watch import Watch
from saycut.words import Words

if TYPE_CHECKING:
    from saycut.service.configuration import Configuration
    from saycut.service.workplace import Workplace

_OPEN = Words("Your page, with your own token", "您的页面（已含您自己的令牌）")
_FLAGS = ("data_dir", "database_url", "store_url", "host", "port", "public_url", "music_folder", "workers")


def serve_arguments(verb: argparse.ArgumentParser) -> None:
    """What `serve` takes."""
    shared_arguments(verb)
    verb.add_argument("--host", help="where to listen (default 127.0.0.1: this machine only)")
    verb.add_argument("--port", help="default 8765")
    verb.add_argument("--public-url", metavar="URL", help="where people reach the page, for links")
    verb.add_argument(
        "--allow-network", action="store_true", help="listen beyond this machine (with --host 0.0.0.0)"
    )


def shared_arguments(verb: argparse.ArgumentParser) -> None:
    """What every process of the service takes."""
    verb.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="database and media (default: your data folder)"
    )
    verb.add_argument("--database-url", metavar="URL", help="postgresql://… instead of the embedded database")
    verb.add_argument("--store-url", metavar="URL", help="s3://… instead of a folder")
    verb.add_argument("--music-folder", type=Path, metavar="DIR", help="your own tracks, used first")
    verb.add_argument("--workers", metavar="N", help="jobs that one process runs at once")
    verb.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML")


def serve(options: argparse.Namespace, _: Watch) -> int:
    """Answer until told to stop."""
    from saycut.errors import Usage
    from saycut.http.serve import serve as run
    from saycut.mcp.over_http import Door
    from saycut.service.configuration import is_loopback
    from saycut.service.operator import TOKEN_FILE

    settings = _configuration(options).settings
    if not is_loopback(settings.host) and not options.allow_network:
        raise Usage(
            reason=f"{settings.host} can be reached from other machines; add --allow-network to mean it.",
            reason_zh=f"{settings.host} 可被其他机器访问；如确实需要，请加上 --allow-network。",
        )

    def announce(address: str) -> None:
        """Past the progress bar, which takes both streams and breaks long lines."""
        print(address, file=sys.__stdout__, flush=True)
        if sys.__stderr__ is not None and sys.__stderr__.isatty():  # for the person here; never into a log
            token = (settings.data_dir / TOKEN_FILE).read_text("ascii").strip()
            said = _OPEN.said(talk.language_of(options))
            print(f"{said}: {address}/#token={token}", file=sys.__stderr__, flush=True)

    run(settings, announce=announce, doors=[Door])
    return 0


def worker(options: argparse.Namespace, _: Watch) -> int:
    """Take jobs until told to stop."""
    from saycut.http.serve import work
    from saycut.service.worker import stop_on_signals

    work(_configuration(options).settings, options.id, stop_on_signals())
    return 0


def worker_arguments(verb: argparse.ArgumentParser) -> None:
    """What `worker` takes."""
    shared_arguments(verb)
    verb.add_argument("--id", metavar="NAME", help="kept over restarts (default: the machine's name)")


def config_arguments(verb: argparse.ArgumentParser) -> None:
    """What `config` takes."""
    serve_arguments(verb)
    verb.add_argument("what", choices=("show",), help="every setting, and where it comes from")


def config(options: argparse.Namespace, _: Watch) -> int:
    """Every setting that holds, and where it was said."""
    rows = _configuration(options).rows()
    if options.json:
        talk.result_json({"settings": rows})
    else:
        for row in rows:
            talk.result(f"{row['name']} = {row['value']}  ({row['from']})")
    return 0


def admin_arguments(verb: argparse.ArgumentParser) -> None:
    """What `admin` takes."""
    shared_arguments(verb)
    what = verb.add_subparsers(dest="what", metavar="WHAT", required=True)
    what.add_parser("users", help="every user, their sessions and credits")
    token = what.add_parser("token", help="a token, shown once")
    token.add_argument("--user", metavar="ID", help="default: a new user")
    token.add_argument("--plan", default="registered", choices=("anonymous", "registered", "operator"))
    token.add_argument(
        "--scopes",
        nargs="*",
        metavar="SCOPE",
        help="what it may do: read, write, upload, render, or * (default: what the plan may)",
    )
    token.add_argument("--days", type=float, metavar="N", help="how long it is good (default: until revoked)")
    grant = what.add_parser("grant", help="credits for a user")
    grant.add_argument("user", metavar="ID")
    grant.add_argument("amount", type=int, metavar="CREDITS")
    grant.add_argument("--reference", required=True, metavar="TEXT", help="the same is granted once")
    grant.add_argument("--reason", default="", metavar="TEXT")
    listed = what.add_parser("tokens", help="every token that is good, by an id of its own")
    listed.add_argument("--user", metavar="ID", help="of this user only")
    revoke = what.add_parser("revoke", help="make a token worthless")
    revoke.add_argument(
        "token_id",
        nargs="?",
        metavar="ID",
        help="as `tokens` lists it (default: the token on standard input)",
    )
    for each in what.choices.values():  # said before or after the word, it is the same
        each.argument_default = argparse.SUPPRESS
        shared_arguments(each)
        each.add_argument("--json", action="store_true", help="print one JSON object on stdout")


def admin(options: argparse.Namespace, _: Watch) -> int:
    """What an operator may do for others."""
    from saycut.service.workplace import Workplace

    workplace = Workplace(_configuration(options).settings)
    try:
        told = _ADMIN[options.what](workplace, options)
    finally:
        workplace.close()
    if options.json:
        talk.result_json(told)
    else:
        rows = told.get("users", told.get("tokens", [told]))
        for row in rows:
            talk.result("  ".join(f"{key}={value}" for key, value in row.items()))
    return 0


def _users(workplace: "Workplace", _: argparse.Namespace) -> dict[str, Any]:
    from saycut.service.operator import listed

    return {"users": listed(workplace)}


def _token(workplace: "Workplace", options: argparse.Namespace) -> dict[str, Any]:
    from saycut.service.operator import mint

    expires_at_s = None if options.days is None else time.time() + options.days * 24 * 3600
    issued = mint(workplace, options.user, options.plan, expires_at_s, options.scopes)
    return {"user_id": issued.user_id, "token": issued.token, "expires_at_s": expires_at_s}


def _tokens(workplace: "Workplace", options: argparse.Namespace) -> dict[str, Any]:
    from saycut.service.operator import good_tokens

    return {"tokens": good_tokens(workplace, options.user)}


def _grant(workplace: "Workplace", options: argparse.Namespace) -> dict[str, Any]:
    from saycut.service.operator import grant

    has = grant(workplace, options.user, options.amount, options.reference[:64], options.reason[:255])
    return {"user_id": options.user, "available": has.available}


def _revoke(workplace: "Workplace", options: argparse.Namespace) -> dict[str, Any]:
    from saycut.service import accounts
    from saycut.service.operator import revoke_listed

    if options.token_id is not None:
        return {"revoked": revoke_listed(workplace, options.token_id)}
    with workplace.database.writing() as connection:
        return {"revoked": accounts.revoke(connection, sys.stdin.readline().strip())}


_ADMIN = {"users": _users, "token": _token, "tokens": _tokens, "grant": _grant, "revoke": _revoke}


def fsck_arguments(verb: argparse.ArgumentParser) -> None:
    """What `fsck` takes."""
    shared_arguments(verb)
    verb.add_argument("--deep", action="store_true", help="read every file and compare its hash")


def fsck(options: argparse.Namespace, _: Watch) -> int:
    """Whether everything that was promised is there; 1 when something is wrong."""
    import msgspec

    from saycut.service.fsck import checked
    from saycut.service.workplace import Workplace

    workplace = Workplace(_configuration(options).settings)
    try:
        found = checked(workplace, deep=options.deep)
    finally:
        workplace.close()
    if options.json:
        talk.result_json({"ok": not found.wrong, **msgspec.to_builtins(found)})
    else:
        for line in found.wrong:
            talk.result(line)
        talk.result(f"{found.objects} files, {found.sessions} sessions, {found.accounts} accounts looked at")
    return 1 if found.wrong else 0


def backup_arguments(verb: argparse.ArgumentParser) -> None:
    """What `backup` and `restore` take."""
    shared_arguments(verb)
    verb.add_argument("folder", type=Path, metavar="FOLDER", help="where the backup lies")


def backup(options: argparse.Namespace, _: Watch) -> int:
    """Copy database and files while they are in use."""
    from saycut.service import backup as room
    from saycut.service.workplace import Workplace

    workplace = Workplace(_configuration(options).settings)
    try:
        copied = room.backup(workplace, options.folder)
    finally:
        workplace.close()
    _copied(options, copied)
    return 0


def restore(options: argparse.Namespace, _: Watch) -> int:
    """Put a backup into an empty data folder."""
    from saycut.service import backup as room

    _copied(options, room.restore(_configuration(options).settings, options.folder))
    return 0


def _copied(options: argparse.Namespace, count: int) -> None:
    if options.json:
        talk.result_json({"folder": str(options.folder), "files_copied": count})
    else:
        talk.result(f"{options.folder}: {count} files copied")


def _configuration(options: argparse.Namespace) -> "Configuration":
    from saycut.service.configuration import configured

    return configured({name: getattr(options, name, None) for name in _FLAGS}, file=options.config)
