"""Open a report that was stored somewhere: a report folder, its ``report.json``, or a bundle."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certification.evidence.kept import resolve_report
from certification.evidence.recorder import FORMAT
from certification.foundation.errors import BadEvidence
from certification.foundation.strict_json import parse
from certification.review.bundle import folder_errors, is_bundle, unpack

MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class StoredReport:
    """A report as it was written, its fields checked, and the folder of its evidence."""

    source: Path
    report: dict[str, Any]
    folder: Path | None
    """None when only ``report.json`` was given."""


@contextmanager
def stored_report(source: Path) -> Iterator[StoredReport]:
    """Give the report that ``source`` means (a path, or a name such as ``latest``); a bundle is unpacked for as long.

    Raises :class:`BadEvidence`.
    """
    source = resolve_report(source)
    if source.is_dir():
        errors = folder_errors(source)
        if errors:
            raise BadEvidence(errors[0])
        path = source / "report.json"
        if not path.exists():
            hint = (
                f"Make it from the evidence: partner-connect report {source}"
                if (source / "evidence").is_dir()
                else "Name the folder that --certification-report named."
            )
            message = f"{source}: there is no report.json in this folder. {hint}"
            raise BadEvidence(message)
        yield StoredReport(source, _read(path, path), source)
    elif is_bundle(source):
        with tempfile.TemporaryDirectory(prefix="partner-connect-") as temporary:
            folder = Path(temporary)
            unpack(source, folder)
            yield StoredReport(source, _read(folder / "report.json", source), folder)
    else:
        beside = source.parent if (source.parent / "evidence" / "main.jsonl").is_file() else None
        yield StoredReport(source, _read(source, source), beside)


def _read(path: Path, shown: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES or not path.is_file():
            message = f"{shown}: this is no report of this suite. Give a report folder, a report.json, or a bundle."
            raise BadEvidence(message)
        parsed = parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"{shown}: there is no such file or folder, or no report.json in it. Give a report folder, a report.json, or a bundle."
        raise BadEvidence(message) from None
    except UnicodeDecodeError:
        message = f"{shown}: the report is not UTF-8. Give a report folder, a report.json, or a bundle."
        raise BadEvidence(message) from None
    except OSError as error:
        message = f"{shown}: the report cannot be read ({error.strerror})."
        raise BadEvidence(message) from None
    value = parsed.value
    if not isinstance(value, dict) or not {"verdict", "suite", "cases"} <= value.keys():
        why = f" ({parsed.error})" if parsed.error else ""
        message = f"{shown}: this is no report of this suite{why}. Give a report folder, a report.json, or a bundle."
        raise BadEvidence(message)
    if value.get("format") != FORMAT:
        suite = value["suite"]
        made_by = suite.get("version") if isinstance(suite, dict) else None
        message = f"{shown}: the report has format {str(value.get('format'))[:20]}, this version of the suite reads format {FORMAT}. Use the suite's version {str(made_by)[:20]}, which made it."
        raise BadEvidence(message)
    wrong = next(iter(_shape_errors(value)), "")
    if wrong:
        message = f"{shown}: the report is damaged: {wrong}. Ask for it again, or make it from the evidence: partner-connect report DIR"
        raise BadEvidence(message)
    return value


_FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "suite": {"name": str, "version": str, "catalogue": str},
    "partner": {"name": str, "url": str, "api_version": str, "config": str, "config_source": str, "trial": bool},
    "run": {
        "id": str,
        "started": str,
        "seed": int,
        "profile": str,
        "narrowed_by": list,
        "latency": dict,
        "problems": list,
    },
}
_ROWS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "cases": {"id": str, "title": str, "verdict": str, "reason": str},
    "findings": {"id": str, "case": str, "level": str, "message": str, "cause": list, "execution": str, "matters": dict, "intermittent": bool, "places": list, "cases": list, "consequences": list},
    "requirements": {"id": str, "level": str, "outcome": str},
    "waivers": {"id": str, "requirement": str, "operation": str, "detail": str, "statement": str, "reason": str, "asked": dict, "approved": dict, "until": str},
}  # fmt: skip
_MAY_LACK = frozenset({"waivers"})


def _shape_errors(value: dict[str, Any]) -> Iterator[str]:
    """Yield which fields that the commands read are missing or of another type."""
    for name, fields in _FIELDS.items():
        entry = value.get(name)
        if not isinstance(entry, dict):
            yield f"field /{name} is no object"
        else:
            yield from _field_errors(f"/{name}", entry, fields)
    for name, fields in _ROWS.items():
        rows = value.get(name, [] if name in _MAY_LACK else None)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield f"field /{name} is no list of objects"
            continue
        for number, row in enumerate(rows):
            yield from _field_errors(f"/{name}/{number}", row, fields)
    if not isinstance(value.get("verdict"), str) or not isinstance(value.get("config"), dict):
        yield "field /verdict or /config is missing"
    yield from _number_errors(value)


def _number_errors(value: dict[str, Any]) -> Iterator[str]:
    run = value.get("run")
    latency = run.get("latency") if isinstance(run, dict) else None
    for name, entry in latency.items() if isinstance(latency, dict) else ():
        numbers = [entry.get(key) for key in ("p50", "p90", "max", "calls")] if isinstance(entry, dict) else [None]
        if not all(isinstance(number, int | float) and 0 <= number < 1e9 for number in numbers):
            yield f"field /run/latency/{name[:40]} holds no numbers"
    for number, row in enumerate(value["findings"] if isinstance(value.get("findings"), list) else ()):
        if isinstance(row, dict):
            yield from (f"field /findings/{number}/{wrong}" for wrong in _finding_errors(row))


def _finding_errors(row: dict[str, Any]) -> Iterator[str]:
    if not _is_cause(row.get("cause")):
        yield "cause is no cause"
    if not _are_texts(row.get("cases")):
        yield "cases is no list of texts"
    for place in _objects(row.get("places")):
        if not isinstance(place.get("case"), str) or not isinstance(place.get("execution"), str):
            yield "places names no case and execution"
    for each in _objects(row.get("consequences")):
        if (
            not isinstance(each.get("requirement"), str)
            or not _are_texts(each.get("cases"))
            or not _is_cause(each.get("cause"))
        ):
            yield "consequences names no requirement, cause and cases"


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_cause(value: Any) -> bool:
    return _are_texts(value) and len(value) == 3


def _field_errors(where: str, entry: dict[str, Any], fields: dict[str, type | tuple[type, ...]]) -> Iterator[str]:
    for name, kind in fields.items():
        if not isinstance(entry.get(name), kind) or (kind is int and isinstance(entry.get(name), bool)):
            yield f"field {where}/{name} is missing or of another type"
