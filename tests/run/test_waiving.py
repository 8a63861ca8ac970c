"""What waivers do to findings, to cases and to the verdict: no more than they name, and never to security."""

from __future__ import annotations

from typing import Any

import pytest
from observing import broken, ended, played
from test_verdict import ADVICE, PASSED, records_of
from waiving import waiver

from certification.config.waivers import waivers_in
from certification.evidence.records import End
from certification.report.standing import validity, waivers_of
from certification.report.verdict import Judged, judged
from certification.run.findings import findings
from certification.run.judge import Execution

SIGN_IN = ("sign-in", "connect")
FAILED = played("1", broken("sign-in"), case="P300")
GONE = ended("blocked", "no-connection-id", call=1)


def came(*executions: Execution, waive: tuple[dict[str, Any], ...] = (waiver(*SIGN_IN),), **facts: Any) -> Judged:
    records = records_of(*executions, **facts)
    checked = waivers_in(list(waive), "w.json")
    assert checked.problems == ()
    records.waivers = list(checked.waivers)
    return judged(records)


def states(judged: Judged) -> dict[str, str]:
    return {each["id"]: each["state"] for each in waivers_of(judged)}


def results(judged: Judged) -> dict[str, str]:
    return {name: result.verdict for name, result in judged.records.results.items()}


def test_what_is_waived_makes_a_run_conformant_only_with_waivers() -> None:
    found = came(PASSED, FAILED)
    assert (found.verdict.name, found.verdict.exit_status) == ("conformant_with_waivers", 0)
    assert found.verdict.headline.startswith("Conformant only with waivers: 1 required finding is waived (W1).")
    assert (found.without.name, found.without.exit_status) == ("not_conformant", 1)
    assert "1 required case failed (P300)" in found.without.headline
    assert results(found) == {"P100": "passed", "P300": "waived"}
    assert states(found) == {"W1": "used"}
    assert waivers_of(found)[0]["findings"] == ["F1"]


def test_advice_beside_it_makes_it_no_better() -> None:
    assert came(FAILED, played("1", ADVICE.observations[0], case="P600")).verdict.name == "conformant_with_waivers"


@pytest.mark.parametrize(
    ("name", "status", "headline", "facts"),
    [
        ("incomplete", 0, "nothing failed but what is waived (W1), but this was narrowed by -k x", {"narrowed_by": ["-k x"]}),
        ("incomplete", 0, "a trial run", {"trial": True}),
        ("incomplete", 2, "stopped before its end", {"interrupted": True}),
        ("incomplete", 3, "the suite itself failed in P600", {"unfinished": ["P600"]}),
    ],
)  # fmt: skip
def test_a_waiver_completes_nothing(name: str, status: int, headline: str, facts: dict[str, Any]) -> None:
    found = came(FAILED, **facts)
    assert (found.verdict.name, found.verdict.exit_status) == (name, status)
    assert headline in found.verdict.headline


@pytest.mark.parametrize(
    "other",
    [
        broken("sign-in", subject="delete_connection"),
        broken("first-connect"),
        broken("credentials-required", "let in"),
    ],
)
def test_whatever_else_is_broken_costs_the_certificate(other: Any) -> None:
    found = came(FAILED, played("1", other, case="P600"))
    assert found.verdict.name == "not_conformant"
    assert "1 thing to repair; 1 required case failed (P600)" in found.verdict.headline


def test_a_waiver_with_a_detail_leaves_other_details_alone() -> None:
    assert came(FAILED, waive=(waiver(*SIGN_IN, detail="status 500"),)).verdict.name == "conformant_with_waivers"
    missed = came(FAILED, waive=(waiver(*SIGN_IN, detail="status 404"),))
    assert missed.verdict.name == "not_conformant"
    assert states(missed) == {"W1": "untold"}, "what fails may hide it"


def test_a_waiver_that_a_complete_run_does_not_need_makes_it_no_certificate() -> None:
    found = came(PASSED)
    assert (found.verdict.name, found.verdict.exit_status) == ("incomplete", 2)
    assert "Remove waiver W1 and run again" in found.verdict.headline
    assert states(found) == {"W1": "unused"}
    assert found.without.name == "conformant"
    assert validity(found) is None


def test_an_unneeded_waiver_beside_a_needed_one_is_named_alone() -> None:
    found = came(FAILED, waive=(waiver(*SIGN_IN), waiver("delete-reach", id="W2")))
    assert found.verdict.name == "incomplete"
    assert states(found) == {"W1": "used", "W2": "unused"}
    assert "waiver W2 matches nothing" in found.verdict.headline


def test_a_narrowed_run_does_not_tell_whether_a_waiver_is_needed() -> None:
    found = came(PASSED, narrowed_by=["-k P100"])
    assert (found.verdict.exit_status, states(found)) == (0, {"W1": "untold"})


def test_a_case_that_a_waived_finding_stops_was_not_checked() -> None:
    stuck = played("1", broken("sign-in"), case="P300", end=GONE)
    found = came(PASSED, stuck)
    assert results(found)["P300"] == "blocked"
    assert (found.verdict.name, found.verdict.exit_status) == ("incomplete", 2)
    assert "P300), some because what is waived (W1) keeps them from going on" in found.verdict.headline


def test_a_consequence_goes_with_what_is_waived_where_it_shows_beside_it() -> None:
    # Whoever answers sign-ins with 500 does so with unknown fields, too.
    together = played("1", broken("sign-in"), broken("models-tolerant"), case="P300")
    found = came(PASSED, together)
    assert found.verdict.name == "conformant_with_waivers"
    assert [each.cause[0] for each in found.findings[0].consequences] == ["models-tolerant"]


def test_a_consequence_that_shows_where_the_waived_cause_does_not_is_a_finding_of_its_own() -> None:
    apart = played("1", broken("models-tolerant"), case="P600")
    assert len(findings({"P300": [FAILED], "P600": [apart]})) == 1, "without a waiver it is a consequence"
    found = came(PASSED, FAILED, apart)
    assert found.verdict.name == "not_conformant"
    assert [(each.cause[0], each.waiver) for each in found.findings] == [("models-tolerant", ""), ("sign-in", "W1")]
    assert results(found) == {"P100": "passed", "P300": "waived", "P600": "failed"}
    allowed = came(PASSED, FAILED, apart, waive=(waiver(*SIGN_IN), waiver("models-tolerant", "service", id="W2")))
    assert allowed.verdict.name == "conformant_with_waivers"


def test_what_follows_by_way_of_a_consequence_is_held_to_the_waived_cause_itself() -> None:
    # Of the endpoint that is not there follows the sign-in, of which follows what shows in another case alone.
    waive = (waiver("endpoint-there", "connect"),)
    first = played("1", broken("endpoint-there", ""), broken("sign-in"), case="P300")
    apart = played("1", broken("models-tolerant"), case="P600")
    found = came(PASSED, first, apart, waive=waive)
    assert [(each.cause[0], each.waiver) for each in found.findings] == [
        ("models-tolerant", ""),
        ("endpoint-there", "W1"),
    ]
    assert found.verdict.name == "not_conformant"


def test_nothing_of_security_is_waived_through_a_cause_above_it() -> None:
    gone = broken("endpoint-there", "", "test_connection")
    open_door = broken("redirect-allowed", "status 200", "test_connection")
    both = played("1", gone, open_door, case="P300")
    assert len(findings({"P300": [both]})) == 1, "without a waiver it is a consequence"
    found = came(PASSED, both, waive=(waiver("endpoint-there", "test_connection"),))
    assert [(each.cause[0], each.waiver) for each in found.findings] == [
        ("redirect-allowed", ""),
        ("endpoint-there", "W1"),
    ]
    assert found.verdict.name == "not_conformant"


def test_a_forged_waiver_of_something_about_security_waives_nothing() -> None:
    records = records_of(PASSED, played("1", broken("redirect-allowed", "host"), case="P300"))
    raw = waivers_in([waiver(*SIGN_IN)], "w.json").waivers[0]
    records.waivers = [type(raw)(**{**{name: getattr(raw, name) for name in raw.__slots__}, "requirement": "redirect-allowed"})]  # fmt: skip
    assert judged(records).verdict.name == "not_conformant"


@pytest.mark.parametrize(
    ("finished", "until", "says"),
    [
        ("2026-06-30T23:30:00.000-02:00", "2030-01-01", {"until": "2027-06-30", "ends": "age", "waiver": ""}),
        ("2028-02-29T10:00:00.000+00:00", "2030-01-01", {"until": "2029-02-27", "ends": "age", "waiver": ""}),
        ("2026-06-30T10:00:00.000+00:00", "2026-12-31", {"until": "2026-12-31", "ends": "waiver", "waiver": "W1"}),
    ],
)
def test_a_certificate_stands_for_a_year_and_no_longer_than_its_waivers(
    finished: str, until: str, says: dict[str, str]
) -> None:
    asked = {"by": "Ann Lee", "organisation": "Acorn", "on": f"{int(until[:4]) - 1}-12-31"}
    records = records_of(PASSED, FAILED)
    entry = waiver(*SIGN_IN, asked=asked, approved={**asked, "by": "Bo Berg"}, until=until)
    records.waivers = list(waivers_in([entry], "w").waivers) or pytest.fail("no waiver")
    records.end = End(finished, (), interrupted=False)
    assert validity(judged(records)) == says


def test_a_run_that_is_no_certificate_has_no_day_on_which_it_ends() -> None:
    assert validity(came(PASSED, FAILED, waive=())) is None
    assert validity(came(PASSED, waive=())) == {"until": "2026-12-31", "ends": "age", "waiver": ""}
