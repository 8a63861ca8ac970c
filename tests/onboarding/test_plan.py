"""The dates of a launch: what cannot stand and why, what is proposed, what is better avoided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from certification.foundation.errors import CannotStart, Problem
from certification.foundation.reason import Reason
from certification.onboarding.plan import advice_on, missing_before_ga, plan, recorded_launch
from certification.onboarding.record import Launch
from certification.onboarding.regions import Region
from certification.onboarding.status import Status

AGREED, TODAY = date(2027, 2, 20), date(2027, 2, 21)
GA = date(2027, 3, 2)
"""A Tuesday; the week before it begins on Tuesday 23 February."""


def regions(*names: str) -> list[Region]:
    return [Region(name) for name in names]


def refused(*, ga: date = GA, agreed: date = AGREED, today: date = TODAY, listed: Sequence[Region] = ()) -> str:
    with pytest.raises(CannotStart) as caught:
        plan(ga, agreed, listed, today)
    return str(caught.value)


def test_a_week_after_it_was_agreed_ga_can_be() -> None:
    week = AGREED + timedelta(7)
    assert plan(week, AGREED, (), TODAY).ga == week
    said = refused(ga=week - timedelta(1))
    assert said.startswith("--ga: agreed on 2027-02-20, GA can be on 2027-02-27 at the earliest, not on 2027-02-26.")
    assert "GA can be on 2027-02-27 at the earliest" in refused(ga=AGREED - timedelta(1))


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (GA + timedelta(1), "--ga: GA on 2027-03-02: that day is over, today is 2027-03-03. The first day that GA can be on is 2027-03-04."),
        (GA, "--ga: GA on 2027-03-02: the roll-out has to be complete a day before, and today is 2027-03-02."),
        (AGREED - timedelta(1), "--agreed: agreed on 2027-02-20: that day is still to come, today is 2027-02-19."),
    ],
)  # fmt: skip
def test_days_that_are_over_or_still_to_come(today: date, said: str) -> None:
    assert said in refused(today=today)


def test_a_day_before_ga_is_still_enough_for_the_roll_out() -> None:
    assert plan(GA, AGREED, regions("a", "b"), GA - timedelta(1)).rollout == (
        ("a", GA - timedelta(1)),
        ("b", GA - timedelta(1)),
    )


@pytest.mark.parametrize("far", [date.max, date(9999, 1, 1)])
def test_the_end_of_the_calendar_is_no_date(far: date) -> None:
    assert f"GA on {far} is more than a year away. Is the year right?" in refused(ga=far)
    assert "Is the year right?" in refused(agreed=far, ga=far)


def test_every_reason_is_named_at_once() -> None:
    missing = [Problem("sign-off of the partner", "missing.", "Sign."), Problem("agreement", "missing.", "Agree.")]
    with pytest.raises(CannotStart) as caught:
        plan(AGREED, AGREED, [Region("a", AGREED)], TODAY, missing)
    assert [problem.where for problem in caught.value.problems] == [
        "sign-off of the partner",
        "agreement",
        "--ga",
        "--ga",
        "--regions",
        "--regions",
    ]


def test_regions_follow_each_other_on_working_days_of_the_week_before() -> None:
    launch = plan(GA, AGREED, regions("one", "two", "three", "four"), TODAY)
    assert [(name, f"{day:%a %d}") for name, day in launch.rollout] == [
        ("one", "Tue 23"),
        ("two", "Wed 24"),
        ("three", "Thu 25"),
        ("four", "Mon 01"),
    ]
    assert advice_on(launch, TODAY) == []


def test_many_regions_share_days_in_their_order() -> None:
    names = [f"region {number:02}" for number in range(11)]
    launch = plan(GA, AGREED, regions(*names), TODAY)
    assert [name for name, _ in launch.rollout] == names
    days = [day for _, day in launch.rollout]
    assert days == sorted(days)
    assert max(days.count(day) for day in days) == 3
    assert (min(days), max(days)) == (GA - timedelta(7), GA - timedelta(1))


def test_a_plan_that_is_late_uses_the_days_that_are_left() -> None:
    launch = plan(GA, AGREED, regions("a", "b"), date(2027, 2, 26))
    # Friday is left, the weekend, and the Monday before GA: only Monday is a good day.
    assert launch.rollout == (("a", date(2027, 3, 1)), ("b", date(2027, 3, 1)))
    assert [reason.code for reason in advice_on(launch, TODAY)] == ["regions-at-once"]


def test_weekends_are_used_only_where_nothing_else_is_left() -> None:
    monday = date(2027, 3, 1)
    launch = plan(monday, AGREED, regions("a"), date(2027, 2, 27))
    assert launch.rollout == (("a", date(2027, 2, 27)),)
    assert [reason.code for reason in advice_on(launch, TODAY)] == ["region-on-weekend"]


def test_days_that_somebody_set_stay_and_are_checked() -> None:
    listed = [Region("late", GA - timedelta(1)), Region("free"), Region("friday", date(2027, 2, 26))]
    launch = plan(GA, AGREED, listed, TODAY)
    assert dict(launch.rollout) == {
        "free": date(2027, 2, 23),
        "friday": date(2027, 2, 26),
        "late": GA - timedelta(1),
    }
    assert [reason.code for reason in advice_on(launch, TODAY)] == ["region-before-weekend"]
    said = refused(listed=[Region("x", GA), Region("y", GA - timedelta(8)), Region("Z"), Region("z")], today=TODAY)
    assert "x on 2027-03-02 is too late" in said
    assert "y on 2027-02-22 is before the week of GA" in said
    assert "Name a day from 2027-02-23 to 2027-03-01, or leave the day out." in said
    over = refused(listed=[Region("x", GA - timedelta(7))], today=GA - timedelta(3))
    assert "x on 2027-02-23: that day is over" in over


@pytest.mark.parametrize(
    ("ga", "codes"),
    [
        (date(2027, 3, 4), []),
        (date(2027, 3, 5), ["ga-before-weekend"]),
        (date(2027, 3, 6), ["ga-before-weekend"]),
        (date(2027, 3, 7), ["ga-before-weekend"]),
        (date(2028, 3, 8), ["ga-far"]),
    ],
)
def test_advice_on_the_day_of_ga(ga: date, codes: list[str]) -> None:
    assert [reason.code for reason in advice_on(Launch(AGREED, ga, ()), TODAY)] == codes


def test_recorded_dates_replace_the_earlier_ones_and_keep_comments() -> None:
    raw = {
        "partner": "Acorn",
        "launch": {"$comment": "mine", "ga": "2027-01-01", "rollout": [{"region": "a", "$comment": "first", "on": "2026-12-30"}]},
    }  # fmt: skip
    recorded_launch(raw, plan(GA, AGREED, regions("a", "b"), TODAY))
    assert raw["launch"] == {
        "$comment": "mine",
        "ga": "2027-03-02",
        "rollout": [
            {"region": "a", "$comment": "first", "on": "2027-02-23"},
            {"region": "b", "on": "2027-02-24"},
        ],
        "agreed": "2027-02-20",
    }


def test_no_date_stands_beside_a_sign_off_that_may_have_been_a_refusal() -> None:
    edited = Reason(
        "sign-off-broken", {"file": "product-1.json", "because": "signature-invalid", "key": "k", "why": "w"}
    )
    status = SimpleNamespace(items=(), remarks=(edited, Reason("no-sign-off", {"file": "notes.txt"})))
    found = [problem.what for problem in missing_before_ga(cast("Status", status))]
    assert found == ["product-1.json does not count: the signature of k does not hold: w."]
