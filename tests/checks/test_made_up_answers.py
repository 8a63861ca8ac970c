"""What no partner in memory can get wrong, made up: an answer that does not come, or comes late, and a few others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from certification.checks import bad_requests, connect, lifecycle
from certification.checks.config import config_valid
from certification.checks.connect import SignIn
from certification.checks.everywhere import everywhere
from certification.config.partner import PartnerConfig, trial_config
from certification.evidence.exchange import Exchange, Failure, Request, Response
from certification.evidence.observation import Observation
from certification.evidence.steps import Act, When

REQUEST = Request("connect", "POST", "http://a/connect", (), "{}")
CONFIG = trial_config("http://127.0.0.1:9")


def answered(status: int, body: str, operation: str = "connect", **fields: Any) -> Exchange:
    headers = (("Content-Type", "application/json"),)
    response = Response(status, "HTTP/1.1", headers, body, len(body), "")
    request = replace(REQUEST, operation=operation)
    return Exchange("P100", "1", 1, Act.SIGN_IN, When.PLAIN, request, response, **fields)


def silent(kind: str) -> Exchange:
    return Exchange("P100", "1", 1, Act.SIGN_IN, When.PLAIN, REQUEST, None, Failure(kind, "gone"))


def broken(seen: list[Observation]) -> set[str]:
    return {each.requirement for each in seen if each.broken}


@pytest.mark.parametrize("kind", ["timeout", "reset", "connect", "tls", "protocol"])
def test_an_answer_that_does_not_come_breaks_one_requirement_and_nothing_else_is_looked_at(kind: str) -> None:
    exchange = silent(kind)
    assert broken(everywhere(exchange)) == {"answer-arrives"}
    assert connect.sign_in(exchange, CONFIG) == []
    assert lifecycle.connection_test(exchange) == []
    assert bad_requests.malformed(exchange) == []


def test_an_answer_may_take_ten_seconds() -> None:
    assert broken(everywhere(answered(200, "{}", seconds=9.9))) == set()
    assert broken(everywhere(answered(200, "{}", seconds=10.1))) == {"answer-in-time"}


def test_a_connection_that_is_lost_with_its_socket_breaks_independence() -> None:
    lost = answered(404, '{"error_reason": "connection_not_found"}')
    assert "connection-independent" in broken(connect.sign_in(lost, CONFIG, SignIn("connection-independent")))


def test_a_connection_in_answer_to_another_method_breaks_the_check_of_methods() -> None:
    assert broken(bad_requests.wrong_method(answered(200, '{"redirect_uri": "http://a"}'))) == {"method-checked"}
    assert broken(bad_requests.wrong_method(answered(405, ""))) == set()


def test_a_test_that_passes_for_nothing_breaks_it_and_one_that_fails_does_not() -> None:
    results = '{{"test_results": [{{"test_name": "a", "status": "{}"}}]}}'
    passes, fails = (answered(200, results.format(word), "test_connection") for word in ("PASS", "FAIL"))
    assert "test-unknown" in broken(lifecycle.unknown_tested(passes, "test-unknown"))
    assert broken(lifecycle.unknown_tested(fails, "test-unknown")) == set()


def test_a_config_that_was_edited_breaks_its_validity() -> None:
    assert broken(config_valid(CONFIG)) == set()
    edited = PartnerConfig({**CONFIG.raw, "category": "OTHER"}, "partner.json")
    assert broken(config_valid(edited)) == {"config-valid"}
