"""Checks on every exchange, whatever it was for: that it was answered, in time, without secrets, foreign data or internals."""

from __future__ import annotations

from collections.abc import Iterable

from certification.checks.answers import title_of
from certification.checks.traces import traces
from certification.contract.validation import show
from certification.databricks.people import foreign_domains
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation, broken, held, look
from certification.evidence.steps import Act

SLOW_SECONDS = 10.0
"""From here on an answer is an advisory.  Over 60 s it did not arrive."""

MIN_ID = 8
"""A shorter id may stand in an answer by chance."""

NO_ANSWER = {
    "timeout": "no complete answer in time",
    "connect": "the connection was refused or could not be made",
    "tls": "the TLS handshake failed",
    "reset": "the connection was closed before the answer was complete",
    "protocol": "what came back is not HTTP",
    "refused-address": "the address was not visited",
}
"""Kind of failure -> what happened."""

SECRETS = {
    "BASIC_PASSWORD": "the Basic password",
    "PAT_TOKEN": "the personal access token",
    "OAUTH_SECRET": "the OAuth secret",
}


def everywhere(exchange: Exchange) -> list[Observation]:
    """Return what was seen of the exchange apart from what it was for; of a page, only secrets and time."""
    page = exchange.act is Act.PAGE
    if exchange.response is None:
        return [] if page else [_did_not_arrive(exchange)]
    found = _secrets(exchange)
    if not page:
        found += [held(exchange, "answer-arrives"), *_others(exchange), *_internals(exchange)]
    found.append(
        look(
            exchange,
            "answer-in-time",
            exchange.seconds <= SLOW_SECONDS,
            f"the answer took {exchange.seconds:.1f} s.",
            expected=f"less than {SLOW_SECONDS:.0f} s",
            actual=f"{exchange.seconds:.1f} s",
        )
    )
    return found


def _did_not_arrive(exchange: Exchange) -> Observation:
    failure = exchange.failure
    kind, message = (failure.kind, failure.message) if failure else ("reset", "nothing was recorded")
    said = NO_ANSWER.get(kind, kind)
    if kind == "timeout":
        said = f"no complete answer after {round(exchange.seconds, 1):g} s"
    return broken(
        exchange,
        "answer-arrives",
        f"{title_of(exchange)} did not answer: {said}.",
        expected="an answer within 60 s",
        actual=f"{said} ({message})",
        detail=kind,
    )


def foreign_ids(exchange: Exchange, known: Iterable[tuple[str, str, str]]) -> list[Observation]:
    """Return whether the answer names an id of somebody else.

    ``known`` holds (what it is, the id, whose e-mail domain) of the connections, users and workspaces before.
    """
    response, request = exchange.response, exchange.request
    if response is None or request.operation != "connect" or '"email"' not in request.body:
        return []
    answer = "\n".join([response.body, *(value for _, value in response.headers)])
    return [
        broken(
            exchange,
            "others-data-kept",
            f"the answer holds the {what} of another company.",
            expected="data of the request's own company only",
            actual=f"{ident} of {domain} in the answer",
            detail=what,
        )
        for what, ident, domain in known
        if len(ident) >= MIN_ID and ident in answer and domain not in request.body and ident not in request.body
    ][:1]


def _secrets(exchange: Exchange) -> list[Observation]:
    """Source: ruling 21; what only stands in the debugging_message of an error is logged at Databricks, and advice."""
    response = exchange.response
    if response is None or not response.leaks:
        value = response.json if response is not None and response.status >= 400 else None
        logs = isinstance(value, dict) and bool(value.get("debugging_message"))
        return [held(exchange, "secrets-kept"), *([held(exchange, "secrets-debugging")] if logs else [])]
    logged = _debugging_secrets(exchange)
    return [
        broken(
            exchange,
            "secrets-debugging" if leak.secret in logged else "secrets-kept",
            f"{SECRETS.get(leak.secret, leak.secret)} came back {leak.encoding}.",
            expected="no secret in any answer",
            actual=f"{leak.secret} {leak.encoding} in the answer with status {response.status}",
            detail=leak.secret,
        )
        for leak in response.leaks
    ]


def _debugging_secrets(exchange: Exchange) -> frozenset[str]:
    """Return the secrets that stand in the debugging_message of an error and, as far as can be seen, nowhere else."""
    response = exchange.response
    value = response.json if response is not None and response.status >= 400 else None
    if response is None or not isinstance(value, dict) or not isinstance(value.get("debugging_message"), str):
        return frozenset()
    rest = {key: item for key, item in value.items() if key != "debugging_message"}
    elsewhere = "\n".join([str(rest), *(f"{name}: {item}" for name, item in response.headers)])
    return frozenset(
        name for name in SECRETS if f"${{{name}}}" in value["debugging_message"] and f"${{{name}}}" not in elsewhere
    )


def _others(exchange: Exchange) -> list[Observation]:
    response, request = exchange.response, exchange.request
    if response is None or ('"email"' not in request.body and '"domain"' not in request.body):
        # A request that names nobody may well be answered with the data of its own company.
        return []
    answer = "\n".join([response.body, *(value for _, value in response.headers)])
    named = foreign_domains(answer, request.body + request.url)
    return [
        look(
            exchange,
            "others-data-kept",
            not named,
            f"the answer names {named[0] if named else ''}, a company that this request is not about.",
            expected="data of the request's own company only",
            actual=f"{named[0] if named else ''} in the answer",
            detail="domain",
        )
    ]


def _internals(exchange: Exchange) -> list[Observation]:
    response = exchange.response
    if response is None or response.status < 400:
        return []
    debugging, shown = "", response.body
    value = response.json
    if isinstance(value, dict) and isinstance(value.get("debugging_message"), str):
        debugging = value["debugging_message"]
        rest = {key: item for key, item in value.items() if key != "debugging_message"}
        shown = "\n".join(item if isinstance(item, str) else show(item, len(response.body)) for item in rest.values())
    shown += "\n" + "\n".join(f"{name}: {item}" for name, item in response.headers)
    found = _traces(exchange, "internals-kept", shown, "the answer shows {}.", "a sentence for the user")
    if debugging:
        found += _traces(exchange, "internals-debugging", debugging, "debugging_message holds {}.", "a sentence")
    return found


def _traces(exchange: Exchange, requirement: str, text: str, message: str, expected: str) -> list[Observation]:
    return [
        broken(
            exchange,
            requirement,
            message.format(name),
            expected=expected,
            actual=show(place),
            detail=name,
        )
        for name, place in traces(text)
    ] or [held(exchange, requirement)]
