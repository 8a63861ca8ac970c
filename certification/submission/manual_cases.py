"""What the attestations in a submission say about each manual case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from certification.cases.catalogue import catalogue
from certification.config.partner import PartnerConfig
from certification.review.manifest import digest_of
from certification.submission.facts import Attested, ManualCase
from certification.submission.manifest import ATTESTATIONS, PICTURE

OPTIONAL = frozenset({"M500", "M501", "M502"})


def attested(folder: Path, config: PartnerConfig, suite: str) -> Attested | None:
    """Return what ``attestations.json`` in ``folder`` says, for ``config`` and the version ``suite``; None without one."""
    path = folder / ATTESTATIONS
    if not path.is_file():
        return None
    try:
        value: Any = json.loads(path.read_text(encoding="utf-8"))
        rows = [row for row in value["attestations"] if row["round"] == "partner"]
        newest = {str(row["case"]): row for row in sorted(rows, key=lambda row: str(row["on"]))}
        problems = [*_picture_problems(folder, value)]
        cases = [
            _case(case.id, newest.get(case.id), config.digest, suite) for case in catalogue().values() if case.manual
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return Attested((), (f"{ATTESTATIONS} is none of this suite ({type(error).__name__}).",))
    return Attested(tuple(cases), tuple(problems))


def _case(ident: str, row: Any, config: str, suite: str) -> ManualCase:
    optional = ident in OPTIONAL
    if row is None:
        return ManualCase(ident, "missing", optional)
    if row["config"] != config or row["suite"] != suite:
        return ManualCase(ident, "stale", optional, "config" if row["config"] != config else "suite")
    return ManualCase(ident, str(row["result"]), optional, str(row["reason"]))


def pictures_named(value: Any) -> list[str]:
    """Return the pictures that the attestations name."""
    return [str(picture["file"]) for row in value["attestations"] for picture in row["pictures"]]


def _picture_problems(folder: Path, value: Any) -> list[str]:
    found = []
    for row in value["attestations"]:
        for picture in row["pictures"]:
            name, path = str(picture["file"]), folder / str(picture["file"])
            if PICTURE.fullmatch(name) is None or not path.is_file():
                found.append(f"{row['case']}: its picture {name[:80]} is missing.")
            elif digest_of(path).sha256 != picture["sha256"]:
                found.append(f"{row['case']}: its picture {name[:80]} is not the one that was recorded.")
    return found
