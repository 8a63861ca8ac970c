"""Checks on every exchange, whatever it was for: secrets, other people's data, server internals, time."""

from __future__ import annotations

import re
from collections.abc import Iterable

from certification.contract.validation import show
from certification.databricks.people import foreign_domains
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation, violation

SLOW_SECONDS = 10.0
"""From here on an answer is an advisory.  Over 60 s it did not arrive."""

MIN_ID = 8
"""A shorter id may stand in an answer by chance."""

_INTERNALS = (
    (
        "a Python stack trace",
        re.compile(r"Traceback \(most recent call last\)|File \\*\"[^\"\n]{1,200}\.py\\*\", line \d+"),
    ),
    (
        "a Java stack trace",
        re.compile(
            r"\bat (?:[A-Za-z_$][\w$]*\.){2,}[\w$<>]+\((?:[\w$]+\.(?:java|scala|kt|groovy)(?::\d+)?|Native Method|Unknown Source)\)|Exception in thread \"|\bCaused by: (?:[a-z]\w*\.)+\w+(?:Exception|Error)"
        ),
    ),
    (
        "a JavaScript stack trace",
        re.compile(
            r"\bat (?:async )?(?:[\w$.<>\[\] ]+ \()?(?:file://)?(?:/|[A-Z]:\\+|node:|webpack:)[^\s()]*:\d+:\d+\)?"
        ),
    ),
    (".NET internals", re.compile(r"\bat [\w.`<>+]+\([^)\n]*\) in [^\n]+:line \d+|System\.\w+(?:\.\w+)*Exception")),
    ("a Ruby stack trace", re.compile(r"[\w./-]+\.rb:\d+:in [`'][^'\n]+'")),
    ("a Go stack trace", re.compile(r"\bgoroutine \d+ \[\w+\]|\bpanic: runtime error")),
    (
        "PHP internals",
        re.compile(
            r"(?:Fatal error|Parse error|Warning|Notice)</?b?>?:.{1,300} on line (?:<b>)?\d+|#\d+ [^\n]*\.php\(\d+\)"
        ),
    ),
    (
        "an SQL error or statement",
        re.compile(
            r"SQLSTATE\[?\s?\w|\bORA-\d{5}\b|psycopg2?\.|sqlalchemy\.exc|sqlite3\.\w*Error|PG::\w+Error|com\.mysql\.|MySQLSyntaxError|You have an error in your SQL syntax|\bSELECT\b[^\"]{1,200}\bFROM\b[^\"]{1,200}\b(?:WHERE|LIMIT|JOIN)\b|\bINSERT INTO\b[^\"]{1,200}\bVALUES\b|UNIQUE constraint failed|duplicate key value violates|\bUPDATE\b [\w.\"`]{1,60} \bSET\b|\bDELETE FROM\b \w",
            re.IGNORECASE,
        ),
    ),
    (
        "a debug page",
        re.compile(
            r"Werkzeug Debugger|Whitelabel Error Page|DEBUG = True|Django Version:|Laravel\\+Framework|ActionController::|Rails\.root|better_errors|X-Debug-Token"
        ),
    ),
)


def everywhere(exchange: Exchange) -> list[Violation]:
    """Return what is wrong with the exchange apart from what it was for."""
    if exchange.response is None:
        return []
    found = _secrets(exchange)
    if exchange.request.operation != "redirect":
        found += _others(exchange) + _internals(exchange)
    if exchange.seconds > SLOW_SECONDS:
        found.append(
            violation(
                exchange,
                "answer-in-time",
                f"{exchange.kind}: the answer took {exchange.seconds:.1f} s.",
                f"less than {SLOW_SECONDS:.0f} s",
                f"{exchange.seconds:.1f} s",
            )
        )
    return found


def foreign_ids(exchange: Exchange, known: Iterable[tuple[str, str, str]]) -> list[Violation]:
    """Return whether the answer names an id of somebody else.

    ``known`` holds (what it is, the id, whose e-mail domain) of the connections, users and workspaces before.
    """
    response, request = exchange.response, exchange.request
    if response is None or request.operation != "connect" or '"email"' not in request.body:
        return []
    answer = "\n".join([response.body, *(value for _, value in response.headers)])
    return [
        violation(
            exchange,
            "others-data-kept",
            f"{exchange.kind}: the answer holds the {what} of another company.",
            "data of the request's own company only",
            f"{ident} of {domain} in the answer",
            what,
        )
        for what, ident, domain in known
        if len(ident) >= MIN_ID and ident in answer and domain not in request.body and ident not in request.body
    ][:1]


def _secrets(exchange: Exchange) -> list[Violation]:
    response = exchange.response
    names = {
        "BASIC_PASSWORD": "the Basic password",
        "PAT_TOKEN": "the personal access token",
        "OAUTH_SECRET": "the OAuth secret",
    }
    return [
        violation(
            exchange,
            "secrets-kept",
            f"{exchange.kind}: {names.get(leak.secret, leak.secret)} came back {leak.encoding}.",
            "no secret in any answer",
            f"{leak.secret} {leak.encoding} in the answer with status {response.status if response else ''}",
            leak.secret,
        )
        for leak in (response.leaks if response else ())
    ]


def _others(exchange: Exchange) -> list[Violation]:
    response, request = exchange.response, exchange.request
    if response is None or ('"email"' not in request.body and '"domain"' not in request.body):
        # A request that names nobody may well be answered with the data of its own company.
        return []
    answer = "\n".join([response.body, *(value for _, value in response.headers)])
    return [
        violation(
            exchange,
            "others-data-kept",
            f"{exchange.kind}: the answer names {domain}, a company that this request is not about.",
            "data of the request's own company only",
            f"{domain} in the answer",
            "domain",
        )
        for domain in foreign_domains(answer, request.body + request.url)[:1]
    ]


def _internals(exchange: Exchange) -> list[Violation]:
    response = exchange.response
    if response is None or response.status < 400:
        return []
    debugging, shown = "", response.body
    value = response.json
    if isinstance(value, dict) and isinstance(value.get("debugging_message"), str):
        debugging = value["debugging_message"]
        rest = {key: item for key, item in value.items() if key != "debugging_message"}
        shown = "\n".join(str(item) for item in rest.values())
    shown += "\n" + "\n".join(f"{name}: {item}" for name, item in response.headers)
    found = []
    for name, pattern in _INTERNALS:
        match = pattern.search(shown)
        if match:
            found.append(
                violation(
                    exchange,
                    "internals-kept",
                    f"{exchange.kind}: the answer shows {name}.",
                    "a sentence for the user",
                    show(match.group()[:160]),
                    name,
                )
            )
        elif debugging and (match := pattern.search(debugging)):
            found.append(
                violation(
                    exchange,
                    "internals-debugging",
                    f"{exchange.kind}: debugging_message holds {name}.",
                    "a sentence",
                    show(match.group()[:160]),
                    name,
                )
            )
    return found
