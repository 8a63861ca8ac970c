"""Which regions a roll-out goes through: read from a file that somebody wrote, or the usual ones of the partner's clouds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from certification.foundation.days import WORDS, day_of
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.strict_json import parse
from certification.foundation.typed_json import short

MAX_BYTES: Final = 100_000
MAX_REGIONS: Final = 200

USUAL: Final = MappingProxyType(
    {
        "aws": ("us-west-2", "us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2"),
        "azure": ("westus", "eastus2", "westeurope", "northeurope", "australiaeast"),
        "gcp": ("us-central1", "us-east4", "europe-west1", "europe-west3", "australia-southeast1"),
    }
)
"""Cloud -> some of its regions with Databricks, for a first proposal: who rolls out knows the list of the day."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()/-]{0,59}")
_REMEDY = (
    "One region on a line (eu-west-1, or eu-west-1 2027-02-24 where its day is set), or a JSON list of such texts."
)


@dataclass(frozen=True, slots=True)
class Region:
    """A region, and its day where somebody has set one."""

    name: str
    on: date | None = None


def usual_regions(clouds: Sequence[str]) -> tuple[Region, ...]:
    """Return some regions of ``clouds``, a small one of each first; with several clouds each name has its cloud before it."""
    chosen = [cloud for cloud in USUAL if cloud in clouds] or list(USUAL)
    rounds = zip(*(USUAL[cloud] for cloud in chosen), strict=True)
    return tuple(
        Region(name if len(chosen) == 1 else f"{cloud} {name}")
        for each in rounds
        for cloud, name in zip(chosen, each, strict=True)
    )


def read_regions(path: Path) -> tuple[Region, ...]:
    """Return the regions that the file at ``path`` lists; raises :class:`CannotStart` with every problem in it."""
    entries = list(_entries(path))
    problems: list[Problem] = []
    regions: list[Region] = []
    for where, entry in entries[: MAX_REGIONS + 1]:
        region = _region(entry)
        if isinstance(region, Region):
            regions.append(region)
        else:
            problems.append(Problem(where, region, _REMEDY))
    if len(entries) > MAX_REGIONS:
        problems.append(
            Problem(str(path), f"the file lists more than {MAX_REGIONS} regions.", "Is this the right file?")
        )
    if not entries:
        problems.append(Problem(str(path), "the file lists no region.", _REMEDY))
    problems += [
        Problem(str(path), f"the region {name} stands in it twice.", "Leave one out.") for name in _twice(regions)
    ]
    if problems:
        raise CannotStart(problems)
    return tuple(regions)


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield (where it stands, entry) of each region that the file names."""
    text = _text(path)
    if not text.lstrip().startswith(("[", "{")):
        for number, line in enumerate(text.splitlines(), 1):
            entry = line.partition("#")[0].strip()
            if entry:
                yield f"{path}, line {number}", entry
        return
    parsed = parse(text)
    value = parsed.value
    if parsed.error:
        raise CannotStart([Problem(str(path), f"the file is not JSON: {parsed.error}.", _REMEDY)])
    if not isinstance(value, list):
        raise CannotStart([Problem(str(path), f"the file should hold a list, it holds {short(value)}.", _REMEDY)])
    for number, entry in enumerate(value):
        yield f"{path}, /{number}", entry


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})."
        raise CannotStart([Problem(str(path), what, "Name a file that lists regions.")]) from None
    if len(data) > MAX_BYTES:
        what = f"the file has more than {MAX_BYTES:,} bytes."
        raise CannotStart([Problem(str(path), what, "Is this the right file?")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"the file is not UTF-8 (byte {error.start})."
        raise CannotStart([Problem(str(path), what, "Save it as UTF-8.")]) from None


def _region(entry: Any) -> Region | str:
    """Return the region that ``entry`` names, or what is wrong with it."""
    if not isinstance(entry, str):
        return f"expected the name of a region, found {short(entry)}."
    name, blank, last = entry.strip().rpartition(" ")
    on = day_of(last) if blank else None
    if on is None and blank and re.fullmatch(r"[0-9]+-[0-9]+-[0-9]+", last):
        return f"{short(last)} is no day that exists; expected {WORDS}."
    name = name.strip() if on else entry.strip()
    if not _NAME.fullmatch(name):
        return f"expected the name of a region, at most 60 letters, digits and . _ - / ( ), found {short(name)}."
    return Region(name, on)


def _twice(regions: Sequence[Region]) -> list[str]:
    names = [region.name.casefold() for region in regions]
    return list(dict.fromkeys(region.name for region in regions if names.count(region.name.casefold()) > 1))
