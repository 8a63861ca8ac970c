"""What the templates show: the state of the walk as plain values, nothing secret among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from certification.attestations.records import PARTNER, ROUNDS, Attestation, Call, Document, Who
from certification.attestations.standing import Standing, applicable, standing
from certification.cases.case import Case
from certification.config.images import image_at
from certification.config.partner import PartnerConfig
from certification.evidence.exchange import Exchange
from certification.evidence.steps import Act
from certification.report.html.body import Fields, body_lines
from certification.report.html.templating import environment
from certification.report.words import reason_words
from certification.walkthrough import words
from certification.walkthrough.databricks_side import OPENS, shown_for
from certification.walkthrough.forms import Answer, Answers, FieldProblem
from certification.walkthrough.situation import Situation, StepState, may_repeat
from certification.walkthrough.steps import person_of
from certification.walkthrough.walk import Walk

MAX_ICON_BYTES: Final = 1_000_000
MAX_SHOWN: Final = 20_000


@dataclass(frozen=True)
class Notice:
    """Something to say at the top of the page."""

    tone: str
    text: str
    problems: Sequence[FieldProblem] = ()
    keep: str = ""
    """The version with which what was entered can be kept, after a conflict."""


def start_page(walk: Walk, base: str, who: Who | None = None, notice: Notice | None = None) -> str:
    """Return the HTML of the start page; ``who`` is what was just entered."""
    document = walk.read()
    frame = _frame(walk, document, base, "", notice)
    todo = [row for row in frame["cases"] if row["state"] in {"missing", "begun", "stale"}]
    return _render(
        "start.html.jinja",
        {**frame, "form": who or walk.who(document), "next": todo[0] if todo else None, "todo": len(todo)},
    )


def case_page(
    walk: Walk,
    situation: Situation,
    base: str,
    browser: str,
    *,
    entered: Answers | None = None,
    notice: Notice | None = None,
) -> str:
    """Return the HTML of the page of one case; ``entered`` is what was just sent and not kept."""
    document, draft, guide = situation.document, situation.draft, situation.guide
    case = situation.standing.case
    frame = _frame(walk, document, base, case.id, notice)
    answers = entered or Answers(
        tuple(Answer(each.seen, each.reason) for each in draft.expectations) or tuple(Answer() for _ in guide.expected),
        draft.reason,
        draft.workspace,
        draft.browser,
        draft.words,
    )
    if len(answers.expectations) != len(guide.expected):
        # The table of the cases has changed since the draft was made.
        answers = Answers(tuple(Answer() for _ in guide.expected), *(getattr(answers, name) for name in ("reason", "workspace", "browser", "words")))  # fmt: skip
    rows = [_step_row(walk, situation, each, number) for number, each in enumerate(situation.steps, 1)]
    following = situation.next_step
    names = [row["id"] for row in frame["cases"]]
    place = names.index(case.id)
    return _render(
        "case.html.jinja",
        {
            **frame,
            "case": _case_row(situation.standing),
            "guide": guide,
            "optional": case.optional,
            "steps": rows,
            "prepare": following is not None and not following.step.pressed,
            "failed": following is not None and following.state == "failed",
            "following": following.step.id if following else "",
            "button": _button(situation),
            "began": bool(draft.calls or draft.by_hand),
            "not_deleted": _not_deleted(situation.steps),
            "manual_signup": walk.config.manual_signup,
            "calls": [
                _call_row(walk, call) for call in reversed(draft.calls) if call.exchange.execution == draft.execution
            ],
            "expected": list(zip(guide.expected, answers.expectations, strict=True)),
            "answers": answers,
            "version": situation.version if notice is None or not notice.keep else notice.keep,
            "browser": browser,
            "pictures": draft.pictures,
            "recorded": _result(situation.standing.attestation, situation.standing.stale),
            "open": situation.standing.state in {"missing", "begun"},
            "other": _other_round(walk, document, case),
            "before": frame["cases"][place - 1] if place else None,
            "after": frame["cases"][place + 1] if place + 1 < len(names) else None,
        },
    )


def message_page(base: str, title: str, text: str) -> str:
    """Return the HTML of a page that says one thing."""
    return _render("message.html.jinja", {"base": base, "title": title, "text": text})


def icon(config: PartnerConfig, folder: Path) -> tuple[bytes, str] | None:
    """Return the partner's icon and its media type, told by its content; None when it is none."""
    path = folder / str(config.raw.get("icon_file", ""))
    image = image_at(path) if path.is_file() else None
    if image is None or path.stat().st_size > MAX_ICON_BYTES:
        return None
    return path.read_bytes(), {"png": "image/png", "svg": "image/svg+xml"}[image.kind]


def _frame(walk: Walk, document: Document, base: str, current: str, notice: Notice | None) -> dict[str, Any]:
    those, others = applicable(walk.config)
    rows = [_case_row(standing(document, case, walk.config, walk.suite, walk.round)) for case in those]
    return {
        "base": base,
        "partner": walk.config.name,
        "blurb": str(walk.config.raw.get("description_blurb", "")),
        "round": walk.round,
        "whose": words.ROUNDS[walk.round],
        "who": walk.who(document),
        "file": str(walk.file.path),
        "url": walk.caller.url,
        "cases": rows,
        "done": sum(row["state"] in {"passed", "failed", "not_applicable"} for row in rows),
        "current": current,
        "others": [(_short(case), _title(case), reason_words(reason)) for case, reason in others],
        "notice": notice,
        "seen_words": words.SEEN_WORDS,
    }


def _case_row(each: Standing) -> dict[str, Any]:
    return {
        "id": each.case.id,
        "short": _short(each.case),
        "title": _title(each.case),
        "state": each.state,
        "words": words.STATES[each.state],
        "tone": words.TONES[each.state],
        "optional": each.case.optional,
    }


def _step_row(walk: Walk, situation: Situation, each: StepState, number: int) -> dict[str, Any]:
    step, draft = each.step, situation.draft
    execution = draft.execution
    person = person_of(situation.guide, walk.config, execution, step.who, step.where) if execution else None
    last = each.calls[-1] if each.calls else None
    return {
        "number": number,
        "id": step.id,
        "title": step.title,
        "pressed": step.pressed,
        "state": each.state,
        "who": f"{person.first_name} {person.last_name}".strip() if person else "",
        "email": person.email if person else "",
        "workspace": person.workspace if person else None,
        "demo": step.demo,
        "go": _go(walk, last) if last else "",
        "said": _said(last.exchange) if last else "",
    }


def _button(situation: Situation) -> StepState | None:
    """Return the step that the button makes now."""
    following = situation.next_step
    if following is not None:
        return following if following.step.pressed else None
    last = situation.steps[-1] if situation.steps else None
    return last if last is not None and may_repeat(last) else None


def _call_row(walk: Walk, call: Call) -> dict[str, Any]:
    exchange = call.exchange
    connects = exchange.act in {Act.FIRST_CONNECT, Act.SIGN_IN}
    return {
        "number": exchange.number,
        "request": exchange.request,
        "request_body": _lines(exchange.request.body),
        "response": exchange.response,
        "response_body": _lines(exchange.response.body) if exchange.response else [],
        "failure": exchange.failure,
        "seconds": exchange.seconds,
        "said": _said(exchange),
        "shown": shown_for(exchange, walk.config) if connects else None,
        "opens": OPENS,
        "go": _go(walk, call),
        "sha256": call.sha256,
    }


def _lines(body: str) -> list[str]:
    return [line.text for line in body_lines(body, Fields(), MAX_SHOWN)]


def _go(walk: Walk, call: Call) -> str:
    exchange = call.exchange
    if walk.address(exchange.case, exchange.execution, exchange.number) is None:
        return ""
    return f"go/{exchange.case}/{exchange.execution}/{exchange.number}"


def _said(exchange: Exchange) -> str:
    if exchange.status is None:
        return "no answer"
    return f"status {exchange.status}"


def _not_deleted(steps: Sequence[StepState]) -> str:
    """Return what the partner said where a connection is not gone yet, which a sign-in with its id needs (ruling 7)."""
    for each in steps:
        if each.step.act is Act.DELETE_CONNECTION and each.calls and steps[-1].step.act is Act.SIGN_IN:
            status = each.calls[-1].exchange.answer.get("resource_status")
            if each.calls[-1].exchange.status == 200 and status != "resources_deleted":
                return str(status)
    return ""


def _result(attestation: Attestation | None, stale: tuple[str, ...] = ()) -> dict[str, Any] | None:
    if attestation is None:
        return None
    return {
        "it": attestation,
        "words": words.STATES[attestation.result],
        "tone": words.TONES[attestation.result],
        "stale": " and ".join(words.STALE_WORDS[each] for each in stale),
        "whose": words.ROUNDS[attestation.round],
    }


def _other_round(walk: Walk, document: Document, case: Case) -> dict[str, Any] | None:
    """Return the other round's result of ``case``, to stand beside this one."""
    other = next(name for name in ROUNDS if name != walk.round)
    found = standing(document, case, walk.config, walk.suite, other)
    if found.attestation is None and other == PARTNER:
        return {"it": None, "whose": words.ROUNDS[other]}
    return _result(found.attestation, found.stale)


def _short(case: Case) -> str:
    return f"P{case.id[1:]}"


def _title(case: Case) -> str:
    title = case.title.partition(": ")[2] or case.title
    return title[:1].upper() + title[1:]


def _render(name: str, values: dict[str, Any]) -> str:
    return environment("certification.walkthrough").get_template(name).render(values)
