"""What keeps a partner config from being used: its schema, and the rules that no schema can say.

Each problem names file, field, what is expected, what is there, and the remedy.  Source: API specification, Partner
config and API versions; rulings 1, 9 and 16.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from certification.config.credentials import credentials_in
from certification.config.hostnames import entry_problem
from certification.config.notes import unknown_fields
from certification.contract.internet_names import host_problem
from certification.contract.operations import OPERATIONS, Kind
from certification.contract.schema_files import read_schema
from certification.contract.validation import SchemaError, schema_errors, show
from certification.contract.versions import KNOWN_VERSIONS, NEWEST, parse_version
from certification.foundation.errors import Problem

ENVIRONMENT = "Take it out: credentials come from the environment (BASIC_USER, BASIC_PASSWORD, PAT_TOKEN), and the config goes into every report."


def config_problems(raw: Any, source: str) -> list[Problem]:
    """Return every problem of the config ``raw``, which stands in ``source``; none when it can be used."""
    if not isinstance(raw, dict):
        begin = 'It should begin with { and hold "api_version", "name", …'
        return [Problem(source, "the file does not hold a JSON object.", begin)]
    secret = list(credentials_in(raw, _known_names(read_schema("partner-config"))))
    found = [Problem(_at(source, place), f"it looks like {looks}.", ENVIRONMENT) for place, looks in secret]
    places = [place for place, _ in secret]
    errors = [error for error in schema_errors("partner-config", raw) if not _shows(error.pointer, places)]
    misspelt = _misspelt(raw)
    found += [_of_schema(error, misspelt, source) for error in errors if error.pointer != "/api_version"]
    wrong = {error.pointer for error in errors} | set(places)
    if "/api_version" in wrong:
        found.append(_version_problem(raw.get("api_version"), source))
    elif "/endpoints" not in wrong:
        found += _owed_endpoints(raw, source, wrong)
    if "/endpoints" not in wrong:
        found += _shared_paths(raw["endpoints"], source)
    if "/base_url" not in wrong:
        found += _base_url(raw["base_url"], source)
    found += _hostnames(raw, source, wrong)
    found += _workspace(raw, source, wrong)
    return found


def _at(source: str, pointer: str) -> str:
    return f"{source}, field {pointer or '(top level)'}"


def _shows(pointer: str, secret: list[str]) -> bool:
    """Whether a message about ``pointer`` would repeat what stands at one of the ``secret`` places."""
    return pointer != "" and any(
        place == pointer or place.startswith(f"{pointer}/") or pointer.startswith(f"{place}/") for place in secret
    )


def _of_schema(error: SchemaError, misspelt: dict[str, str], source: str) -> Problem:
    where = _at(source, error.pointer)
    remedy = _remedy(error.name or error.pointer)
    if error.rule == "required" and error.pointer in misspelt:
        what = f"the field is missing; {misspelt[error.pointer]!r} stands in its place."
        return Problem(where, what, f"Write {error.name}. {remedy}")
    return Problem(where, f"expected {error.expected}, found {error.actual}.", remedy)


def _misspelt(raw: dict[str, Any]) -> dict[str, str]:
    """Return pointer of a field that is missing -> the key that was probably meant to be it."""
    return {
        "".join(f"/{part}" for part in (*place[:-1], meant)): str(place[-1])
        for place, meant in unknown_fields(raw)
        if meant
    }


def _remedy(pointer: str) -> str:
    name = next((part for part in reversed(pointer.split("/")) if part and not part.isdigit()), "")
    description = _description(read_schema("partner-config"), name)
    return f"{name}: {description}" if description else "See the README, section Partner config."


def _description(schema: dict[str, Any], name: str) -> str:
    properties: dict[str, Any] = schema.get("properties", {})
    if name in properties:
        return str(properties[name].get("description", ""))
    inner = [*properties.values(), *(rule["items"] for rule in properties.values() if "items" in rule)]
    return next((text for rule in inner if (text := _description(rule, name))), "")


def _known_names(schema: dict[str, Any]) -> frozenset[str]:
    names: set[str] = set()
    for name, rule in schema.get("properties", {}).items():
        names |= {name} | _known_names(rule) | _known_names(rule.get("items", {}))
    return frozenset(names)


def _version_problem(version: Any, source: str) -> Problem:
    known = f"Known versions: {', '.join(KNOWN_VERSIONS)}."
    where = _at(source, "/api_version")
    if version is None:
        return Problem(where, "expected the field is there, found it is missing.", known)
    try:
        number = parse_version(version) if isinstance(version, str) else None
    except ValueError:
        number = None
    if number is None:
        what = f"expected string of the form major.minor.patch, without blanks and leading zeros, found {show(version, 40)}."
        return Problem(where, what, known)
    if number > parse_version(NEWEST):
        what = f"{version} is newer than the newest version that this suite knows."
        return Problem(where, what, f"{known} Update the suite, or state the version that you implement.")
    if number < parse_version(KNOWN_VERSIONS[0]):
        return Problem(where, f"{version} is older than any version that can be certified.", known)
    return Problem(where, f"{version} was never published.", known)


def _owed_endpoints(raw: dict[str, Any], source: str, wrong: set[str]) -> Iterator[Problem]:
    for row in OPERATIONS.values():
        place = f"/endpoints/{row.config_key}"
        if place in wrong or raw["endpoints"].get(row.config_key):
            continue
        if row.owed(raw["api_version"], str(raw.get("category"))):
            yield Problem(
                _at(source, place),
                "expected a path, found nothing.",
                _why_owed(row.title, row.kind, row.required_since),
            )


def _why_owed(title: str, kind: Kind, since: str | None) -> str:
    if kind is Kind.INGEST:
        return "Partners of category INGEST must list their connectors."
    if since:
        return f"{title} is required since API version {since}: implement it, or state an older api_version."
    return f"{title} is required."


def _shared_paths(endpoints: dict[str, Any], source: str) -> Iterator[Problem]:
    taken: dict[tuple[str, str], str] = {}
    for row in OPERATIONS.values():
        path = endpoints.get(row.config_key)
        if not isinstance(path, str):
            continue
        owner = taken.setdefault((row.method, path), row.config_key)
        if owner != row.config_key:
            what = f"expected a path of its own, found {show(path)}, which {owner} has for {row.method} too."
            remedy = "Nobody could tell the two operations apart: give each a path of its own."
            yield Problem(_at(source, f"/endpoints/{row.config_key}"), what, remedy)


def _base_url(url: str, source: str) -> Iterator[Problem]:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        what = f"expected an address with a host and, if it has one, a port from 1 to 65535, found {show(url)}."
        yield Problem(_at(source, "/base_url"), what, _remedy("base_url"))


def _hostnames(raw: dict[str, Any], source: str, wrong: set[str]) -> Iterator[Problem]:
    if "/hostnames" in wrong:
        return
    try:
        own = urlsplit(str(raw.get("base_url"))).hostname or ""
    except ValueError:
        own = ""
    for number, entry in enumerate(raw["hostnames"]):
        place = f"/hostnames/{number}"
        expected, remedy = ("", "") if place in wrong else entry_problem(entry, own)
        if expected:
            yield Problem(_at(source, place), f"expected {expected}, found {show(entry)}.", remedy)


def _workspace(raw: dict[str, Any], source: str, wrong: set[str]) -> Iterator[Problem]:
    place = "/test_workspace_detail/hostname"
    detail = raw.get("test_workspace_detail")
    if not isinstance(detail, dict) or place in wrong or not isinstance(detail.get("hostname"), str):
        return
    problem = host_problem(detail["hostname"])
    if problem:
        what = f"expected a host name, found {show(detail['hostname'])}, which {problem}."
        yield Problem(
            _at(source, place), what, "hostname: the host of the workspace alone, without scheme, port and path."
        )
