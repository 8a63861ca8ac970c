"""Checks on delete-connection, test-connection and the test hooks."""

from __future__ import annotations

from typing import Any

from certification.checks.answers import (
    answered_with,
    error_body,
    is_error_response,
    json_object,
    quote,
    reasons_of,
    refused_with,
    title_of,
)
from certification.checks.bad_requests import survived_it
from certification.config.partner import PartnerConfig
from certification.contract.operations import OPERATIONS
from certification.contract.validation import show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation, broken, look


def deletion(exchange: Exchange, config: PartnerConfig, requirement: str = "delete-connection") -> list[Observation]:
    """Hold the answer of delete-connection to 200 and a resource_status, as the partner's API version has it."""
    operation = OPERATIONS["delete_connection"]
    model = operation.answer_model(config.api_version)
    return answered_with(exchange, operation.success, requirement, model, config.api_version)


def deletion_of_unknown(exchange: Exchange) -> list[Observation]:
    """Hold the answer of delete-connection for an unknown or deleted id to 404 connection_not_found."""
    return refused_with(exchange, 404, ("connection_not_found",), "delete-unknown")


def deletion_elsewhere(exchange: Exchange, place: str) -> list[Observation]:
    """Advise when the right id was deleted with another ``place``: workspace or cloud.  Source: ruling 23."""
    if exchange.status is None:
        return []
    return [
        survived_it(exchange),
        *([] if exchange.status >= 500 else error_body(exchange)),
        look(
            exchange,
            "deletion-place-checked",
            not 200 <= exchange.status < 300,
            f"the connection was deleted though the request names a {place} that it is not in.",
            expected="404 connection_not_found",
            actual=f"status {exchange.status}",
            detail=place,
        ),
    ]


def resource_status(exchange: Exchange) -> str | None:
    """Return what the partner says became of the resources, or None when it does not say."""
    value = exchange.answer.get("resource_status")
    return value if isinstance(value, str) and exchange.status == 200 else None


def connection_test(exchange: Exchange, requirement: str = "test-connection") -> list[Observation]:
    """Hold the answer of test-connection to 200 and results, each with a name and a status of the enum (ruling 4)."""
    found = answered_with(exchange, (200,), requirement, "connection-test-result")
    results = results_of_test(exchange)
    if results is None:
        return found
    return [
        *found,
        look(
            exchange,
            "test-results-there",
            bool(results),
            "test_results is empty.",
            expected="at least one result",
            actual="[]",
        ),
        *_something_tested(exchange, results),
    ]


def _something_tested(exchange: Exchange, results: list[Any]) -> list[Observation]:
    """Hold a test to an outcome: UNKNOWN beside others is fine, nothing but UNKNOWN is none.  Source: case P800."""
    statuses = {result.get("status") for result in results if isinstance(result, dict)}
    if not statuses:
        return []
    return [
        look(
            exchange,
            "test-connection",
            statuses != {"UNKNOWN"},
            "every result of the test is UNKNOWN: nothing was tested.",
            expected="a result that is PASS or FAIL",
            actual="UNKNOWN",
            detail="UNKNOWN",
        )
    ]


def results_of_test(exchange: Exchange) -> list[Any] | None:
    """Return the results of a connection test, or None when the answer has none."""
    _, value = json_object(exchange)
    results = (value or {}).get("test_results")
    return results if exchange.status == 200 and isinstance(results, list) else None


def unknown_tested(exchange: Exchange, requirement: str = "test-unknown") -> list[Observation]:
    """Hold test-connection of a connection that is not there to 404 connection_not_found, or to a FAIL (ruling 18).

    A partner that removes what is deleted cannot tell a deleted connection from one that never was.
    """
    results = results_of_test(exchange)
    if results is None:
        return refused_with(exchange, 404, ("connection_not_found",), requirement)
    statuses = [result.get("status") for result in results if isinstance(result, dict)]
    found = answered_with(exchange, (200,), "test-connection", "connection-test-result")
    return [
        *found,
        look(
            exchange,
            requirement,
            "FAIL" in statuses,
            "a connection that is not there passes its test.",
            expected="404 connection_not_found, or 200 with at least one result FAIL",
            actual=show(results, 160),
            detail="no FAIL",
        ),
    ]


def deleted_tested(exchange: Exchange) -> list[Observation]:
    """Hold test-connection of a deleted connection to what holds of one that is not there.  Source: ruling 18."""
    return unknown_tested(exchange, "test-deleted")


def hook_done(exchange: Exchange, requirement: str) -> list[Observation]:
    """Hold the answer of a test hook to 200; its body is empty or ignored."""
    return answered_with(exchange, (200,), requirement, None)


def hook_on_nobody(exchange: Exchange) -> list[Observation]:
    """Hold a test hook for somebody who does not exist to an answer of the contract: 200, 400 or 404."""
    status = exchange.status
    if status is None or status == 200:
        return []
    if status in {400, 404}:
        return refused_with(exchange, status, reasons_of(exchange, status), "error-model")
    return answered_with(exchange, (200, 400, 404), "error-model", None)


def hook_refused(exchange: Exchange) -> list[Observation]:
    """Hold the answer of a test hook for another domain to 400 bad_request."""
    if exchange.status is not None and 200 <= exchange.status < 300:
        return [
            broken(
                exchange,
                "hooks-test-domains-only",
                "the hook acted on a domain that is no test domain.",
                expected="400 bad_request",
                actual=f"status {exchange.status}",
                detail="acted",
            )
        ]
    return refused_with(exchange, 400, ("bad_request",), "hooks-test-domains-only")


def absent(exchange: Exchange) -> bool:
    """Return whether the server has no such endpoint: a page of 404, 405 or 501 that no handler of it wrote (ruling 19)."""
    return exchange.status in {404, 405, 501} and not is_error_response(exchange)


def endpoint_there(exchange: Exchange) -> list[Observation]:
    """Hold the endpoint that the config names to being there.  Source: ruling 19."""
    if exchange.response is None:
        return []
    return [
        look(
            exchange,
            "endpoint-there",
            not absent(exchange),
            f"{title_of(exchange)} is not there: {exchange.request.method} answered {exchange.status} with a page of the server.",
            expected="the endpoint that the config names",
            actual=f"status {exchange.status}{quote(exchange)}",
            detail="absent",
        )
    ]
