"""Checks on the connector list and its pages.  Source: API specification, ConnectorResponse; case P900; rulings 8, 15."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any

from certification.checks.answers import answered_with, json_object
from certification.contract.validation import show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation, violation


@cache
def official_identifiers() -> frozenset[str]:
    """Return the identifiers on Databricks' list."""
    text = files("certification").joinpath("contract", "connectors.csv").read_text(encoding="utf-8-sig")
    return frozenset(row["Unique Identifier"] for row in csv.DictReader(text.splitlines()))


def page(exchange: Exchange, requirement: str = "connectors") -> list[Violation]:
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


def walk(pages: list[Exchange], *, ended: bool) -> list[Violation]:  # noqa: C901 - a list of what can be wrong
    """Hold a walk through all pages to what must be true of it; ``ended`` False says that the suite gave up."""
    found: list[Violation] = []
    if not pages:
        return found
    last = pages[-1]
    everything = [entry for each in pages for entry in connectors(each)]
    if not everything and all(each.status == 200 for each in pages):
        found.append(
            violation(
                last,
                "connectors",
                "The connector list is empty.",
                "at least one connector",
                "none on any page",
                "empty",
            )
        )
    seen_tokens: set[str] = set()
    seen: dict[str, int] = {}
    for number, each in enumerate(pages, 1):
        token = next_token(each)
        if each.answer.get("pagination_token") == "":
            found.append(
                violation(
                    each,
                    "connectors-paging",
                    f"Page {number} ends the list with an empty pagination_token.",
                    "no pagination_token on the last page",
                    '""',
                    "empty token",
                )
            )
        if token in seen_tokens and token is not None:
            found.append(
                violation(
                    each,
                    "connectors-paging",
                    f"Page {number} gives a token that an earlier page gave: the list never ends.",
                    "another token, or none on the last page",
                    show(token),
                    "token repeats",
                )
            )
        elif token is not None:
            seen_tokens.add(token)
        entries = [show(entry, 400) for entry in connectors(each)]
        repeated = [entry for entry in entries if seen.get(entry, number) != number]
        if repeated:
            found.append(
                violation(
                    each,
                    "connectors-paging",
                    f"Page {number} repeats {len(repeated)} connector(s) of page {seen[repeated[0]]}.",
                    "pages that differ",
                    repeated[0],
                    "page repeats",
                )
            )
        doubled = {entry for entry in entries if entries.count(entry) > 1}
        if doubled:
            found.append(
                violation(
                    each,
                    "connectors-paging",
                    f"Page {number} lists a connector twice.",
                    "each connector once",
                    next(iter(doubled)),
                    "doubled",
                )
            )
        if number > 1 and not entries and each.status == 200:
            found.append(
                violation(
                    each,
                    "connectors-paging",
                    f"Page {number} is empty though a token led to it.",
                    "at least one connector",
                    "none",
                    "empty page",
                )
            )
        for entry in entries:
            seen.setdefault(entry, number)
    if not ended and not found:
        found.append(
            violation(
                last,
                "connectors-paging",
                f"The list goes on after {len(pages)} pages.",
                "a last page without pagination_token",
                f"page {len(pages)} has a token",
                "endless",
            )
        )
    return found + _unknown(last, everything)


def _unknown(exchange: Exchange, entries: list[Any]) -> list[Violation]:
    names = [
        entry["identifier"]
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("identifier"), str) and entry["identifier"]
    ]
    unknown = sorted(set(names) - official_identifiers())
    if not unknown:
        return []
    return [
        violation(
            exchange,
            "connectors-known",
            f"{len(unknown)} of {len(set(names))} connector identifiers are not on Databricks' list.",
            "identifiers of the official list",
            ", ".join(unknown[:12]),
        )
    ]


def same_page(first: Exchange, second: Exchange, requirement: str = "connectors-steady") -> list[Violation]:
    """Hold two requests for the same page to the same connectors in the same order."""
    if first.status != 200 or second.status != 200 or connectors(first) == connectors(second):
        return []
    before, after = connectors(first), connectors(second)
    moved = sorted(map(show, before)) == sorted(map(show, after))
    said = (
        "the same connectors in another order"
        if moved
        else f"{len(after)} connectors instead of {len(before)}, or others"
    )
    return [
        violation(
            second,
            requirement,
            f"{second.kind}: the page is not the one that came before.",
            "the same connectors in the same order",
            said,
        )
    ]
