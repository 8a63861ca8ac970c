"""Decide how a run goes before anything is called: config, address, credentials, people, shapes, and what stands in the way."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from certification.client.client import Credentials
from certification.client.partner import alike, credentials_of
from certification.config.partner import PartnerConfig, read_config, trial_config
from certification.config.waivers import Waiver, read_waivers
from certification.databricks.context import Context
from certification.foundation.errors import CannotStart, Problem
from certification.run import preflight
from certification.run.reference_process import ReferencePartner, reference_config, with_loopback
from certification.session.options import option_problems, weak_notes

REFERENCE = "reference"
"""Stands for the bundled reference partner instead of an address."""

UNKNOWN = "http://unknown.example"
"""Stands in for an address that is none, in the report of a run that could not start."""

DEFAULT_CONFIG = Path("partner.json")


@dataclass
class Plan:
    """What the director decides and each worker needs."""

    context: Context
    credentials: Credentials
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    challenge: str = ""
    waivers: tuple[Waiver, ...] = ()
    """What the partner may break."""
    reference: ReferencePartner | None = None
    """The bundled partner, when it was started for this run; whoever has the plan stops it."""


def make_plan(option: Any, environment: Mapping[str, str], today: date) -> Plan:
    """Return the plan of a run of ``today`` with these options of pytest; all that is wrong is in its ``problems``."""
    problems = list[Problem]()
    url: str | None = option.partner_url
    if url is not None and url != REFERENCE:
        problems += preflight.address_problems(url)
        url = preflight.without_credentials(url)
    config: PartnerConfig | None = None
    try:
        config = _config(option.partner_config, url if not problems else UNKNOWN)
    except CannotStart as error:
        problems += error.problems
    if url is None and config is not None and option.partner_config:
        # The config alone says where its API is.
        problems += preflight.address_problems(config.base_url, "the config's base_url")
        url = preflight.without_credentials(config.base_url)
    if url is None and option.partner_config == "":
        what = "a trial run without a config needs the address of the API."
        problems.append(Problem("--partner-config=", what, "Add --partner-url=https://…"))
    problems += option_problems(option)
    waivers = _waivers(option.certification_waivers, today, problems)
    reference: ReferencePartner | None = None
    if url == REFERENCE:
        url = "http://127.0.0.1"
        if config is not None and not problems:
            config = with_loopback(config)
            try:
                reference = ReferencePartner(config.raw)
                url = reference.url
            except CannotStart as error:
                problems += error.problems
    else:
        problems += preflight.credential_problems(dict(environment), config)
    if reference is not None:
        credentials = credentials_of(reference.user, reference.password)
    else:
        credentials = credentials_of(
            environment.get("BASIC_USER", ""), environment.get("BASIC_PASSWORD", ""), environment.get("PAT_TOKEN")
        )
    challenge: str = option.certification_challenge
    context = Context(
        secrets.token_hex(8) + (f"-{challenge}" if challenge else ""),
        option.certification_seed if option.certification_seed is not None else secrets.randbelow(2**32),
        option.certification_profile,
        url or UNKNOWN,
        config or trial_config(UNKNOWN),
        alike(credentials),
    )
    notes = [*(config.warnings if config else ()), *weak_notes(credentials, config)]
    notes += [
        f"waiver {waiver.id} is for the statement {waiver.statement}, which no run looks at: it is left out"
        for waiver in waivers
        if waiver.statement
    ]
    taken = tuple(waiver for waiver in waivers if not waiver.statement)
    return Plan(context, credentials, notes, problems, challenge, taken, reference)


def _waivers(named: str | None, today: date, problems: list[Problem]) -> tuple[Waiver, ...]:
    try:
        return () if named is None else read_waivers(Path(named), today)
    except CannotStart as error:
        problems += error.problems
        return ()


def _config(named: str | None, url: str | None) -> PartnerConfig:
    if named:
        return read_config(Path(named))
    if named is not None and url != REFERENCE:
        # --partner-config= asks for a trial run where a partner.json lies.
        return trial_config(url or UNKNOWN)
    if url == REFERENCE:
        return reference_config()
    if DEFAULT_CONFIG.exists():
        return read_config(DEFAULT_CONFIG)
    return trial_config(url or UNKNOWN)
