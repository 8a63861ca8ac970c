"""The report for machines: its schema, JUnit XML, Markdown, HAR."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from report_builder import BIG, HOSTILE, Build, build

from certification.contract.schema_files import read_schema
from certification.contract.validation import schema_errors
from certification.report.har import write_har
from certification.report.junit import junit_xml
from certification.report.markdown import MAX_FINDINGS, literal, markdown

Built = Callable[..., tuple[Path, dict[str, Any]]]

FAILING = {"P100": "first-connect", "P402": "deleted-is-gone", "P300": "answer-in-time"}


def read_report(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ["", HOSTILE], ids=["plain", "hostile"])
def test_the_report_satisfies_its_schema(tmp_path: Path, text: str) -> None:
    build(tmp_path / "report", text=text, failing=FAILING)
    assert schema_errors("report", read_report(tmp_path / "report")) == []


def test_a_report_of_a_run_that_could_not_start_satisfies_the_schema(tmp_path: Path) -> None:
    making = Build(tmp_path / "report")
    making.problem("partner.json")
    making.finish()
    report = read_report(tmp_path / "report")
    assert schema_errors("report", report) == []
    assert report["run"]["problems"]


def test_the_schema_knows_every_field(built: Built) -> None:
    folder, _ = built(failing=FAILING)
    assert unknown(read_report(folder), read_schema("report")) == []


def unknown(value: Any, rule: dict[str, Any], where: str = "") -> list[str]:
    """Return the fields of ``value`` that ``rule`` does not describe."""
    if "$ref" in rule:
        rule = read_schema("report")["$defs"][rule["$ref"].rpartition("/")[2]]
    if "anyOf" in rule:
        rule = next(choice for choice in rule["anyOf"] if (choice["type"] == "null") == (value is None))
    if isinstance(value, list):
        return [name for entry in value for name in unknown(entry, rule["items"], f"{where}[]")]
    if not isinstance(value, dict) or "properties" not in rule:
        return []
    fields = rule["properties"]
    strange = [f"{where}.{name}" for name in value if name not in fields]
    return strange + [
        name for key, entry in value.items() if key in fields for name in unknown(entry, fields[key], f"{where}.{key}")
    ]


@pytest.mark.parametrize("field", ["verdict", "suite", "partner", "run", "cases", "findings", "counts"])
def test_a_report_without_a_field_breaks_the_schema(built: Built, field: str) -> None:
    folder, _ = built()
    report = read_report(folder)
    del report[field]
    assert [error.pointer for error in schema_errors("report", report)] == [f"/{field}"]


def test_a_strange_verdict_breaks_the_schema(built: Built) -> None:
    folder, _ = built()
    report = read_report(folder)
    report["verdict"] = "fine"
    report["cases"][0]["verdict"] = "skipped"
    assert {error.pointer for error in schema_errors("report", report)} == {"/verdict", "/cases/0/verdict"}


def test_junit_tells_the_verdicts_apart(built: Built) -> None:
    folder, report = built(failing=FAILING)
    root = ET.fromstring((folder / "junit.xml").read_text(encoding="utf-8"))
    by_name = {case.attrib["name"].split()[0]: case for case in root.iter("testcase")}
    assert set(by_name) == {case["id"] for case in report["cases"]}
    expected = {
        "failed": "failure",
        "error": "error",
        "not_applicable": "skipped",
        "blocked": "skipped",
        "not_run": "skipped",
        "manual": "skipped",
    }
    for case in report["cases"]:
        children = [child for child in by_name[case["id"]] if child.tag != "system-out"]
        assert [child.tag for child in children] == ([expected[case["verdict"]]] if case["verdict"] in expected else [])
        if children and children[0].tag == "skipped":
            assert children[0].attrib["type"] == case["verdict"]
            assert children[0].attrib["message"].endswith(case["reason"])
    assert root.attrib["tests"] == str(len(report["cases"]))
    assert root.attrib["failures"] == str(report["counts"]["failed"])
    assert sum(int(suite.attrib["tests"]) for suite in root) == len(report["cases"])
    properties = {each.attrib["name"]: each.attrib["value"] for each in root[0].iter("property")}
    assert properties["verdict"] == "not_conformant"
    assert properties["seed"] == str(BIG)
    assert "Expected: a good answer" in (by_name["P100"].find("failure").text or "")  # type: ignore[union-attr]
    assert "(advice)" in (by_name["P300"].find("system-out").text or "")  # type: ignore[union-attr]


def test_junit_holds_hostile_text_as_text(tmp_path: Path) -> None:
    report = build(tmp_path / "report", name=HOSTILE, text=HOSTILE, failing=FAILING)
    text = junit_xml(report)
    root = ET.fromstring(text.encode("utf-8"))
    assert {element.tag for element in root.iter()} <= {
        "testsuites",
        "testsuite",
        "properties",
        "property",
        "testcase",
        "failure",
        "error",
        "skipped",
        "system-out",
    }
    assert "\\x00" in text
    assert "\\ud800" in text


def test_markdown_says_the_verdict_and_the_findings(built: Built) -> None:
    folder, report = built(failing=FAILING)
    text = (folder / "summary.md").read_text(encoding="utf-8")
    assert text.startswith("## Partner Connect certification: Not conformant\n")
    rows = re.findall(r"^\| F\d+ \|.*$", text, re.MULTILINE)
    assert len(rows) == len(report["findings"]) == 3
    assert all(name in text for name in ("report.html", "report.json", "junit.xml", "evidence.har"))


def test_markdown_cannot_be_broken_out_of(tmp_path: Path) -> None:
    evil = f"| x | <b>y</b> `z` [l](http://evil.example) ![i](https://evil.example/i.png) @team #1 www.evil.example\n# h\n- {HOSTILE}"
    report = build(tmp_path / "report", name=evil, text=evil, failing=FAILING)
    text = markdown(report)
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} == {10, 6}
    for bad in ("<", "@", "](", "!", "`z`", "://", "www.", "\x00", "\x1b", "\u202e", "\n# h"):
        assert bad not in text, bad
    text.encode("utf-8")


@pytest.mark.parametrize(
    "text",
    ["_a_", "*a*", "~~a~~", "`a`", "$a$", "<a>", "[a](b)", "a|b", "\\", "&lt;", "@a", "#1", "http://a", "www.a", ":a:"],
)
def test_literal_leaves_no_markup(text: str) -> None:
    assert literal(text) != text


def test_literal_leaves_plain_words_alone() -> None:
    plain = "account_status is 'active', not expired (3/4): 100 % über - 1.5; ok?"
    assert literal(plain) == plain


def test_markdown_stays_short(built: Built) -> None:
    folder, report = built(failing=FAILING)
    report["findings"] = report["findings"] * 40
    text = markdown(report)
    assert len(re.findall(r"^\| F\d+ \|", text, re.MULTILINE)) == MAX_FINDINGS
    assert f"{120 - MAX_FINDINGS} more findings in `report.html`" in text
    assert folder


def test_har_holds_every_call(built: Built) -> None:
    folder, report = built(failing=FAILING)
    log = json.loads((folder / "evidence.har").read_text(encoding="utf-8"))["log"]
    assert log["version"] == "1.2"
    assert log["creator"]["name"] == "partner-connect-certification"
    assert len(log["entries"]) == report["run"]["requests"]
    for entry in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= entry.keys()
        assert {
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        } <= entry["request"].keys()
        assert {
            "status",
            "statusText",
            "httpVersion",
            "cookies",
            "headers",
            "content",
            "redirectURL",
            "headersSize",
            "bodySize",
        } <= entry["response"].keys()
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo
        assert entry["time"] == entry["timings"]["wait"] >= 0
    answered = next(entry for entry in log["entries"] if entry["_case"] == "P100" and entry["response"]["status"])
    assert str(BIG) in answered["request"]["postData"]["text"]
    assert answered["response"]["content"]["mimeType"] == "application/json"
    assert "P100" in answered["comment"]
    failed = next(entry for entry in log["entries"] if entry["_case"] == "P100" and not entry["response"]["status"])
    assert failed["_error"] == "timeout: no answer"
    assert failed["_act"] == "page"


def test_har_with_hostile_text_is_json_in_ascii(tmp_path: Path) -> None:
    build(tmp_path / "report", text=HOSTILE + "http://[", failing=FAILING)
    data = (tmp_path / "report" / "evidence.har").read_bytes()
    assert data.isascii()
    assert json.loads(data)["log"]["entries"]


def test_har_of_a_run_without_a_call(tmp_path: Path) -> None:
    making = Build(tmp_path / "report")
    making.problem("partner.json")
    making.finish()
    assert json.loads((tmp_path / "report" / "evidence.har").read_text(encoding="utf-8"))["log"]["entries"] == []


def test_har_is_written_without_holding_the_run(tmp_path: Path) -> None:
    build(tmp_path / "report", calls=40)
    target = tmp_path / "again.har"
    tracemalloc.start()
    write_har(tmp_path / "report", target)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert target.read_bytes() == (tmp_path / "report" / "evidence.har").read_bytes()
    assert peak < target.stat().st_size / 2
