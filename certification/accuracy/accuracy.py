"""Recall and false alarms: the whole suite against every named fault and every correct variant of the reference partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from certification.accuracy.certify import Outcome, certify
from certification.accuracy.partners import reference_partner
from certification.foundation.errors import CannotStart

if TYPE_CHECKING:
    from certification.reference import Fault, Variant
    from certification.run.findings import Finding


@dataclass(frozen=True)
class Measured:
    """What the suite said about one partner."""

    name: str
    family: str
    fault: bool
    allowed: str = ""
    """The ruling under which an advisory is right, or all that a fault can cost."""
    must: tuple[str, ...] = ()
    """Cases with a failure."""
    should: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    """Cases that were blocked, or in which the suite itself failed."""
    texts: tuple[str, ...] = field(default=())
    requests: int = 0
    seconds: float = 0.0
    required: int = 0
    """Required findings of a run of all cases."""
    quick: bool = False
    """Whether a run of the quick profile finds a fault; false where none was made."""

    @property
    def right(self) -> bool:
        """Whether the suite was right: a failure for a fault; none, and no unexplained advisory, for a variant."""
        if self.fault:
            return bool(self.must or (self.allowed and self.should))
        return not self.must and not self.open and (not self.should or bool(self.allowed))


def measure(name: str, profile: str, *, expected: bool = False) -> Measured:
    """Certify the reference partner with the fault or variant ``name``.

    ``expected`` runs on a fault the case that should find it, and all cases in the quick profile only; on a variant
    always all cases.
    """
    from certification.reference import FAULTS, VARIANTS, Fault
    from certification.reference.faults.found_by import ADVISED

    entries: tuple[Fault | Variant, ...] = (*FAULTS, *VARIANTS)
    entry = next(entry for entry in entries if entry.name == name)
    fault = isinstance(entry, Fault)
    family = getattr(entry, "family", "correct")
    allowed = getattr(entry, "advisories", "") or ("rulings 11 and 13" if name in ADVISED else "")
    cases = [entry.found_by] if expected and isinstance(entry, Fault) else None
    try:
        outcome = _certified(name, profile, cases, fault=fault)
        whole = outcome if cases is None else _certified(name, "quick", None, fault=fault)
    except CannotStart as error:
        return Measured(name, family, fault, allowed, open=("start",), texts=(str(error),))
    return Measured(
        name,
        family,
        fault,
        allowed,
        _cases(outcome.at("must")),
        _cases(outcome.at("should")),
        tuple(result.case for result in outcome.having("blocked", "error")),
        tuple(f"{finding.case} {finding.level}: {finding.shown.seen.message}" for finding in outcome.findings),
        outcome.requests,
        outcome.seconds,
        len(whole.at("must")),
        bool(cases and (whole.at("must") or (allowed and whole.at("should")))),
    )


def measure_all(
    profile: str, jobs: int, names: Sequence[str] = (), families: Sequence[str] = (), *, expected: bool = False
) -> Iterator[Measured]:
    """Yield what the suite says about each fault and variant, ``jobs`` at a time; all unless named."""
    from certification.reference import FAULTS, VARIANTS

    entries: tuple[Fault | Variant, ...] = (*FAULTS, *VARIANTS)
    chosen = [
        entry.name
        for entry in entries
        if (not names or entry.name in names) and (not families or getattr(entry, "family", "correct") in families)
    ]
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(partial(measure, profile=profile, expected=expected), chosen)


def _certified(name: str, profile: str, cases: list[str] | None, *, fault: bool) -> Outcome:
    faults, variants = ([name], []) if fault else ([], [name])
    with reference_partner(faults=faults, variants=variants) as partner:
        return certify(partner, profile=profile, cases=cases)


def _cases(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case for finding in findings for case in finding.cases()))
