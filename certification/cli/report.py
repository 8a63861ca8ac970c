"""``report``: the outputs of a run, made again from its evidence."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_FINE
from certification.evidence.attested import PEOPLE

if TYPE_CHECKING:
    from certification.attestations.records import Document
    from certification.evidence.folder import ReportFolder
    from certification.evidence.redaction import Redactor


def run(options: argparse.Namespace, console: Console) -> int:
    """Make the files of the report folder again; what would change is kept."""
    from certification.evidence.folder import ReportFolder
    from certification.evidence.kept import resolve_report
    from certification.evidence.redaction import Redactor
    from certification.report.html import page
    from certification.report.publish import publish

    redactor = console.redactor or Redactor({})
    document = None
    if options.attestations is not None:
        from certification.attestations.file import read_attestations

        document = read_attestations(options.attestations)
    with tempfile.TemporaryDirectory() as temporary, ReportFolder(resolve_report(options.folder)).held() as folder:
        # Everything is made beside the folder first: what cannot be made must not cost what is there.
        copy = ReportFolder(Path(temporary) / "report")
        copy.path.mkdir()
        if document is None:
            copy.evidence.symlink_to(folder.evidence.resolve(), target_is_directory=True)
        else:
            _with_people(folder, copy, document, redactor, str(options.attestations))
        console.progress("making the report from the evidence")
        report = publish(copy, redactor, console.warn)
        console.progress("making the page")
        copy.write(copy.html, page(report, copy.path), redactor)
        copy.seal(redactor, copy.html)
        kept = _replace(folder, copy)
    console.done()
    if kept is not None:
        console.say(f"earlier files: {kept}")
    console.say(report["headline"])
    console.say(f"report: {folder.html.resolve()}")
    return EXIT_FINE


def _with_people(folder: ReportFolder, copy: ReportFolder, document: Document, redactor: Redactor, where: str) -> None:
    """Make the evidence of ``copy`` that of ``folder`` with what people attest in ``document``; raises CannotStart."""
    from certification.attestations.as_evidence import write_people
    from certification.foundation.errors import CannotStart, Problem
    from certification.report.read import evidence_files, read_run

    run = read_run(folder.path).run
    if document.partner != run.config.get("name"):
        what = "these are the attestations of another partner than that of the run."
        raise CannotStart([Problem(where, what, "Name the file of this partner.")])
    copy.evidence.mkdir()
    for path in evidence_files(folder.path):
        if path.name != PEOPLE:
            (copy.evidence / path.name).symlink_to(path.resolve())
    write_people(document, run.id, copy.evidence / PEOPLE, lambda text: redactor.redact(text)[0])


def _replace(folder: object, copy: object) -> Path | None:
    """Move what was made into the folder; what is there and differs goes into a new folder below ``earlier``."""
    from certification.evidence.folder import ReportFolder

    assert isinstance(folder, ReportFolder)  # noqa: S101
    assert isinstance(copy, ReportFolder)  # noqa: S101
    kept: Path | None = None
    for made in (copy.evidence / PEOPLE, copy.html, copy.json, copy.junit, copy.markdown, copy.har, copy.config):
        if not made.is_file() or (copy.evidence.is_symlink() and made.parent == copy.evidence):
            continue
        there = folder.path / made.relative_to(copy.path)
        if there.exists() and there.read_bytes() == made.read_bytes():
            continue
        if there.exists():
            kept = kept or _fresh(folder.path / "earlier")
            shutil.move(there, kept / there.name)
        shutil.move(made, there)
    return kept


def _fresh(parent: Path) -> Path:
    number = 1
    while (parent / f"rebuilt-{number}").exists():
        number += 1
    target = parent / f"rebuilt-{number}"
    target.mkdir(parents=True)
    return target
