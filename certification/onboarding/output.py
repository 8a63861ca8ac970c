"""What ``partner-connect onboarding status --json`` prints."""

from __future__ import annotations

from dataclasses import dataclass

from certification.onboarding.status import Status
from certification.onboarding.words import about, command_for, reason_words


@dataclass(frozen=True, slots=True)
class ReasonOutput:
    """Why something is as it is: a code that stays the same, and a sentence that may change."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemOutput:
    """One need."""

    id: str
    stage: str
    text: str
    state: str
    """done, missing, stale, refused, failed, unchecked or later."""
    move: str
    """Whose move it is."""
    derived: bool
    """Whether it follows from files."""
    by: str
    on: str
    url: str
    about: str
    """A few words on who did it, or why it is not done."""
    command: str
    """What to type; empty where nothing is to be done."""
    reasons: tuple[ReasonOutput, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """Where an onboarding stands."""

    partner: str
    today: str
    stage: str
    """The first stage that is not complete; maintenance when all are."""
    blocked: bool
    """Whether anything is open."""
    next: tuple[str, ...]
    """Ids of the needs that can be met now."""
    items: tuple[ItemOutput, ...]
    remarks: tuple[ReasonOutput, ...]


def output(status: Status) -> Output:
    """Return ``status`` as it is printed."""
    items = tuple(
        ItemOutput(
            item.need.id,
            item.need.stage,
            item.need.text,
            item.state,
            item.mover,
            item.need.derived,
            item.by,
            item.on,
            item.url,
            about(item),
            command_for(item),
            tuple(ReasonOutput(reason.code, reason_words(reason)) for reason in item.reasons),
        )
        for item in status.items
    )
    remarks = tuple(ReasonOutput(reason.code, reason_words(reason)) for reason in status.remarks)
    following = tuple(item.need.id for item in status.next())
    return Output(status.onboarding.partner, str(status.today), status.stage, status.blocked, following, items, remarks)
