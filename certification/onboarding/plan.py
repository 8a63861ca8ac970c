"""The dates of a launch, proposed: a GA date that may stand, and a day for every region.

What must hold of the dates stands in ``onboarding/dates.py``.  Nobody launches in the past, and no GA date stands while a
sign-off or the agreement is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from certification.foundation.days import LAST_YEAR
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.reason import Reason
from certification.onboarding.dates import (
    AGREED_AHEAD,
    COMPLETE_AHEAD,
    FRIDAY,
    ROLL_OUT,
    launch_reasons,
    pace_advice,
    roll_out_reasons,
    weekend_advice,
)
from certification.onboarding.record import Launch
from certification.onboarding.regions import Region
from certification.onboarding.status import State, Status
from certification.onboarding.words import STATES, command_for, reason_words

FAR: Final = timedelta(days=366)
"""A GA date further away is probably a typing error."""

FIRST: Final = ("agreement", "agreement-confirmed")
"""What is needed before a GA date can stand, beside the sign-offs."""

BROKEN: Final = ("sign-off-damaged", "sign-off-broken", "too-many-sign-offs")
"""What may hide a refusal."""


def missing_before_ga(status: Status) -> list[Problem]:
    """Return what keeps any GA date from standing: each sign-off and agreement that is not there, with what to do."""
    found = []
    for item in status.items:
        if item.state is State.DONE or not (item.need.id.startswith("sign-off-") or item.need.id in FIRST):
            continue
        why = "; ".join(reason_words(reason) for reason in item.reasons)
        command = command_for(item)
        remedy = f"Whose move it is: {item.mover}.{f' Then: {command}' if command else ''}"
        state = "cannot be given yet" if item.state is State.LATER else f"is {STATES[item.state]}"
        what = f"no GA date can stand without it; it {state}{f' ({why})' if why else ''}."
        found.append(Problem(item.need.text, what, remedy))
    found += [
        Problem("sign-offs", f"{reason_words(reason)}.", "Restore it from your version control, or have it made again.")
        for reason in status.remarks
        if reason.code in BROKEN
    ]
    return found


def plan(ga: date, agreed: date, regions: Sequence[Region], today: date, missing: Sequence[Problem] = ()) -> Launch:
    """Return a launch at ``ga``, agreed on the day ``agreed``, that goes through ``regions``, its days in order.

    Regions without a day get one, in their order.  Raises :class:`CannotStart` with everything that stands against it,
    ``missing`` first.
    """
    problems = [*missing, *(_problem("--ga", reason, today, ga, agreed) for reason in _ga_reasons(ga, agreed, today))]
    if max(ga.year, agreed.year) <= LAST_YEAR:
        fixed = [(region.name, region.on) for region in regions if region.on is not None]
        reasons = [
            *roll_out_reasons(ga, fixed),
            *(Reason("region-over", {"region": name, "on": str(day)}) for name, day in fixed if day < today),
        ]
        problems += [_problem("--regions", reason, today, ga, agreed) for reason in reasons]
    if problems:
        raise CannotStart(problems)
    return Launch(agreed, ga, tuple(sorted(_proposed(regions, ga, today), key=lambda each: each[1])))


def advice_on(launch: Launch, today: date) -> list[Reason]:
    """Return what is better avoided in a launch that keeps to the rules."""
    far = [Reason("ga-far", {"ga": str(launch.ga)})] if launch.ga - today > FAR else []
    return [*far, *weekend_advice(launch.ga, launch.rollout), *pace_advice(launch.rollout)]


def recorded_launch(raw: dict[str, Any], launch: Launch) -> None:
    """Put the dates of ``launch`` into an ``onboarding.json``; comments in it stay."""
    entry = raw.setdefault("launch", {})
    entry |= {"agreed": str(launch.agreed), "ga": str(launch.ga)}
    known = {each.get("region"): each for each in entry.get("rollout", [])}
    entry["rollout"] = [{**known.get(name, {}), "region": name, "on": str(day)} for name, day in launch.rollout]


def _ga_reasons(ga: date, agreed: date, today: date) -> Iterator[Reason]:
    if max(ga.year, agreed.year) > LAST_YEAR:
        yield Reason("ga-far", {"ga": str(max(ga, agreed))})
        return
    facts = {"ga": str(ga), "agreed": str(agreed), "today": str(today)}
    if agreed > today:
        yield Reason("agreed-later", facts)
    yield from launch_reasons(agreed, ga)
    if ga < today:
        yield Reason("ga-over", facts)
    elif ga - COMPLETE_AHEAD < today:
        yield Reason("ga-at-once", facts)


def _problem(option: str, reason: Reason, today: date, ga: date, agreed: date) -> Problem:
    first = max(agreed + AGREED_AHEAD, today + COMPLETE_AHEAD) if agreed.year <= LAST_YEAR else today
    remedy = {
        "agreed-later": "A date is agreed before it is planned; or is the clock of this machine wrong?",
        "ga-far": "Is the year right?",
    }.get(reason.code, f"The first day that GA can be on is {first}.")
    if option == "--regions":
        begin, end = max(ga - ROLL_OUT, today), ga - COMPLETE_AHEAD
        remedy = f"Name a day from {begin} to {end}, or leave the day out." if begin <= end else remedy
        remedy = "Leave one out." if reason.code == "region-twice" else remedy
    where = "--agreed" if reason.code == "agreed-later" else option
    return Problem(where, f"{reason_words(reason)}.", remedy)


def _proposed(regions: Sequence[Region], ga: date, today: date) -> Iterator[tuple[str, date]]:
    """Yield every region with its day: those without one are spread over good days, in order."""
    free = [region.name for region in regions if region.on is None]
    days = _good_days(max(ga - ROLL_OUT, today), ga - COMPLETE_AHEAD)
    for place, name in enumerate(free):
        # As early as possible, so that there is time to look at each; several on one day only where days are too few.
        yield name, days[place if len(free) <= len(days) else place * len(days) // len(free)]
    yield from ((region.name, region.on) for region in regions if region.on is not None)


def _good_days(first: date, last: date) -> list[date]:
    """Return the days to roll out on: Monday to Thursday; where there is none Friday, and else what there is."""
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    for latest in (FRIDAY - 1, FRIDAY):
        good = [day for day in days if day.weekday() <= latest]
        if good:
            return good
    return days
