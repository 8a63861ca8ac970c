"""All sections in order: the one entry to the part of the page that is ours."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from certification.report.html import findings, tables
from certification.report.html.certificate import certificate
from certification.report.html.evidence_summary import Survey, survey
from certification.report.html.latency import label, latency
from certification.report.html.texts import shown
from certification.report.words import CASE

BEGIN = "<!-- certification report -->"
END = "<!-- end of the certification report -->"


def render(report: dict[str, Any], folder: Path) -> str:
    """Return the report as an HTML fragment that needs nothing but itself.

    The same ``report`` and evidence in ``folder`` give the same text, but for how the evidence in it is compressed.
    Raises :class:`certification.foundation.errors.BadEvidence`.
    """
    seen = survey(folder, report["findings"])
    sections = (
        certificate(report, seen),
        _contents(report),
        _search(seen),
        findings.lines(report, seen),
        findings.cards(report, seen),
        tables.requirements(report, seen),
        tables.cases(report, seen),
        latency(report),
        tables.manual(report),
        tables.notes(report),
        _evidence(seen),
        '<h2 class="pc-frame">The table of pytest</h2>',
    )
    return "\n".join(
        (
            BEGIN,
            # pytest-html's head lacks it; browsers heed it here as well.
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>\n{_asset('report.css')}</style>",
            '<main class="pc-report" id="pc-report" lang="en">',
            *filter(None, sections),
            "</main>",
            f"<script>\n{_asset('report.js')}</script>",
            END,
        )
    )


@cache
def _asset(name: str) -> str:
    return files("certification.report.html").joinpath(name).read_text(encoding="utf-8")


def _contents(report: dict[str, Any]) -> str:
    places = [("findings", "Findings"), ("requirements", "Requirements"), ("cases", "Cases")]
    if report["run"]["latency"]:
        places.append(("latency", "Latency"))
    if report["counts"]["manual"]:
        places.append(("manual", "Manual cases"))
    places.append(("evidence", "Evidence"))
    links = "".join(f'<li><a href="#{place}">{name}</a></li>' for place, name in places)
    return f'<nav class="pc-contents" aria-label="Contents"><ul>{links}</ul></nav>'


def _search(seen: Survey) -> str:
    verdicts = {**CASE, "advisory": "advisory", "untested": "not testable"}
    kinds = "".join(f'<option value="{key}">{name}</option>' for key, name in verdicts.items())
    endpoints = "".join(f'<option value="{shown(name)}">{shown(label(name))}</option>' for name in seen.names())
    return (
        '<form class="pc-search" id="pc-search" role="search" aria-label="Search the report" hidden>'
        '<label>Search (id, words)<input type="search" name="words" autocomplete="off"></label>'
        f'<label>Verdict<select name="verdict"><option value="">all</option>{kinds}</select></label>'
        f'<label>Endpoint<select name="endpoint"><option value="">all</option>{endpoints}</select></label>'
        '<button type="reset">Show all</button><output name="shown" aria-live="polite"></output></form>'
    )


def _evidence(seen: Survey) -> str:
    if seen.embedded == seen.total:
        what = f"All {seen.total:,} recorded calls are in this page."
    else:
        what = f"The first {seen.embedded:,} of {seen.total:,} recorded calls are in this page."
    return (
        f'<section class="pc-evidence" id="evidence"><h2>Evidence</h2><div id="pc-evidence"><p>{what} '
        "The whole record is in the folder <code>evidence/</code>, and in <code>evidence.har</code>, which the network "
        "panel of a browser opens. Secrets are replaced by placeholders; long bodies are cut.</p>"
        '<button type="button" hidden>Show the recorded calls</button><p role="status"></p>'
        '<form class="pc-search" id="pc-evidence-search" role="search" aria-label="Search the evidence" hidden>'
        '<label>Search the calls<input type="search" name="words" autocomplete="off"></label>'
        '<button type="button" name="back">Earlier</button><button type="button" name="on">Later</button>'
        '<output name="shown" aria-live="polite"></output></form><div id="pc-evidence-list"></div>'
        f'<script type="application/octet-stream" id="pc-packed" data-calls="{seen.embedded}">{seen.packed}</script>'
        "</div></section>"
    )
