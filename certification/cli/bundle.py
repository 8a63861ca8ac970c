"""``bundle``: one file for the submission."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO


class NotBundledError(Exception):
    """A report folder that is not bundled; carries the exit status and why."""

    def __init__(self, status: int, why: str) -> None:
        """Take both."""
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Bundled:
    """A bundle that was written."""

    files: int
    report: dict[str, Any]
    incomplete: list[str]
    """Why the run is not complete."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the bundle of the report folder."""
    from certification.evidence.kept import resolve_report
    from certification.review.manifest import digest_of
    from certification.review.signed_manifest import sign_manifest
    from certification.signatures.keys import read_signing_key

    folder = resolve_report(options.folder)
    target: Path = options.output or folder.resolve().with_name(f"{folder.resolve().name}.zip")
    key = read_signing_key(options.sign) if options.sign else None
    if target.exists() and not options.force:
        console.warn(
            f"partner-connect bundle: {target}: the file exists and is kept. Name another one with -o, or use --force."
        )
        return EXIT_CANNOT_START
    try:
        made = bundle(
            folder,
            target,
            console,
            sign=(lambda manifest: sign_manifest(manifest, [key])) if key else None,
            allow_incomplete=options.allow_incomplete,
        )
    except NotBundledError as error:
        console.done()
        console.warn(f"partner-connect bundle: {error}")
        return error.status
    console.done()
    console.say(f"{target}: {made.files} files, {target.stat().st_size:,} bytes, sha256 {digest_of(target).sha256}")
    console.say(f"verdict: {made.report['headline']}")
    if made.report.get("readiness") and not made.incomplete:
        reasons = "; ".join(reason["text"].rstrip(".") for reason in made.report["readiness"])
        console.sentence(f"not ready to submit: {reasons}")
    if made.incomplete:
        console.say(f"incomplete, and the bundle says so: {'; '.join(made.incomplete)}")
    return EXIT_FINE


def bundle(
    folder: Path,
    target: Path,
    console: Console,
    *,
    sign: Callable[[bytes], bytes] | None = None,
    allow_incomplete: bool = False,
) -> Bundled:
    """Write the bundle of the report ``folder`` to ``target``; ``sign`` makes the signature of its manifest.

    Raises :class:`NotBundledError`, and :class:`certification.foundation.errors.CertificationError` for a folder that is none.
    """
    from certification.evidence.folder import ReportFolder
    from certification.report.build import build_report
    from certification.review.bundle import member_names, write_bundle
    from certification.review.manifest import incompleteness, manifest_of

    with ReportFolder(folder).held():
        names = member_names(folder)
        console.progress("reading the evidence")
        report = build_report(folder)
        problem = _leftover(folder, report, console)
        if problem:
            raise NotBundledError(EXIT_CANNOT_START, problem)
        incomplete = incompleteness(report)
        if incomplete and not allow_incomplete:
            why = f"{folder}: the run is incomplete: {'; '.join(incomplete)}. Run all cases with your config, or bundle it as it is with --allow-incomplete."
            raise NotBundledError(EXIT_NO, why)
        console.progress("writing the bundle")
        manifest = manifest_of(folder, names, report, incomplete)
        signature = sign(manifest) if sign else None
        write_whole(target, lambda file: write_bundle(folder, names, manifest, signature, file))
    return Bundled(len(names), report, incomplete)


def _leftover(folder: Path, report: dict[str, Any], console: Console) -> str:
    """Return why the files in the folder must not be bundled as they are; empty when they may."""
    from certification.cases.catalogue import catalogue_digest
    from certification.foundation.strict_json import parse
    from certification.report.read import read_run

    if report["run"].get("contradictions"):
        return f"{folder}: the evidence contradicts itself: {report['run']['contradictions'][0]}. Run the certification again."
    if read_run(folder).run.suite.catalogue != catalogue_digest():
        return f"{folder}: the run was made with another version of the suite. Bundle it with that version, or run the certification again."
    written = parse((folder / "report.json").read_text(encoding="utf-8", errors="replace")).value
    if not isinstance(written, dict) or written.get("verdict") != report["verdict"]:
        return f"{folder}: report.json is not the one that the evidence gives. Make it again: partner-connect report {folder}"
    if console.redactor is not None:
        from certification.evidence.folder import stands_in

        for path in sorted([*folder.glob("*.*"), *folder.glob("evidence/*.jsonl")]):
            if path.is_file() and stands_in(path, console.redactor):
                return f"{path}: it holds one of the credentials of this environment; nothing was bundled. Make the report again: partner-connect report {folder}"
    return ""


def write_whole(target: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write ``target`` whole or not at all."""
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("wb") as file:
            write(file)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
