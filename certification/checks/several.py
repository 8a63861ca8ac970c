"""Checks that compare several answers to connect: ids that differ, answers that stay the same."""

from __future__ import annotations

from itertools import pairwise

from certification.checks.connect import answer_of
from certification.contract.validation import show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation, broken, held

STEADY_FIELDS = ("user_status", "account_status", "redirect_value")
MAX_FOUND = 3


def separate(exchanges: list[Exchange]) -> list[Observation]:
    """Hold first connects to ids that differ from each other; the last one is what is looked at."""
    seen: dict[str, Exchange] = {}
    found: list[Observation] = []
    for exchange in exchanges:
        ident = (answer_of(exchange, (200, 201)) or {}).get("connection_id")
        if not isinstance(ident, str):
            continue
        if ident in seen:
            found.append(
                broken(
                    exchange,
                    "connections-separate",
                    f"the connection_id is the one of an earlier first connect (call {seen[ident].number}).",
                    expected="an id that was not used before",
                    actual=show(ident),
                )
            )
        seen.setdefault(ident, exchange)
    if not found and len(seen) > 1:
        found.append(held(exchanges[-1], "connections-separate"))
    return found


def unchanged(before: Exchange, after: Exchange, requirement: str) -> list[Observation]:
    """Hold a sign-in to the user_status that it gave before somebody else's account was deleted or expired."""
    one, other = answer_of(before, (200,)) or {}, answer_of(after, (200,)) or {}
    if one.get("user_status") != "existing" or "user_status" not in other:
        return []
    if other["user_status"] == "existing":
        return [held(after, requirement)]
    return [
        broken(
            after,
            requirement,
            f"user_status changed from existing to {show(other['user_status'])}: the user was forgotten.",
            expected=f"existing, as in call {before.number}",
            actual=show(other["user_status"]),
            detail="user_status changes",
        )
    ]


def company_known(exchange: Exchange) -> bool:
    """Return whether the answer to a first connect says that the company was there before."""
    return (answer_of(exchange, (200, 201)) or {}).get("account_status") == "active"


def company_forgotten(before: Exchange, after: Exchange) -> list[Observation]:
    """Hold the first connect after delete-account to a company that is as unknown as it was before the first one.

    The test domain is shared: where earlier runs had left users elsewhere, the company was known from the beginning.
    """
    one, other = answer_of(before, (200, 201)) or {}, answer_of(after, (200, 201)) or {}
    if one.get("account_status") != "new" or "account_status" not in other:
        return []
    if other["account_status"] != "active":
        return [held(after, "delete-account")]
    return [
        broken(
            after,
            "delete-account",
            "account_status is active, though delete-account removed the account.",
            expected=f"new, as in call {before.number}, or not_applicable",
            actual="active",
            detail="account_status",
        )
    ]


def steady(exchanges: list[Exchange]) -> list[Observation]:
    """Hold the same sign-in to the same status, user_status, account_status and redirect_value each time."""
    found: list[Observation] = []
    for before, after in pairwise(exchanges):
        if before.response is None or after.response is None:
            continue
        if before.status != after.status:
            found.append(
                broken(
                    after,
                    "answers-steady",
                    "the status changed though nothing else did.",
                    expected=f"status {before.status} as in call {before.number}",
                    actual=f"status {after.status}",
                    detail="status changes",
                )
            )
            continue
        one, other = answer_of(before, (200,)) or {}, answer_of(after, (200,)) or {}
        differing = [name for name in STEADY_FIELDS if one.get(name) != other.get(name)]
        found += [
            broken(
                after,
                "answers-steady",
                f"{name} changed though nothing else did.",
                expected=f"{show(one.get(name))} as in call {before.number}",
                actual=show(other.get(name)),
                detail=f"{name} changes",
            )
            for name in differing
        ]
        if not differing:
            found.append(held(after, "answers-steady"))
    wrong = [each for each in found if each.broken][:MAX_FOUND]
    return wrong or found


def double_click(answers: list[Exchange], signed: list[Exchange], *, manual_signup: bool) -> list[Observation]:
    """Advise on what came of the same first connect several times at once.  Source: ruling 20.

    ``signed`` are the sign-ins on the connections that the ``answers`` made.
    """
    last = answers[-1]
    refused = [each for each in answers if each.response is not None and each.status not in {200, 201}]
    idents = [str(ident) for each in answers if (ident := (answer_of(each, (200, 201)) or {}).get("connection_id"))]
    works = manual_signup or not signed or any(each.status == 200 for each in signed)
    # One status for all is told as every other sign-in tells it: where no sign-in works, this is no news.
    ends = {each.status for each in signed}
    status = f"status {ends.pop()}" if len(ends) == 1 and None not in ends else "none works"
    problems = (
        (bool(refused), "refused", "one of them was refused.", f"status {refused[0].status}" if refused else ""),
        (len(set(idents)) < len(idents), "shared id", "two of them were given the same connection.", "one id twice"),
        (not works, status, "not one of the connections works afterwards.", f"{status} for each"),
    )
    found = [
        broken(
            last,
            "double-click",
            f"of the same first connect several times at once, {message}",
            expected="valid connections, of which one works",
            actual=actual,
            detail=detail,
        )
        for wrong, detail, message, actual in problems
        if wrong
    ]
    return found or [held(last, "double-click")]


def one_reach(answers: list[Exchange]) -> list[Observation]:
    """Hold delete-account to one reach over its domain: the named workspace alone, or everywhere (ruling 17).

    ``answers`` are sign-ins of users of the domain in other workspaces of one cloud, the first in one whose number has
    nothing in common with the named one.
    """
    far = answers[0]
    found = []
    for near in answers[1:]:
        if far.status is None or near.status is None:
            continue
        alike = (far.status == 404) == (near.status == 404)
        found.append(
            broken(
                near,
                "delete-account-reach",
                "the account went in a workspace whose number resembles the named one, though not in others.",
                expected=f"status {far.status}, as in call {far.number}",
                actual=f"status {near.status}",
                detail="neighbouring number",
            )
            if not alike
            else held(near, "delete-account-reach")
        )
    return found
