"""The age of a certificate: due twelve months after the run, to the day, whatever the zone of the clock."""

from __future__ import annotations

from datetime import date

import pytest

from certification.review.validity import age


@pytest.mark.parametrize(
    ("finished", "today", "state"),
    [
        ("2026-02-28T10:00:00.000+00:00", "2026-02-28", "valid"),
        ("2026-02-28T10:00:00.000+00:00", "2027-02-27", "valid"),
        ("2026-02-28T10:00:00.000+00:00", "2027-02-28", "due"),
        ("2028-02-29T10:00:00.000+00:00", "2029-02-27", "valid"),
        ("2028-02-29T10:00:00.000+00:00", "2029-02-28", "due"),
        ("2026-12-31T23:30:00.000-05:00", "2027-12-31", "valid"),
        ("2026-12-31T23:30:00.000-05:00", "2028-01-01", "due"),
        ("2026-05-02T10:00:00.000+00:00", "2026-05-01", "valid"),
        ("2026-05-03T10:00:00.000+00:00", "2026-05-01", "early"),
        ("2026-05-01T10:00:00", "2026-05-01", "unknown"),
        ("", "2026-05-01", "unknown"),
        ("yesterday", "2026-05-01", "unknown"),
        ("9999-05-01T10:00:00.000+00:00", "2026-05-01", "early"),
        ("9999-12-31T23:59:59.000-14:00", "2026-05-01", "unknown"),
    ],
)
def test_a_certificate_is_due_after_twelve_months(finished: str, today: str, state: str) -> None:
    assert age(finished, date.fromisoformat(today)).state == state


def test_age_names_the_day_from_which_on_it_is_due() -> None:
    assert age("2026-12-31T23:30:00.000-05:00", date(2027, 2, 1)).due == date(2028, 1, 1)
