"""What pytest-html makes around the report: filled from the report alone, so that the page can be made again.

pytest-html puts cells, logs and environment into the page as HTML; everything given to it here is escaped first.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from certification.foundation.safe_text import clip, visible
from certification.report.html.evidence_summary import unpacked
from certification.report.html.sections import BEGIN, END, render
from certification.report.html.texts import shown
from certification.report.words import CASE

HEADER = [
    '<th class="sortable" data-column-type="result">Verdict</th>',
    '<th class="sortable" data-column-type="testId">Case</th>',
    '<th class="sortable" data-column-type="duration">Took</th>',
    "<th>In the report</th>",
]
RESULT = {"passed": "Passed", "failed": "Failed", "error": "Error"}
"""Verdict of a case -> the result by which pytest-html sorts and filters; everything else is Skipped."""


@dataclass(frozen=True)
class Stamp:
    """What of a page depends on the moment and the library that made it."""

    date: str
    time: str
    count: str
    version: str


def title(report: dict[str, Any]) -> str:
    """Return the title of the page as text; pytest-html escapes it."""
    return title_of(report["partner"]["name"])


def title_of(name: str) -> str:
    """Return the title of the page about the partner called ``name``."""
    return f"Partner Connect certification — {clip(visible(name), 120)}"


def facts(report: dict[str, Any]) -> dict[str, str]:
    """Return the rows of pytest-html's environment table, as HTML."""
    return {
        "Suite": shown(f"{report['suite']['name']} {report['suite']['version']}"),
        "Profile": shown(report["run"]["profile"]),
        "Seed": shown(report["run"]["seed"]),
    }


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
    name = shown(case["id"])
    result = RESULT.get(case["verdict"], "Skipped")
    test = f"{name} {shown(case['title'])}"
    took = f"{round(case['seconds'] * 1000)} ms"
    return {
        "extras": [],
        "result": result,
        # The page uses this as an id; it must not be one of ours.
        "testId": f"certification::{name}",
        "duration": took,
        "resultsTableRow": [
            f'<td class="col-result">{shown(CASE.get(case["verdict"], ""))}</td>',
            f'<td class="col-testId">{test}</td>',
            f'<td class="col-duration">{took}</td>',
            f'<td class="col-links"><a href="#{name}">{name}</a></td>',
        ],
        "log": f"reason: {shown(case['reason'] or 'none', 600)}",
    }


def _outcomes(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    counts = report["counts"]
    skipped = counts["not_applicable"] + counts["blocked"] + counts["manual"]
    return {
        "failed": {"label": "failed", "value": counts["failed"]},
        "passed": {"label": "passed", "value": counts["passed"]},
        "skipped": {"label": "not applicable, blocked or manual", "value": skipped},
        "error": {"label": "suite errors", "value": counts["error"]},
    }


def page(report: dict[str, Any], folder: Path, stamp: Stamp | None = None, embed: int | None = None) -> str:
    """Return the whole page, as pytest-html makes it at the end of a run, without a run.

    Raises :class:`certification.foundation.errors.BadEvidence`.
    """
    return _framed(report, render(report, folder, embed), stamp or _stamp(report))


def _framed(report: dict[str, Any], fragment: str, stamp: Stamp) -> str:
    environment = Environment(
        loader=PackageLoader("pytest_html", "resources"), autoescape=select_autoescape(enabled_extensions=("jinja2",))
    )
    labels = ("failed", "passed", "skipped", "xfailed", "xpassed", "error", "rerun", "retried")
    others = {
        "xfailed": "Expected failures",
        "xpassed": "Unexpected passes",
        "rerun": "Reruns",
        "retried": "Retried",
    }
    known = _outcomes(report)
    data = _data(report)
    return environment.get_template("index.jinja2").render(
        title=data["title"],
        date=stamp.date,
        time=stamp.time,
        version=stamp.version,
        styles=files("pytest_html").joinpath("resources/style.css").read_text(encoding="utf-8"),
        run_count=stamp.count,
        running_state="finished",
        self_contained=True,
        outcomes={name: known.get(name, {"label": others.get(name, ""), "value": 0}) for name in labels},
        test_data=json.dumps(data),
        table_head=HEADER,
        additional_summary={"prefix": [fragment], "summary": [], "postfix": []},
    )


def _stamp(report: dict[str, Any]) -> Stamp:
    try:
        moment = datetime.fromisoformat(report["run"]["finished"] or report["run"]["started"])
        date, time = moment.strftime("%d-%b-%Y"), moment.strftime("%H:%M:%S")
    except ValueError:
        date = time = "unknown"
    return Stamp(date, time, f"{len(report['cases'])} cases.", version("pytest-html"))


_GENERATED = re.compile(r"Report generated on ([\w-]{1,20}) at ([\w:]{1,20}) by .{1,90}\n +v([\w.]{1,20})</p>")
_COUNT = re.compile(r'<p class="run-count">([^<>&"]{0,80})</p>')
_PACKED = re.compile(r'id="pc-packed" data-calls="([0-9]{1,9})">([A-Za-z0-9+/=]*)</script>')


@dataclass(frozen=True)
class Differences:
    """In which ways a page is not the one that its report and evidence give."""

    broken: list[str]
    """What contradicts the evidence."""
    unknown: str = ""
    """What cannot be compared here: the frame of another version of pytest-html."""


def differences(text: str, report: dict[str, Any], folder: Path) -> list[str]:
    """Return in which ways the page ``text`` is not the page of ``report`` with the evidence in ``folder``.

    See :func:`compared`; a frame that another version of pytest-html wrote counts as a difference here.
    """
    found = compared(text, report, folder)
    return [*found.broken, *filter(None, [found.unknown])]


def compared(text: str, report: dict[str, Any], folder: Path) -> Differences:
    """Compare the page ``text`` with the page of ``report`` and the evidence in ``folder``.

    Compressed evidence is compared by content, since libraries compress differently.  The moment of writing, the number
    of tests and the version of pytest-html are taken from the page.  Raises :class:`certification.foundation.errors.BadEvidence`.
    """
    begin, end = text.find(BEGIN), text.find(END)
    packed = _PACKED.search(text)
    generated, count = _GENERATED.search(text), _COUNT.search(text)
    if begin < 0 or end < begin or text.count(BEGIN) > 1 or text.count(END) > 1 or packed is None:
        return Differences(["The page does not hold a certification report as this suite writes it."])
    found = text[begin : end + len(END)]
    expected = render(report, folder, int(packed[1]))
    result = []
    if _comparable(found) != _comparable(expected):
        result.append(f"The report in the page is not the one that the evidence gives: {_first(expected, found)}")
    if generated is None or count is None:
        return Differences([*result, "The page around the report is not one that pytest-html writes."])
    stamp, here = Stamp(generated[1], generated[2], count[1], generated[3]), version("pytest-html")
    if text[:begin] + text[end + len(END) :] == _framed(report, "", stamp).replace("\r\n", "\n"):
        return Differences(result)
    if stamp.version != here:
        return Differences(
            result,
            f"The page around the report says that pytest-html {stamp.version} wrote it, here is {here}: it was not compared. Compare it with: pip install pytest-html=={stamp.version}",
        )
    return Differences([*result, f"The page around the report is not the one that pytest-html {here} writes."])


def _comparable(fragment: str) -> str:
    def content(match: re.Match[str]) -> str:
        lines = unpacked(match[2])
        return f"{match[1]} {'broken' if lines is None else sha256(lines).hexdigest()}"

    return _PACKED.sub(content, fragment)


def _first(expected: str, found: str) -> str:
    for ours, theirs in zip(expected.splitlines(), found.splitlines(), strict=False):
        if ours != theirs:
            place = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), 0)
            start = max(0, place - 40)
            return f"expected “{clip(visible(ours[start:]), 160)}”, found “{clip(visible(theirs[start:]), 160)}”."
    return "one is longer than the other."
