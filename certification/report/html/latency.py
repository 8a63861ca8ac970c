"""Latency per endpoint: a picture on a logarithmic scale, its text alternative, and the numbers."""

from __future__ import annotations

from math import log10
from typing import Any

from certification.report.html.evidence_summary import MAX_ENDPOINTS
from certification.report.html.texts import duration, shown

WIDTH = 360
LEFT, RIGHT = 8, 352
TOP, ROW = 22, 32
FASTEST, SLOWEST = 0.001, 60.0
SCALE = ((0.001, "1 ms"), (0.01, "10 ms"), (0.1, "100 ms"), (1.0, "1 s"), (10.0, "10 s"), (60.0, "60 s"))
IN_TIME = 10.0
"""A user is waiting: answers should be faster than this many seconds."""


def latency(report: dict[str, Any]) -> str:
    """Return the section; empty when nothing was called."""
    rows = list(report["run"]["latency"].items())[:MAX_ENDPOINTS]
    if not rows:
        return ""
    body = "".join(
        f'<tr><th scope="row">{shown(label(name))}</th><td data-name="calls">{each["calls"]:,}</td>'
        + "".join(
            f'<td class="pc-number" data-name="{title}">{shown(duration(each[key]))}</td>'
            for key, title in (
                ("p50", "half within"),
                ("p90", "90 % within"),
                ("p99", "99 % within"),
                ("max", "slowest"),
            )
        )
        + "</tr>"
        for name, each in rows
    )
    return (
        '<section id="latency"><h2>Latency per endpoint</h2>\n'
        f"{_picture(rows)}\n"
        '<table class="pc-rows"><thead><tr><th scope="col">Endpoint</th><th scope="col">Calls</th><th scope="col">Half within</th>'
        '<th scope="col">90 % within</th><th scope="col">99 % within</th><th scope="col">Slowest</th></tr></thead>'
        f"<tbody>{body}</tbody></table></section>"
    )


def label(operation: str) -> str:
    """Return the name of an operation in the words of the contract."""
    return "redirect pages" if operation == "redirect" else operation.replace("_", "-")


def _picture(rows: list[tuple[str, dict[str, Any]]]) -> str:
    height = TOP + ROW * len(rows) + 4
    parts = [
        f'<svg class="pc-picture" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="pc-latency-title pc-latency-text">',
        '<title id="pc-latency-title">Latency per endpoint</title>',
        f'<desc id="pc-latency-text">{shown(_words(rows))}</desc>',
    ]
    for seconds, text in SCALE:
        x = _x(seconds)
        kind = ' class="pc-limit"' if seconds == IN_TIME else ""
        anchor = "start" if seconds == FASTEST else "end" if seconds == SLOWEST else "middle"
        parts.append(f'<line{kind} x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height}"/>')
        parts.append(f'<text class="pc-scale" x="{x}" y="{TOP - 11}" text-anchor="{anchor}">{text}</text>')
    for number, (name, each) in enumerate(rows):
        y = TOP + ROW * number
        half, most, slowest = _x(each["p50"]), _x(each["p90"]), _x(each["max"])
        parts.append(
            f'<text x="{LEFT}" y="{y + 12}">{shown(label(name), 40)}</text>'
            f'<rect class="pc-most" x="{LEFT}" y="{y + 17}" width="{max(1.0, most - LEFT):.1f}" height="8"/>'
            f'<rect class="pc-half" x="{LEFT}" y="{y + 17}" width="{max(1.0, half - LEFT):.1f}" height="8"/>'
            f'<circle class="pc-slowest" cx="{slowest}" cy="{y + 21}" r="3"/>'
        )
    parts.append("</svg>")
    return (
        "".join(parts)
        + '<p class="pc-soft">Dark: half of the calls. Light: nine of ten. Dot: the slowest. '
        + "Dashed: 10 seconds; a user is waiting for the answer.</p>"
    )


def _x(seconds: float) -> float:
    share = log10(min(max(seconds, FASTEST), SLOWEST) / FASTEST) / log10(SLOWEST / FASTEST)
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _words(rows: list[tuple[str, dict[str, Any]]]) -> str:
    return "; ".join(
        f"{label(name)}: half of {each['calls']} calls within {duration(each['p50'])}, nine of ten within "
        f"{duration(each['p90'])}, the slowest {duration(each['max'])}"
        for name, each in rows
    )
