"""Where a case stands: which of its steps are done, which comes next, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from certification.attestations.records import Call, Document, Draft
from certification.attestations.standing import Standing, standing
from certification.cases.catalogue import catalogue
from certification.config.partner import PartnerConfig
from certification.databricks.made import connection_id
from certification.walkthrough.acting import worked
from certification.walkthrough.guide import guides
from certification.walkthrough.steps import Guide, Step

DONE: Final = "done"
BY_HAND: Final = "by_hand"
FAILED_STEP: Final = "failed"
NEXT: Final = "next"
WAITING: Final = "waiting"


@dataclass(frozen=True)
class StepState:
    """A step, and where it stands in this try."""

    step: Step
    state: str
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Situation:
    """Where a case stands, for the page."""

    guide: Guide
    standing: Standing
    draft: Draft
    version: str
    steps: tuple[StepState, ...]
    document: Document

    @property
    def next_step(self) -> StepState | None:
        """The step that comes next; None when all are done."""
        return next((each for each in self.steps if each.state in {NEXT, FAILED_STEP}), None)


def situation_of(document: Document, case: str, round_: str, config: PartnerConfig, suite: str) -> Situation:
    """Return where ``case`` stands in ``round_``; raises KeyError for a case that is none."""
    guide = guides()[case]
    draft = document.draft(case, round_)
    return Situation(
        guide,
        standing(document, catalogue()[case], config, suite, round_),
        draft,
        version_of(document, draft),
        tuple(_steps(guide, draft, config)),
        document,
    )


def version_of(document: Document, draft: Draft) -> str:
    """Return what names the state of the answers to a case: it changes with each change and each result."""
    return f"{len(document.of(draft.case, draft.round))}.{draft.version}"


def may_repeat(state: StepState) -> bool:
    """Return whether a step of the button that is done can be done again: only what made no connection."""
    return state.state == DONE and state.step.pressed and connection_id(state.calls[-1].exchange) is None


def _steps(guide: Guide, draft: Draft, config: PartnerConfig) -> Iterator[StepState]:
    blocked = False
    for step in guide.steps_for(config):
        calls = tuple(
            call for call in draft.calls if call.step == step.id and call.exchange.execution == draft.execution
        )
        if step.id in draft.by_hand:
            state = BY_HAND
        elif calls and (step.pressed or worked(step, calls[-1].exchange)):
            state = DONE
        else:
            state = WAITING if blocked else FAILED_STEP if calls else NEXT
            blocked = True
        yield StepState(step, state, calls)
