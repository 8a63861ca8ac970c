"""The certificate: what a manager reads, and what fits one printed sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certification.report.html.templating import duration
from certification.report.words import (
    CASE,
    RUN,
    WAIVER,
    limits,
    sign_off_words,
    validity_words,
)

MAX_REASONS = 5
MAX_NAMES = 8
MAX_PROBLEMS = 12
MAX_READINESS = 4
MAX_WAIVERS = 3
CROWDED = 700
"""With more characters than this beside the rest, the printed certificate is set smaller, so that it stays one sheet."""

MEANING = {
    "conformant": "The partner's API does everything that Partner Connect requires of it, as far as this suite can test it.",
    "conformant_with_advisories": "The partner's API does everything that Partner Connect requires of it, as far as this suite can test it. Some of it could be done better.",
    "conformant_with_waivers": "The partner's API breaks requirements of Partner Connect that are waived for now, and no other, as far as this suite can test it.",
    "not_conformant": "The partner's API breaks requirements of Partner Connect. Each of them is a finding, with the call that shows it.",
    "incomplete": "This run certifies nothing: not everything that has to be checked was checked.",
}
UNNEEDED = "This run certifies nothing: a certificate rests on no waiver that it does not need."
"""Meaning of a run that is incomplete for its waivers alone."""

TONE = {
    "conformant": "good",
    "conformant_with_advisories": "good",
    "conformant_with_waivers": "waived",
    "not_conformant": "bad",
    "incomplete": "warn",
}
SAID = frozenset({"Conformant", "Conformant only with waivers", "Not conformant", "Incomplete"})
"""Names of verdicts with which headlines begin."""

MARK = {"good": "✓", "waived": "!", "bad": "✗", "warn": "…"}
BAR = ("passed", "failed", "waived", "error", "blocked", "not_run", "not_applicable", "manual")
"""Verdicts of cases in the order of the bar."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some cases were not tested."""

    cases: list[str]
    more: int
    text: str


def certificate(report: dict[str, Any]) -> dict[str, Any]:
    """Return what the first section of the page shows."""
    verdict, run = report["verdict"], report["run"]
    tone = TONE.get(verdict, "warn")
    waivers = report.get("waivers", [])
    return {
        "tone": tone,
        "crowded": bool(waivers) and _length(report) > CROWDED,
        "mark": MARK[tone],
        "verdict": RUN.get(verdict, verdict),
        "sentence": _sentence(report["headline"]),
        "meaning": UNNEEDED if any(each["state"] == "unused" for each in waivers) else MEANING.get(verdict, ""),
        "readiness": report.get("readiness", [])[:MAX_READINESS] if tone in {"good", "waived"} else [],
        "readiness_left": max(0, len(report.get("readiness", [])) - MAX_READINESS),
        "waivers": [(each, WAIVER.get(each["state"], "")) for each in waivers[:MAX_WAIVERS]],
        "waivers_left": max(0, len(waivers) - MAX_WAIVERS),
        "without": report.get("without_waivers", {}).get("headline", ""),
        "validity": validity_words(report["validity"]) if report.get("validity") else "",
        "sign_offs": sign_off_words(),
        "limits": "; ".join(limits(report)),
        "problems": run["problems"][:MAX_PROBLEMS],
        "problems_left": max(0, len(run["problems"]) - MAX_PROBLEMS),
        "counts": _counts(report),
        "bar": _bar(report["counts"]),
        "took": _took(run),
        "untested": [] if run["problems"] else _untested(report),
        "clauses_untested": sum(row["outcome"] == "untested" for row in report["requirements"]),
    }


def _sentence(headline: str) -> str:
    """Return the headline without the name of the verdict, which stands above it."""
    name, colon, rest = headline.partition(": ")
    return rest[:1].upper() + rest[1:] if colon and name in SAID else headline


def _length(report: dict[str, Any]) -> int:
    """Return how many characters waivers and readiness have, each as it is cut at the most."""
    texts = [reason["text"][:170] for reason in report.get("readiness", [])[:MAX_READINESS]]
    for waiver in report.get("waivers", [])[:MAX_WAIVERS]:
        texts += [waiver["id"][:20], waiver["detail"][:60], waiver["reason"][:90]]
        texts += [waiver[name][who][:30] for name in ("asked", "approved") for who in ("by", "organisation")]
    return sum(map(len, texts))


def _counts(report: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Return number, words and kind; what is zero and needs no saying is left out."""
    counts = report["counts"]
    always = {"must", "should", "passed", "failed"}
    rows = (
        (counts["findings_must"], "required finding", "required findings", "must"),
        (counts["findings_waived"], "waived finding", "waived findings", "waived"),
        (counts["findings_should"], "advisory", "advisories", "should"),
        (counts["passed"], "case passed", "cases passed", "passed"),
        (counts["failed"], "failed", "failed", "failed"),
        (counts["waived"], "failed but waived", "failed but waived", "waived"),
        (counts["blocked"], "blocked", "blocked", "blocked"),
        (counts["error"], "suite error", "suite errors", "error"),
        (counts["not_run"], "not run", "not run", "not_run"),
        (counts["not_applicable"], "not applicable", "not applicable", "not_applicable"),
        (counts["manual"], "for a person", "for a person", "manual"),
    )
    return [(count, one if count == 1 else many, kind) for count, one, many, kind in rows if count or kind in always]


def _bar(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the parts of the bar of cases, in percent of its width."""
    total = sum(counts[name] for name in BAR) or 1
    parts, start = [], 0.0
    for name in BAR:
        width = 100 * counts[name] / total
        if width:
            parts.append({"kind": name, "start": f"{start:.3f}", "width": f"{width:.3f}"})
        start += width
    return parts


def bar_words(counts: dict[str, int]) -> str:
    """Return the bar in words, for those who do not see it."""
    return ", ".join(f"{counts[name]} {CASE[name]}" for name in BAR if counts[name])


def _took(run: dict[str, Any]) -> str:
    try:
        seconds = (datetime.fromisoformat(run["finished"]) - datetime.fromisoformat(run["started"])).total_seconds()
    except (TypeError, ValueError):
        return ""
    return duration(seconds)


def _untested(report: dict[str, Any]) -> list[Reason]:
    """Return the reasons why cases were not tested, the suite's own first; the rest is counted in the last one."""
    reasons: dict[str, list[str]] = {}
    for verdict in ("error", "blocked", "not_run", "not_applicable"):
        for case in report["cases"]:
            if case["verdict"] == verdict:
                reasons.setdefault(case["reason"], []).append(case["id"])
    shown = [
        Reason(cases[:MAX_NAMES], max(0, len(cases) - MAX_NAMES), text)
        for text, cases in list(reasons.items())[:MAX_REASONS]
    ]
    left = [case for cases in list(reasons.values())[MAX_REASONS:] for case in cases]
    return [*shown, Reason([], len(left), "for other reasons; see the cases")] if left else shown
