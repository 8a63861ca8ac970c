"""Put the checks of this package together and say what holds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from certification.cases.catalogue import catalogue, catalogue_digest
from certification.client.authentication import SCHEMES
from certification.config.partner import PartnerConfig, check_config, trial_config
from certification.databricks.context import Context
from certification.foundation.errors import BadEvidence, CannotStart, CertificationError
from certification.report.build import build_report
from certification.report.read import evidence_files
from certification.review.bundle import (
    MANIFEST,
    SIGNATURE,
    claim_errors,
    folder_errors,
    manifest_errors,
    read_manifest,
    unpack,
)
from certification.review.verify.clock import Clock, run_errors
from certification.review.verify.completeness import case_errors, example_errors, other_shape_libraries, shape_errors
from certification.review.verify.outputs import json_errors, page_notes, text_errors
from certification.review.verify.records import checked_records, is_whole
from certification.review.verify.rejudging import FileFindings, Rejudge
from certification.review.verify.tape import budget_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_SHOWN = 60
"""Sentences of one point; a hostile bundle shall not flood the terminal."""


@dataclass
class Point:
    """One thing that was looked at: what it is, what is wrong with it, what could not be checked."""

    name: str
    holds: str
    """What is true when nothing is wrong."""
    broken: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def add(self, errors: Iterator[str] | list[str]) -> None:
        """Add what is wrong, each once and bounded."""
        for text in errors:
            if text not in self.broken:
                if len(self.broken) >= MAX_SHOWN:
                    if len(self.broken) == MAX_SHOWN:
                        self.broken.append("and more")
                    return
                self.broken.append(text)


@dataclass
class Verification:
    """The outcome: everything that was looked at, and the verdict that the evidence gives."""

    points: list[Point] = field(default_factory=list)
    verdict: str = ""
    headline: str = ""
    partner: str = ""
    run: str = ""
    suite: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not any(point.broken for point in self.points)

    def line(self) -> str:
        """Return the outcome in one line."""
        if self.holds:
            left = sum(len(point.open) for point in self.points)
            more = f"; {left} thing{'s' if left > 1 else ''} could not be checked" if left else ""
            return f"HOLDS: the report of {self.partner} follows from its evidence: {self.verdict}{more}."
        count = sum(len(point.broken) for point in self.points)
        names = ", ".join(point.name for point in self.points if point.broken)
        return f"DOES NOT HOLD: {count} contradiction{'s' if count > 1 else ''} ({names})."

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as JSON-ready data."""
        return {
            "holds": self.holds,
            "line": self.line(),
            "verdict": self.verdict,
            "headline": self.headline,
            "partner": self.partner,
            "run": self.run,
            "suite": self.suite,
            "points": [
                {"name": point.name, "holds": point.holds, "broken": point.broken, "open": point.open}
                for point in self.points
            ],
        }


CREDENTIALS = (
    ("1234-5678", "1234-5678"),
    ("a", "a"),
    ("user", "Plain-Ascii-9"),
    ("user", "pässwörd:1"),
    ("user", "abc "),
)
"""Kinds of credentials: what is the right way to authenticate with none of them is it with no credentials at all."""

Progress = Callable[[str], None]


def verify(
    source: Path,
    *,
    trust: Path | None = None,
    challenge: str | None = None,
    now: datetime | None = None,
    page: bool = True,
    progress: Progress = lambda _text: None,
) -> Verification:
    """Verify the bundle or report folder ``source``; ``trust`` is the public key that must have signed it.

    Without ``page`` the HTML page is passed over, which saves most of the time.

    Whatever stands in it becomes a point that does not hold.  Raises :class:`certification.review.signing.CannotSign` when
    ``trust`` is no key, and OSError when there is no room to unpack.
    """
    outcome = Verification()
    key = None
    if trust is not None:
        from certification.review.signing import read_public

        key = read_public(trust)
    with _opened(source, outcome) as folder:
        if folder is not None:
            manifest: dict[str, Any] | None = None
            if folder != source:
                manifest = _check_manifest(folder, key, outcome)
            elif trust is not None:
                outcome.points.append(
                    Point("signature", "", ["a report folder carries no signature; verify the signed bundle"])
                )
            if not outcome.points[0].broken:
                report = _check_run(folder, outcome, challenge, now or datetime.now(UTC), progress)
                if report is not None:
                    _check_outputs(folder, report, outcome, progress if page else None)
                if report is not None and manifest is not None:
                    outcome.points[1].add(claim_errors(manifest, report))
    return outcome


@contextmanager
def _opened(source: Path, outcome: Verification) -> Iterator[Path | None]:
    """Give the folder to look at; None when there is none, which is then a point that does not hold."""
    point = Point("format", "it is a bundle or report folder of this suite")
    outcome.points.append(point)
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


def _check_manifest(folder: Path, key: Ed25519PublicKey | None, outcome: Verification) -> dict[str, Any] | None:
    point = Point("digests", "every file has the digest that the manifest gives")
    outcome.points.append(point)
    try:
        manifest = read_manifest(folder)
    except BadEvidence as error:
        point.add([str(error)])
        outcome.points[0].add([f"{MANIFEST} cannot be read"])
        return None
    point.add(manifest_errors(folder, manifest))
    signature = folder / SIGNATURE
    if key is None and not signature.is_file():
        return manifest
    signed = Point("signature", "the manifest is signed with the trusted key")
    outcome.points.append(signed)
    from certification.review.signing import signature_error, signed_by

    if key is None:
        signed.holds = ""
        signed.open.append(
            f"the bundle says that it is signed by {signed_by(signature.read_bytes())}; to check that, name the key with --trust"
        )
    elif not signature.is_file():
        signed.add(["the bundle is not signed"])
    else:
        wrong = signature_error((folder / MANIFEST).read_bytes(), signature.read_bytes(), key)
        signed.add([wrong] if wrong else [])
    return manifest


def _check_run(
    folder: Path, outcome: Verification, challenge: str | None, now: datetime, progress: Progress
) -> dict[str, Any] | None:
    """Check the evidence; returns the report that follows from it, or None."""
    chain = Point("chain", "every line of the evidence follows from the line before it")
    outcome.points.append(chain)
    try:
        run, end = _read_all(folder, chain, progress)
    except BadEvidence as error:
        chain.add([str(error)])
        return None
    context = _check_facts(run, challenge, outcome)
    if context is None:
        return None
    times = Point("times", "times follow each other and lie within the run")
    times.add(run_errors(run["started"], end["finished"] if end else None, now))
    if any(times.broken):
        outcome.points.append(times)
        return None
    files = _rejudge(folder, (run, end), context, outcome, progress)
    outcome.points.append(times)
    _check_completeness(files, run, end, context, outcome)
    executions = {key: value for file in files for key, value in file.executions.items()}
    try:
        report = build_report(folder, executions)
    except (CertificationError, KeyError, ValueError, TypeError, StopIteration) as error:
        chain.add([f"no report follows from the evidence: {error}"])
        return None
    outcome.verdict, outcome.headline = report["verdict"], report["headline"]
    return report


def _read_all(folder: Path, point: Point, progress: Progress) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Check every line of the evidence and return the first and the last record of the run."""
    run: dict[str, Any] | None = None
    end: dict[str, Any] | None = None
    cut = []
    for path in evidence_files(folder):
        progress(f"reading {path.name}")
        if not is_whole(path):
            cut.append(f"{path.name}: the last line was cut off")
        for record in checked_records(path):
            if record["type"] == "run":
                run = run or record
            elif record["type"] == "end":
                end = record
    if run is None:
        message = "main.jsonl does not say which run it belongs to: its first record is missing"
        raise BadEvidence(message)
    # A run that came to its end has written all its lines; only one that was killed may lack half of one.
    (point.broken if end else point.open).extend(cut)
    return run, end


def _check_facts(run: dict[str, Any], challenge: str | None, outcome: Verification) -> Context | None:
    """Check what the first record says about suite, config and challenge; returns None when nothing can follow."""
    suite = run["suite"]
    outcome.run, outcome.partner = run["id"], str(run["config"].get("name", "?"))[:100]
    outcome.suite = f"{suite['name']} {suite['version']}"[:100]
    version = Point("catalogue", "the run used the cases and checks of this version of the suite")
    config = Point("config", "the config is valid and belongs to the run")
    outcome.points += [version, config]
    if suite["catalogue"] != catalogue_digest():
        version.add(
            [
                f"the run names the catalogue {suite['catalogue'][:16]}… of version {suite['version'][:20]}, this version of the suite has {catalogue_digest()[:16]}…; verify with the version that made it"
            ]
        )
    fresh = Point("challenge", "the run's id holds the challenge")
    if challenge is not None:
        outcome.points.append(fresh)
        if run["challenge"] != challenge:
            fresh.add([f"the run was made with the challenge {run['challenge'][:100]!r}, not with {challenge!r}"])
    if not run["id"].endswith(f"-{run['challenge']}") and run["challenge"]:
        fresh.add(["the run's id does not end with its challenge"])
        if fresh not in outcome.points:
            outcome.points.append(fresh)
    right = {(user, password): SCHEMES["good"].header(user, password) for user, password in CREDENTIALS}
    possible = [
        name
        for name in run["alike"]
        if name in SCHEMES
        and name != "good"
        and any(SCHEMES[name].header(*pair) == header for pair, header in right.items())
    ]
    if len(possible) < len(run["alike"]):
        config.add(["the run claims that ways to authenticate are the right one which no credentials make so"])
    config.open += [
        f"the run says that, with its credentials, {SCHEMES[name].title} is right too, and did not try it"
        for name in possible
    ]
    try:
        config.add(_config_errors(run))
    except CannotStart as error:
        config.add([str(problem)[:300] for problem in error.problems])
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        config.add([f"the config in the evidence cannot be read ({type(error).__name__})"])
        return None
    partner = PartnerConfig(run["config"], run["config_source"], trial=run["trial"])
    return Context(run["id"], run["seed"], run["profile"], run["url"], partner, frozenset(run["alike"]))


def _config_errors(run: dict[str, Any]) -> Iterator[str]:
    check_config(run["config"], "config in the evidence")
    if run["trial"] and run["config"] != trial_config(run["config"]["base_url"]).raw:
        yield "a trial run goes by the documented defaults; this config is another one"


def _rejudge(
    folder: Path,
    ends: tuple[dict[str, Any], dict[str, Any] | None],
    context: Context,
    outcome: Verification,
    progress: Progress,
) -> list[FileFindings]:
    run, end = ends
    point = Point(
        "judgements", "every judgement follows from the recorded answers to the requests that the suite sends"
    )
    outcome.points.append(point)
    budget = budget_of(end["narrowed_by"] if end else [])
    files = []
    for path in evidence_files(folder):
        progress(f"judging {path.name} again")
        interrupted = end is None or end["interrupted"]
        # Workers of a run that was stopped may end a little after the process that directs them.
        clock = Clock(run["started"], "" if interrupted or end is None else end["finished"])
        judge = Rejudge(path.name, context, clock, budget, interrupted=interrupted)
        files.append(judge.read(checked_records(path)))
        point.add(files[-1].notes)
    return files


def _check_completeness(
    files: list[FileFindings],
    run: dict[str, Any],
    end: dict[str, Any] | None,
    context: Context,
    outcome: Verification,
) -> None:
    point = Point("completeness", "no case and no example is missing")
    outcome.points.append(point)
    interrupted = end is None or end["interrupted"]
    problems = [problem for file in files for problem in file.problems]
    narrowed = bool(interrupted or problems or end["narrowed_by"])  # type: ignore[index]  # interrupted when None
    point.add(case_errors(files, context, narrowed=narrowed))
    point.add(example_errors(files, interrupted=interrupted))
    preflight = next((file.preflight for file in files if file.preflight is not None), None)
    if preflight is None and not problems and any(file.exchanges for file in files):
        point.add(["the calls of the preflight are missing"])
    for text in preflight or []:
        if not any(str(problem["what"]) in text for problem in problems):
            point.add([f"the preflight found a problem that the record leaves out: {text}"])
    others = other_shape_libraries(run["suite"]["libraries"], run["suite"]["version"])
    if not any(case.shapes for case in catalogue().values()) or not others:
        point.add(shape_errors(files, context))
    else:
        point.open.append(
            f"the shapes of the examples were drawn with {', '.join(others)}: whether the seed gives them was not checked"
        )


def _check_outputs(folder: Path, report: dict[str, Any], outcome: Verification, progress: Progress | None) -> None:
    point = Point(
        "outputs", "report.json, partner.json, junit.xml, summary.md and report.html are what the evidence gives"
    )
    outcome.points.append(point)
    point.add([f"contradiction: {text}" for text in report["run"]["contradictions"]])
    # What the record contradicts is said above; the report that was written knew of no contradiction.
    point.add(json_errors(folder, report))
    point.add(text_errors(folder, report))
    if progress is None:
        point.open.append("report.html was passed over")
        return
    progress("making the page again")
    broken, left = page_notes(folder, report)
    point.add(broken)
    if left:
        point.open.append(left)
