"""``onboarding plan`` as it is typed: refused while something is missing, recorded when the dates can stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Command, written_config
from jsonschema import Draft202012Validator

from certification.cli.schemas import schemas
from certification.contract.lifecycle import NEEDS
from certification.foundation.reason import Reason
from certification.onboarding.record import read_onboarding
from certification.onboarding.status import Item, State

PLAN = ("onboarding", "plan", "--ga", "2027-03-02", "--agreed", "2027-02-20", "--today", "2027-02-21")


@pytest.fixture
def begun(command: Command, tmp_path: Path) -> Path:
    written_config(tmp_path)
    assert command("onboarding", "init").status == 0
    return tmp_path / "onboarding.json"


@pytest.fixture
def signed_off(begun: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Item]:
    """All needs met, as the status would say; a test may take one away."""
    items = {need.id: Item(need, State.DONE, need.mover) for need in NEEDS.values()}

    class Found:
        def __init__(self, today: Any) -> None:
            self.onboarding = read_onboarding(begun, today)
            self.items = tuple(items.values())
            self.remarks = ()

    monkeypatch.setattr("certification.cli.onboarding.plan.status_of", lambda options, _console: Found(options.today))
    return items


def test_no_date_stands_while_sign_offs_and_agreement_are_missing(begun: Path, command: Command) -> None:
    before = begun.read_bytes()
    said = command(*PLAN, "-o", "launch")
    assert said.status == 4
    lines = [line.removeprefix("partner-connect onboarding: ") for line in said.err.splitlines()]
    assert [line.partition(":")[0] for line in lines] == [
        "partnership agreement (PPA) signed",
        "sign-off of the partner",
        "sign-off of Databricks engineering",
        "sign-off of the solution architects",
        "sign-off of Databricks product",
        "signed agreement confirmed by Databricks",
    ]
    assert "onboarding record agreement --by NAME" in lines[0]
    assert begun.read_bytes() == before
    assert not Path("launch").exists()


@pytest.mark.parametrize("need", ["agreement", "agreement-confirmed", "sign-off-product"])
def test_each_of_them_alone_stands_in_the_way(need: str, signed_off: dict[str, Item], command: Command) -> None:
    item = Item(
        NEEDS[need], State.REFUSED, NEEDS[need].mover, reasons=(Reason("refused", {"by": "Kim", "why": "slow"}),)
    )
    signed_off[need] = item
    said = command(*PLAN)
    assert said.status == 4
    assert said.err.count("\n") == 1
    assert f"{NEEDS[need].text}: no GA date can stand without it; it is not given (Kim refused: slow)." in said.err


def test_dates_are_proposed_recorded_and_written(
    signed_off: dict[str, Item], begun: Path, command: Command, tmp_path: Path
) -> None:
    said = command(*PLAN, "-o", "launch")
    assert said.status == 0, said.text
    assert said.out.splitlines()[:3] == [
        "Reference Partner: GA on 2027-03-02, a Tuesday; agreed on 2027-02-20",
        "  2027-02-23 Tuesday   aws us-west-2",
        "  2027-02-23 Tuesday   azure westus",
    ]
    launch = json.loads(begun.read_text())["launch"]
    assert (launch["agreed"], launch["ga"], len(launch["rollout"])) == ("2027-02-20", "2027-03-02", 15)
    assert (tmp_path / "launch" / "launch.ics").read_text().count("BEGIN:VEVENT") == 17
    assert "| 2027-03-02 | Tuesday | generally available (GA) |" in (tmp_path / "launch" / "launch.md").read_text()


def test_a_rehearsal_prints_the_same_and_writes_nothing(
    signed_off: dict[str, Item], begun: Path, command: Command, tmp_path: Path
) -> None:
    before = begun.read_bytes()
    (tmp_path / "regions").write_text("eu-west-1\nus-east-1 2027-02-26\n")
    said = command(*PLAN, "--regions", "regions", "-o", "launch", "--dry-run", "--json")
    assert said.status == 0, said.text
    made = json.loads(said.out)
    Draft202012Validator(schemas()["onboarding-plan"]).validate(made)
    assert [(each["region"], each["on"]) for each in made["rollout"]] == [
        ("eu-west-1", "2027-02-23"),
        ("us-east-1", "2027-02-26"),
    ]
    assert [each["code"] for each in made["advice"]] == ["region-before-weekend"]
    assert begun.read_bytes() == before
    assert not (tmp_path / "launch").exists()


def test_problems_of_all_parts_are_named_at_once(
    signed_off: dict[str, Item], begun: Path, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "regions").write_text("<script>\n")
    said = command(*PLAN[:3], "2027-02-25", *PLAN[4:], "--regions", "regions")
    assert said.status == 4
    assert "regions, line 1: expected the name of a region" in said.err
    assert "GA can be on 2027-02-27 at the earliest" in said.err
    assert "launch" not in json.loads(begun.read_text())


def test_a_folder_that_cannot_be_written_to_keeps_the_dates_out(
    signed_off: dict[str, Item], begun: Path, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("")
    said = command(*PLAN, "-o", "taken/launch")
    assert said.status == 4
    assert "nothing was recorded" in said.err
    assert "launch" not in json.loads(begun.read_text())


def test_a_day_that_does_not_exist_is_no_day(command: Command) -> None:
    said = command("onboarding", "plan", "--ga", "2027-02-30", "--agreed", "2027-02-20")
    assert said.status == 2
    assert "'2027-02-30' is not a day such as 2027-03-02" in said.err
