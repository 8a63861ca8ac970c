"""The dates of a launch: what must hold of them, and what is better avoided.

Source: Partner Connect onboarding lifecycle, end-game: the GA date is agreed at least a week in advance; the tile is rolled
out region by region during the week before GA, and completely at least a day before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from certification.foundation.reason import Reason

AGREED_AHEAD: Final = timedelta(days=7)
ROLL_OUT: Final = timedelta(days=7)
COMPLETE_AHEAD: Final = timedelta(days=1)

SATURDAY: Final = 5
FRIDAY: Final = 4


def launch_reasons(agreed: date, ga: date) -> Iterator[Reason]:
    """Yield what is wrong with a GA date that was agreed on the day ``agreed``."""
    if ga - agreed < AGREED_AHEAD:
        yield Reason("ga-too-soon", {"agreed": str(agreed), "ga": str(ga), "earliest": str(agreed + AGREED_AHEAD)})


def roll_out_reasons(ga: date, regions: Sequence[tuple[str, date]]) -> Iterator[Reason]:
    """Yield what is wrong with the days on which ``regions`` get the tile before ``ga``."""
    for name, day in regions:
        facts = {"region": name[:60], "on": str(day)}
        if day < ga - ROLL_OUT:
            yield Reason("region-too-early", {**facts, "earliest": str(ga - ROLL_OUT)})
        elif day > ga - COMPLETE_AHEAD:
            yield Reason("region-too-late", {**facts, "latest": str(ga - COMPLETE_AHEAD)})
    names = [name.casefold() for name, _ in regions]
    for name in dict.fromkeys(each for each in names if names.count(each) > 1):
        yield Reason("region-twice", {"region": name[:60]})


def weekend_advice(ga: date, regions: Sequence[tuple[str, date]]) -> Iterator[Reason]:
    """Yield the days on which nobody may be there when something goes wrong."""
    if ga.weekday() >= FRIDAY:
        yield Reason("ga-before-weekend", {"ga": str(ga), "day": f"{ga:%A}"})
    for name, day in regions:
        if day.weekday() >= SATURDAY:
            yield Reason("region-on-weekend", {"region": name[:60], "on": str(day), "day": f"{day:%A}"})
        elif day.weekday() == FRIDAY:
            yield Reason("region-before-weekend", {"region": name[:60], "on": str(day)})


def pace_advice(regions: Sequence[tuple[str, date]]) -> Iterator[Reason]:
    """Yield what leaves no time to look at one region before the next."""
    days = [day for _, day in regions]
    if len(days) > 1 and len(set(days)) == 1:
        yield Reason("regions-at-once", {"on": str(days[0]), "count": len(days)})
