"""Where each manual case stands: what counts, what is missing, and what no longer fits config and suite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certification.attestations.file import changed_calls
from certification.attestations.pictures import BadPicture, read_picture
from certification.attestations.records import Attestation, Document
from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.config.partner import PartnerConfig
from certification.foundation.reason import Reason

MISSING: Final = "missing"
BEGUN: Final = "begun"
STALE: Final = "stale"


@dataclass(frozen=True)
class Standing:
    """Where one case stands in one round."""

    case: Case
    state: str
    """``missing``, ``begun``, ``stale``, or the result of the attestation that counts."""
    attestation: Attestation | None
    stale: tuple[str, ...] = ()
    """What has changed since: ``config``, ``suite``."""


def applicable(config: PartnerConfig) -> tuple[list[Case], list[tuple[Case, Reason]]]:
    """Return the manual cases that apply to the partner of ``config``, and the others with the reason why they do not."""
    those: list[Case] = []
    others: list[tuple[Case, Reason]] = []
    for case in catalogue().values():
        if case.manual:
            reason = case.applies(config)
            if reason is None:
                those.append(case)
            else:
                others.append((case, reason))
    return those, others


def standings(document: Document, config: PartnerConfig, suite: str, round_: str) -> list[Standing]:
    """Return where each case that applies stands in ``round_``, in the order of the catalogue."""
    return [standing(document, case, config, suite, round_) for case in applicable(config)[0]]


def standing(document: Document, case: Case, config: PartnerConfig, suite: str, round_: str) -> Standing:
    """Return where ``case`` stands in ``round_``; an attestation is bound to the config's digest and the suite's version."""
    newest = document.newest(case.id, round_)
    if any((draft.case, draft.round) == (case.id, round_) for draft in document.drafts):
        return Standing(case, BEGUN, newest)
    if newest is None:
        return Standing(case, MISSING, None)
    bound = (("config", newest.config, config.digest), ("suite", newest.suite, suite))
    stale = tuple(name for name, then, now in bound if then != now)
    return Standing(case, STALE if stale else newest.result, newest, stale)


def damages(document: Document, folder: Path) -> Iterator[Reason]:
    """Yield what can be seen to be wrong with the evidence of the attestations: pictures and calls that are not what was kept.

    What a person says cannot be checked; that what they kept is still the same, can.
    """
    looked_at = set[tuple[str, str]]()
    for each in document.attestations:
        for picture in each.pictures:
            # A file may name one picture any number of times.
            if (picture.file, picture.sha256) in looked_at:
                continue
            looked_at.add((picture.file, picture.sha256))
            try:
                read_picture(picture, folder)
            except BadPicture as error:
                yield Reason("picture", {"attestation": each.id, "case": each.case, "file": picture.file, "text": str(error)})  # fmt: skip
        for step in changed_calls(each):
            yield Reason("call", {"attestation": each.id, "case": each.case, "step": step})
