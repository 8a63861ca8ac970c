"""What all visits together say about each usability statement.

Pure functions of the record.  A wrong accusation is worse than a statement left for review: what is called violated was read
on the page, was visible, and is sure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from certification.contract.statements import STATEMENTS
from certification.usability.arrivals import Absent
from certification.usability.judge_homepage import homepage
from certification.usability.judge_pages import every_page, known_user, next_step
from certification.usability.judge_sign_up import sign_up
from certification.usability.judged import Judged, State, looks
from certification.usability.visit import Purpose, Visit

ORDER = (State.VIOLATED, State.REVIEW, State.HOLDS, State.NOT_REACHED, State.NOT_APPLICABLE)
"""What counts first when several visits say different things about one statement."""


NO_VISIT = -1
"""Stands for the visit where there was none."""

ABOUT: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.CREATE_TRIAL: tuple(name for name in STATEMENTS if name not in {"U400", "U410", "U420"}),
    Purpose.SIGN_IN: ("U400",),
    Purpose.CONTACT_ADMIN: ("U410",),
    Purpose.PURCHASE_PRODUCT: ("U410",),
}
"""Purpose -> the statements that only its visits tell about."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is said about a statement in the end, by which visits."""

    statement: str
    state: State
    said: tuple[tuple[int, Judged], ...]
    """Number of a visit, and what it says; those that decide come first."""


def judge(visits: Sequence[Visit], absent: Sequence[Absent] = ()) -> list[Conclusion]:
    """Return a conclusion for each statement, in their order; ``absent`` are the pages that nobody was sent to."""
    said: dict[str, list[tuple[int, Judged]]] = {name: [] for name in STATEMENTS}
    for number, visit in enumerate(visits):
        for judged in _visit(visit):
            said[judged.statement].append((number, judged))
    for each in absent:
        for name in ABOUT[each.purpose]:
            state = State.NOT_REACHED if each.applies else State.NOT_APPLICABLE
            said[name].append((NO_VISIT, Judged(name, state, each.reason)))
    return [_concluded(name, said[name]) for name in STATEMENTS]


def _visit(visit: Visit) -> list[Judged]:
    seen = looks(visit)
    found = every_page(visit, seen)
    if visit.purpose is Purpose.CREATE_TRIAL:
        return [*sign_up(visit, seen), *homepage(visit, seen), *found]
    if visit.purpose is Purpose.SIGN_IN:
        return [known_user(visit, seen), *found]
    return [next_step(visit, seen), *found]


def _concluded(name: str, said: list[tuple[int, Judged]]) -> Conclusion:
    ordered = sorted(said, key=lambda each: ORDER.index(each[1].state))
    state = ordered[0][1].state if ordered else State.NOT_REACHED
    return Conclusion(name, state, tuple(ordered))
