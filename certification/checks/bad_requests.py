"""Checks on the answers to requests that Databricks never sends.  Source: ruling 13."""

from __future__ import annotations

from certification.checks.answers import arrived, error_body, quote, refused_with
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation, violation


def unparsable(exchange: Exchange) -> list[Violation]:
    """Hold the answer to a body that is not JSON to 400 bad_request."""
    response = exchange.response
    if response is None:
        return arrived(exchange)
    if response.status == 400:
        return error_body(exchange)
    found = [
        violation(
            exchange,
            "bad-json-refused",
            f"{exchange.kind}: the answer is {response.status} instead of 400.",
            "400 bad_request",
            f"status {response.status}{quote(exchange)}",
            f"status {response.status}",
        )
    ]
    return found if response.status >= 500 else [*found, *error_body(exchange)]


def malformed(exchange: Exchange, *, advise: bool = True, other_errors: bool = True) -> list[Violation]:
    """Hold the answer to JSON with a missing or wrong field to ruling 13.

    400 is right.  Accepting it is an advisory, unless ``advise`` is False.  A 5xx, or an error that is no ErrorResponse,
    is a failure.  ``other_errors`` allows 401 and 404 without remark.
    """
    response = exchange.response
    if response is None:
        return arrived(exchange)
    if response.status >= 500:
        return [
            violation(
                exchange,
                "bad-request-survived",
                f"{exchange.kind}: the partner failed with {response.status}.",
                "400 bad_request",
                f"status {response.status}{quote(exchange)}",
                f"status {response.status}",
            )
        ]
    if response.status == 400:
        return error_body(exchange)
    if 300 <= response.status < 400:
        return [
            violation(
                exchange,
                "bad-request-survived",
                f"{exchange.kind}: the answer is a redirect.",
                "400 bad_request",
                f"status {response.status}",
                "redirect",
            )
        ]
    if response.status >= 400:
        found = error_body(exchange)
        usual = response.status in {401, 404} and other_errors
        if not found and not usual:
            found = [
                violation(
                    exchange,
                    "bad-request-refused",
                    f"{exchange.kind}: the request was refused with {response.status} instead of 400.",
                    "400 bad_request",
                    f"status {response.status}",
                    f"status {response.status}",
                )
            ]
        return found
    if not advise:
        return []
    return [
        violation(
            exchange,
            "bad-request-refused",
            f"{exchange.kind}: the request was accepted.",
            "400 bad_request",
            f"status {response.status}",
            "accepted",
        )
    ]


def wrong_method(exchange: Exchange) -> list[Violation]:
    """Hold the answer to a method that the endpoint does not have: refused in any way, but not with a crash.

    Frameworks answer 404, 405 or 501 before any handler of the partner runs, with a page of their own; Databricks never
    sends such a request, so the page is not held to the ErrorResponse.
    """
    response = exchange.response
    if response is None:
        return arrived(exchange)
    if response.status >= 500 and response.status != 501:
        return [
            violation(
                exchange,
                "bad-request-survived",
                f"{exchange.kind}: the partner failed with {response.status}.",
                "405 or 404",
                f"status {response.status}{quote(exchange)}",
                f"status {response.status}",
            )
        ]
    if 200 <= response.status < 300 and isinstance(response.json, dict) and "redirect_uri" in response.json:
        # Another page at the same path is the partner's own business; a Connection is not.
        return [
            violation(
                exchange,
                "method-checked",
                f"{exchange.kind}: the request was treated as a POST.",
                "405 or 404",
                f"status {response.status} and a Connection",
                "accepted",
            )
        ]
    return []


def unauthorized(exchange: Exchange) -> list[Violation]:
    """Hold the answer to wrong credentials to 401 unauthorized."""
    found = refused_with(exchange, 401, ("unauthorized",), "credentials-required")
    if exchange.status is not None and 200 <= exchange.status < 300:
        said = f"{exchange.kind}: the call was let in."
        return [
            violation(exchange, "credentials-required", said, "401 unauthorized", f"status {exchange.status}", "let in")
        ]
    return found


def scheme_refused(exchange: Exchange) -> list[Violation]:
    """Return the advisory that a partner refuses the right credentials for the case of the scheme's letters."""
    said = f"{exchange.kind}: the right credentials were refused."
    return [violation(exchange, "scheme-any-case", said, "200 or 201", f"status {exchange.status}")]


def survived(exchange: Exchange) -> list[Violation]:
    """Hold the answer to not being a crash, whatever else it is."""
    if exchange.response is None:
        return arrived(exchange)
    if exchange.response.status >= 500:
        return malformed(exchange)
    return error_body(exchange)


def malformed_credentials(exchange: Exchange) -> list[Violation]:
    """Hold the answer to a header that is no Basic credentials to 401 unauthorized or 400 bad_request."""
    return error_body(exchange) if exchange.status == 400 else unauthorized(exchange)
