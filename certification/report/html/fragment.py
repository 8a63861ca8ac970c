"""Our part of the page: the one place that fills the templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from certification.report import words
from certification.report.html import tables
from certification.report.html.certificate import bar_words, certificate
from certification.report.html.evidence_summary import survey
from certification.report.html.findings import findings
from certification.report.html.latency import latency
from certification.report.html.templating import asset, environment

BEGIN = "<!-- certification report -->"
END = "<!-- end of the certification report -->"

FILTERS = (*words.CASE.items(), ("advisory", "advisory"), ("untested", "not testable"))
"""What the search can be narrowed to."""


def render(report: dict[str, Any], folder: Path) -> str:
    """Return the report as an HTML fragment that needs nothing but itself.

    The same ``report`` and evidence in ``folder`` give the same text, but for how the evidence in it is compressed.
    Raises :class:`certification.foundation.errors.BadEvidence`.
    """
    seen = survey(folder)
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            begin=Markup(BEGIN),  # noqa: S704 - a constant
            end=Markup(END),  # noqa: S704 - a constant
            style=asset("report.css"),
            script=asset("report.js"),
            words=words,
            filters=FILTERS,
            report=report,
            survey=seen,
            certificate=certificate(report),
            bar_words=bar_words(report["counts"]),
            findings=findings(report),
            cases=tables.cases(report, seen),
            requirements=tables.requirements(report, seen),
            manual=tables.manual(report),
            latency=latency(report),
            notes=tables.notes(report),
        )
    )
