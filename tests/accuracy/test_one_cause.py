"""A whole run against a partner with one mistake that many cases meet: one required finding, and nothing held that nobody saw."""

from __future__ import annotations

import pytest

from certification.accuracy.certify import certify
from certification.accuracy.partners import reference_partner


@pytest.mark.parametrize(
    ("fault", "cause", "unseen"),
    [
        (
            "connect-status-202",
            ("first-connect", "connect", "status 202"),
            {"sign-in", "delete-connection", "answers-steady"},
        ),
        ("sign-in-configured", ("sign-in-configures-nothing", "connect", "configured_resources"), set()),
    ],
)
def test_one_mistake_is_one_required_finding(fault: str, cause: tuple[str, str, str], unseen: set[str]) -> None:
    with reference_partner(faults=[fault]) as partner:
        outcome = certify(partner, profile="quick", looks_again=False)
    assert [finding.cause for finding in outcome.at("must")] == [cause]
    assert len(outcome.having("failed", "blocked")) > 20
    assert not unseen & outcome.looked_at
