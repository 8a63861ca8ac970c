"""The partner config: read, checked completely, and asked by name for what the cases need.

The same class serves a real config, the reference partner's, and the documented defaults of a trial run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from certification.config.files import read_file
from certification.config.notes import ConfigNote, notes_on
from certification.config.rules import config_problems
from certification.contract.internet_names import is_this_machine
from certification.contract.operations import OPERATIONS, Kind
from certification.contract.versions import NEWEST, at_least
from certification.foundation.errors import CannotStart

CLOUD_OF_HOST: Final = MappingProxyType(
    {".azuredatabricks.net": "azure", ".gcp.databricks.com": "gcp", ".cloud.databricks.com": "aws"}
)
"""End of a workspace's host name -> its cloud."""


@dataclass(frozen=True)
class PartnerConfig:
    """What a partner declares about its integration.  ``raw`` is the file's content, unknown keys included."""

    raw: dict[str, Any]
    source: str = "partner.json"
    trial: bool = False
    """True when nobody wrote a config and the documented defaults stand in."""
    notes: tuple[ConfigNote, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notes as sentences that name the file."""
        return tuple(f"{self.source}: {note.text}" for note in self.notes)

    @property
    def before_submission(self) -> tuple[str, ...]:
        """What must be put right before the integration is submitted to Databricks; empty when it is ready."""
        return tuple(note.text for note in self.notes if note.before_submission)

    @property
    def ready_to_submit(self) -> bool:
        """Whether nothing in the config keeps the integration from being submitted."""
        return not self.trial and not self.before_submission

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
        """Clouds in which the tile appears; a real workspace that requests must name is in one of them only."""
        supported = tuple(self.raw["supported_clouds"])
        host = str((self.workspace_detail or {}).get("hostname", "")).lower()
        cloud = next((cloud for ending, cloud in CLOUD_OF_HOST.items() if host.endswith(ending)), None)
        return (cloud,) if cloud in supported else supported

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
    """Read and check the config file at ``path``, JSON or TOML; raises :class:`CannotStart` with every problem in it."""
    raw, irregularities = read_file(path)
    return check_config(raw, str(path), folder=path.parent, irregularities=irregularities)


def check_config(
    raw: Any, source: str, *, folder: Path | None = None, irregularities: tuple[str, ...] = ()
) -> PartnerConfig:
    """Return ``raw`` as a config; raises :class:`CannotStart` with one problem for each field that is wrong.

    ``folder`` is where the logo and icon files are looked for; None skips them.  ``irregularities`` of the file become
    notes.
    """
    problems = config_problems(raw, source)
    if problems:
        raise CannotStart(problems)
    notes = [ConfigNote("irregular", text) for text in irregularities] + notes_on(raw, folder)
    return PartnerConfig(raw, source, notes=tuple(notes))


def trial_config(url: str) -> PartnerConfig:
    """Return the documented defaults that stand in for a config: enough for findings, not for a certificate."""
    host = urlsplit(url).hostname or "localhost"
    # A server of this machine may call itself by either name.
    hosts = ["localhost", "127.0.0.1"] if is_this_machine(host) else [host]
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
        "hostnames": hosts,
        "new_user_action": "auto_add",
        "data_permissions": [{"permission": "SELECT"}],
    }
    return PartnerConfig(raw, "defaults of a trial run", trial=True)
