"""Checks on the connector list and its pages.  Source: API specification, ConnectorResponse; case P900; rulings 8, 15."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any

from certification.checks.answers import answered_with, json_object
from certification.contract.validation import show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation, broken, held, look


@cache
def official_identifiers() -> frozenset[str]:
    """Return the identifiers on Databricks' list."""
    text = files("certification").joinpath("contract", "connectors.csv").read_text(encoding="utf-8-sig")
    return frozenset(row["Unique Identifier"] for row in csv.DictReader(text.splitlines()))


def page(exchange: Exchange, requirement: str = "connectors") -> list[Observation]:
    """Hold one page to 200 and the ConnectorResponse."""
    return answered_with(exchange, (200,), requirement, "connector-response")


def next_token(exchange: Exchange) -> str | None:
    """Return the token of the page after ``exchange``, or None on the last page."""
    token = exchange.answer.get("pagination_token")
    return token if isinstance(token, str) and token else None


def connectors(exchange: Exchange) -> list[Any]:
    """Return the connectors of a page; none when it is no page."""
    _, value = json_object(exchange)
    entries = (value or {}).get("connectors")
    return entries if isinstance(entries, list) and exchange.status == 200 else []


def walk(pages: list[Exchange], *, ended: bool) -> list[Observation]:
    """Hold a walk through all pages to what must be true of it; ``ended`` False says that the suite gave up."""
    if not pages or any(each.status != 200 for each in pages):
        return []
    everything = [entry for each in pages for entry in connectors(each)]
    last = pages[-1]
    found = [
        look(
            last,
            "connectors",
            bool(everything),
            "The connector list is empty.",
            expected="at least one connector",
            actual="none on any page",
            detail="empty",
        )
    ]
    wrong = _paging(pages)
    if not wrong and not ended:
        wrong = [
            broken(
                last,
                "connectors-paging",
                f"The list goes on after {len(pages)} pages.",
                expected="a last page without pagination_token",
                actual=f"page {len(pages)} has a token",
                detail="endless",
            )
        ]
    return [*found, *(wrong or [held(last, "connectors-paging")]), *_official(last, everything)]


def _paging(pages: list[Exchange]) -> list[Observation]:
    """Return what is wrong with the pages: tokens that repeat, connectors that repeat, pages without any."""
    found: list[Observation] = []
    tokens: set[str] = set()
    seen: dict[str, int] = {}
    for number, each in enumerate(pages, 1):
        token = next_token(each)
        entries = [show(entry, 400) for entry in connectors(each)]
        repeated = [entry for entry in entries if seen.get(entry, number) != number]
        doubled = [entry for entry in entries if entries.count(entry) > 1]
        problems = (
            (
                each.answer.get("pagination_token") == "",
                "empty token",
                f"Page {number} ends the list with an empty pagination_token.",
                "no pagination_token on the last page",
                '""',
            ),
            (
                token in tokens,
                "token repeats",
                f"Page {number} gives a token that an earlier page gave: the list never ends.",
                "another token, or none on the last page",
                show(token),
            ),
            (
                bool(repeated),
                "page repeats",
                f"Page {number} repeats {len(repeated)} connector(s) of an earlier page.",
                "pages that differ",
                repeated[0] if repeated else "",
            ),
            (
                bool(doubled),
                "doubled",
                f"Page {number} lists a connector twice.",
                "each connector once",
                doubled[0] if doubled else "",
            ),
            (
                number > 1 and not entries,
                "empty page",
                f"Page {number} is empty though a token led to it.",
                "at least one connector",
                "none",
            ),
        )
        found += [
            broken(each, "connectors-paging", message, expected=expected, actual=actual, detail=detail)
            for wrong, detail, message, expected, actual in problems
            if wrong
        ]
        if token is not None:
            tokens.add(token)
        for entry in entries:
            seen.setdefault(entry, number)
    return found


def _official(exchange: Exchange, entries: list[Any]) -> list[Observation]:
    names = {
        entry["identifier"]
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("identifier"), str) and entry["identifier"]
    }
    if not names:
        return []
    unknown = sorted(names - official_identifiers())
    return [
        look(
            exchange,
            "connectors-known",
            not unknown,
            f"{len(unknown)} of {len(names)} connector identifiers are not on Databricks' list.",
            expected="identifiers of the official list",
            actual=", ".join(unknown[:12]),
        )
    ]


def same_page(first: Exchange, second: Exchange, requirement: str = "connectors-steady") -> list[Observation]:
    """Hold two requests for the same page to the same connectors in the same order."""
    if first.status != 200 or second.status != 200:
        return []
    before, after = connectors(first), connectors(second)
    moved = sorted(map(show, before)) == sorted(map(show, after))
    return [
        look(
            second,
            requirement,
            before == after,
            "the page is not the one that came before.",
            expected="the same connectors in the same order",
            actual="the same connectors in another order"
            if moved
            else f"{len(after)} connectors instead of {len(before)}, or others",
            detail="changes",
        )
    ]
