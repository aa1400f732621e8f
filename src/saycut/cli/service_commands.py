"""The commands of an operator: serve, worker, admin, config."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from saycut.cli import talk
from saycut.watch import Watch

if TYPE_CHECKING:
    from saycut.service.configuration import Configuration

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
    from saycut.service.configuration import is_loopback

    settings = _configuration(options).settings
    if not is_loopback(settings.host) and not options.allow_network:
        raise Usage(
            reason=f"{settings.host} can be reached from other machines; add --allow-network to mean it.",
            reason_zh=f"{settings.host} 可被其他机器访问；如确实需要，请加上 --allow-network。",
        )
    run(settings, announce=talk.result)
    return 0


def worker(options: argparse.Namespace, _: Watch) -> int:
    """Take jobs until told to stop."""
    from saycut.http.serve import work

    work(_configuration(options).settings, options.id)
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


def _configuration(options: argparse.Namespace) -> "Configuration":
    from saycut.service.configuration import configured

    return configured({name: getattr(options, name, None) for name in _FLAGS}, file=options.config)
