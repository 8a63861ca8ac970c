"""Latency per endpoint: a picture on a logarithmic scale, its text alternative, and the numbers."""

from __future__ import annotations

from math import log10
from typing import Any

from certification.report.html.evidence_summary import MAX_ENDPOINTS
from certification.report.html.templating import duration, operation_title

WIDTH = 360
LEFT, RIGHT = 8, 352
TOP, ROW = 22, 32
FASTEST, SLOWEST = 0.001, 60.0
SCALE = ((0.001, "1 ms"), (0.01, "10 ms"), (0.1, "100 ms"), (1.0, "1 s"), (10.0, "10 s"), (60.0, "60 s"))
IN_TIME = 10.0
"""A user is waiting: answers should be faster than this many seconds."""


def latency(report: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of each endpoint and where they stand in the picture; ``rows`` is empty when nothing was called."""
    rows = list(report["run"]["latency"].items())[:MAX_ENDPOINTS]
    height = TOP + ROW * len(rows) + 4
    return {
        "rows": [_row(number, name, each) for number, (name, each) in enumerate(rows)],
        "width": WIDTH,
        "height": height,
        "left": LEFT,
        "top": TOP,
        "scale": [
            {
                "x": _x(seconds),
                "text": text,
                "limit": seconds == IN_TIME,
                "anchor": {FASTEST: "start", SLOWEST: "end"}.get(seconds, "middle"),
            }
            for seconds, text in SCALE
        ],
        "words": "; ".join(
            f"{operation_title(name)}: half of {each['calls']} calls within {duration(each['p50'])}, nine of ten within "
            f"{duration(each['p90'])}, the slowest {duration(each['max'])}"
            for name, each in rows
        ),
    }


def _row(number: int, name: str, each: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "numbers": each,
        "y": TOP + ROW * number,
        "half": f"{max(1.0, _x(each['p50']) - LEFT):.1f}",
        "most": f"{max(1.0, _x(each['p90']) - LEFT):.1f}",
        "slowest": _x(each["max"]),
    }


def _x(seconds: float) -> float:
    share = log10(min(max(seconds, FASTEST), SLOWEST) / FASTEST) / log10(SLOWEST / FASTEST)
    return round(LEFT + share * (RIGHT - LEFT), 1)
