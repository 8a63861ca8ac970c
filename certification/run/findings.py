"""Findings: what the observations of all cases have in common.  One cause is one finding, wherever it was met.

A cause that only shows because a plainer one does, is no finding but a consequence of that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from certification.config.waivers import Waiver
from certification.contract.requirements import REQUIREMENTS
from certification.evidence.observation import AND, Cause, Observation
from certification.generate.shape import Shape
from certification.run.consequences import let_in, reason_for
from certification.run.judge import EndKind, Execution, Purpose
from certification.run.waiving import Shown, goes_with, shown_in, waived_causes

NEED_THE_ID = frozenset({"sign-in", "delete-connection", "test-connection"})
"""Requirements that need the id of a connection to be the text that it should be."""

NOT_UNDERSTOOD = frozenset({"status 400", "status 404", "status 422", "status 500"})
"""What an id that is not understood leads to; any other status has a cause of its own."""

EXPIRED = frozenset({"expire-reach", "not-expired"})


@dataclass(frozen=True)
class Place:
    """Where a cause was met: an example, and what was seen there first."""

    execution: Execution
    seen: Observation
    times: int = 1
    """In how many calls of the example."""

    @property
    def plain(self) -> bool:
        """Whether it was met without any departure from the plain request."""
        return not self.execution.shape


@dataclass(frozen=True)
class Finding:
    """One cause, with the smallest execution that shows it and all places where it was met."""

    cause: Cause
    shown: Place
    places: tuple[Place, ...]
    examples: int
    """How many examples the case in which it is shown has."""
    tries: int = 0
    """How often the example was tried again, and in how many of those it failed again."""
    failed_again: int = 0
    consequences: tuple[Finding, ...] = field(default=())
    waiver: str = ""
    """Id of the waiver that allows it; empty where none does."""

    @property
    def level(self) -> str:
        """``must`` or ``should``."""
        return REQUIREMENTS[self.cause[0]].level

    @property
    def security(self) -> bool:
        """Whether it is about security."""
        return REQUIREMENTS[self.cause[0]].security

    @property
    def case(self) -> str:
        """The case in which it is shown."""
        return self.shown.execution.case

    @property
    def intermittent(self) -> bool:
        """Whether the failure did not come back each time."""
        return self.failed_again < self.tries

    def cases(self) -> list[str]:
        """Return all cases that meet it, or what follows from it."""
        own = [place.execution.case for place in self.places]
        return list(dict.fromkeys([*own, *(case for each in self.consequences for case in each.cases())]))

    def stopped(self) -> int:
        """Return how many cases could not go on where they met it."""
        places = [*self.places, *(place for each in self.consequences for place in each.places)]
        return len({place.execution.case for place in places if place.execution.end.kind is EndKind.BLOCKED})


def findings(executions: Mapping[str, Sequence[Execution]], waivers: Sequence[Waiver] = ()) -> list[Finding]:
    """Return the findings of a run, what to repair first first; ``executions`` are in the order of the catalogue.

    What ``waivers`` allow is marked, and explains only what is waived with it: whatever else follows from it is a finding of
    its own.
    """
    places: dict[Cause, list[Place]] = {}
    for entries in executions.values():
        for execution in entries:
            if execution.purpose is Purpose.EXAMPLE:
                for cause, place in _met(execution).items():
                    places.setdefault(cause, []).append(place)
    found = {cause: _finding(cause, met, executions) for cause, met in places.items()}
    waived = waived_causes(found, waivers)
    shown = shown_in(found) if waived else {}
    roots: dict[Cause, Cause] = {}
    for cause, finding in found.items():
        # What explains each other explains nothing.
        others = {
            other: each
            for other, each in found.items()
            if other != cause
            and _top(other, roots) != cause
            and (other not in waived or goes_with(cause, other, shown))
        }
        root = _root(finding, others)
        if root is not None:
            roots[cause] = root
    _stand_apart(roots, shown, waived)
    result = []
    for cause, finding in found.items():
        if cause in roots:
            continue
        following = [
            replace(found[other], waiver=waived.get(other, "")) for other in roots if _top(other, roots) == cause
        ]
        result.append(replace(finding, consequences=tuple(following), waiver=waived.get(cause, "")))
    return sorted(result, key=_urgency)


def _stand_apart(roots: dict[Cause, Cause], shown: Shown, waived: Mapping[Cause, str]) -> None:
    """Take from ``roots`` what follows from a waived cause only by way of another, and is not waived with it."""
    apart = next(iter(roots), None) if waived else None
    while apart is not None:
        tops = {cause: _top(cause, roots) for cause in roots}
        apart = next((cause for cause, top in tops.items() if top in waived and not goes_with(cause, top, shown)), None)
        if apart is not None:
            del roots[apart]


def _urgency(finding: Finding) -> tuple[bool, bool, int, bool, int]:
    """Order by what to repair first: what stops most cases, then security, then what most cases meet; waived, advice last."""
    required = finding.level == "must"
    return not required, bool(finding.waiver), -finding.stopped(), not finding.security, -len(finding.cases())


def _met(execution: Execution) -> dict[Cause, Place]:
    met: dict[Cause, Place] = {}
    for seen in execution.broken:
        known = met.get(seen.cause)
        met[seen.cause] = Place(execution, seen) if known is None else replace(known, times=known.times + 1)
    return met


def _finding(cause: Cause, places: list[Place], executions: Mapping[str, Sequence[Execution]]) -> Finding:
    # The plainest place: without a shape where there is one, in the first case of the catalogue.
    best = next((place for place in places if place.plain), places[0])
    entries = executions[best.execution.case]
    of_example = [each for each in entries if each.of == best.execution.id]
    again = [each for each in of_example if each.purpose is Purpose.AGAIN]
    smaller = [each for each in of_example if each.purpose is Purpose.SHRINK and cause in each.causes()]
    smallest = min(smaller, key=_size, default=best.execution)
    return Finding(
        cause,
        _met(smallest)[cause],
        tuple(places),
        sum(each.purpose is Purpose.EXAMPLE for each in entries),
        len(again),
        sum(cause in each.causes() for each in again),
    )


def _root(finding: Finding, found: Mapping[Cause, Finding]) -> Cause | None:
    """Return the cause of which ``finding`` is only a consequence, if there is one."""
    requirement, _, detail = finding.cause
    subjects = {place.seen.subject for place in finding.places}
    # About an operation that is not there nothing else can be said.
    gone = next((cause for cause in found if cause[0] == "endpoint-there" and {cause[1]} == subjects), None)
    if gone is not None:
        return gone
    if (ident := _unusable_id(finding, found)) is not None:
        return ident
    for basic in _rests_on(requirement):
        for cause, other in found.items():
            same = cause[0] == basic and _explains(basic, cause[2], requirement, detail)
            if same and subjects & {place.seen.subject for place in other.places} and _plainly(other):
                return cause
    if requirement in {"error-model", "error-reason-fits"} and (crash := _crash(finding, found)) is not None:
        return crash
    plain = [cause for cause, other in found.items() if _plainly(other)]
    reason = reason_for(finding.cause, plain)
    return _wider(finding, found) or reason or _same_form(finding, found) or _expired(finding, found)


def _expired(finding: Finding, found: Mapping[Cause, Finding]) -> Cause | None:
    """Of an expiry that reaches too far and accounts that are expired though nobody expired them, the rarer follows."""
    if finding.cause[0] not in EXPIRED:
        return None
    others = [other for cause, other in found.items() if cause[0] in EXPIRED and cause[0] != finding.cause[0]]
    if not others:
        return None
    widest = max(others, key=lambda other: len(other.places))
    rarer = len(finding.places) < len(widest.places)
    even = len(finding.places) == len(widest.places) and finding.cause[0] == "not-expired"
    return widest.cause if rarer or even else None


def _same_form(finding: Finding, found: Mapping[Cause, Finding]) -> Cause | None:
    """Return the errors of another status that are no ErrorResponse in the very same way: one handler makes them."""
    if finding.cause[0] != "error-model" or not finding.cause[2].isdigit():
        return None
    alike = [
        cause
        for cause, other in found.items()
        if cause[0] == "error-model" and cause[2].isdigit() and other.shown.seen.actual == finding.shown.seen.actual
    ]
    return next((cause for cause in alike if len(found[cause].places) >= len(finding.places)), None)


def _unusable_id(finding: Finding, found: Mapping[Cause, Finding]) -> Cause | None:
    """Return the malformed connection_id of which ``finding`` is a consequence: it comes back as text in every later call."""
    requirement, _, detail = finding.cause
    if requirement not in NEED_THE_ID or detail not in NOT_UNDERSTOOD:
        return None
    return next(
        (
            cause
            for cause, other in found.items()
            if cause[0] == "connection-model" and "/connection_id type" in cause[2].split(AND) and _plainly(other)
        ),
        None,
    )


def follows(seen: Observation, plain: Iterable[Observation]) -> bool:
    """Return whether ``seen`` is a consequence of one of ``plain``, which were met without any particular shape."""
    basics = set(_rests_on(seen.requirement))
    return any(
        other.requirement in basics
        and other.subject == seen.subject
        and _explains(other.requirement, other.detail, seen.requirement, seen.detail)
        for other in plain
    )


def _explains(basic: str, basic_detail: str, requirement: str, detail: str) -> bool:
    """Return whether what went wrong with ``basic`` went wrong with ``requirement`` again."""
    if let_in(requirement, detail) and not let_in(basic, basic_detail):
        return False
    return set(detail.split(AND)) <= set(basic_detail.split(AND))


def _wider(finding: Finding, found: Mapping[Cause, Finding]) -> Cause | None:
    """Return the finding of the same requirement in which more fields are wrong, these among them."""
    requirement, subject, detail = finding.cause
    fields = set(detail.split(AND))
    return next(
        (
            cause
            for cause in found
            if cause[:2] == (requirement, subject) and AND in cause[2] and fields < set(cause[2].split(AND))
        ),
        None,
    )


def _plainly(finding: Finding) -> bool:
    """Whether the cause shows without any particular shape; else it explains nothing about other requests."""
    return any(place.plain for place in finding.places)


def _rests_on(requirement: str) -> Iterable[str]:
    """Yield what ``requirement`` rests on, directly or not, the nearest first."""
    waiting, seen = list(REQUIREMENTS[requirement].rests_on), set[str]()
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen.add(name)
            yield name
            waiting += REQUIREMENTS[name].rests_on


def _crash(finding: Finding, found: Mapping[Cause, Finding]) -> Cause | None:
    """Return the crash of which a badly formed error 500 is the page: the status was wrong wherever the page was seen."""
    calls = {(place.execution.case, place.execution.id, place.seen.evidence) for place in finding.places}
    explained: dict[tuple[str, str, str], Cause] = {}
    for cause, other in found.items():
        if cause[2].startswith("status 5"):
            for place in other.places:
                for seen in place.execution.broken:
                    if seen.cause == cause:
                        explained[place.execution.case, place.execution.id, seen.evidence] = cause
    if not calls or not calls <= explained.keys():
        return None
    return next(explained[call] for call in calls)


def _top(cause: Cause, roots: Mapping[Cause, Cause]) -> Cause:
    seen = set[Cause]()
    while cause in roots and cause not in seen:
        seen.add(cause)
        cause = roots[cause]
    return cause


def _size(execution: Execution) -> tuple[int, int]:
    return _shape_size(execution.shape)


def _shape_size(shape: Shape) -> tuple[int, int]:
    return len(shape), len(str(shape))
