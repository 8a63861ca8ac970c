"""Read the file of a partner config: JSON, or the same in TOML.  What it says is checked elsewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from certification.foundation.errors import CannotStart, Problem
from certification.foundation.strict_json import parse

MAX_CONFIG_BYTES = 1_000_000

_YAML_LINE = re.compile(r"^([A-Za-z_][A-Za-z0-9_]{0,40}):(?: |$)", re.MULTILINE)


CONFIG = "partner config"
MISSING = "Give the path of your partner config, or write one with: partner-connect init"


def read_file(path: Path, *, what: str = CONFIG, missing: str = MISSING) -> tuple[Any, tuple[str, ...]]:
    """Return what the file at ``path`` holds, and what is irregular about it.

    ``what`` is its kind in words, ``missing`` the remedy when it is not there.  Raises :class:`CannotStart` when the file
    cannot be read or is neither JSON nor, by its name, TOML.
    """
    where = str(path)
    text = _text(path, where, what, missing)
    if path.suffix.lower() == ".toml":
        return _toml(text, where), ()
    if path.suffix.lower() in {".yaml", ".yml"}:
        raise _yaml(text, where, what)
    parsed = parse(text)
    if not parsed.error:
        return parsed.value, parsed.irregularities
    if not text.lstrip().startswith(("{", "[")) and len(_YAML_LINE.findall(text)) > 1:
        raise _yaml(text, where, what)
    raise _stop(where, f"the file is not JSON: {parsed.error}.", "Run it through a JSON formatter to find the spot.")


def _text(path: Path, where: str, kind: str, missing: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CONFIG_BYTES + 1)
    except FileNotFoundError:
        raise _stop(where, "there is no such file.", missing) from None
    except IsADirectoryError:
        raise _stop(where, "this is a folder, not a file.", "Name the JSON file inside it.") from None
    except OSError as error:
        raise _stop(where, f"the file cannot be read ({error.strerror}).", "Check its permissions.") from None
    if len(data) > MAX_CONFIG_BYTES:
        what = f"the file has more than {MAX_CONFIG_BYTES:,} bytes."
        raise _stop(where, what, f"A {kind} has a few kilobytes; is this the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"the file is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x})."
        raise _stop(where, what, "Save it as UTF-8.") from None


def _toml(text: str, where: str) -> Any:
    try:
        value = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        said = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
        raise _stop(
            where, f"the file is not TOML: {said}.", "Correct the syntax there, or write the same as JSON."
        ) from None
    if not _is_json(value):
        what = "the file holds a date, a time or a number that JSON does not have."
        raise _stop(where, what, "Write it as a text in quotes.")
    return value


def _is_json(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_json(inner) for inner in value.values())
    if isinstance(value, list):
        return all(_is_json(inner) for inner in value)
    if isinstance(value, float):
        return value - value == 0
    return isinstance(value, str | int)


def _yaml(text: str, where: str, kind: str) -> CannotStart:
    if kind != CONFIG:
        return _stop(where, f"this is YAML, and a {kind} is JSON.", "Write the same as JSON.")
    names = _YAML_LINE.findall(text)[:3] or ["api_version", "name", "endpoints"]
    shown = ", ".join(f'"{name}": …' for name in names)
    return _stop(
        where,
        "this is YAML, and a partner config is JSON.",
        f"Write the same as {{{shown}}} into partner.json, or answer the questions of: partner-connect init",
    )


def _stop(where: str, what: str, remedy: str) -> CannotStart:
    return CannotStart([Problem(where, what, remedy)])
