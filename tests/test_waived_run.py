"""A run that is given waivers: which it takes, and which it refuses before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from partners import Answer, Partner
from running import Outcome
from waiving import TODAY, waiver, written

Certify = Callable[..., Outcome]


def test_waivers_that_cannot_be_taken_stop_the_run_all_at_once(
    certify: Certify, partner: Partner, pytester: pytest.Pytester
) -> None:
    path = written(
        pytester.path,
        waiver("credentials-required", "service"),
        waiver(id="W2", until=f"{TODAY - timedelta(1)}"),
        waiver("delete-reach", id="W3", approved={"by": "ann lee", "organisation": "Databricks", "on": f"{TODAY}"}),
    )
    outcome = certify(f"--partner-url={partner.url}", f"--certification-waivers={path.name}")
    assert (outcome.status, partner.calls) == (4, [])
    problems = {problem["where"]: problem["what"] for problem in outcome.report["run"]["problems"]}
    assert "is about security, which is never waived" in problems["onboarding.json, field /waivers/0/requirement"]
    assert f"waiver W2 ended on {TODAY - timedelta(1)}" in problems["onboarding.json, field /waivers/1/until"]
    assert "the same person" in problems["onboarding.json, field /waivers/2/approved/by"]
    assert "never waived" in outcome.one_line()
    assert "waivers" not in outcome.report


def test_a_file_of_waivers_that_is_none_stops_the_run(
    certify: Certify, partner: Partner, pytester: pytest.Pytester
) -> None:
    (pytester.path / "w.json").write_text('{"waivers": [', encoding="utf-8")
    outcome = certify(f"--partner-url={partner.url}", "--certification-waivers=w.json")
    assert (outcome.status, partner.calls) == (4, [])
    assert "w.json: the file is not JSON" in outcome.one_line()


def test_a_narrowed_run_shows_what_is_waived_and_leaves_open_what_it_did_not_look_at(
    certify: Certify, partner: Partner, pytester: pytest.Pytester
) -> None:
    correct = partner.signed_in
    partner.sign_in = lambda call: Answer(200, {**correct(call).body, "configured_resources": True})
    statement = waiver(id="W3", requirement=None, operation=None, statement="U110")
    path = written(pytester.path, waiver("sign-in-configures-nothing"), waiver("delete-reach", id="W2"), statement)
    outcome = certify(f"--partner-url={partner.url}", f"--certification-waivers={path.name}", "-k", "P300")
    report = outcome.report
    assert (outcome.status, report["verdict"]) == (0, "incomplete")
    assert "nothing failed but what is waived (W1), but this was a trial run" in outcome.one_line()
    assert "without waivers: Not conformant: 1 thing to repair" in outcome.one_line()
    assert "P300 The same user signs in failed but waived" in outcome.one_line()
    assert outcome.case("P300")["verdict"] == "waived"
    assert {each["id"]: each["state"] for each in report["waivers"]} == {"W1": "used", "W2": "untold"}
    assert "waiver W3 is for the statement U110, which no run looks at: it is left out" in report["notes"]
