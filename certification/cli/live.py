"""The partner for a command, called with the user's credentials as in a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from certification.client.partner import credentials_of, open_partner
from certification.config.partner import PartnerConfig
from certification.databricks.actions import Partner
from certification.databricks.context import Context


@dataclass(frozen=True)
class Live:
    """A context and the partner that goes with it."""

    context: Context
    partner: Partner


@contextmanager
def live_partner(
    config: PartnerConfig, url: str, run_id: str, folder: Path, *, seed: int = 0, profile: str = "standard"
) -> Iterator[Live]:
    """Give the partner at ``url``; what is recorded goes to ``folder``."""
    environment = os.environ
    credentials = credentials_of(
        environment.get("BASIC_USER", ""), environment.get("BASIC_PASSWORD", ""), environment.get("PAT_TOKEN")
    )
    with open_partner(config, url, credentials, folder) as partner:
        yield Live(Context(run_id, seed, profile, url, config, partner.alike), partner.live)
