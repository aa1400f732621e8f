"""Settings of the service and where each comes from: a flag, `SAYCUT_*`, a file, else what is usual."""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from saycut.errors import NotFound, Usage
from saycut.service.workplace import ServiceSettings

PREFIX = "SAYCUT_"
_SECRET = {"database_url", "store_url"}  # may hold a password


class Configuration(msgspec.Struct, frozen=True):
    """The settings that hold, and for each where it was said."""

    settings: ServiceSettings
    origins: dict[str, str]

    def rows(self) -> list[dict[str, str]]:
        """What `saycut config show` tells; what may hold a password is not shown."""
        values = msgspec.structs.asdict(self.settings)
        return [
            {
                "name": name,
                "value": "(set)" if name in _SECRET and value else "" if value is None else str(value),
                "from": self.origins[name],
            }
            for name, value in values.items()
        ]


def usual_data_dir(environ: Mapping[str, str]) -> Path:
    """Where data lies when nobody says otherwise (XDG base directories)."""
    home = environ.get("XDG_DATA_HOME") or f"{environ.get('HOME', '/tmp')}/.local/share"
    return Path(home) / "saycut"


def configured(
    flags: Mapping[str, Any], environ: Mapping[str, str] = os.environ, file: Path | None = None
) -> Configuration:
    """All settings. `flags` holds what was said on the command line. Raises Usage, NotFound."""
    written = _written(file)
    said: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for field in msgspec.structs.fields(ServiceSettings):
        name = field.name
        variable = f"{PREFIX}{name.upper()}"
        for origin, value in (
            (f"--{name.replace('_', '-')}", flags.get(name)),
            (variable, environ.get(variable)),
            (str(file), written.get(name)),
        ):
            if value is not None and value != "":
                said[name], origins[name] = value, origin
                break
        else:
            origins[name] = "default"
    if "data_dir" not in said:
        said["data_dir"] = usual_data_dir(environ)
    return Configuration(_converted(said), origins)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound there."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _written(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    if not file.is_file():
        raise NotFound(name=str(file))
    try:
        written = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Usage(reason=f"{file.name}: {error}") from None
    known = {field.name for field in msgspec.structs.fields(ServiceSettings)}
    unknown = sorted(set(written) - known)
    if unknown:
        raise Usage(
            reason=f"{file.name}: there is no setting “{unknown[0]}”; there are: {', '.join(sorted(known))}.",
            reason_zh=f"{file.name}：没有设置项“{unknown[0]}”。",
        )
    return written


def _read(value: Any, kind: str) -> Any:
    """Lists may be written with commas between."""
    if "Path" in kind:
        return Path(value).expanduser()
    return [one.strip() for one in value.split(",")] if "tuple" in kind and isinstance(value, str) else value


def _converted(said: dict[str, Any]) -> ServiceSettings:
    hints = get_type_hints(ServiceSettings)
    try:
        values = {name: _read(value, str(hints[name])) for name, value in said.items()}
        return msgspec.convert(values, ServiceSettings, strict=False, dec_hook=lambda _, value: value)
    except msgspec.ValidationError as error:
        raise Usage(reason=str(error)) from None
