"""The second partner starts, is right or wrong as it says, and its first look is kept as it was."""

from __future__ import annotations

import re
import shutil

import pytest

from certification.accuracy.certify import certify
from certification.accuracy.node_partner import Entry, Look, entries, first_look, look, node_partner
from certification.accuracy.tables import second_table
from certification.foundation.errors import CannotStart

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")


def named(name: str) -> Entry:
    return next(entry for entry in entries()[0] if entry.name == name)


def test_without_node_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CannotStart, match=r"Node is not on the path.* Install Node 20 or later") as caught:
        entries()
    assert len(caught.value.problems) == 1


@needs_node
def test_every_entry_has_a_name_of_its_own_and_the_first_look_speaks_of_these() -> None:
    found, correct = entries()
    defects = {entry.name for entry in found if entry.defect}
    styles = {entry.name for entry in found if not entry.defect}
    assert len(defects) + len(styles) == len(found)
    assert len(defects) >= 60
    assert len(styles) >= 30
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name) and entry.sentence for entry in found)
    assert {entry.level for entry in found} == {"must", "should", ""}
    assert first_look().missed < defects
    assert first_look().accused < styles
    assert correct.name == ""


@needs_node
def test_a_defect_is_found_and_a_style_is_not_accused() -> None:
    with node_partner(named("delete-account-suffix-without-dot")) as partner:
        assert certify(partner, profile="quick", cases=["H100"]).at("must")
    with node_partner(named("connect-201")) as partner:
        outcome = certify(partner, profile="quick", cases=["P100", "H100"])
    assert not outcome.findings
    assert [result.verdict for result in outcome.results] == ["passed", "passed"]


@needs_node
def test_a_partner_that_does_not_start_is_said_to_be_one() -> None:
    seen = look(Entry("no-such-thing", "none", "", named("connect-201").config, "must"), "quick")
    assert not seen.found
    assert seen.open == ("start",)
    assert "there is no defect no-such-thing" in seen.texts[0]


def test_first_look_and_today_stand_beside_each_other() -> None:
    missed, accused = min(first_look().missed), min(first_look().accused)
    cause = ("first-connect", "connect", "status 500")
    looks = [
        Look("", "correct", ""),
        Look(missed, "one", "must", must=(cause, cause)),
        Look("always-found", "one", "must"),
        Look("advice", "two", "should", should=(cause,)),
        Look(accused, "clothes", ""),
        Look("plain", "clothes", "", should=(cause,)),
    ]
    text = second_table(looks, first_look())
    assert "| one | 2 | 1 (50 %) | 1 (50 %) |" in text
    assert "| two | 1 | 1 (100 %) | 1 (100 %) |" in text
    assert "| **all** | 3 | 2 (66 %) | 2 (66 %) |" in text
    assert "| 2 | 1 | 0 | 1 |" in text
    assert "median 2, 95th percentile 2, at most 2" in text
