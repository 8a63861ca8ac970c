"""What is noticed about a config that does not keep a run from starting: advice, and what a submission would still lack."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certification.config.hostnames import host_of
from certification.config.images import image_problems
from certification.contract.internet_names import is_local
from certification.contract.schema_files import read_schema
from certification.contract.versions import at_least

PAGES = ("sign_up_page", "privacy_policy", "terms_of_service")


@dataclass(frozen=True, slots=True)
class ConfigNote:
    """One thing to know about a config."""

    code: str
    """``unknown-field``, ``newer-than-version``, ``hostname-form``, ``base-url-http``, ``base-url-local``, ``page-http``,
    ``page-local``, ``image-missing``, ``image-unreadable``, ``image-proportions``, ``irregular``, or that of a caller."""
    text: str
    before_submission: bool = False
    """Whether it must be put right before the integration is submitted to Databricks."""


def notes_on(raw: dict[str, Any], folder: Path | None) -> list[ConfigNote]:
    """Return the notes on the valid config ``raw``; images are looked for in ``folder``, None skips them."""
    notes = [
        ConfigNote("unknown-field", f"unknown field {_path(place)!r} is kept and ignored{_meant(like)}")
        for place, like in unknown_fields(raw)
    ]
    notes += [ConfigNote("newer-than-version", text) for text in _unused_values(raw)]
    notes += [
        ConfigNote(
            "hostname-form",
            f"hostnames entry {name!r} should be a bare host name, without scheme, port or path; it is read as {host_of(name)!r}",
        )
        for name in raw["hostnames"]
        if host_of(name) != name.lower()
    ]
    notes += _addresses(raw)
    if folder is not None:
        notes += [
            ConfigNote(f"image-{found.code}", found.text, before_submission=True)
            for found in image_problems(raw["logo_file"], raw["icon_file"], folder)
        ]
    return notes


def unknown_fields(raw: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    """Return (place, name of the field that was probably meant or empty) of each field that a config does not have."""
    return list(_unknown(raw, read_schema("partner-config"), ()))


def _unknown(
    value: Any, schema: dict[str, Any], place: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _unknown(entry, schema.get("items", {}), (*place, number))
    rules = schema.get("properties")
    if not isinstance(value, dict) or rules is None:
        return
    for key, inner in value.items():
        if key in rules:
            yield from _unknown(inner, rules[key], (*place, key))
        else:
            yield (*place, key), _similar(key, sorted(rules.keys() - value.keys()))


def _similar(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace("-", "_"), names, n=1, cutoff=0.75)
    return near[0] if near else ""


def _path(place: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


def _meant(like: str) -> str:
    return f"; did you mean {like!r}?" if like else "; is it misspelt?"


def _unused_values(raw: dict[str, Any]) -> Iterator[str]:
    version: str = raw["api_version"]
    properties = read_schema("partner-config")["properties"]
    for name, rule in properties.items():
        if "x-since" in rule and name in raw and not at_least(version, rule["x-since"]):
            yield f"{name!r} came with API version {rule['x-since']}, the config says {version}; the field is ignored by Databricks"
    newer: dict[str, str] = properties["data_permissions"]["items"]["properties"]["permission"]["x-since-values"]
    for entry in raw.get("data_permissions", []):
        since = newer.get(entry["permission"], version)
        if not at_least(version, since):
            yield f"permission {entry['permission']!r} came with API version {since}, the config says {version}"


def _addresses(raw: dict[str, Any]) -> Iterator[ConfigNote]:
    found: dict[tuple[str, str], list[str]] = {}
    for name in ("base_url", *PAGES):
        kind = "base-url" if name == "base_url" else "page"
        try:
            parts = urlsplit(raw[name])
            host = parts.hostname or ""
        except ValueError:
            continue
        if is_local(host):
            found.setdefault((f"{kind}-local", host), []).append(name)
        elif parts.scheme != "https":
            found.setdefault((f"{kind}-http", ""), []).append(name)
    for (code, host), names in found.items():
        subject = f"{', '.join(names[:-1])} and {names[-1]} are" if len(names) > 1 else f"{names[0]} is"
        text = (
            f"{subject} on {host}, which nobody outside this machine or network reaches"
            if host
            else f"{subject} on http; Databricks needs https"
        )
        yield ConfigNote(code, text, before_submission=True)


def on_this_side(url: str) -> bool:
    """Return whether ``url`` names a host that only this machine or network reaches, or none at all."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return True
    return is_local(host)
