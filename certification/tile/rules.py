"""Check a tile config completely: its schema, and what no schema can say.

Source: tile.md, Tile config.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certification.contract.internet_names import is_local
from certification.contract.schema_files import read_schema
from certification.contract.validation import schema_errors, show
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.strict_json import parse

MOST_BYTES = 1_000_000

WRITES = frozenset({"WAREHOUSE_WRITE", "WAREHOUSE_READ_WRITE", "CLUSTER_COMPUTE"})
"""Integration types of partners that write data."""

TUNNEL = (
    "A workspace reaches public addresses only: publish your development server through a tunnel (cloudflared, ngrok, "
    "tailscale funnel), and put the tunnel's address into the config."
)


@dataclass(frozen=True)
class Checked:
    """A tile config without problems, and what is worth knowing about it."""

    config: dict[str, Any]
    warnings: tuple[str, ...]


def read_tile(path: Path, *, near: bool = False) -> Checked:
    """Read and check a tile config of Databricks' own tool, or one that ``tile config`` printed; ``near`` as in :func:`check_tile`.

    Raises :class:`CannotStart` with all problems.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CannotStart(
                [Problem(str(path), "the file is far too large for a tile config.", "Is it the right one?")]
            )
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CannotStart(
            [Problem(str(path), f"cannot be read: {what}.", "Name the tile config with --file.")]
        ) from None
    parsed = parse(text)
    if parsed.error:
        raise CannotStart([Problem(str(path), f"is not JSON: {parsed.error}", "Correct it.")])
    return check_tile(parsed.value, str(path), near=near)


def check_tile(raw: Any, source: str, *, near: bool = False) -> Checked:
    """Return the tile config ``raw`` with its warnings; raises :class:`CannotStart` with all problems at once.

    ``near`` says that the workspace is on this machine, so that it reaches what is here.
    """
    problems = [
        Problem(
            f"{source}, field {error.pointer or '/'}",
            f"expected {error.expected}, found {error.actual}.",
            _remedy(error.name),
        )
        for error in schema_errors("tile-config", raw)
    ]
    partner = raw.get("partner") if isinstance(raw, dict) else None
    if isinstance(partner, dict):
        problems += [
            *_unknown(raw, partner, source),
            *_contradictions(partner, source),
            *_addresses(partner, source, near=near),
        ]
    if problems:
        raise CannotStart(problems)
    return Checked(raw, tuple(f"{source}: {text}" for text in _warnings(raw["partner"])))


def _remedy(name: str) -> str:
    if name == "hostnames":
        return "Write hostnames; the sample of Databricks' tool says hostname, which is a mistake."
    return "Correct it in the partner config, or in the file."


def _unknown(raw: dict[str, Any], partner: dict[str, Any], source: str) -> list[Problem]:
    known = read_schema("tile-config")["properties"]["partner"]["properties"]
    found = [
        Problem(f"{source}, field /{name}", "there is no such field.", "Take it out.")
        for name in raw
        if name != "partner"
    ]
    for name in partner:
        if name not in known:
            remedy = "It is called hostnames." if name == "hostname" else f"Known are {', '.join(known)}."
            found.append(Problem(f"{source}, field /partner/{name}", "there is no such field.", remedy))
    return found


def _contradictions(partner: dict[str, Any], source: str) -> list[Problem]:
    options, features = _listed(partner, "auth_options"), _listed(partner, "supported_features")
    problems = []
    if {"AUTH_OAUTH_M2M", "AUTH_PAT"} <= options:
        problems.append(
            Problem(
                f"{source}, field /partner/auth_options",
                "AUTH_OAUTH_M2M and AUTH_PAT exclude each other.",
                "Keep one of them.",
            )
        )
    kind = partner.get("integration_type")
    if "EXTERNAL_LOCATION" in features and kind not in WRITES:
        problems.append(
            Problem(
                f"{source}, field /partner/supported_features",
                f"EXTERNAL_LOCATION is for partners that write data; the integration type is {show(kind)}.",
                f"Leave it out, or choose one of {', '.join(sorted(WRITES))}.",
            )
        )
    return problems


def _addresses(partner: dict[str, Any], source: str, *, near: bool) -> list[Problem]:
    problems = []
    for name in ("connect_url", "delete_url", "sign_up_url", "terms_of_service_url", "privacy_policy_url"):
        text = partner.get(name)
        if not isinstance(text, str):
            continue
        place = f"{source}, field /partner/{name}"
        try:
            parts = urlsplit(text)
            host = parts.hostname or ""
        except ValueError:
            problems.append(Problem(place, f"{show(text)} is no address.", "Write one that begins with https://."))
            continue
        if parts.username is not None or parts.password is not None:
            problems.append(
                Problem(
                    place,
                    "the address holds a user name or password.",
                    "Take it out; credentials come from BASIC_USER and BASIC_PASSWORD.",
                )
            )
        elif near:
            continue
        elif is_local(host) and name in {"connect_url", "delete_url"}:
            problems.append(Problem(place, f"a workspace cannot reach {host}.", TUNNEL))
        elif parts.scheme != "https" and name in {"connect_url", "delete_url"}:
            problems.append(Problem(place, "the address is on http.", "Databricks calls https only."))
    return problems


def _warnings(partner: dict[str, Any]) -> list[str]:
    options, features = _listed(partner, "auth_options"), _listed(partner, "supported_features")
    warnings = []
    host = urlsplit(partner["connect_url"]).hostname or ""
    if is_local(host):
        warnings.append(f"only a workspace on this machine reaches {host}. {TUNNEL}")
    if "NON_ADMIN" in features:
        warnings.append("NON_ADMIN: ask Databricks before you use it")
        if "AUTH_OAUTH_M2M" in options:
            warnings.append("with NON_ADMIN, AUTH_OAUTH_M2M falls back to AUTH_PAT: your API is sent a token")
    for name in ("sign_up_url", "terms_of_service_url", "privacy_policy_url"):
        parts = urlsplit(partner[name])
        if parts.scheme != "https" or is_local(parts.hostname or ""):
            warnings.append(f"{name} {partner[name]} is no public https address: the tile will link to it all the same")
    if "delete_url" not in partner:
        warnings.append("there is no delete_url: Databricks will not tell you when a connection is deleted")
    return warnings


def _listed(partner: dict[str, Any], name: str) -> set[str]:
    value = partner.get(name)
    return {str(entry) for entry in value} if isinstance(value, list) else set()
