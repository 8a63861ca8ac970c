"""Waivers: what they say is read, and everything that is wrong with them is named at once, with its place and a remedy."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from waiving import waiver, written

from certification.config.waivers import (
    MAX_WAIVERS,
    SHARED,
    SUBJECTS,
    dated_problems,
    read_waivers,
    recorded_problems,
    waivers_in,
)
from certification.evidence.observation import SERVICE
from certification.foundation.errors import CannotStart

DAY = dt.date(2027, 1, 20)
ASKED = {"by": "Ann Lee", "organisation": "Acorn", "on": "2027-01-10"}
APPROVED = {"by": "Bo Berg", "organisation": "Databricks", "on": "2027-01-12"}


def one(requirement: str = "sign-in", operation: str = "connect", **changes: Any) -> dict[str, Any]:
    """A waiver of that January, with changes."""
    days = {"asked": ASKED, "approved": APPROVED, "until": "2027-06-30"}
    return waiver(requirement, operation, **{**days, **changes})


def said(*entries: Any) -> list[str]:
    checked = waivers_in(list(entries), "onboarding.json")
    return [str(problem) for problem in (*checked.problems, *dated_problems(checked.waivers, DAY))]


def test_a_waiver_is_read_with_the_remarks_of_people_left_out() -> None:
    entry = {
        "$comment": ["as agreed", "by mail"],
        **one(operation="delete-connection", requirement="delete-connection"),
    }
    entry["asked"] = {**ASKED, "$comment": "in the call"}
    checked = waivers_in([entry, one(id="W2", requirement=None, operation=None, statement="U110")], "o.json")
    assert checked.problems == ()
    first, second = checked.waivers
    assert (first.about, second.about) == ("delete-connection of delete_connection", "U110")
    assert first.covers(("delete-connection", "delete_connection", "status 500"))
    assert not first.covers(("delete-connection", "connect", "status 500"))
    assert not second.covers(("", "", ""))
    assert first.place == "o.json, field /waivers/0"


def test_a_waiver_with_a_detail_covers_that_cause_alone() -> None:
    found = waivers_in([one(detail="status 404")], "o.json").waivers[0]
    assert found.covers(("sign-in", "connect", "status 404"))
    assert not found.covers(("sign-in", "connect", "status 404 and more"))
    assert SHARED == SERVICE
    assert SERVICE in SUBJECTS


@pytest.mark.parametrize(
    ("entry", "place", "saying"),
    [
        ("W1", "/waivers/0", "expected a waiver"),
        (one("sign-inn"), "/waivers/0/requirement", "Did you mean sign-in?"),
        (one(requirement=7), "/waivers/0/requirement", "there is no requirement 7"),
        (one("credentials-required", "service"), "/waivers/0/requirement", "is about security, which is never waived"),
        (one("redirect-allowed", "connect"), "/waivers/0/requirement", "is about security, which is never waived"),
        (one("known-user-existing"), "/waivers/0/requirement", "is advice and costs no certificate"),
        (one(operation="conect"), "/waivers/0/operation", "Did you mean connect?"),
        (one(operation=None), "/waivers/0/operation", "it is missing"),
        (one("error-model", "connect"), "/waivers/0/operation", 'Write "service".'),
        (one("sign-in", "service"), "/waivers/0/operation", "decided by each operation for itself"),
        (one(detail=["status 404"]), "/waivers/0/detail", "expected the detail of a finding's cause"),
        (one(detail="status \u202e404"), "/waivers/0/detail", "\\u202e"),
        (one(requirement=None), "/waivers/0", "neither a requirement nor a statement"),
        (one(statement="U110"), "/waivers/0", "both a requirement and a statement"),
        (one(requirement=None, operation=None, statement="U111"), "/waivers/0/statement", "Did you mean U11"),
        (one(requirement=None, operation=None, statement="U420"), "/waivers/0/statement", "never waived"),
        (one(requirement=None, operation=None, statement="U240"), "/waivers/0/statement", "is optional"),
        (one(requirement=None, statement="U110"), "/waivers/0/operation", "a statement is about no operation"),
        (one(id=None), "/waivers/0/id", "it is missing"),
        (one(id="W 1\n"), "/waivers/0/id", "expected a short id"),
        (one(reason=None), "/waivers/0/reason", "it is missing"),
        (one(reason="  \n"), "/waivers/0/reason", "it is blank"),
        (one(reason="x" * 601), "/waivers/0/reason", "601 characters"),
        (one(reason="bare dapi0123456789abcdef0123456789abcdef"), "/waivers/0/reason", "a Databricks token"),
        (one(asked=None), "/waivers/0/asked", "it is missing"),
        (one(approved="Bo"), "/waivers/0/approved", 'found "Bo"'),
        (one(approved={**APPROVED, "by": ""}), "/waivers/0/approved/by", "it is missing"),
        (one(approved={**APPROVED, "by": "Bo\u200b"}), "/waivers/0/approved/by", "cannot be seen"),
        (one(approved={**APPROVED, "organisation": " "}), "/waivers/0/approved/organisation", "it is blank"),
        (one(approved={**APPROVED, "role": "PM"}), "/waivers/0/approved/role", "there is no such field"),
        (one(approved={**APPROVED, "by": " ann  LEE"}), "/waivers/0/approved/by", "the same person"),
        (one(approved={**APPROVED, "by": "AnnLee", "organisation": "X"}), "/waivers/0/approved/by", "the same person"),
        (one(asked={**ASKED, "on": "10.1.2027"}), "/waivers/0/asked/on", "expected a day such as 2027-03-02"),
        (one(asked={**ASKED, "on": "2027-02-30"}), "/waivers/0/asked/on", 'found "2027-02-30"'),
        (one(asked={**ASKED, "on": "2027-01-13"}), "/waivers/0/approved/on", "before it was asked for"),
        (one(approved={**APPROVED, "on": "2027-01-22"}), "/waivers/0/approved/on", "is still to come; today is 2027-01-20"),
        (one(until="2027-W03-1"), "/waivers/0/until", "expected a day"),
        (one(until=20270630), "/waivers/0/until", "expected a day"),
        (one(until="2027-01-11"), "/waivers/0/until", "before it was approved"),
        (one(until="2027-01-19"), "/waivers/0/until", "ended on 2027-01-19; today is 2027-01-20"),
        (one(until="2028-01-13"), "/waivers/0/until", "Write 2028-01-12 at the latest"),
        (one(untill="2027-06-30"), "/waivers/0/untill", "Did you mean until?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(entry: Any, place: str, saying: str) -> None:
    (problem,) = said(entry)
    assert problem.startswith(f"onboarding.json, field {place}: ")
    assert saying in problem
    assert "dapi0123" not in problem


def test_the_last_day_counts_and_a_year_may_be_full() -> None:
    assert said(one(until="2027-01-20")) == []
    assert said(one(until="2028-01-12")) == []
    assert said(one(approved={**APPROVED, "on": "2027-01-21"})) == [], "elsewhere it is tomorrow already"


def test_two_waivers_for_one_thing_and_one_id_for_two() -> None:
    twins = said(one(), one(id="W2", detail="status 404"), one("delete-reach", id="W1"))
    assert len(twins) == 2
    assert "W2 is for sign-in of connect (status 404), and so is waiver W1" in twins[0] + twins[1]
    assert "onboarding.json, field /waivers/2/id: the id W1 stands twice" in twins[0] + twins[1]
    assert said(one(detail="status 404"), one(id="W2", detail="status 500")) == []


def test_all_problems_are_named_at_once() -> None:
    found = said(one(reason=None, until="soon", id=None), {"id": "W2"}, 3)
    assert [problem.partition(":")[0].rpartition(" ")[2] for problem in found] == [
        "/waivers/0/id", "/waivers/0/reason", "/waivers/0/until",
        "/waivers/1", "/waivers/1/reason", "/waivers/1/asked", "/waivers/1/approved", "/waivers/1/until", "/waivers/2",
    ]  # fmt: skip
    assert "expected a list of waivers" in str(waivers_in({}, "o").problems[0])
    assert "waivers; the suite reads" in str(waivers_in([one()] * (MAX_WAIVERS + 1), "o").problems[0])


def test_what_the_evidence_holds_is_checked_as_on_the_day_of_the_run() -> None:
    found = waivers_in([one(), one(id="W2", requirement=None, operation=None, statement="U110")], "o").waivers
    assert recorded_problems(found[:1], "evidence", DAY) == []
    assert "ended on 2027-06-30" in str(recorded_problems(found[:1], "evidence", dt.date(2027, 7, 1))[0])
    assert "which no run looks at" in str(recorded_problems(found, "evidence", DAY)[0])


@pytest.mark.parametrize(
    ("name", "text", "saying"),
    [
        ("w.json", '{"waivers": [', "the file is not JSON"),
        ("w.json", "[]", 'the file holds no list "waivers"'),
        ("w.json", '{"waivers": [], "waivers": []}', "stands twice"),
        ("w.toml", "waivers = [", "the file is not TOML"),
        ("w.toml", "[[waivers]]\nid = 'W1'\nuntil = 2027-06-30\n", "holds a date"),
        ("w.yaml", "waivers: []\n", "this is YAML, and a file of waivers is JSON"),
        ("absent.json", None, "Name the file that holds your waivers"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, name: str, text: str | None, saying: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(CannotStart) as caught:
        read_waivers(path, DAY)
    assert saying in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_is_read_whatever_else_stands_in_it(tmp_path: Path) -> None:
    path = written(tmp_path, one())
    assert [each.id for each in read_waivers(path, DAY)] == ["W1"]
    with pytest.raises(CannotStart, match="ended on 2027-06-30"):
        read_waivers(path, dt.date(2027, 7, 1))
    toml = tmp_path / "w.toml"
    toml.write_text("waivers = []\n", encoding="utf-8")
    assert read_waivers(toml, DAY) == ()
