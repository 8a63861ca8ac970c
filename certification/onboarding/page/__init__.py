"""The status of an onboarding as one page that a product manager reads; it needs nothing but itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import certification
from certification.attestations.records import FAILED, NOT_APPLICABLE, PASSED
from certification.attestations.standing import STALE
from certification.attestations.standing import Standing as Attested
from certification.contract.lifecycle import PARALLEL, ROLES, TITLES, Stage
from certification.onboarding.status import WRONG, Item, State, Status
from certification.onboarding.words import STATES, about, command_for, reason_words, signed_words
from certification.report.html.templating import asset, environment
from certification.report.words import RUN

PACKAGE: Final = "certification.onboarding.page"
COVER: Final = "certification.submission.page"
"""Whose style sheet the page shares."""

TONE: Final = {
    State.DONE: "good",
    State.MISSING: "open",
    State.LATER: "later",
    State.STALE: "warn",
    State.REFUSED: "bad",
    State.FAILED: "bad",
    State.UNCHECKED: "warn",
}
MARK: Final = {
    State.DONE: "✓",
    State.MISSING: "○",
    State.LATER: "·",
    State.STALE: "!",
    State.REFUSED: "✗",
    State.FAILED: "✗",
    State.UNCHECKED: "?",
}

CASES: Final = {PASSED: "good", NOT_APPLICABLE: "good", FAILED: "bad", STALE: "warn"}
"""State of a manual case -> tone."""


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage in the line at the top."""

    title: str
    done: int
    total: int
    here: bool
    beside: bool
    """Whether it goes on beside the others."""
    tone: str


@dataclass(frozen=True, slots=True)
class ItemShown:
    """A need as the page shows it."""

    text: str
    state: str
    tone: str
    mark: str
    mover: str
    about: str
    command: str
    stage: str


@dataclass(frozen=True, slots=True)
class SignOffShown:
    """A sign-off as the page shows it."""

    title: str
    of_what: str
    state: str
    tone: str
    mark: str
    lines: tuple[str, ...]


def page(status: Status) -> str:
    """Return the page of ``status``."""
    certified = status.facts.certified
    run = certified.manifest.run if certified.manifest else None
    launch = status.onboarding.launch
    return (
        environment(PACKAGE)
        .get_template("status.html.jinja")
        .render(
            style=asset("sheet.css") + asset("cover.css", COVER) + asset("status.css", PACKAGE),
            partner=status.onboarding.partner,
            today=str(status.today),
            stage=TITLES[status.stage],
            blocked=status.blocked,
            stages=[_stage(status, stage) for stage in Stage],
            todo=[_item(item) for item in sorted(status.next(), key=lambda item: item.state is State.MISSING)],
            items={TITLES[stage]: [_item(item) for item in status.of(stage)] for stage in Stage},
            sign_offs=_sign_offs(status),
            verdict=RUN.get(certified.verdict, certified.verdict) or ("not verified" if run else "none yet"),
            certified=not certified.against,
            against=[reason_words(reason) for reason in certified.against],
            run=run,
            due=str(certified.age.due) if certified.age.due else "",
            record=status.onboarding.certificate,
            waivers=status.onboarding.waivers,
            launch=launch,
            cases=[_case(row) for row in status.facts.executed.rows],
            remarks=[reason_words(reason) for reason in status.remarks],
            suite=certification.__version__,
        )
    )


def _stage(status: Status, stage: Stage) -> StageShown:
    items = status.of(stage)
    done = sum(item.state is State.DONE for item in items)
    wrong = any(item.state in WRONG for item in items)
    tone = "good" if done == len(items) else "bad" if wrong else "open" if done or stage is status.stage else "later"
    return StageShown(TITLES[stage], done, len(items), stage is status.stage, stage in PARALLEL, tone)


def _item(item: Item) -> ItemShown:
    return ItemShown(
        item.need.text,
        STATES[item.state],
        TONE[item.state],
        MARK[item.state],
        str(item.mover),
        about(item),
        command_for(item),
        TITLES[item.need.stage],
    )


def _sign_offs(status: Status) -> list[SignOffShown]:
    items = {item.need.id: item for item in status.items}
    shown = []
    for standing in status.standings:
        item = items[f"sign-off-{standing.role.id}"]
        lines = [
            f"{each.decision.decision} by {each.decision.by}, {each.decision.organisation}, {each.decision.on[:10]}"
            + (f": {each.decision.words}" if each.decision.words else "")
            for each in standing.by
        ]
        lines += [reason_words(reason) for reason in item.reasons]
        lines += [signed_words(standing.signed)] if standing.signed else []
        title, role = standing.role.title, ROLES[standing.role.id]
        shown.append(
            SignOffShown(
                title[0].upper() + title[1:],
                role.of_what,
                STATES[item.state],
                TONE[item.state],
                MARK[item.state],
                tuple(lines),
            )
        )
    return shown


def _case(row: Attested) -> tuple[str, str, str, str]:
    """Return id, title, state and tone of a manual case."""
    tone = CASES.get(row.state, "later" if row.case.optional else "open")
    state = row.state.replace("_", " ")
    return row.case.id, row.case.title, f"{state} (optional)" if row.case.optional else state, tone
