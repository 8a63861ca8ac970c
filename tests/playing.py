"""Play cases in this process against a bundled reference partner that may have faults."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from certification.cases.catalogue import catalogue, owners
from certification.client.client import Credentials
from certification.client.partner import open_partner
from certification.config.partner import PartnerConfig, check_config
from certification.databricks.context import Context
from certification.reference import default_config, find_entries, overridden
from certification.run.judge import CaseResult, Ledger
from certification.run.reference_process import ReferencePartner, with_loopback
from certification.run.runner import Runner

TOKEN = "dapi0123456789abcdef0123456789abcdef"
OAUTH_SECRET = "dose0123456789abcdef0123456789abcdef"

SCENARIOS = [ident for ident, case in catalogue().items() if ident[0] in "PERF" and not case.manual]


def reference(names: Iterable[str] = (), config: dict[str, Any] | None = None) -> tuple[PartnerConfig, list[str]]:
    """The config under which the faults or variants ``names`` show (or ``config``), and what switches them on."""
    arguments = []
    faults, variants = split(names)
    raw = config or overridden(default_config(), find_entries(faults, variants))
    for option, chosen in (("--fault", faults), ("--variant", variants)):
        arguments += [word for name in chosen for word in (option, name)]
    return with_loopback(check_config(raw, "config of a test")), arguments


def split(names: Iterable[str]) -> tuple[list[str], list[str]]:
    from certification.reference import VARIANTS

    known = {variant.name for variant in VARIANTS}
    chosen = list(names)
    return [name for name in chosen if name not in known], [name for name in chosen if name in known]


def play(
    folder: Path,
    names: Iterable[str] = (),
    cases: Iterable[str] = SCENARIOS,
    *,
    config: dict[str, Any] | None = None,
    profile: str = "quick",
    seed: int = 1,
) -> dict[str, CaseResult]:
    """Run ``cases`` against the reference partner with the faults and variants ``names``; returns their results."""
    checked, arguments = reference(names, config)
    partner = ReferencePartner(checked.raw, arguments)
    credentials = Credentials(partner.user, partner.password, TOKEN, OAUTH_SECRET)
    try:
        with open_partner(checked, partner.url, credentials, folder) as opened:
            context = Context(f"test{time.time_ns()}", seed, profile, partner.url, checked, opened.alike)
            runner = Runner(context, opened.stage, opened.recorder, catalogue(), Ledger(owners()), time.monotonic)
            return {ident: runner.run(catalogue()[ident]) for ident in cases}
    finally:
        partner.stop()


def told(results: dict[str, CaseResult]) -> list[str]:
    """What the findings in ``results`` say, for the message of a failing assertion."""
    return [
        f"{finding.case} {finding.violation.requirement}: {finding.violation.message} ({finding.violation.actual})"
        for result in results.values()
        for finding in result.findings
    ]
