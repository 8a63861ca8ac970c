"""The figures say what was measured, and stand where the README has a place for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from certification.accuracy.accuracy import Measured, measure
from certification.accuracy.tables import catalogue_table, write_into


def test_recall_false_alarms_and_findings_for_one_fault() -> None:
    measured = [
        Measured("a", "one", fault=True, must=("P100",), required=1, quick=True),
        Measured("b", "one", fault=True, required=0),
        *(Measured(f"c{n}", "two", fault=True, must=("P100",), required=2 if n < 19 else 9) for n in range(20)),
        Measured("d", "correct", fault=False, requests=10),
        Measured("e", "correct", fault=False, must=("P100",), requests=30),
        Measured("f", "correct", fault=False, should=("P100",), allowed="ruling 13", requests=20),
    ]
    text = catalogue_table(measured, "standard", expected=True)
    assert "| one | 2 | 1 (50 %) | 1 (50 %) |" in text
    assert "| **all** | 22 | 21 (95 %) | 1 (4 %) |" in text
    assert "| 3 | 1 | 0 | 0 |" in text
    assert "in a run of profile quick: median 2, 95th percentile 2, at most 9." in text
    assert "a correct partner: 20 requests" in text
    assert "a faulty one" not in text
    assert "a faulty one" in catalogue_table(measured, "standard")


def test_a_fault_is_measured_by_its_case_and_by_a_quick_run() -> None:
    seen = measure("connect-status-204", "standard", expected=True)
    assert seen.must == ("P100",)
    assert seen.quick
    assert seen.required >= 1
    assert seen.requests < 20


def test_only_what_stands_between_the_marks_is_replaced(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(
        "before\n<!-- one -->\nold\n<!-- /one -->\nafter <!-- two -->kept<!-- /two -->\n", encoding="utf-8"
    )
    write_into(readme, "one", "new")
    text = readme.read_text(encoding="utf-8")
    assert text == "before\n<!-- one -->\nnew\n<!-- /one -->\nafter <!-- two -->kept<!-- /two -->\n"
    with pytest.raises(ValueError, match=r"the marks <!-- three --> and <!-- /three --> are missing"):
        write_into(readme, "three", "new")
