"""What is said about one statement: its state, why, and where it can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from certification.browser.page import Place
from certification.foundation.reason import Reason
from certification.usability.field_class import Guess
from certification.usability.kinds import Reading, read
from certification.usability.visit import Sight, Visit


class State(StrEnum):
    """What can be said about a statement."""

    HOLDS = "holds"
    VIOLATED = "violated"
    REVIEW = "for review"
    """A person must answer a question, with the picture."""
    NOT_APPLICABLE = "not applicable"
    NOT_REACHED = "not reached"
    """Something stopped the visit before."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A spot on a picture."""

    sight: int
    """Number of the sight in its visit, from 0."""
    place: Place


@dataclass(frozen=True, slots=True)
class Judged:
    """What one visit says about one statement."""

    statement: str
    state: State
    reason: Reason
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A sight and what its fields ask for."""

    number: int
    sight: Sight
    reading: Reading

    def mark(self, place: Place) -> Mark:
        """Return the spot ``place`` on this sight."""
        return Mark(self.number, place)


def looks(visit: Visit) -> list[Look]:
    """Return the sights of ``visit``, each read."""
    return [Look(number, sight, read(sight.page)) for number, sight in enumerate(visit.sights)]


def holds(statement: str, code: str, marks: Iterable[Mark] = (), **facts: str | int) -> Judged:
    """Return that ``statement`` holds."""
    return Judged(statement, State.HOLDS, Reason(code, facts), tuple(marks))


def violated(statement: str, code: str, marks: Iterable[Mark] = (), **facts: str | int) -> Judged:
    """Return that ``statement`` is violated."""
    return Judged(statement, State.VIOLATED, Reason(code, facts), tuple(marks))


def review(statement: str, code: str, marks: Iterable[Mark] = (), **facts: str | int) -> Judged:
    """Return that a person must look, and at what."""
    return Judged(statement, State.REVIEW, Reason(code, facts), tuple(marks))


def not_reached(statement: str, visit: Visit) -> Judged:
    """Return that the visit ended before anything could be said, and where."""
    last = visit.last
    facts: dict[str, str | int] = {
        "end": str(visit.end),
        "page": str(last.kind) if last else "",
        "detail": visit.detail,
    }
    return Judged(statement, State.NOT_REACHED, Reason("stopped", facts))


def names(guesses: Sequence[Guess]) -> str:
    """Return what the fields ask for, each once, in the order of the page."""
    return ", ".join(dict.fromkeys(str(guess.kind) for guess in guesses))
