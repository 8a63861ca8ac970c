"""``bundle``: one file for the submission."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO


def run(options: argparse.Namespace, console: Console) -> int:
    """Write the bundle of the report folder."""
    from certification.evidence.folder import ReportFolder
    from certification.evidence.kept import resolve_report
    from certification.report.build import build_report
    from certification.review.bundle import member_names, write_bundle
    from certification.review.manifest import digest_of, incompleteness, manifest_of
    from certification.review.signing import read_private, sign

    folder = resolve_report(options.folder)
    target: Path = options.output or folder.resolve().with_name(f"{folder.resolve().name}.zip")
    key = read_private(options.sign) if options.sign else None
    if target.exists() and not options.force:
        console.warn(
            f"partner-connect bundle: {target}: the file exists and is kept. Name another one with -o, or use --force."
        )
        return EXIT_CANNOT_START
    with ReportFolder(folder).held():
        names = member_names(folder)
        console.progress("reading the evidence")
        report = build_report(folder)
        problem = _leftover(folder, report, console)
        if problem:
            console.done()
            console.warn(f"partner-connect bundle: {problem}")
            return EXIT_CANNOT_START
        incomplete = incompleteness(report)
        if incomplete and not options.allow_incomplete:
            console.done()
            console.warn(
                f"partner-connect bundle: {folder}: the run is incomplete: {'; '.join(incomplete)}. Run all cases with your config, or bundle it as it is with --allow-incomplete."
            )
            return EXIT_NO
        console.progress("writing the bundle")
        manifest = manifest_of(folder, names, report, incomplete)
        signature = sign(manifest, key) if key else None
        _write(target, lambda file: write_bundle(folder, names, manifest, signature, file))
    console.done()
    console.say(f"{target}: {len(names)} files, {target.stat().st_size:,} bytes, sha256 {digest_of(target).sha256}")
    console.say(f"verdict: {report['headline']}")
    if report.get("readiness") and not incomplete:
        console.say(f"not ready to submit: {'; '.join(reason['text'].rstrip('.') for reason in report['readiness'])}")
    if incomplete:
        console.say(f"incomplete, and the bundle says so: {'; '.join(incomplete)}")
    return EXIT_FINE


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


def _write(target: Path, write: Any) -> None:
    """Write ``target`` whole or not at all."""
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("wb") as file:
            write(file)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
