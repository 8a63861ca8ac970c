"""The partner config: read, checked completely, and asked by name for what the cases need.

The same class serves a real config, the reference partner's, and the documented defaults of a trial run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certification.config.images import image_problems
from certification.contract.operations import OPERATIONS, Kind
from certification.contract.schema_files import read_schema
from certification.contract.validation import schema_errors
from certification.contract.versions import KNOWN_VERSIONS, NEWEST, at_least, parse_version
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.strict_json import parse

ENDPOINTS = {name: (row.config_key, row.method) for name, row in OPERATIONS.items()}
"""Operation -> (config key of its path, HTTP method)."""

MAX_CONFIG_BYTES = 1_000_000


@dataclass(frozen=True)
class PartnerConfig:
    """What a partner declares about its integration.  ``raw`` is the file's content, unknown keys included."""

    raw: dict[str, Any]
    source: str = "partner.json"
    trial: bool = False
    """True when nobody wrote a config and the documented defaults stand in."""
    warnings: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """Name of the partner."""
        return str(self.raw["name"])

    @property
    def api_version(self) -> str:
        """API version that the partner says it implements."""
        return str(self.raw["api_version"])

    @property
    def base_url(self) -> str:
        """Address of the API as the config gives it."""
        return str(self.raw["base_url"])

    @property
    def hostnames(self) -> tuple[str, ...]:
        """Hosts that a redirect may name."""
        return tuple(self.raw["hostnames"])

    @property
    def clouds(self) -> tuple[str, ...]:
        """Clouds in which the tile appears."""
        return tuple(self.raw["supported_clouds"])

    @property
    def new_user_action(self) -> str:
        """``auto_add``, ``invite``, ``not_found`` or ``error``."""
        return str(self.raw["new_user_action"])

    @property
    def manual_signup(self) -> bool:
        """Whether sign-ins answer 404 until the user has signed up by hand."""
        return self.raw.get("require_manual_signup") is True

    @property
    def trial_type(self) -> str | None:
        """``user``, ``account`` or None for no time-limited trial."""
        return self.raw.get("trial_type")

    @property
    def supports_demo(self) -> bool:
        """Whether the demo flag is honoured."""
        return self.raw.get("supports_demo") is True

    @property
    def category(self) -> str:
        """Category of the tile."""
        return str(self.raw["category"])

    @property
    def auth_options(self) -> tuple[str, ...]:
        """Ways to authenticate to Databricks; absent or empty means a personal access token."""
        return tuple(self.raw.get("auth_options") or ("AUTH_PAT",))

    @property
    def sends_token(self) -> bool:
        """Whether connect requests carry a personal access token."""
        return not self.raw.get("auth_options") or "AUTH_PAT" in self.auth_options

    @property
    def needs_oauth_redirect(self) -> bool:
        """Whether answers to connect owe an ``oauth_redirect_uri``."""
        return "AUTH_OAUTH_U2M" in self.auth_options and self.raw.get("is_published_app") is not True

    @property
    def resources(self) -> frozenset[str]:
        """Resource types that a first connect brings along."""
        return frozenset(entry["resource_type"] for entry in self.raw["resources_to_provision"])

    @property
    def workspace_detail(self) -> dict[str, Any] | None:
        """The real workspace that connect requests must name, if the partner asks for one."""
        return self.raw.get("test_workspace_detail")

    def has(self, since: str) -> bool:
        """Return whether the partner's API version has what came with version ``since``."""
        return at_least(self.api_version, since)

    def path(self, operation: str) -> str | None:
        """Return the path of ``operation`` under the base URL, or None when the partner does not offer it."""
        return self.raw["endpoints"].get(OPERATIONS[operation].config_key) or None

    def offers(self, operation: str) -> bool:
        """Return whether the partner offers ``operation`` at all."""
        return self.path(operation) is not None

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the config."""
        canonical = json.dumps(self.raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def read_config(path: Path) -> PartnerConfig:
    """Read and check the config file at ``path``; raises :class:`CannotStart` with every problem in it."""
    where = str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise _stop(
            where,
            "there is no such file.",
            "Give the path of your partner config, or write one with: partner-connect init",
        ) from None
    except IsADirectoryError:
        raise _stop(where, "this is a folder, not a file.", "Name the JSON file inside it.") from None
    except OSError as error:
        raise _stop(where, f"the file cannot be read ({error.strerror}).", "Check its permissions.") from None
    if len(data) > MAX_CONFIG_BYTES:
        raise _stop(
            where, f"the file has {len(data):,} bytes.", "A partner config has a few kilobytes; is this the right file?"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _stop(
            where, f"the file is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x}).", "Save it as UTF-8."
        ) from None
    parsed = parse(text)
    if parsed.error:
        raise _stop(
            where, f"the file is not JSON: {parsed.error}.", "Run it through a JSON formatter to find the spot."
        )
    return check_config(parsed.value, where, folder=path.parent, warnings=parsed.irregularities)


def check_config(raw: Any, source: str, *, folder: Path | None = None, warnings: tuple[str, ...] = ()) -> PartnerConfig:
    """Return ``raw`` as a config; raises :class:`CannotStart` with one problem for each field that is wrong.

    ``folder`` is where the logo and icon files are looked for; None skips them.
    """
    if not isinstance(raw, dict):
        raise _stop(
            source, "the file does not hold a JSON object.", 'It should begin with { and hold "api_version", "name", …'
        )
    problems = [
        Problem(
            f"{source}, field {error.pointer or '(top level)'}",
            f"expected {error.expected}, found {error.actual}.",
            _remedy(error.name or error.pointer),
        )
        for error in schema_errors("partner-config", raw)
    ]
    if not any(problem.where.endswith("/api_version") for problem in problems):
        problems += _version_problems(raw, source)
    if problems:
        raise CannotStart(problems)
    notes = [*warnings, *_unknown_keys(raw), *_unused_values(raw), *_hostname_notes(raw)]
    if folder is not None:
        notes += image_problems(raw["logo_file"], raw["icon_file"], folder)
    return PartnerConfig(raw, source, warnings=tuple(f"{source}: {note}" for note in notes))


def trial_config(url: str) -> PartnerConfig:
    """Return the documented defaults that stand in for a config: enough for findings, not for a certificate."""
    host = urlsplit(url).hostname or "localhost"
    raw = {
        "api_version": NEWEST,
        "name": host,
        "description_blurb": "Trial run without a partner config",
        "category": "BI_AND_VIZ",
        "base_url": url,
        "endpoints": {row.config_key: row.default_path for row in OPERATIONS.values() if row.kind is Kind.REQUIRED},
        "sign_up_page": url,
        "privacy_policy": url,
        "terms_of_service": url,
        "logo_file": "logo.svg",
        "icon_file": "icon.svg",
        "resources_to_provision": [{"resource_type": "SqlEndpoint"}, {"resource_type": "PAT"}],
        "supported_clouds": ["aws", "azure", "gcp"],
        "hostnames": [host],
        "new_user_action": "auto_add",
        "data_permissions": [{"permission": "SELECT"}],
    }
    return PartnerConfig(raw, "defaults of a trial run", trial=True)


def _stop(where: str, what: str, remedy: str) -> CannotStart:
    return CannotStart([Problem(where, what, remedy)])


def _remedy(pointer: str) -> str:
    name = next((part for part in reversed(pointer.split("/")) if part and not part.isdigit()), "")
    description = _description(read_schema("partner-config"), name)
    return f"{name}: {description}" if description else "See the README, section Partner config."


def _description(schema: dict[str, Any], name: str) -> str:
    properties: dict[str, Any] = schema.get("properties", {})
    if name in properties:
        return str(properties[name].get("description", ""))
    return next((text for rule in properties.values() if (text := _description(rule, name))), "")


def _version_problems(raw: dict[str, Any], source: str) -> list[Problem]:
    version, problems = raw["api_version"], []
    known = ", ".join(KNOWN_VERSIONS)
    if parse_version(version) > parse_version(NEWEST):
        problems.append(
            Problem(
                f"{source}, field /api_version",
                f"{version} is newer than the newest version that this suite knows.",
                f"Known versions: {known}. Update the suite, or state the version that you implement.",
            )
        )
    elif parse_version(version) < parse_version(KNOWN_VERSIONS[0]):
        problems.append(
            Problem(
                f"{source}, field /api_version",
                f"{version} is older than any version that can be certified.",
                f"Known versions: {known}.",
            )
        )
    elif parse_version(version) not in map(parse_version, KNOWN_VERSIONS):
        problems.append(
            Problem(f"{source}, field /api_version", f"{version} was never published.", f"Known versions: {known}.")
        )
    endpoints = raw.get("endpoints")
    if isinstance(endpoints, dict) and not problems:
        if at_least(version, "2.1.0") and not endpoints.get("delete_connection_path"):
            problems.append(
                Problem(
                    f"{source}, field /endpoints/delete_connection_path",
                    "expected a path, found nothing.",
                    "delete-connection is required since API version 2.1.0: implement it, or state an older api_version.",
                )
            )
        if raw.get("category") == "INGEST" and not endpoints.get("get_connectors_path"):
            problems.append(
                Problem(
                    f"{source}, field /endpoints/get_connectors_path",
                    "expected a path, found nothing.",
                    "Partners of category INGEST must list their connectors.",
                )
            )
    return problems


def _unknown_keys(raw: dict[str, Any]) -> list[str]:
    known = read_schema("partner-config")["properties"]
    endpoints = known["endpoints"]["properties"]
    unknown = [key for key in raw if key not in known] + [
        f"endpoints.{key}" for key in raw["endpoints"] if key not in endpoints
    ]
    secret = [key for key in raw if key.lower() in {"basic_user", "basic_password", "pat_token", "password", "token"}]
    notes = [f"unknown field {key!r} is kept and ignored; is it misspelled?" for key in unknown if key not in secret]
    return notes + [
        f"field {key!r} looks like a credential; credentials belong into the environment, take it out" for key in secret
    ]


def _unused_values(raw: dict[str, Any]) -> list[str]:
    version: str = raw["api_version"]
    properties = read_schema("partner-config")["properties"]
    notes = [
        f"{name!r} came with API version {rule['x-since']}, the config says {version}; the field is ignored by Databricks"
        for name, rule in properties.items()
        if "x-since" in rule and name in raw and not at_least(version, rule["x-since"])
    ]
    newer: dict[str, str] = properties["data_permissions"]["items"]["properties"]["permission"]["x-since-values"]
    notes += [
        f"permission {entry['permission']!r} came with API version {newer[entry['permission']]}, the config says {version}"
        for entry in raw.get("data_permissions", [])
        if not at_least(version, newer.get(entry["permission"], version))
    ]
    return notes


def _hostname_notes(raw: dict[str, Any]) -> list[str]:
    return [
        f"hostnames entry {name!r} should be a bare host name, without scheme, port or path; it is read as {host_of(name)!r}"
        for name in raw["hostnames"]
        if host_of(name) != name.lower()
    ]


def host_of(entry: str) -> str:
    """Return the bare lower-case host of an entry of ``hostnames``, whatever else the partner wrote around it."""
    text = entry.strip().lower()
    if "//" not in text:
        text = f"//{text}"
    try:
        return urlsplit(text).hostname or entry.lower()
    except ValueError:
        return entry.lower()
