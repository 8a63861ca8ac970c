"""Make the files that a reader looks at again from the evidence, and compare."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certification.contract.validation import show
from certification.foundation.strict_json import parse
from certification.review.manifest import digest_of

MAX_DIFFERENCES = 12


def json_errors(folder: Path, report: dict[str, Any]) -> Iterator[str]:
    """Yield where ``report.json`` and ``partner.json`` in ``folder`` are not what ``report`` says."""
    for name, expected in (("report.json", report), ("partner.json", report["config"])):
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
            continue
        try:
            parsed = parse(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            yield f"{name} is not UTF-8"
            continue
        if parsed.error:
            yield f"{name} is not JSON: {parsed.error}"
            continue
        yield from (f"{name}: {text}" for text in parsed.irregularities if "twice" in text)
        # A lone surrogate is written escaped, as in the evidence, so both sides are compared as escaped text.
        differences = list(differing(_plain(parsed.value), _plain(expected)))
        for where, shown, right in differences[:MAX_DIFFERENCES]:
            yield f"{name}, {where or 'the whole'}: it says {shown}, the evidence gives {right}"
        if len(differences) > MAX_DIFFERENCES:
            yield f"{name}: and {len(differences) - MAX_DIFFERENCES} more differences"


def text_errors(folder: Path, report: dict[str, Any]) -> Iterator[str]:
    """Yield when ``junit.xml`` or ``summary.md`` is not what ``report`` gives."""
    from certification.report.junit import junit_xml
    from certification.report.markdown import markdown

    for name, expected in (("junit.xml", junit_xml(report)), ("summary.md", markdown(report))):
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif path.read_bytes() != expected.encode("utf-8", "backslashreplace"):
            yield f"{name} is not the one that the evidence gives"


def har_errors(folder: Path) -> Iterator[str]:
    """Yield when ``evidence.har``, which a folder holds and a bundle does not, is not what the evidence gives."""
    from certification.report.har import write_har

    path = folder / "evidence.har"
    if path.is_file():
        with tempfile.TemporaryDirectory() as temporary:
            again = Path(temporary) / "evidence.har"
            write_har(folder, again)
            if digest_of(again) != digest_of(path):
                yield "evidence.har is not the one that the evidence gives"


def page_notes(folder: Path, report: dict[str, Any]) -> tuple[list[str], str]:
    """Return where ``report.html`` is not the page that the evidence gives, and what could not be compared."""
    from certification.report.html import differences

    page = folder / "report.html"
    if not page.is_file():
        return ["report.html is missing"], ""
    try:
        found = differences(page.read_text(encoding="utf-8"), report, folder)
    except UnicodeDecodeError:
        return ["report.html is not UTF-8"], ""
    return [f"report.html: {text}" for text in found.broken], found.unknown and f"report.html: {found.unknown}"


def differing(shown: Any, right: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield place, shown and right value for each place where two JSON values differ."""
    if isinstance(shown, dict) and isinstance(right, dict):
        for key in [*right, *(key for key in shown if key not in right)]:
            place = f"{where}/{str(key)[:60]}"
            if key not in shown:
                yield place, "nothing", show(right[key])
            elif key not in right:
                yield place, show(shown[key]), "nothing"
            else:
                yield from differing(shown[key], right[key], place)
    elif isinstance(shown, list) and isinstance(right, list):
        if _by_id(shown) and _by_id(right) and len(shown) != len(right):
            # One row that was taken out would otherwise make all that follow look different.
            yield from differing(_by_id(shown), _by_id(right), where)
            return
        for number, (one, two) in enumerate(zip(shown, right, strict=False)):
            yield from differing(one, two, f"{where}/{number}")
        if len(shown) != len(right):
            yield where, f"{len(shown)} entries", f"{len(right)} entries"
    elif type(shown) is not type(right) or shown != right:
        yield where, show(shown), show(right)


def _by_id(rows: list[Any]) -> dict[str, Any]:
    """Return the rows by their id; empty unless each has one of its own."""
    named = {row["id"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}
    return named if len(named) == len(rows) else {}


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value).encode("utf-8", "backslashreplace"))
