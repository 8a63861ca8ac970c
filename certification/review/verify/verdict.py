"""Put the checks of this package together and say what holds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from certification.databricks.context import Context
from certification.evidence.records import End, Run, is_whole, records_in
from certification.foundation.errors import BadEvidence, CertificationError, OtherFormat
from certification.report.build import build_report
from certification.report.read import evidence_files
from certification.review.bundle import folder_errors, unpack
from certification.review.manifest import (
    MANIFEST,
    SIGNATURE,
    Manifest,
    claim_errors,
    digest_of,
    manifest_errors,
    read_manifest,
)
from certification.review.signed_manifest import signature_found
from certification.review.verify.clock import Clock, run_errors
from certification.review.verify.completeness import (
    case_errors,
    example_errors,
    shape_errors,
)
from certification.review.verify.facts import check_challenge, check_config_of, check_suite
from certification.review.verify.outcome import Verification
from certification.review.verify.outputs import har_errors, json_errors, page_notes, text_errors
from certification.review.verify.people import check_people
from certification.review.verify.recorded_run import budget_of
from certification.review.verify.rejudging import FileFindings, Rejudge
from certification.review.verify.waivers import check_validity, check_waivers
from certification.signatures.keys import CannotSign, PublicKey, read_public_key
from certification.signatures.statement import CERTIFICATION

Progress = Callable[[str], None]


def verify(
    source: Path,
    *,
    trust: Path | None = None,
    challenge: str | None = None,
    now: datetime | None = None,
    progress: Progress = lambda _text: None,
) -> Verification:
    """Verify the bundle or report folder ``source``; ``trust`` is the public key that must have signed it.

    Whatever stands in it becomes a point that does not hold, or one that is left open.  Raises
    :class:`certification.signatures.keys.CannotSign` when ``trust`` is no key, and OSError when there is no room to unpack.
    """
    outcome = Verification()
    key = read_public_key(trust) if trust is not None else None
    with _opened(source, outcome) as folder:
        if folder is None:
            return outcome
        manifest: Manifest | None = None
        if folder != source:
            manifest = _check_manifest(folder, outcome)
            if manifest is None:
                return outcome
            outcome.kind, outcome.complete = "bundle", manifest.complete
            outcome.manifest = digest_of(folder / MANIFEST).sha256
            check_signature(folder, key, outcome)
        elif trust is not None:
            outcome.point("signature").add(["a report folder carries no signature; verify the signed bundle"])
        report = _check_run(folder, outcome, challenge, now or datetime.now(UTC), progress)
        if report is not None:
            progress("making the outputs again")
            _check_outputs(folder, report, outcome)
            if manifest is not None:
                outcome.point("digests").add(claim_errors(manifest, report))
    return outcome


@contextmanager
def _opened(source: Path, outcome: Verification) -> Iterator[Path | None]:
    """Give the folder to look at; None when there is none, which is then a point that does not hold."""
    point = outcome.point("format", "it is a bundle or report folder of this suite")
    if source.is_dir():
        point.add(folder_errors(source))
        yield None if point.broken else source
        return
    with tempfile.TemporaryDirectory(prefix="partner-connect-verify-") as temporary:
        folder = Path(temporary)
        try:
            unpack(source, folder)
        except BadEvidence as error:
            point.add([str(error)])
            yield None
            return
        yield folder


def _check_manifest(folder: Path, outcome: Verification) -> Manifest | None:
    point = outcome.point(
        "digests", "every file has the digest that the manifest gives, and it says what the evidence does"
    )
    try:
        manifest = read_manifest(folder)
    except OtherFormat as error:
        point.leave_open([str(error)])
        return None
    except BadEvidence as error:
        point.add([str(error)])
        return None
    point.add(manifest_errors(folder, manifest.files))
    return manifest


def check_signature(folder: Path, trusted: PublicKey | None, outcome: Verification, kind: str = CERTIFICATION) -> None:
    """Check the signature of the manifest in ``folder``, and that it is one of the key ``trusted``, if given."""
    path = folder / SIGNATURE
    if not path.is_file():
        if trusted is not None:
            outcome.point("signature").add([f"the {outcome.kind} is not signed"])
        return
    point = outcome.point("signature")
    try:
        found = signature_found(path, (folder / MANIFEST).read_bytes(), trusted, kind)
    except CannotSign as error:
        point.leave_open([str(error)])
        return
    point.add(found.errors)
    names = ", ".join(found.signers)
    if trusted is None:
        point.holds = f"the manifest is signed with the key {names}"
        point.notes.append("whose key that is was not checked: name the key that you trust with --trust")
    else:
        point.holds = f"the manifest is signed with the trusted key {trusted.keyid}"


def _check_run(
    folder: Path, outcome: Verification, challenge: str | None, now: datetime, progress: Progress
) -> dict[str, Any] | None:
    """Check the evidence; returns the report that follows from it, or None."""
    chain = outcome.point("chain", "every line of the evidence is a record that follows from the line before it")
    try:
        run, end = _read_all(folder, outcome, progress)
    except OtherFormat as error:
        chain.leave_open([str(error)])
        return None
    except BadEvidence as error:
        chain.add([str(error)])
        return None
    outcome.run, outcome.partner = run.id, str(run.config.get("name", "?"))[:100]
    same = check_suite(run, outcome)
    check_challenge(run, challenge, outcome)
    times = outcome.point("times", "times follow each other and lie within the run")
    times.add(run_errors(run.started, end.finished if end else None, now))
    # What another version of the suite would have judged is not known here.
    context = check_config_of(run, outcome) if same and not times.broken else None
    if context is None:
        return None
    files = _rejudge(folder, (run, end), context, outcome, progress)
    executions = {key: value for file in files for key, value in file.executions.items()}
    try:
        report = build_report(folder, executions)
    except (CertificationError, KeyError, ValueError, TypeError, StopIteration) as error:
        chain.add([f"no report follows from the evidence: {error}"])
        return None
    outcome.verdict, outcome.headline = report["verdict"], report["headline"]
    check_waivers([waiver for file in files for waiver in file.waivers], run, report, outcome)
    people = [file.people for file in files if file.people is not None]
    check_people(people, [each for file in files for each in file.attested], run, report, now, outcome)
    check_validity(report, now, outcome)
    _check_completeness(files, end, context, outcome)
    return report


def _read_all(folder: Path, outcome: Verification, progress: Progress) -> tuple[Run, End | None]:
    """Check every line of the evidence and return the first and the last record of the run."""
    point = outcome.point("chain")
    run: Run | None = None
    end: End | None = None
    for path in evidence_files(folder):
        progress(f"reading {path.name}")
        if not is_whole(path):
            # Only a process that was killed leaves half a line; what it did not finish counts for nothing.
            point.notes.append(f"{path.name}: the last line was cut off, as when a process is killed")
        for _, record in records_in(path):
            if isinstance(record, Run):
                run = run or record
            elif isinstance(record, End):
                end = record
    if run is None:
        message = "main.jsonl does not say which run it belongs to: its first record is missing"
        raise BadEvidence(message)
    if end is not None and not is_whole(folder / "evidence" / "main.jsonl"):
        point.add(["main.jsonl: something was cut off after the end of the run"])
    return run, end


def _rejudge(
    folder: Path, ends: tuple[Run, End | None], context: Context, outcome: Verification, progress: Progress
) -> list[FileFindings]:
    run, end = ends
    point = outcome.point(
        "judgements", "every judgement follows from the recorded answers to the requests that the suite sends"
    )
    budget = budget_of(end.narrowed_by if end else [])
    files = []
    for path in evidence_files(folder):
        progress(f"judging {path.name} again")
        # Workers of a run that was stopped may end a little after the process that directs them.
        clock = Clock(run.started, end.finished if end and not end.interrupted else "")
        files.append(Rejudge(path.name, context, clock, budget).read(record for _, record in records_in(path)))
        point.add(files[-1].broken)
        if files[-1].unfinished:
            point.notes.append(
                f"{files[-1].unfinished} has no judgement, as when its process is killed; it counts for nothing"
            )
    return files


def _check_completeness(files: list[FileFindings], end: End | None, context: Context, outcome: Verification) -> None:
    point = outcome.point("completeness", "no case and no example is missing")
    problems = [problem for file in files for problem in file.problems]
    narrowed = bool(problems or end is None or end.interrupted or end.narrowed_by)
    point.add(case_errors(files, context, narrowed=narrowed))
    point.add(example_errors(files))
    preflight = next((file.preflight for file in files if file.preflight is not None), None)
    if preflight is None and not problems and any(file.exchanges for file in files):
        point.add(["the calls of the preflight are missing"])
    for text in preflight or []:
        if not any(problem.what in text for problem in problems):
            point.add([f"the preflight found a problem that the record leaves out: {text}"])
    point.add(shape_errors(files, context))


def _check_outputs(folder: Path, report: dict[str, Any], outcome: Verification) -> None:
    point = outcome.point(
        "outputs", "report.json, partner.json, junit.xml, summary.md and report.html are what the evidence gives"
    )
    point.add(f"contradiction: {text}" for text in report["run"]["contradictions"])
    # What the record contradicts is said above; the report that was written knew of no contradiction.
    point.add(json_errors(folder, report))
    point.add(text_errors(folder, report))
    point.add(har_errors(folder))
    broken, left = page_notes(folder, report)
    point.add(broken)
    if left:
        point.leave_open([left])
