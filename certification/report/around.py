"""What a report says beside its findings: what a submission still lacks, and what changed since the run before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from certification.config.partner import check_config
from certification.foundation.errors import CannotStart
from certification.report.read import RunRecords
from certification.run.findings import Finding

MAX_LACKS = 20


def readiness(records: RunRecords) -> list[dict[str, str]]:
    """Return what stands against a submission besides the findings, as code and words; a trial run is none anyway.

    What the config itself shows is taken from the config, whatever was recorded; the rest only the run could see.
    """
    run = records.run
    if run.trial or records.problems:
        return []
    try:
        config = check_config(run.config, run.config_source)
    except CannotStart:
        return []
    lacks = [(note.code, note.text) for note in config.notes if note.before_submission]
    lacks += [(lack.code, lack.text) for lack in records.lacks]
    return [{"code": code, "text": text} for code, text in dict.fromkeys(lacks[:MAX_LACKS])]


def since(records: RunRecords, found: Sequence[Finding], entries: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return which findings are new and which are gone since the run before; None unless both runs were complete."""
    earlier = records.earlier
    if earlier is None or records.stopped or records.narrowed_by or records.problems:
        return None
    before = {known.cause for known in earlier.findings}
    now = {finding.cause for finding in found} | {each.cause for finding in found for each in finding.consequences}
    return {
        "run": earlier.run,
        "verdict": earlier.verdict,
        "fixed": [known.message for known in earlier.findings if known.cause not in now],
        "new": [
            f"{entry['id']} {entry['message']}"
            for finding, entry in zip(found, entries, strict=True)
            if finding.cause not in before
        ],
    }
