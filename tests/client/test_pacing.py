"""How long the suite waits for a partner, and when it leaves one alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.client.pacing import (
    MAX_SLOW_SECONDS,
    MAX_WAIT_SECONDS,
    MAX_WAIT_SECONDS_IN_ALL,
    PATIENCE,
    Patience,
    Waiting,
)
from certification.evidence.exchange import Exchange, Failure, Request, Response
from certification.evidence.steps import Act, When
from certification.foundation.clock import WallClock
from certification.foundation.errors import CannotProceed
from certification.foundation.retry_after import FAR, UNSAID, read_retry_after

NOW = datetime(1994, 11, 6, 8, 49, 7, tzinfo=UTC)

FORMS = {
    None: (UNSAID, True),
    "": (UNSAID, False),
    "0": (0.0, True),
    "120": (120.0, True),
    "0007": (7.0, True),
    "2.5": (2.5, False),
    "86400": (86_400.0, True),
    "9" * 300: (FAR, True),
    "9" * 5_000: (UNSAID, False),
    "-5": (UNSAID, False),
    "NaN": (UNSAID, False),
    "inf": (UNSAID, False),
    "1e999": (UNSAID, False),
    "٣": (UNSAID, False),
    "soon": (UNSAID, False),
    "Sun, 06 Nov 1994 08:49:37 GMT": (30.0, True),
    "Sunday, 06-Nov-94 08:49:37 GMT": (30.0, True),
    "Sun Nov  6 08:49:37 1994": (30.0, True),
    "Sun, 06 Nov 1994 08:49:37": (30.0, False),
    "Sun, 06 Nov 1994 08:49:37 -0000": (30.0, False),
    "Sun, 06 Nov 1994 09:49:37 +0100": (30.0, False),
    "Sun, 06 Nov 1994 08:49:60 GMT": (52.0, True),
    "Sun, 06 Nov 99999 08:49:37 GMT": (UNSAID, False),
    "Sun, 06 Nov 9999 08:49:37 GMT": (FAR, True),
    "Fri, 31 Dec 9999 23:59:59 -9900": (UNSAID, False),
    "Sat, 01 Jan 0001 00:00:00 +2300": (UNSAID, False),
    "Sun, 06 Nov 0000 08:49:37 GMT": (UNSAID, False),
    "Sun, 31 Feb 1994 08:49:37 GMT": (UNSAID, False),
    "Sun, 06 Xxx 1994 08:49:37 GMT": (UNSAID, False),
    "Sun, 06 Nov 1984 08:49:37 GMT": (0.0, True),
}


@pytest.mark.parametrize("text", FORMS)
def test_every_form_of_retry_after_gives_a_number_of_seconds(text: str | None) -> None:
    found = read_retry_after(text, NOW)
    assert (found.seconds, not found.problem) == FORMS[text]


@settings(deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*"0123456789 ,:-+", "Nov", "GMT", "Sun", "99999"]), max_size=20).map("".join)
)
def test_any_text_gives_a_number_of_seconds(text: str) -> None:
    assert 0 <= read_retry_after(text, NOW).seconds <= FAR


def call(act: Act = Act.FIRST_CONNECT, operation: str = "connect") -> Exchange:
    return Exchange("P100", "1", 1, act, When.PLAIN, Request(operation, "POST", "http://h/", (), ""), None)


def answered(status: int, retry_after: str | None = None, seconds: float = 0.1) -> Exchange:
    headers = () if retry_after is None else (("Retry-After", retry_after),)
    return replace(call(), response=Response(status, "HTTP/1.1", headers, "", 0, ""), seconds=seconds)


def test_the_waiting_of_a_whole_run_is_bounded() -> None:
    waiting = Waiting(lambda: NOW)
    granted = [waiting.granted(answered(429, "86400")) for _ in range(1_000)]
    assert sum(granted) == MAX_WAIT_SECONDS_IN_ALL
    assert granted[:3] == [MAX_WAIT_SECONDS, MAX_WAIT_SECONDS, 0.0]


def test_the_waiting_of_one_call_is_bounded() -> None:
    waiting = Waiting(lambda: NOW)
    assert waiting.granted(answered(429, "40"), 0.0) == 40.0
    assert waiting.granted(answered(429, "40"), 40.0) == 0.0


def test_only_a_429_waits() -> None:
    assert Waiting(lambda: NOW).granted(answered(503, "5")) == 0.0
    assert Waiting(lambda: NOW).granted(call()) == 0.0


def left_alone(patience: Patience, plan: Exchange) -> str:
    try:
        patience.check(plan)
    except CannotProceed as ended:
        return ended.reason.code
    return ""


@pytest.mark.parametrize(
    ("silent", "code"),
    [
        (replace(call(), failure=Failure("timeout", "")), "silent"),
        (replace(call(), failure=Failure("connect", "")), "silent"),
        (answered(429), "too-many-requests"),
    ],
)
def test_an_endpoint_that_gives_nothing_is_left_alone_after_a_while(silent: Exchange, code: str) -> None:
    patience = Patience()
    for _ in range(PATIENCE):
        assert left_alone(patience, call()) == ""
        patience.note(silent)
    assert left_alone(patience, call()) == code
    assert left_alone(patience, call(operation="delete_connection")) == ""
    assert left_alone(patience, call(Act.CLEAN_UP)) == ""


def test_an_answer_in_between_makes_the_suite_patient_again() -> None:
    patience = Patience()
    for silent in (replace(call(), failure=Failure("timeout", "")), answered(429), answered(200)) * 5:
        patience.note(silent)
        assert left_alone(patience, call()) == ""


def test_an_endpoint_that_is_slow_for_very_long_is_left_alone() -> None:
    patience = Patience()
    for _ in range(int(MAX_SLOW_SECONDS / 50)):
        patience.note(answered(200, seconds=50.0))
    assert left_alone(patience, call()) == ""
    patience.note(answered(200, seconds=50.0))
    assert left_alone(patience, call()) == "slow"


def test_the_times_in_the_evidence_go_forward_when_the_clock_is_set_back() -> None:
    walls = [datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 11, tzinfo=UTC)]
    seconds = iter([100.0, 100.5, 163.0])
    clock = WallClock(lambda: walls.pop(0), lambda: next(seconds))
    assert [clock.now(), clock.now()] == ["2026-01-01T12:00:00.500+00:00", "2026-01-01T12:01:03.000+00:00"]
    assert len(walls) == 1
