"""Certify one reference partner in this process: the run of the plugin without pytest around it."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from certification.cases.case import Case
from certification.cases.catalogue import catalogue, owners
from certification.cases.play import Context
from certification.client.client import Credentials
from certification.client.partner import credentials_of, open_partner
from certification.config.partner import PartnerConfig, check_config
from certification.generate.shape import Shape
from certification.run.judge import CaseResult, Finding, Ledger
from certification.run.reference_process import ReferencePartner
from certification.run.runner import Runner

PATIENCE_SECONDS = 8.0
"""Deadline of a call here: a fault that hangs need not hang for a minute to be measured."""


@dataclass(frozen=True)
class Outcome:
    """What one certification gave."""

    results: tuple[CaseResult, ...]
    requests: int
    seconds: float

    @property
    def findings(self) -> list[Finding]:
        """All findings of all cases."""
        return [finding for result in self.results for finding in result.findings]

    def at(self, level: str) -> list[Finding]:
        """Return the findings of one level."""
        return [finding for finding in self.findings if finding.violation.level == level]

    def having(self, *verdicts: str) -> list[CaseResult]:
        """Return the results with one of ``verdicts``."""
        return [result for result in self.results if result.verdict in verdicts]


def certify(
    raw: dict[str, Any],
    arguments: Sequence[str] = (),
    *,
    profile: str = "standard",
    seed: int = 1,
    cases: Iterable[str] | None = None,
) -> Outcome:
    """Start the reference partner with the config ``raw`` and ``arguments``, run ``cases`` (all unless given), stop it.

    Raises :class:`CannotStart` when config or partner do not allow a run.
    """
    # Longer than eight characters, with a colon and beyond ASCII: partners are known to stumble over each.
    partner = ReferencePartner(raw, arguments, user="reference-user", password=f"pässword:{secrets.token_urlsafe(12)}")
    try:
        return certify_at(partner.url, raw, partner.user, partner.password, profile=profile, seed=seed, cases=cases)
    finally:
        partner.stop()


def certify_at(
    url: str,
    raw: dict[str, Any],
    user: str,
    password: str,
    *,
    profile: str = "standard",
    seed: int = 1,
    cases: Iterable[str] | None = None,
    times: int = 1,
) -> Outcome:
    """Run ``cases`` (all unless given) on the partner at ``url`` whose config is ``raw``.

    ``times`` multiplies the examples of the generated cases, each time with other seeds.
    """
    config = check_config(raw, "config of the benchmark")
    begun = time.perf_counter()
    choice = Choice(profile, seed, cases, times)
    with tempfile.TemporaryDirectory() as folder:
        results, requests = _run(config, url, credentials_of(user, password), Path(folder), choice)
    return Outcome(tuple(results), requests, time.perf_counter() - begun)


@dataclass(frozen=True)
class Choice:
    """What to run."""

    profile: str
    seed: int
    cases: Iterable[str] | None
    times: int


def _multiplied(case: Case, times: int) -> Case:
    shapes = case.shapes
    if shapes is None or times == 1:
        return case

    def more(config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
        return [shape for turn in range(times) for shape in shapes(config, seed + turn, profile)]

    return replace(case, shapes=more)


def _run(
    config: PartnerConfig, url: str, credentials: Credentials, folder: Path, choice: Choice
) -> tuple[list[CaseResult], int]:
    with open_partner(config, url, credentials, folder, seconds=PATIENCE_SECONDS) as partner:
        context = Context(secrets.token_hex(8), choice.seed, choice.profile, url, config, partner.alike)
        runner = Runner(context, partner.stage, partner.recorder, catalogue(), Ledger(owners()), time.monotonic)
        wanted = set(choice.cases) if choice.cases is not None else None
        chosen = [case for case in catalogue().values() if not case.manual and (wanted is None or case.id in wanted)]
        return [runner.run(_multiplied(case, choice.times)) for case in chosen], partner.count.total()
