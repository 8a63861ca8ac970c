"""The templates: whatever they print is escaped and made visible, without anybody having to think of it.

Autoescape turns text into HTML; ``finalize`` writes what cannot be seen, or would steer a reader's screen, as an escape.
Both apply to every expression of every template.  A name that is missing is an error, never an empty place.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from certification.foundation.safe_text import clip, visible
from certification.report.words import counted

PACKAGE = "certification.report.html"
"""Where the templates of the report are."""


@cache
def environment(package: str = PACKAGE) -> Environment:
    """Return the environment of the templates of ``package``, which stand in its folder ``templates``."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "cut": cut,
        "number": number,
        "duration": duration,
        "moment": moment,
        "counted": counted,
        "operation": operation_title,
    }
    return made


def _seen(value: Any) -> Any:
    return value if isinstance(value, Markup) else visible(value)


def cut(text: object, limit: int) -> str:
    """Return ``text`` with everything visible, cut at ``limit`` characters."""
    return clip(visible(text), limit)


def asset(name: str, package: str = PACKAGE) -> Markup:
    """Return the style sheet or script ``name`` of ``package``, to stand in the page as it is."""
    return Markup(files(package).joinpath(name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def number(value: Any) -> str:
    """Return a whole number as people write it: ``1,312``."""
    return f"{value:,}"


def operation_title(name: str) -> str:
    """Return what an operation, or another subject of a finding, is called."""
    return "redirect pages" if name in {"redirect", "page"} else name.replace("_", "-")


def moment(text: object) -> str:
    """Return a moment of the evidence in the words of a certificate, to the minute, in UTC."""
    try:
        return f"{datetime.fromisoformat(str(text)):%d %B %Y, %H:%M} UTC".lstrip("0")
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
