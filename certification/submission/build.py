"""Make a submission: the parts are laid out, looked at, and written as one file when they are complete."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import BinaryIO

from certification.config.notes import PAGES
from certification.config.partner import PartnerConfig
from certification.evidence.redaction import Redactor
from certification.foundation.errors import BadEvidence, CannotStart, Problem
from certification.review.archive import Member, write_zip
from certification.review.bundle import unpack
from certification.review.manifest import MANIFEST, SIGNATURE
from certification.submission.documents import Documents, documents
from certification.submission.facts import Outside, PageAnswer
from certification.submission.leaks import credentials_in
from certification.submission.manifest import BUNDLE, manifest_of, member_names
from certification.submission.material import Given, Verifies, lay_out, look, members_to_scan

Signs = Callable[[bytes], bytes]
"""Returns the text of ``signature.json`` for the bytes of a manifest."""


def outside_of(config: PartnerConfig, problems: dict[str, str] | None, today: date, *, credentials: bool) -> Outside:
    """Return what was looked at outside of the files, ``today``.

    ``problems`` says what is wrong with each public page that was opened, or nothing; None when none was.  A page that only
    this machine or network reaches is not opened.
    """
    if problems is None:
        return Outside(today.isoformat(), None, credentials)
    here = "is on an address that only this machine or network reaches"
    pages = tuple(PageAnswer(name, str(config.raw[name]), problems.get(name, here)) for name in PAGES)
    return Outside(today.isoformat(), pages, credentials)


def prepare(given: Given, folder: Path, outside: Outside, verifies: Verifies, redactor: Redactor | None) -> Documents:
    """Lay the parts out in the empty ``folder``, look at them, and write the documents that follow beside them.

    Raises :class:`CannotStart`: also when one of the credentials of ``redactor`` stands in a member, for such a file must
    never be written.
    """
    lay_out(given, folder)
    if redactor is not None:
        _refuse_credentials(folder, redactor)
    found = documents(folder, look(folder, outside, verifies))
    # What follows from members without a secret holds none.
    for name, content in found.contents.items():
        (folder / name).write_bytes(content)
    return found


def write(folder: Path, found: Documents, target: BinaryIO, sign: Signs | None = None) -> int:
    """Write the submission of the members in ``folder`` to ``target``; returns how many members it has."""
    names = member_names(folder)
    manifest = manifest_of(folder, names, found.claims)
    signed: list[Member] = [(SIGNATURE, sign(manifest))] if sign is not None else []
    members: list[Member] = [(MANIFEST, manifest), *signed, *((name, folder / name) for name in names)]
    write_zip(target, members)
    return len(members)


def _refuse_credentials(folder: Path, redactor: Redactor) -> None:
    """Raise :class:`CannotStart` when a credential stands in a member in ``folder``, or in the bundle among them."""
    with tempfile.TemporaryDirectory(prefix="partner-connect-") as temporary:
        inner = Path(temporary)
        with suppress(BadEvidence):
            # What can be read of it is looked at; why the rest cannot be read is said where it is verified.
            unpack(folder / BUNDLE, inner)
        found = sorted(credentials_in(members_to_scan(folder, inner), redactor))
    if found:
        remedy = "Take it out; for a report: partner-connect report DIR. Nothing was written."
        what = "it holds one of the credentials of this environment."
        raise CannotStart([Problem(name, what, remedy) for name in found])
