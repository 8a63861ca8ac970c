"""Checks on the answers to requests that Databricks never sends.  Source: ruling 13; Headers and authentication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from certification.checks.answers import REDIRECTS, error_body, quote, refused_with
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation, broken, held, look


def unparsable(exchange: Exchange) -> list[Observation]:
    """Hold the answer to a body that is not JSON to 400 bad_request."""
    response = exchange.response
    if response is None:
        return []
    refused = look(
        exchange,
        "bad-json-refused",
        response.status == 400,
        f"the answer is {response.status} instead of 400.",
        expected="400 bad_request",
        actual=f"status {response.status}{quote(exchange)}",
        detail=f"status {response.status}",
    )
    return [refused, *([] if response.status >= 500 else error_body(exchange))]


def malformed(exchange: Exchange, *, other_errors: bool = True) -> list[Observation]:
    """Hold the answer to JSON with a missing or wrong field to ruling 13.

    400 is right.  Accepting it is an advisory.  A 5xx, or an error that is no ErrorResponse, is a failure.
    ``other_errors`` allows 401 and 404 without remark.
    """
    response = exchange.response
    if response is None:
        return []
    survived = survived_it(exchange)
    if survived.broken:
        return [survived]
    found = [survived, *error_body(exchange)]
    if response.status in {401, 404} and other_errors:
        return found
    accepted = response.status < 400
    return [
        *found,
        look(
            exchange,
            "bad-request-refused",
            response.status == 400,
            f"the request was {'accepted' if accepted else f'refused with {response.status} instead of 400'}.",
            expected="400 bad_request",
            actual=f"status {response.status}",
            detail="accepted" if accepted else f"status {response.status}",
        ),
    ]


def doubtful(exchange: Exchange) -> list[Observation]:
    """Hold the answer to a body that only forgiving parsers take for JSON to ruling 13, as one with a wrong field.

    The parser decides on it, not the check of fields: that it is accepted has a cause of its own.
    """
    return [
        replace(seen, detail="accepted body")
        if seen.requirement == "bad-request-refused" and seen.detail == "accepted"
        else seen
        for seen in malformed(exchange)
    ]


def survived_it(exchange: Exchange) -> Observation:
    """Return whether a request that Databricks never sends was answered without a crash or a redirect."""
    status = exchange.status or 0
    if status >= 500:
        return broken(
            exchange,
            "bad-request-survived",
            f"the partner failed with {status}.",
            expected="400 bad_request",
            actual=f"status {status}{quote(exchange)}",
            detail=f"status {status}",
        )
    return look(
        exchange,
        "bad-request-survived",
        not 300 <= status < 400,
        "the answer is a redirect.",
        expected="400 bad_request",
        actual=f"status {status}",
        detail="redirect",
    )


def odd_id(exchange: Exchange, unknown: Callable[[Exchange], list[Observation]]) -> list[Observation]:
    """Hold the answer about an id in a form that the partner never gives to that of an ``unknown`` one, or to 400."""
    return error_body(exchange) if exchange.status == 400 else unknown(exchange)


def wrong_method(exchange: Exchange) -> list[Observation]:
    """Hold the answer to a method that the endpoint does not have: refused in any way, but not with a crash.

    Frameworks answer 404, 405 or 501 before any handler of the partner runs, with a page of their own; Databricks never
    sends such a request, so the page is not held to the ErrorResponse.
    """
    response = exchange.response
    if response is None:
        return []
    if response.status >= 500 and response.status != 501:
        return [
            broken(
                exchange,
                "bad-request-survived",
                f"the partner failed with {response.status}.",
                expected="405 or 404",
                actual=f"status {response.status}{quote(exchange)}",
                detail=f"status {response.status}",
            )
        ]
    # Another page at the same path is the partner's own business; a Connection is not.
    treated = 200 <= response.status < 300 and isinstance(response.json, dict) and "redirect_uri" in response.json
    return [
        held(exchange, "bad-request-survived"),
        look(
            exchange,
            "method-checked",
            not treated,
            "the request was treated as a POST.",
            expected="405 or 404",
            actual=f"status {response.status} and a Connection",
            detail="accepted",
        ),
    ]


def unauthorized(exchange: Exchange) -> list[Observation]:
    """Hold the answer to wrong credentials to 401 unauthorized."""
    status = exchange.status
    if status is not None and 200 <= status < 300:
        return [
            broken(
                exchange,
                "credentials-required",
                "the call was let in.",
                expected="401 unauthorized",
                actual=f"status {status}",
                detail="let in",
            )
        ]
    if status in REDIRECTS:
        # A login page instead of a refusal: the call was not refused, wherever the redirect leads.
        return [
            broken(
                exchange,
                "credentials-required",
                f"the call was redirected ({status}).",
                expected="401 unauthorized",
                actual=f"status {status}",
                detail=f"status {status}",
            )
        ]
    return refused_with(exchange, 401, ("unauthorized",), "credentials-required")


def credentials_first(exchange: Exchange) -> list[Observation]:
    """Advise when a broken body is looked at before the credentials are; letting the call in is a failure."""
    status = exchange.status
    if status is None or 200 <= status < 300 or status in REDIRECTS:
        return unauthorized(exchange)
    return [
        look(
            exchange,
            "credentials-first",
            status == 401,
            "the body was looked at before the credentials were.",
            expected="401 unauthorized",
            actual=f"status {status}{quote(exchange)}",
            detail=f"status {status}",
        )
    ]


def scheme_refused(exchange: Exchange) -> list[Observation]:
    """Return the advisory that a partner refuses the right credentials for the case of the scheme's letters."""
    return [
        broken(
            exchange,
            "scheme-any-case",
            "the right credentials were refused.",
            expected="200 or 201",
            actual=f"status {exchange.status}",
        )
    ]


def scheme_read(exchange: Exchange) -> list[Observation]:
    """Return that the scheme in lower case was read."""
    return [held(exchange, "scheme-any-case")] if exchange.status in {200, 201} else []


def survived(exchange: Exchange) -> list[Observation]:
    """Hold the answer to not being a crash, whatever else it is."""
    if exchange.response is None:
        return []
    crash = survived_it(exchange)
    return [crash] if crash.broken else [crash, *error_body(exchange)]


def malformed_credentials(exchange: Exchange) -> list[Observation]:
    """Hold the answer to a header that is no Basic credentials to 401 unauthorized or 400 bad_request."""
    if exchange.status == 400:
        return [held(exchange, "credentials-required"), *error_body(exchange)]
    return unauthorized(exchange)
