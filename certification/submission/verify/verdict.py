"""Put the checks of a submission together and say what holds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import certification
from certification.cases.catalogue import catalogue_digest
from certification.contract.validation import show
from certification.foundation.errors import BadEvidence, CannotStart, OtherFormat
from certification.foundation.safe_text import clip, visible
from certification.foundation.strict_json import parse
from certification.foundation.typed_json import to_json
from certification.review.archive import names_in, peek, unpack_zip
from certification.review.manifest import MANIFEST, digest_of, manifest_errors
from certification.review.verify import verify
from certification.review.verify.outcome import Result, Verification
from certification.review.verify.outputs import differing
from certification.review.verify.verdict import Progress, check_signature
from certification.signatures import statement
from certification.signatures.keys import read_public_key
from certification.submission import words
from certification.submission.documents import Documents, documents, read_completeness, recorded_rule
from certification.submission.facts import Seen
from certification.submission.manifest import BUNDLE, KIND, SUBMISSION, SubmissionManifest, read_manifest
from certification.submission.material import look

CERTIFIED: Final = "bundle-verifies"
"""The rule that cannot be told on every machine."""

MOST_DIFFERENCES: Final = 12


def is_submission(path: Path) -> bool:
    """Return whether the file at ``path`` says, or looks as if, it were a submission; a damaged one is none."""
    if path.is_dir():
        return False
    try:
        manifest = peek(path, MANIFEST, SUBMISSION)
        value = parse(manifest.decode("utf-8", "replace")).value if manifest is not None else None
        if isinstance(value, dict) and isinstance(value.get("kind"), str):
            return bool(value["kind"] == KIND)
        return BUNDLE in names_in(path, SUBMISSION)
    except BadEvidence:
        return False


def verify_any(source: Path, **how: Any) -> Verification:
    """Verify the submission, bundle or report folder ``source``, as :func:`certification.review.verify.verify` does."""
    return verify_submission(source, **how) if is_submission(source) else verify(source, **how)


def verify_submission(
    source: Path,
    *,
    trust: Path | None = None,
    challenge: str | None = None,
    now: datetime | None = None,
    progress: Progress = lambda _text: None,
) -> Verification:
    """Verify the submission ``source``; ``trust`` is the public key that must have signed it.

    Whatever stands in it becomes a point that does not hold, or one that is left open.  Raises
    :class:`certification.signatures.keys.CannotSign` when ``trust`` is no key, and OSError when there is no room to unpack.
    """
    outcome = Verification(kind="submission")
    key = read_public_key(trust) if trust is not None else None
    point = outcome.point("format", "it is a submission of this suite")
    with tempfile.TemporaryDirectory(prefix="partner-connect-verify-") as temporary:
        folder = Path(temporary)
        try:
            unpack_zip(source, folder, SUBMISSION)
        except BadEvidence as error:
            point.add([str(error)])
            return outcome
        manifest = _check_manifest(folder, outcome)
        if manifest is None:
            return outcome
        check_signature(folder, key, outcome, statement.SUBMISSION)
        certificate = verify(folder / BUNDLE, challenge=challenge, now=now, progress=progress)
        _check_certificate(certificate, outcome)
        if _check_suite(manifest, outcome):
            progress("making the documents again")
            _check_documents(folder, manifest, certificate, outcome)
    return outcome


def _check_manifest(folder: Path, outcome: Verification) -> SubmissionManifest | None:
    point = outcome.point("digests", "every file has the digest that the manifest gives, and no other file is there")
    try:
        manifest = read_manifest(folder)
    except OtherFormat as error:
        point.leave_open([str(error)])
        return None
    except BadEvidence as error:
        point.add([str(error)])
        return None
    point.add(manifest_errors(folder, manifest.files, "submission"))
    outcome.manifest = digest_of(folder / MANIFEST).sha256
    outcome.partner, outcome.complete = manifest.partner[:100], manifest.complete
    return manifest


def _check_suite(manifest: SubmissionManifest, outcome: Verification) -> bool:
    """Check which suite made it; returns whether its documents can be made again here."""
    point = outcome.point("suite", "this version of the suite made the submission")
    suite = manifest.suite
    if (suite.version, suite.catalogue) == (certification.__version__, catalogue_digest()):
        return True
    point.leave_open(
        [
            f"version {suite.version}, catalogue {suite.catalogue[:16]}, made it; here is {certification.__version__}, catalogue {catalogue_digest()[:16]}, so that its documents were not made again. Verify with that version: pip install {suite.name}=={suite.version}"
        ]
    )
    return False


def _check_certificate(certificate: Verification, outcome: Verification) -> None:
    point = outcome.point("certificate", "the bundle in it follows from its evidence")
    for each in certificate.points:
        point.add(f"{BUNDLE}, {each.name}: {text}" for text in each.broken)
        point.leave_open(f"{BUNDLE}, {each.name}: {text}" for text in each.unverified)
    outcome.verdict, outcome.headline = certificate.verdict, certificate.headline
    outcome.run, outcome.suite = certificate.run, certificate.suite
    outcome.valid_until, outcome.ended = certificate.valid_until, certificate.ended
    point.notes += [
        text for each in certificate.points if each.name in {"certificate", "waivers"} for text in each.notes
    ]


def _check_documents(
    folder: Path, manifest: SubmissionManifest, certificate: Verification, outcome: Verification
) -> None:
    point = outcome.point("documents", "redirect scenarios, completeness and cover page are what the other files give")
    try:
        said = read_completeness(folder)
        looked = look(folder, said.outside, lambda _bundle: certificate.output())
    except BadEvidence as error:
        point.add([str(error)])
        return
    except CannotStart as error:
        point.add(f"{problem}"[:300] for problem in error.problems)
        return
    # What only another machine can tell (another version of a library framed the page) is left open above.
    kept = recorded_rule(said, CERTIFIED) if certificate.result is Result.UNVERIFIED else None
    made = documents(folder, looked, kept)
    point.add(_document_errors(folder, made))
    outcome.point("digests").add(_claim_errors(manifest, made))
    _say_completeness(made, outcome)


def _document_errors(folder: Path, made: Documents) -> Iterator[str]:
    for name, right in made.contents.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
            continue
        shown = path.read_bytes()
        if shown == right:
            continue
        if name.endswith(".json"):
            values = [parse(text.decode("utf-8", "replace")).value for text in (shown, right)]
            differences = list(differing(*values))
            for where, found, expected in differences[:MOST_DIFFERENCES]:
                yield f"{name}, {where or 'the whole'}: it says {found}, the other files give {expected}"
            if len(differences) > MOST_DIFFERENCES:
                yield f"{name}: and {len(differences) - MOST_DIFFERENCES} more differences"
            if differences:
                continue
        yield f"{name} is not the one that the other files give: {_first(right, shown)}"


def _first(right: bytes, shown: bytes) -> str:
    """Return where two texts begin to differ."""
    ours, theirs = (text.decode("utf-8", "replace").splitlines() for text in (right, shown))
    for number, (one, two) in enumerate(zip(ours, theirs, strict=False), 1):
        if one != two:
            return f"expected “{clip(visible(one.strip()), 160)}”, found “{clip(visible(two.strip()), 160)}” (line {number})"
    return f"it has {len(theirs)} lines, expected are {len(ours)}"


def _claim_errors(manifest: SubmissionManifest, made: Documents) -> Iterator[str]:
    claimed = to_json(manifest)
    for name, value in to_json(made.claims).items():
        if claimed[name] != value:
            yield f"{MANIFEST}, {name}: it says {show(claimed[name])}, the other files give {show(value)}"


def _say_completeness(made: Documents, outcome: Verification) -> None:
    said = made.completeness
    point = outcome.point("completeness", "everything that Databricks asks for is in it" if said.complete else "")
    for rule in said.rules:
        if rule.outcome is Seen.HELD:
            continue
        texts = [each.text for each in rule.looked_at if each.outcome is rule.outcome][:5]
        point.notes.append(f"{words.OUTCOME[rule.outcome]}: {rule.title}: {' '.join(texts)}")
    if said.outside.pages is not None:
        point.notes.append(
            f"what the public pages answered on {said.outside.on} is taken from the record; they were not opened again"
        )
