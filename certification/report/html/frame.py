"""What pytest-html makes around the report: filled from the report alone, so that the page can be made again.

pytest-html puts cells, logs and environment into the page as HTML; everything given to it here is escaped first.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, Template

from certification.foundation.safe_text import clip, visible
from certification.report import words
from certification.report.html.fragment import render
from certification.report.html.templating import environment

HEADER = [
    '<th class="sortable" data-column-type="result">Verdict</th>',
    '<th class="sortable" data-column-type="testId">Case</th>',
    '<th class="sortable" data-column-type="duration">Took</th>',
    "<th>In the report</th>",
]
RESULT = {"passed": "Passed", "failed": "Failed", "error": "Error", "waived": "XFailed"}
"""Verdict of a case -> the result by which pytest-html sorts and filters; everything else is Skipped."""


def title(report: dict[str, Any]) -> str:
    """Return the title of the page as text; pytest-html escapes it."""
    return title_of(report["partner"]["name"])


def title_of(name: str) -> str:
    """Return the title of the page about the partner called ``name``."""
    return f"Partner Connect certification — {clip(visible(name), 120)}"


def facts(report: dict[str, Any]) -> dict[str, str]:
    """Return the rows of pytest-html's environment table, as HTML."""
    text = _cells().text
    return {
        "Suite": text(f"{report['suite']['name']} {report['suite']['version']}"),
        "Profile": text(report["run"]["profile"]),
        "Seed": text(report["run"]["seed"]),
    }


def _cells() -> Any:
    return environment().get_template("frame.html.jinja").module


def dress(page: Any, report: dict[str, Any]) -> None:
    """Fill pytest-html's ``page`` (its report data) from the report, whatever it had collected itself."""
    for name, value in _data(report).items():
        page.set_data(name, value)
    page.table_header = HEADER
    for name, outcome in page.outcomes.items():
        outcome.update(_outcomes(report).get(name, {"value": 0}))


def _data(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "environment": facts(report),
        "tests": {f"certification::{case['id']}": [_row(case)] for case in report["cases"]},
        "renderCollapsed": ["all"],
        "initialSort": "original",
        "title": title(report),
    }


def _row(case: dict[str, Any]) -> dict[str, Any]:
    cells, took = _cells(), f"{round(case['seconds'] * 1000)} ms"
    return {
        "extras": [],
        "result": RESULT.get(case["verdict"], "Skipped"),
        # The page uses this as an id; it must not be one of ours.
        "testId": f"certification::{cells.text(case['id'])}",
        "duration": took,
        "resultsTableRow": [cells.verdict(case, words), cells.name(case), cells.took(took), cells.link(case)],
        "log": cells.log(case),
    }


def _outcomes(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    counts = report["counts"]
    skipped = counts["not_applicable"] + counts["blocked"] + counts["not_run"] + counts["manual"]
    return {
        "failed": {"label": "failed", "value": counts["failed"]},
        "passed": {"label": "passed", "value": counts["passed"]},
        "skipped": {"label": "not applicable, blocked, not run or manual", "value": skipped},
        "error": {"label": "suite errors", "value": counts["error"]},
        "xfailed": {"label": "failed but waived", "value": counts["waived"]},
    }


def page(report: dict[str, Any], folder: Path) -> str:
    """Return the whole page about ``report``, with what it needs of the evidence in ``folder``.

    It is pytest-html's own template, style and script, filled as :func:`dress` fills them, so that the same report gives
    the same text whenever and wherever it is made; only another version of pytest-html has another frame.
    Raises :class:`certification.foundation.errors.BadEvidence`.
    """
    return framed(report, render(report, folder))


def framed(report: dict[str, Any], fragment: str) -> str:
    """Return pytest-html's page around ``fragment``, our part of it."""
    labels = ("failed", "passed", "skipped", "xfailed", "xpassed", "error", "rerun", "retried")
    others = {
        "xfailed": "Expected failures",
        "xpassed": "Unexpected passes",
        "rerun": "Reruns",
        "retried": "Retried",
    }
    known = _outcomes(report)
    data = _data(report)
    date, _, time = (report["run"]["finished"] or report["run"]["started"]).partition("T")
    return _their_page().render(
        title=data["title"],
        date=clip(visible(date), 20),
        time=clip(visible(time), 20),
        version=version("pytest-html"),
        styles=files("pytest_html").joinpath("resources/style.css").read_text(encoding="utf-8"),
        run_count=f"{len(report['cases'])} cases.",
        running_state="finished",
        self_contained=True,
        outcomes={name: known.get(name, {"label": others.get(name, ""), "value": 0}) for name in labels},
        test_data=json.dumps(data),
        table_head=HEADER,
        additional_summary={"prefix": [fragment], "summary": [], "postfix": []},
    )


@cache
def _their_page() -> Template:
    return Environment(loader=PackageLoader("pytest_html", "resources"), autoescape=True).get_template("index.jinja2")
