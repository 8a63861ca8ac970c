"""The findings: what to repair first in full, the rest by operation, each with the evidence that shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from certification.contract.rulings import rulings_in
from certification.report.finding import sent, stands
from certification.report.html.body import Fields, Line, body_lines, fields_of, lacking, quotes_in
from certification.report.html.templating import operation_title
from certification.report.words import counted

FIRST = 5
"""So many required findings stand in full at the top; those that come first block most."""

MAX_BODY = 6_000
MAX_TEXT = 12_000
MAX_CALLS = 1_500_000
"""Characters of requests and answers in all cards together; beyond it a card says where to find them."""

MAX_CASES = 60


@dataclass
class Call:
    """One call of a chain, ready to be shown."""

    number: int
    step: str
    method: str
    url: str
    answer: str
    seconds: float
    sent: list[str]
    request: list[Line]
    received: list[tuple[str, bool]]
    body: list[Line]
    remarks: list[str]
    failure: str = ""
    left_out: bool = False
    status_marked: bool = False


@dataclass
class Card:
    """One finding, ready to be shown."""

    finding: dict[str, Any]
    rank: int
    operation: str
    facts: list[tuple[str, str]]
    call: Call | None
    missing: list[str]
    chain: list[Call]
    cases: list[str]
    cases_left: int
    text: str
    sent: str
    """Body of the call, where it is short."""

    @property
    def kind(self) -> str:
        """Return the verdict under which the filter finds it."""
        if self.finding["waiver"]:
            return "waived"
        return "failed" if self.finding["level"] == "must" else "advisory"


@dataclass
class Findings:
    """All findings of a page."""

    first: list[Card] = field(default_factory=list)
    groups: dict[str, list[Card]] = field(default_factory=dict)
    """Operation -> its findings; those in ``first`` are only named."""


def findings(report: dict[str, Any]) -> Findings:
    """Return the findings in the order of the report: what to repair first."""
    room = _Room()
    cards = [_card(finding, rank, room) for rank, finding in enumerate(report["findings"], 1)]
    required = [card for card in cards if stands(card.finding)]
    found = Findings((required or cards)[:FIRST])
    if len(cards) > len(found.first):
        for card in cards:
            found.groups.setdefault(card.operation, []).append(card)
    return found


class _Room:
    """Bounds what the calls of all cards take together."""

    def __init__(self) -> None:
        self._taken = 0

    def take(self, call: Call) -> Call:
        """Return ``call``, emptied when there is no room for it."""
        lines = [*call.request, *call.body]
        size = sum(len(line.text) for line in lines) + sum(map(len, call.sent))
        if self._taken + size > MAX_CALLS:
            call.request, call.body, call.sent, call.received, call.left_out = [], [], [], [], True
        else:
            self._taken += size
        return call


def _card(finding: dict[str, Any], rank: int, room: _Room) -> Card:
    steps = finding["steps"]
    fields = fields_of(finding["detail"], finding["message"], finding["expected"])
    fields = replace(fields, quotes=quotes_in(finding["actual"]))
    shown = next((step for step in steps if step["number"] == finding["call"]), steps[-1] if steps else None)
    about = " ".join((finding["message"], finding["expected"], finding["actual"]))
    answer = (shown or {}).get("response") or {}
    return Card(
        finding,
        rank,
        operation_title(finding["subject"]),
        _facts(finding),
        room.take(_call(shown, fields, about)) if shown else None,
        lacking(answer.get("body", ""), fields)
        if re.search(r"\bmissing\b", f"{finding['detail']} {finding['actual']}")
        else [],
        [room.take(_call(step, Fields(), "")) for step in steps if step is not shown],
        finding["cases"][:MAX_CASES],
        max(0, len(finding["cases"]) - MAX_CASES),
        finding["text"][:MAX_TEXT],
        sent(finding),
    )


def _facts(finding: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what else is known about a finding, as pairs of name and words."""
    rows = [(f"Ruling {number}", text) for number, text in rulings_in(finding["source"])]
    if finding["matters"]:
        rows.append(("What matters", "; ".join(f"{name}: {value}" for name, value in finding["matters"].items())))
    if finding["examples"] > 1:
        rows.append(("Seen", f"in {finding['seen']:,} of {finding['examples']:,} examples"))
    if finding["intermittent"]:
        rows.append(
            (
                "Again",
                f"intermittent: it failed again in {finding['failed_again']} of {counted(finding['tried_again'], 'more try', 'more tries')}",
            )
        )
    return rows


def _call(step: dict[str, Any], fields: Fields, about: str) -> Call:
    request, response, failure = step["request"], step["response"], step["failure"]
    call = Call(
        step["number"],
        step["step"],
        request["method"],
        request["url"],
        _answer(response, failure),
        step["seconds"],
        [f"{name}: {value}" for name, value in request["headers"]],
        body_lines(request["body"], Fields(), MAX_BODY),
        [],
        [],
        [],
    )
    if response:
        call.received = [(f"{name}: {value}", _names(about, name)) for name, value in response["headers"]]
        call.body = body_lines(response["body"], fields, MAX_BODY)
        call.status_marked = bool(re.search(r"\bstatus \d", about)) and not any(line.marked for line in call.body)
        call.remarks = [response["trouble"]] if response["trouble"] else []
        if response["truncated"]:
            call.remarks.append(f"the body has {response['size']:,} bytes; the evidence holds the beginning")
    else:
        call.failure = (
            f"{failure['kind']}: {failure['message']}" if failure else "neither an answer nor a failure was recorded"
        )
    return call


def _answer(response: dict[str, Any] | None, failure: dict[str, str] | None) -> str:
    if response:
        return str(response["status"])
    return f"no answer ({failure['kind']})" if failure else "no answer"


def _names(about: str, header: str) -> bool:
    """Return whether a finding's texts speak of ``header``."""
    return bool(header) and re.search(rf"(?<![\w-]){re.escape(header)}(?![\w-])", about, re.IGNORECASE) is not None
