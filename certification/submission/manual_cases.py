"""What the attestations in a submission say about each manual case."""

from __future__ import annotations

from pathlib import Path

from certification.attestations.file import read_attestations
from certification.attestations.records import PARTNER, Document
from certification.attestations.standing import Standing, damages, standings
from certification.config.partner import PartnerConfig
from certification.foundation.errors import CannotStart
from certification.foundation.safe_text import one_line
from certification.submission.facts import Attested, ManualCase
from certification.submission.manifest import ATTESTATIONS


def attested(folder: Path, config: PartnerConfig, suite: str) -> Attested | None:
    """Return what ``attestations.json`` in ``folder`` says, for ``config`` and the version ``suite``; None without one."""
    path = folder / ATTESTATIONS
    if not path.is_file():
        return None
    try:
        document = read_attestations(path)
    except CannotStart as error:
        return Attested((), tuple(f"{ATTESTATIONS}: {problem.what}" for problem in error.problems))
    problems = [
        f"{reason.facts['case']}, {reason.facts['attestation']}: {reason.facts.get('text', 'a call is not the one that was kept.')}"
        for reason in damages(document, folder)
    ]
    if document.partner != config.name:
        problems.append(f"{ATTESTATIONS}: it is of {one_line(document.partner, 100)}, the config of {config.name}.")
    cases = tuple(_case(each) for each in standings(document, config, suite, PARTNER))
    return Attested(cases, tuple(problems))


def _case(each: Standing) -> ManualCase:
    attestation = each.attestation
    reason = ", ".join(each.stale)
    if not reason and attestation is not None:
        reason = one_line(attestation.reason or attestation.words, 300)
    return ManualCase(each.case.id, each.state, each.case.optional, reason)


def pictures_in(document: Document) -> list[str]:
    """Return the pictures that the attestations name."""
    return list(dict.fromkeys(picture.file for each in document.attestations for picture in each.pictures))
