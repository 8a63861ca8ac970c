"""Recall and false alarms: the whole suite against every named fault and every correct variant of the reference partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from certification.accuracy.certify import certify
from certification.accuracy.partners import reference_partner
from certification.foundation.errors import CannotStart

if TYPE_CHECKING:
    from certification.reference import Fault, Variant
    from certification.run.findings import Finding

BEGIN, END = "<!-- accuracy -->", "<!-- /accuracy -->"


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

    @property
    def right(self) -> bool:
        """Whether the suite was right: a failure for a fault; none, and no unexplained advisory, for a variant."""
        if self.fault:
            return bool(self.must or (self.allowed and self.should))
        return not self.must and not self.open and (not self.should or bool(self.allowed))


def measure(name: str, profile: str, *, expected: bool = False) -> Measured:
    """Certify the reference partner with the fault or variant ``name``.

    ``expected`` runs on a fault only the case that should find it; on a variant always all cases.
    """
    from certification.reference import FAULTS, VARIANTS, Fault
    from certification.reference.faults.found_by import ADVISED

    entries: tuple[Fault | Variant, ...] = (*FAULTS, *VARIANTS)
    entry = next(entry for entry in entries if entry.name == name)
    fault = entry in FAULTS
    family = getattr(entry, "family", "correct")
    allowed = getattr(entry, "advisories", "") or ("rulings 11 and 13" if name in ADVISED else "")
    faults, variants = ([name], []) if fault else ([], [name])
    try:
        cases = [entry.found_by] if expected and isinstance(entry, Fault) else None
        with reference_partner(faults=faults, variants=variants) as partner:
            outcome = certify(partner, profile=profile, cases=cases)
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
    )


def _cases(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case for finding in findings for case in finding.cases()))


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


def table(measured: Sequence[Measured], profile: str, *, expected: bool = False) -> str:
    """Return the figures as a Markdown table with the sentence that says how they were made."""
    faults = [each for each in measured if each.fault]
    variants = [each for each in measured if not each.fault]
    lines = ["| family of faults | faults | found | recall |", "| --- | ---: | ---: | ---: |"]
    for family in sorted({each.family for each in faults}):
        members = [each for each in faults if each.family == family]
        found = sum(each.right for each in members)
        lines.append(f"| {family} | {len(members)} | {found} | {_percent(found, len(members))} |")
    found = sum(each.right for each in faults)
    lines.append(f"| **all** | **{len(faults)}** | **{found}** | **{_percent(found, len(faults))}** |")
    lines.append("")
    lines += [
        "| correct partners | accused (must) | unexplained advisories | could not be checked |",
        "| ---: | ---: | ---: | ---: |",
    ]
    accused = sum(bool(each.must) for each in variants)
    advised = sum(bool(each.should) and not each.allowed for each in variants)
    unchecked = sum(bool(each.open) for each in variants)
    lines.append(f"| {len(variants)} | {accused} | {advised} | {unchecked} |")
    lines.append("")
    # A fault on which only one case was run says nothing about a whole run.
    for title, members in (("a correct partner", variants), ("a faulty one", [] if expected else faults)):
        if members:
            requests = sorted(each.requests for each in members)
            seconds = sorted(each.seconds for each in members)
            lines.append(
                f"Profile {profile}, {title}: {requests[len(requests) // 2]:,} requests and {seconds[len(seconds) // 2]:.1f} s (median), {requests[-1]:,} requests and {seconds[-1]:.1f} s at most."
            )
    return "\n".join(lines)


def write_into(readme: Path, text: str) -> None:
    """Put ``text`` between the accuracy marks of ``readme``; raises ``ValueError`` when they are missing."""
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        message = f"{readme}: the marks {BEGIN} and {END} are missing"
        raise ValueError(message)
    readme.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"
