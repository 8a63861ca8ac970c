"""What a check saw: one requirement, looked at in one place, and whether it held.

The record is neutral: its evidence may be an exchange, a picture, a file or a person's word.  What follows from
observations (findings, verdicts, the requirement matrix) is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from certification.contract.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from certification.evidence.exchange import Exchange

MAX_TEXT = 600
"""Characters of each text of an observation: they quote the partner."""

SERVICE = "service"
"""Subject of a cause that lies in what all operations share, whatever operation showed it."""


class Outcome(StrEnum):
    """What came of looking at a requirement."""

    HELD = "held"
    BROKEN = "broken"
    UNCLEAR = "unclear"
    """It was looked at, and what was seen does not decide it."""


AND = " and "
"""Between the fields in the detail of a cause."""

Cause = tuple[str, str, str]
"""Requirement, subject, detail: what makes two observations the same finding."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at one requirement."""

    requirement: str
    outcome: Outcome
    subject: str
    """What was looked at: an operation, ``page``, ``config``, a file."""
    detail: str = ""
    """A code that tells apart causes that share requirement and subject, such as ``status 500``."""
    evidence: str = ""
    """Where it can be seen: ``call:3`` is call 3 of the execution."""
    message: str = ""
    expected: str = ""
    actual: str = ""

    @property
    def level(self) -> str:
        """``must`` or ``should``."""
        return REQUIREMENTS[self.requirement].level

    @property
    def broken(self) -> bool:
        """Whether the requirement did not hold."""
        return self.outcome is Outcome.BROKEN

    @property
    def cause(self) -> Cause:
        """What makes two observations the same finding.

        What all operations share (the framework's error handler, the authentication) has one cause, wherever it shows.
        """
        subject = SERVICE if REQUIREMENTS[self.requirement].shared else self.subject
        return self.requirement, subject, self.detail

    @property
    def call(self) -> int:
        """Number of the call that is the evidence; 0 when the evidence is something else."""
        kind, _, number = self.evidence.partition(":")
        return int(number) if kind == "call" and number.isascii() and number.isdigit() else 0


def subject_of(exchange: Exchange) -> str:
    """Return what an exchange shows: its operation, or ``page``."""
    return "page" if exchange.request.operation == "redirect" else exchange.request.operation


def held(exchange: Exchange, requirement: str) -> Observation:
    """Return that ``requirement`` was looked at in ``exchange`` and held."""
    return Observation(requirement, Outcome.HELD, subject_of(exchange), evidence=f"call:{exchange.number}")


def broken(
    exchange: Exchange, requirement: str, message: str, *, expected: str, actual: str, detail: str = ""
) -> Observation:
    """Return that ``exchange`` breaks ``requirement``; the texts are bounded, since they quote the partner."""
    return Observation(
        requirement,
        Outcome.BROKEN,
        subject_of(exchange),
        detail[:MAX_TEXT],
        f"call:{exchange.number}",
        message[:MAX_TEXT],
        expected[:MAX_TEXT],
        actual[:MAX_TEXT],
    )


def unclear(exchange: Exchange, requirement: str, message: str, *, expected: str, actual: str) -> Observation:
    """Return that ``requirement`` was looked at in ``exchange``, which does not decide it."""
    return Observation(
        requirement,
        Outcome.UNCLEAR,
        subject_of(exchange),
        "",
        f"call:{exchange.number}",
        message[:MAX_TEXT],
        expected[:MAX_TEXT],
        actual[:MAX_TEXT],
    )


def look(
    exchange: Exchange,
    requirement: str,
    holds: bool,  # noqa: FBT001 - the condition that is looked at, read like an assertion
    message: str,
    *,
    expected: str,
    actual: str,
    detail: str = "",
) -> Observation:
    """Return that ``requirement`` held in ``exchange`` where ``holds``, else that it is broken, with the message."""
    if holds:
        return held(exchange, requirement)
    return broken(exchange, requirement, message, expected=expected, actual=actual, detail=detail)
