"""A comparison as Markdown, for a pull or merge request; whatever comes from the partner shows as it is."""

from __future__ import annotations

from certification.report.markdown import literal
from certification.review.compare import Comparison
from certification.review.words import UNSURE, cause_words

MOST = 30
"""So many entries of a list are shown."""

LISTS = {
    "broke": "Broke",
    "fixed": "Fixed",
    "unknown": "Could not be told",
    "advisories": "New advisories",
    "cases": "Cases with another verdict",
    "config": "Config",
    "run": "Run",
}
"""Name of a list of the comparison -> its title; the others are left to the terminal."""


def comparison_markdown(result: Comparison) -> str:
    """Return what changed, and what it comes from, as GitHub-flavoured Markdown."""
    lines = ["### Compared with the certificate of record", "", f"**{literal(result.line())}**", ""]
    lines += [f"Note: {literal(note)}." for note in result.notes] + ([""] if result.notes else [])
    unsure = False
    for name, title in LISTS.items():
        entries = getattr(result, name)
        if not entries:
            continue
        lines += [f"{title}:", ""]
        for entry in entries[:MOST]:
            words = cause_words(entry.cause)
            lines.append(f"- {literal(entry.text)}{f' ({literal(words)})' if words else ''}")
            unsure = unsure or len(entry.changed) > 1
        lines += [f"- and {len(entries) - MOST} more"] if len(entries) > MOST else []
        lines.append("")
    return "\n".join([*lines, *([UNSURE, ""] if unsure else [])])
