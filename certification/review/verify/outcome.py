"""What ``verify`` finds: points that were looked at, and one of three outcomes.

A report *holds* only when everything that it says was made again here from its evidence.  What contradicts the evidence
makes it *not hold*.  What can neither be made again nor contradicted here (another version of the suite, ways to
authenticate that only the credentials could tell) leaves it *not verified*: a claim is never enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from certification.foundation.days import FORM, WORDS
from certification.foundation.typed_json import Form
from certification.report.words import RUN

MAX_SHOWN = 60
"""Sentences of one point; a hostile bundle shall not flood the terminal."""


Kind = Literal["report", "bundle", "submission", "onboarding"]
"""What can be verified."""


class Result(StrEnum):
    """The outcome of a verification."""

    HOLDS = "holds"
    BROKEN = "does not hold"
    UNVERIFIED = "not verified"


@dataclass
class Point:
    """One thing that was looked at."""

    name: str
    holds: str
    """What is true when nothing is wrong and nothing is left open; empty when nothing was promised."""
    broken: list[str] = field(default_factory=list)
    """What contradicts the evidence."""
    unverified: list[str] = field(default_factory=list)
    """What could not be checked here, with the remedy.  Keeps the report from holding."""
    notes: list[str] = field(default_factory=list)
    """What a reader should know, though nothing depends on it."""

    def add(self, errors: Iterable[str]) -> None:
        """Add what is wrong, each once and bounded."""
        _extend(self.broken, errors)

    def leave_open(self, reasons: Iterable[str]) -> None:
        """Add what could not be checked, each once and bounded."""
        _extend(self.unverified, reasons)


def _extend(found: list[str], more: Iterable[str]) -> None:
    for text in more:
        if text in found:
            continue
        if len(found) >= MAX_SHOWN:
            if len(found) == MAX_SHOWN:
                found.append("and more")
            return
        found.append(text)


@dataclass
class Verification:
    """Everything that was looked at, and the verdict that the evidence gives."""

    points: list[Point] = field(default_factory=list)
    verdict: str = ""
    headline: str = ""
    partner: str = ""
    run: str = ""
    suite: str = ""
    kind: Kind = "report"
    complete: bool = False
    """Whether what was looked at says that nothing was left out."""
    manifest: str = ""
    """SHA-256 of the manifest; empty for a report folder, which has none."""
    valid_until: str = ""
    """The last day on which the certificate stands; empty for a run that is none."""
    ended: bool = False
    """Whether that day is over."""

    @property
    def result(self) -> Result:
        """The outcome."""
        if any(point.broken for point in self.points):
            return Result.BROKEN
        return Result.UNVERIFIED if any(point.unverified for point in self.points) else Result.HOLDS

    @property
    def holds(self) -> bool:
        """Whether everything was checked, and nothing is wrong."""
        return self.result is Result.HOLDS

    def point(self, name: str, holds: str = "") -> Point:
        """Return the point called ``name``; it is made with what ``holds`` when there is none."""
        known = next((point for point in self.points if point.name == name), None)
        if known is None:
            known = Point(name, holds)
            self.points.append(known)
        return known

    def line(self) -> str:
        """Return the outcome in one line."""
        match self.result:
            case Result.HOLDS:
                verdict = RUN.get(self.verdict, self.verdict).lower()
                ended = f" The certificate ended on {self.valid_until}." if self.ended else ""
                if self.kind == "submission":
                    complete = "complete" if self.complete else "not complete"
                    return (
                        f"HOLDS: the submission of {self.partner} follows from its files: {complete}, {verdict}.{ended}"
                    )
                if self.kind == "onboarding":
                    return f"HOLDS: all four sign-offs of {self.partner} count, and are about what is there today."
                return f"HOLDS: the report of {self.partner} follows from its evidence: {verdict}.{ended}"
            case Result.UNVERIFIED:
                left = [text for point in self.points for text in point.unverified]
                names = ", ".join(point.name for point in self.points if point.unverified)
                return f"NOT VERIFIED: nothing contradicts it, but {_things(left)} could not be checked here ({names})."
        count = sum(len(point.broken) for point in self.points)
        names = ", ".join(point.name for point in self.points if point.broken)
        return f"DOES NOT HOLD: {count} contradiction{'s' if count > 1 else ''} ({names})."

    def output(self) -> Output:
        """Return the outcome as it is printed with ``--json``."""
        points = tuple(
            PointOutput(point.name, point.holds, tuple(point.broken), tuple(point.unverified), tuple(point.notes))
            for point in self.points
        )
        return Output(
            self.kind,
            self.result,
            self.line(),
            self.verdict,
            self.headline,
            self.partner,
            self.run,
            self.suite,
            self.complete,
            self.manifest,
            self.valid_until,
            self.ended,
            points,
        )


def _things(texts: list[str]) -> str:
    return "1 thing" if len(texts) == 1 else f"{len(texts)} things"


Verdict = Annotated[str, Form(r"[a-z_]{0,40}", "a verdict")]


@dataclass(frozen=True, slots=True)
class PointOutput:
    """One thing that was looked at."""

    name: str
    holds: str
    """What is true when the lists are empty."""
    broken: tuple[str, ...]
    """What contradicts the evidence."""
    unverified: tuple[str, ...]
    """What could not be checked here."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """What ``partner-connect verify --json`` prints."""

    kind: Kind
    """What was looked at; a report folder or a stored report is a ``report``."""
    result: Result
    line: str
    """The outcome in one line."""
    verdict: Verdict
    """The verdict of the run as the evidence gives it; empty when none follows."""
    headline: str
    partner: str
    run: str
    suite: str
    complete: bool
    """Whether a bundle or submission says that nothing was left out."""
    manifest: Annotated[str, Form(r"[0-9a-f]{64}|", "a SHA-256, or nothing")]
    """SHA-256 of the manifest of a bundle or submission."""
    valid_until: Annotated[str, Form(f"({FORM})?", f"{WORDS}, or nothing")]
    """The last day on which the certificate stands: a year after its run, or when a waiver ends; empty for none."""
    ended: bool
    """Whether that day is over."""
    points: tuple[PointOutput, ...]


def failed(what: str) -> Output:
    """Return the outcome for something that could not be looked at to its end."""
    point = PointOutput("verification", "", (what,), (), ())
    return Output(
        "report", Result.BROKEN, f"DOES NOT HOLD: {what}.", "", "", "", "", "", False, "", "", False, (point,)
    )
