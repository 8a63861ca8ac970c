"""What a certificate rests on, and how long it stands: the waivers of its run, and the day on which it ends.

A certificate is due to be made again a year after its run: the day before is its last.  It ends before that with the first of
its waivers.  A change of the config or of
the API ends it at once, which no date can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from certification.config.waivers import Waiver
from certification.foundation.days import day_of, day_of_moment, year_after
from certification.foundation.typed_json import to_json
from certification.report.verdict import CERTIFICATES, Judged
from certification.run.findings import Finding
from certification.run.waiving import matched

AGE = "age"
WAIVER = "waiver"


def due(finished: str) -> date | None:
    """Return the day on which the certificate of a run that ended at the moment ``finished`` is due to be made again."""
    day = day_of_moment(finished)
    return year_after(day) if day else None


def validity(judged: Judged) -> dict[str, str] | None:
    """Return until when the certificate of a run stands, and what ends it then; None for a run that is no certificate."""
    end = judged.records.end
    again = due(end.finished) if end else None
    if judged.verdict.name not in CERTIFICATES or again is None:
        return None
    last = again - timedelta(1)
    needed = {finding.waiver for finding in judged.findings if finding.waiver}
    ends = [(day_of(each.until) or date.min, each.id) for each in judged.records.waivers if each.id in needed]
    first = min(ends, default=(last, ""))
    if first[0] < last:
        return {"until": first[0].isoformat(), "ends": WAIVER, "waiver": first[1]}
    return {"until": last.isoformat(), "ends": AGE, "waiver": ""}


def waivers_of(judged: Judged) -> list[dict[str, Any]]:
    """Return the waivers of a run, each with what it does: ``used``, ``unused``, or ``untold`` where the run can't say."""
    named = matched(judged.records.waivers, judged.findings)
    return [
        {**to_json(waiver), **_use(waiver, named[waiver.id], judged.verdict.unused, judged.findings)}
        for waiver in judged.records.waivers
    ]


def _use(
    waiver: Waiver, causes: Sequence[tuple[str, str, str]], unused: Sequence[str], found: Sequence[Finding]
) -> Mapping[str, Any]:
    state = "used" if causes else "unused" if waiver.id in unused else "untold"
    met = [
        f"F{number}"
        for number, finding in enumerate(found, 1)
        if any(each.cause in causes for each in (finding, *finding.consequences))
    ]
    return {"state": state, "findings": met}
