"""The report as JUnit XML, for the dashboards that continuous integration systems draw from it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from certification.foundation.safe_text import visible
from certification.report.words import CASE, LEVEL, waiver_words


def junit_xml(report: dict[str, Any]) -> str:
    """Return the report as JUnit XML: a test suite for each category, a test case for each case.

    A failed case is a ``failure``, a fault of the suite an ``error``; whatever was not checked is ``skipped``, its type
    and message saying whether it does not apply, was blocked, was not run, or waits for a person.  So is a case that failed
    of nothing but what is waived: it is neither a failure, nor did it pass.  A finding stands in
    full in the case that shows it, and in one line in the other cases that meet it.
    """
    root = ET.Element("testsuites", {"name": "Partner Connect certification"})
    findings = {finding["id"]: finding for finding in report["findings"]}
    suites: dict[str, list[dict[str, Any]]] = {}
    for case in report["cases"]:
        suites.setdefault(case["category"], []).append(case)
    for category, cases in suites.items():
        suite = ET.SubElement(root, "testsuite", {"name": visible(category), **_totals(cases)})
        suite.set("timestamp", visible(report["run"]["started"])[:19])
        _properties(suite, report)
        for case in cases:
            _case(suite, case, [findings[name] for name in case["findings"] if name in findings])
    for name, value in _totals(report["cases"]).items():
        root.set(name, value)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _totals(cases: list[dict[str, Any]]) -> dict[str, str]:
    verdicts = [case["verdict"] for case in cases]
    return {
        "tests": str(len(cases)),
        "failures": str(verdicts.count("failed")),
        "errors": str(verdicts.count("error")),
        "skipped": str(sum(verdict not in {"passed", "failed", "error"} for verdict in verdicts)),
        "time": f"{sum(case['seconds'] for case in cases):.3f}",
    }


def _properties(suite: ET.Element, report: dict[str, Any]) -> None:
    run, partner = report["run"], report["partner"]
    facts = {
        "verdict": report["verdict"],
        "headline": report["headline"],
        **({"verdict without waivers": report["without_waivers"]["verdict"]} if report.get("waivers") else {}),
        "waivers": "; ".join(f"{each['id']}: {waiver_words(each)}" for each in report.get("waivers", [])),
        "valid until": report.get("validity", {}).get("until", ""),
        "suite version": report["suite"]["version"],
        "catalogue digest": report["suite"]["catalogue"],
        "partner": partner["name"],
        "partner url": partner["url"],
        "api version": partner["api_version"],
        "config digest": partner["config"],
        "run id": run["id"],
        "seed": run["seed"],
        "profile": run["profile"],
        "narrowed by": ", ".join(run["narrowed_by"]),
    }
    properties = ET.SubElement(suite, "properties")
    for name, value in facts.items():
        ET.SubElement(properties, "property", {"name": name, "value": visible(value)})


def _case(suite: ET.Element, case: dict[str, Any], findings: list[dict[str, Any]]) -> None:
    verdict = case["verdict"]
    element = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": f"certification.{visible(case['category'])}",
            "name": visible(f"{case['id']} {case['title']}"),
            "time": f"{case['seconds']:.3f}",
        },
    )
    text = visible("\n\n".join(_finding(finding, case["id"]) for finding in findings))
    match verdict:
        case "failed":
            message = "; ".join(f"{finding['id']}: {finding['message']}" for finding in findings) or case["reason"]
            ET.SubElement(element, "failure", {"type": "failed", "message": visible(message)}).text = text
        case "error":
            ET.SubElement(element, "error", {"type": "suite error", "message": visible(case["reason"])}).text = text
        case "passed":
            if text:
                ET.SubElement(element, "system-out").text = text
        case _:
            waivers = ", ".join(dict.fromkeys(each["waiver"] for each in findings if each["waiver"]))
            by = f" by {waivers}" if verdict == "waived" and waivers else ""
            message = f"{CASE.get(verdict, verdict)}{by}: {case['reason']}"
            ET.SubElement(element, "skipped", {"type": visible(verdict), "message": visible(message)})
            if text:
                ET.SubElement(element, "system-out").text = text


def _finding(finding: dict[str, Any], case: str) -> str:
    """Return the finding in full in the case that shows it, in a line elsewhere."""
    if finding["case"] == case:
        return str(finding["text"])
    waived = f", waived by {finding['waiver']}" if finding["waiver"] else ""
    return f"{finding['id']} {LEVEL.get(finding['level'], '')}{waived}: {finding['message']} (see {finding['case']})"
