"""Checks on delete-connection, test-connection and the test hooks."""

from __future__ import annotations

from certification.checks.answers import REASONS, answered_with, json_object, refused_with
from certification.config.partner import PartnerConfig
from certification.contract.validation import show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation, violation


def deletion(exchange: Exchange, config: PartnerConfig, requirement: str = "delete-connection") -> list[Violation]:
    """Hold the answer of delete-connection to 200 and, since API version 2.1.0, to a resource_status."""
    model = "delete-connection-response" if config.has("2.1.0") else None
    return answered_with(exchange, (200,), requirement, model)


def deletion_of_unknown(exchange: Exchange) -> list[Violation]:
    """Hold the answer of delete-connection for an unknown or deleted id to 404 connection_not_found."""
    return refused_with(exchange, 404, ("connection_not_found",), "delete-unknown")


def resource_status(exchange: Exchange) -> str | None:
    """Return what the partner says became of the resources, or None when it does not say."""
    value = exchange.answer.get("resource_status")
    return value if isinstance(value, str) and exchange.status == 200 else None


def connection_test(exchange: Exchange) -> list[Violation]:
    """Hold the answer of test-connection to 200 and results that are PASS or FAIL, each with a name."""
    found = answered_with(exchange, (200,), "test-connection", "connection-test-result")
    if exchange.status != 200:
        return found
    _, value = json_object(exchange)
    results = (value or {}).get("test_results")
    if not isinstance(results, list):
        return found
    if not results:
        found.append(
            violation(
                exchange, "test-results-there", f"{exchange.kind}: test_results is empty.", "at least one result", "[]"
            )
        )
    for number, result in enumerate(results):
        if isinstance(result, dict) and result.get("status") == "UNKNOWN":
            found.append(
                violation(
                    exchange,
                    "test-connection",
                    f"{exchange.kind}: result {number + 1} ({show(result.get('test_name'))}) of a working connection is UNKNOWN.",
                    "PASS or FAIL",
                    "UNKNOWN",
                    "UNKNOWN",
                )
            )
            break
    return found


def test_of_unknown(exchange: Exchange) -> list[Violation]:
    """Hold the answer of test-connection for a connection that is gone to 404 connection_not_found."""
    return refused_with(exchange, 404, ("connection_not_found",), "test-unknown")


def hook_done(exchange: Exchange, requirement: str) -> list[Violation]:
    """Hold the answer of a test hook to 200; its body is empty or ignored."""
    return answered_with(exchange, (200,), requirement, None)


def hook_on_nobody(exchange: Exchange) -> list[Violation]:
    """Hold a test hook for somebody who does not exist to an answer of the contract: 200, 400 or 404."""
    if exchange.status == 200:
        return []
    if exchange.status == 404:
        return refused_with(exchange, 404, REASONS[404], "error-model")
    if exchange.status == 400:
        return refused_with(exchange, 400, REASONS[400], "error-model")
    return answered_with(exchange, (200, 400, 404), "error-model", None)


def hook_refused(exchange: Exchange) -> list[Violation]:
    """Hold the answer of a test hook for another domain to 400 bad_request."""
    found = refused_with(exchange, 400, ("bad_request",), "hooks-test-domains-only")
    if exchange.status is not None and 200 <= exchange.status < 300:
        acted = f"{exchange.kind}: the hook acted on a domain that is no test domain."
        return [
            violation(
                exchange, "hooks-test-domains-only", acted, "400 bad_request", f"status {exchange.status}", "acted"
            )
        ]
    return found
