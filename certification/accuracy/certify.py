"""Certify one partner in this process: the run of the plugin without pytest around it."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from certification.accuracy.partners import PATIENCE_SECONDS, Reachable
from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.client.partner import open_partner
from certification.config.partner import PartnerConfig
from certification.databricks.context import Context
from certification.generate.shape import Shape
from certification.run.findings import Finding, findings
from certification.run.judge import CaseResult, Execution
from certification.run.runner import Runner


@dataclass(frozen=True)
class Outcome:
    """What one certification gave."""

    results: tuple[CaseResult, ...]
    findings: tuple[Finding, ...]
    looked_at: frozenset[str]
    """Requirements that were looked at."""
    requests: int
    seconds: float

    @property
    def broken(self) -> set[str]:
        """Requirements that did not hold, also those that only follow from others."""
        return {each.cause[0] for finding in self.findings for each in (finding, *finding.consequences)}

    def at(self, level: str) -> list[Finding]:
        """Return the findings of one level."""
        return [finding for finding in self.findings if finding.level == level]

    def having(self, *verdicts: str) -> list[CaseResult]:
        """Return the results with one of ``verdicts``."""
        return [result for result in self.results if result.verdict in verdicts]


def certify(
    partner: Reachable,
    *,
    profile: str = "standard",
    seed: int = 1,
    cases: Iterable[str] | None = None,
    times: int = 1,
    looks_again: bool = True,
) -> Outcome:
    """Run ``cases`` (all unless given) on ``partner``.

    ``times`` multiplies the examples of the generated cases, each time with other seeds; without ``looks_again`` what
    fails is neither tried again nor made smaller.
    """
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        results, executions, requests = _run(partner, Path(folder), Choice(profile, seed, cases, times, looks_again))
    looked_at = {name for each in executions.values() for execution in each for name in execution.looked_at()}
    seconds = time.perf_counter() - begun
    return Outcome(tuple(results), tuple(findings(executions)), frozenset(looked_at), requests, seconds)


@dataclass(frozen=True)
class Choice:
    """What to run."""

    profile: str
    seed: int
    cases: Iterable[str] | None
    times: int
    looks_again: bool


@dataclass(frozen=True)
class _Drawn:
    """What decides which shapes a case tries, and what draws them."""

    case: str
    config_digest: str
    seed: int
    profile: str
    shapes: Callable[[PartnerConfig, int, str], list[Shape]] = field(compare=False)
    config: PartnerConfig = field(compare=False)


@lru_cache(maxsize=256)
def _drawn(asked: _Drawn) -> list[Shape]:
    # A benchmark certifies hundreds of partners with one seed; to draw the same shapes for each is a tenth of its time.
    return asked.shapes(asked.config, asked.seed, asked.profile)


def _multiplied(case: Case, times: int) -> Case:
    shapes = case.shapes
    if shapes is None:
        return case

    def more(config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
        digest = config.digest
        return [
            shape
            for turn in range(times)
            for shape in deepcopy(_drawn(_Drawn(case.id, digest, seed + turn, profile, shapes, config)))
        ]

    return replace(case, shapes=more)


def _run(
    partner: Reachable, folder: Path, choice: Choice
) -> tuple[list[CaseResult], Mapping[str, Sequence[Execution]], int]:
    config, url = partner.config, partner.url
    with open_partner(
        config, url, partner.credentials, folder, seconds=PATIENCE_SECONDS, transport=partner.transport
    ) as opened:
        context = Context(secrets.token_hex(8), choice.seed, choice.profile, url, config, opened.alike)
        runner = Runner(context, opened.live, opened.recorder, time.monotonic, looks_again=choice.looks_again)
        wanted = set(choice.cases) if choice.cases is not None else None
        chosen = [case for case in catalogue().values() if not case.manual and (wanted is None or case.id in wanted)]
        results = [runner.run(_multiplied(case, choice.times)) for case in chosen]
        return results, runner.ledger.executions, opened.count.total()
