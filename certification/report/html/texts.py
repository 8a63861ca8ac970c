"""Escaping, and the small pieces of HTML that every section uses."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any

from certification.foundation.safe_text import clip, visible
from certification.foundation.strict_json import parse
from certification.report.words import CASE, LEVEL, OUTCOME


def shown(text: object, limit: int = 0) -> str:
    """Return ``text`` as HTML that shows it and does nothing else, cut at ``limit`` characters unless that is 0."""
    plain = visible(text)
    return escape(clip(plain, limit) if limit else plain, quote=True)


def code(text: object, limit: int = 0) -> str:
    """Return ``text`` as inline code."""
    return f"<code>{shown(text, limit)}</code>"


def facts_list(rows: Iterable[tuple[str, str]]) -> str:
    """Return a description list; the second of each pair is HTML, and a pair without it is left out."""
    items = "".join(f"<dt>{shown(name)}</dt><dd>{html}</dd>" for name, html in rows if html)
    return f"<dl>{items}</dl>"


def case_link(case: str) -> str:
    """Return a link to the row of ``case``."""
    return f'<a href="#{shown(case)}">{shown(case)}</a>'


def case_links(cases: Iterable[str], limit: int = 0) -> str:
    """Return links to the rows of ``cases``, the first ``limit`` of them unless that is 0."""
    names = list(cases)
    links = ", ".join(case_link(name) for name in (names[:limit] if limit else names))
    return links + (f" and {len(names) - limit} more" if limit and len(names) > limit else "")


def finding_link(finding: str) -> str:
    """Return a link to the card of ``finding``."""
    return f'<a href="#finding-{shown(finding)}">{shown(finding)}</a>'


def word(kind: str) -> str:
    """Return a verdict, outcome or level in its words and colour."""
    name = {**OUTCOME, **CASE, **LEVEL, "advisory": "advisory", "security": "security"}.get(kind, kind)
    colour = {"must": "failed", "should": "advisory"}.get(kind, kind)
    return f'<span class="pc-word pc-word-{shown(colour)}">{shown(name)}</span>'


def entry(kind: str, verdict: str, endpoints: Iterable[str]) -> str:
    """Return the attributes by which search and filter know an entry."""
    names = " ".join(sorted(endpoints))
    return f'data-kind="{shown(kind)}" data-verdict="{shown(verdict)}" data-endpoints="{shown(names)}"'


def readable(body: str) -> str:
    """Return JSON indented as long as that changes nothing of what it says; anything else as it is."""
    parsed = parse(body)
    if parsed.error or parsed.irregularities or not isinstance(parsed.value, dict | list):
        return body
    return json.dumps(parsed.value, indent=2, ensure_ascii=False)


def moment(text: object) -> str:
    """Return a moment of the evidence in the words of a certificate, to the second, in UTC."""
    try:
        return datetime.fromisoformat(str(text)).strftime("%d %B %Y, %H:%M:%S UTC")
    except ValueError:
        return str(text)


def duration(seconds: Any) -> str:
    """Return a number of seconds as people say it."""
    if not isinstance(seconds, int | float):
        return str(seconds)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
