"""What ``partner-connect onboarding plan --json`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certification.foundation.reason import Reason
from certification.onboarding.calendar import DAYS
from certification.onboarding.output import ReasonOutput
from certification.onboarding.record import Launch
from certification.onboarding.words import reason_words


@dataclass(frozen=True, slots=True)
class RegionOutput:
    """A region, and the day on which it gets the tile."""

    region: str
    on: str
    weekday: str


@dataclass(frozen=True, slots=True)
class Output:
    """The dates of a launch."""

    partner: str
    agreed: str
    ga: str
    weekday: str
    """That of the GA date."""
    rollout: tuple[RegionOutput, ...]
    """In the order of their days."""
    advice: tuple[ReasonOutput, ...]
    """What is better avoided."""


def output(partner: str, launch: Launch, advice: Sequence[Reason]) -> Output:
    """Return the dates of ``launch`` as they are printed."""
    rollout = tuple(RegionOutput(name, str(day), DAYS[day.weekday()]) for name, day in launch.rollout)
    notes = tuple(ReasonOutput(reason.code, reason_words(reason)) for reason in advice)
    return Output(partner, str(launch.agreed), str(launch.ga), DAYS[launch.ga.weekday()], rollout, notes)
