"""What people attest: whether it can have been said so, and on whose word it rests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from certification.cases.catalogue import catalogue
from certification.evidence.attested import MAX_ATTESTATIONS, NOT_APPLICABLE, Attested, People, result_of
from certification.evidence.records import Run
from certification.report.words import ATTESTED
from certification.review.verify.outcome import Verification

WORD = "what a person saw, nothing in a report can show: it rests on the word of whoever is named, or trust a signature (--trust)"


def check_people(
    people: Sequence[People],
    attested: Sequence[Attested],
    run: Run,
    report: dict[str, Any],
    now: datetime,
    outcome: Verification,
) -> None:
    """Check what can be checked of the attestations on record, and say whose word they are."""
    if not people and not attested:
        return
    point = outcome.point(
        "attestations", "each result follows from what its person says they saw, and belongs to this run"
    )
    point.add(
        f"the attestations were added to another run ({each.run[:60]!a})" for each in people if each.run != run.id
    )
    if len(attested) > MAX_ATTESTATIONS:
        point.add([f"there are more than {MAX_ATTESTATIONS:,} attestations"])
    ids = [each.id for each in attested]
    point.add(
        f"the attestation {name[:20]!a} stands twice" for name in sorted({each for each in ids if ids.count(each) > 1})
    )
    for each in attested:
        point.add(f"attestation {each.id[:20]}: {wrong}" for wrong in _wrong(each, now))
    for row in report.get("attestations", []):
        stale = f", out of date: another {' and another '.join(row['stale'])}" if row["stale"] else ""
        if row["counts"]:
            point.notes.append(
                f"{row['case']} {ATTESTED[row['result']]}, says {row['by'][:100]}, {row['organisation'][:100]} ({row['on']}){stale}"
            )
    point.notes.append(WORD)


def _wrong(each: Attested, now: datetime) -> Iterator[str]:
    case = catalogue().get(each.case)
    if case is None or not case.manual:
        yield f"{each.case} is no manual case of this version of the suite"
    if each.expectations and result_of(each.expectations) != each.result:
        yield f"it says {each.result}, which does not follow from its answers"
    if each.result == NOT_APPLICABLE and not (
        each.reason.strip() or any(one.reason.strip() for one in each.expectations)
    ):
        yield "it does not say why the case does not apply"
    if not all(text.strip() for text in (each.by, each.organisation)):
        yield "it does not say who says so"
    try:
        moment = datetime.fromisoformat(each.on)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        yield "it does not say when"
    elif moment > now:
        yield "it was made in the future"
