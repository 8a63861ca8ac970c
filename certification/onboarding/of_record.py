"""The certificate of record: its bundle, found and checked; and how a new one takes its place with nothing lost."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from certification.foundation.errors import BadEvidence, CannotStart, Problem
from certification.onboarding.certificates import recorded
from certification.onboarding.record import Certificate, Onboarding
from certification.review.archive import peek
from certification.review.bundle import BUNDLE
from certification.review.manifest import MANIFEST
from certification.review.stored import stored_report

RECORD: Final = "partner-connect onboarding record certificate certification.zip --by NAME --organisation ORG"


@dataclass(frozen=True)
class OfRecord:
    """The certificate of record with its report."""

    certificate: Certificate
    bundle: Path
    report: dict[str, Any]


@contextmanager
def certificate_of_record(onboarding: Onboarding) -> Iterator[OfRecord]:
    """Give the certificate of record and its report.

    Raises :class:`CannotStart` when none is recorded, or when its bundle is gone or another one.
    """
    certificate = onboarding.certificate
    if certificate is None:
        what = "no certificate is recorded, so that there is nothing that a change could be compared with."
        raise CannotStart([Problem(f"{onboarding.path}, field /certificates", what, f"Record it: {RECORD}")])
    bundle = onboarding.path.parent / certificate.bundle
    where = f"{onboarding.path}, field /certificates/{len(onboarding.certificates) - 1}/bundle"
    remedy = "Restore the bundle of record from your version control."
    if not bundle.is_file():
        raise CannotStart([Problem(where, f"{certificate.bundle} is not there.", remedy)])
    try:
        manifest = peek(bundle, MANIFEST, BUNDLE)
        if manifest is None or hashlib.sha256(manifest).hexdigest() != certificate.manifest:
            what = f"{certificate.bundle} is not the bundle of the run {certificate.run}, which is the one of record."
            raise CannotStart([Problem(where, what, f"{remedy} Or record this one: {RECORD}")])
        with stored_report(bundle) as stored:
            yield OfRecord(certificate, bundle, stored.report)
    except BadEvidence as error:
        raise CannotStart([Problem(where, str(error), remedy)]) from None


def earlier_name(bundle: Path, certificate: Certificate) -> Path:
    """Return where the ``bundle`` of an earlier certificate is kept beside the one of record; nothing is there yet."""
    plain = bundle.with_name(f"{bundle.stem}-{certificate.on}{bundle.suffix}")
    names = [plain, *(plain.with_stem(f"{plain.stem}-{number}") for number in range(2, 1000))]
    return next(name for name in names if not name.exists() and not name.is_symlink())


@contextmanager
def replaced(made: Path, bundle: Path, before: OfRecord) -> Iterator[Path]:
    """Put the bundle ``made`` in the place of ``bundle``; gives where the one of record is kept from now on.

    What was there comes back when what is done meanwhile raises.
    """
    if before.bundle.resolve() != bundle.resolve():
        # The one of record lies elsewhere; whatever lies here is kept as well.
        kept, aside = before.bundle, earlier_name(bundle, before.certificate) if bundle.exists() else None
    else:
        kept = aside = earlier_name(bundle, before.certificate)
    if aside is not None:
        shutil.copy2(bundle, aside)
    try:
        made.replace(bundle)
        yield kept
    except BaseException:
        if aside is not None:
            aside.replace(bundle)
        else:
            bundle.unlink(missing_ok=True)
        raise


def record_new(raw: dict[str, Any], entry: dict[str, Any], earlier: str) -> None:
    """Add ``entry`` to the certificates of an ``onboarding.json``; that of the one before names its bundle ``earlier``."""
    certificates: list[dict[str, Any]] = raw["certificates"]
    certificates[-1]["bundle"] = earlier
    recorded(raw, entry)
