"""What follows from the files of an onboarding, found out anew each time and never taken from what somebody wrote."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

import certification
from certification.attestations.file import MAX_BYTES, read_text
from certification.attestations.records import DATABRICKS, FAILED, NOT_APPLICABLE, PARTNER, PASSED, Document
from certification.attestations.standing import STALE, Standing, damages, standings
from certification.config.partner import PartnerConfig, read_config
from certification.contract.lifecycle import Subject
from certification.evidence.kept import CONFORMANT
from certification.foundation.errors import BadEvidence, CannotStart
from certification.foundation.reason import Reason
from certification.foundation.typed_json import from_json
from certification.onboarding.record import Onboarding
from certification.review.apart import looked_at_apart
from certification.review.archive import peek
from certification.review.bundle import BUNDLE
from certification.review.manifest import MANIFEST, Manifest, read_manifest
from certification.review.validity import Age, age
from certification.review.verify.outcome import Output, Result
from certification.tile.record import TileRecord, read_record

MAX_DAMAGES: Final = 5
MAX_UX: Final = 20_000_000
SECONDS: Final = 600

Verifies = Callable[[Path], Output]
"""Looks at a bundle without trusting it."""


def verified_apart(path: Path) -> Output:
    """Return what holds of the bundle at ``path``, found out in a process of its own with limits."""
    task = {"source": str(path.resolve()), "trust": None, "challenge": None, "progress": False}
    found = looked_at_apart(task, SECONDS)
    if "error" in found:
        raise BadEvidence(str(found["error"]))
    return from_json(Output, found)


@dataclass(frozen=True)
class Certified:
    """What the bundle is worth today."""

    manifest: Manifest | None
    digest: str
    """SHA-256 of its manifest; empty where there is none."""
    config: str
    """Digest of the config in it; empty where there is none."""
    verdict: str
    age: Age
    against: tuple[Reason, ...]
    """Why it does not certify the partner as it is today; empty when it does."""


@dataclass(frozen=True)
class Executed:
    """What the attestations cover."""

    attestations: Document | None
    digest: str
    """SHA-256 of the file; empty where there is none."""
    rows: tuple[Standing, ...]
    """Each case that applies."""
    second: tuple[Standing, ...]
    """The same in the round of the video session."""
    against: tuple[Reason, ...]


@dataclass(frozen=True)
class Facts:
    """Everything that follows from files."""

    config: PartnerConfig | None
    config_problem: str
    certified: Certified
    executed: Executed
    tile: TileRecord | None
    tile_problem: str
    ux: str
    """SHA-256 of the usability result; empty where there is none."""
    digests: Mapping[Subject, str]
    """What a sign-off of today would be about; a subject that is not there is missing."""


def look(onboarding: Onboarding, today: date, verifies: Verifies = verified_apart) -> Facts:
    """Return the facts that follow from the files of ``onboarding``."""
    config, problem = _config(onboarding.file("config"))
    certified = certified_by(onboarding.file("bundle"), config, today, verifies)
    executed = _executed(onboarding.file("attestations"), onboarding.path.parent, config)
    tile, tile_problem = _tile(onboarding.file("tile"))
    ux = _digest(onboarding.file("ux"))
    known = {
        Subject.BUNDLE: certified.digest,
        Subject.CONFIG: config.digest if config else "",
        Subject.ATTESTATIONS: executed.digest,
        Subject.UX: ux,
        Subject.VIDEO_SESSIONS: sessions_digest(onboarding) if onboarding.video_sessions else "",
    }
    digests = {name: digest for name, digest in known.items() if digest}
    return Facts(config, problem, certified, executed, tile, tile_problem, ux, digests)


def sessions_digest(onboarding: Onboarding) -> str:
    """Return the SHA-256 of the video sessions as canonical JSON."""
    text = json.dumps(onboarding.sessions_as_written, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _config(path: Path) -> tuple[PartnerConfig | None, str]:
    try:
        return read_config(path), ""
    except CannotStart as error:
        return None, str(error.problems[0])


def certified_by(
    path: Path, config: PartnerConfig | None, today: date, verifies: Verifies = verified_apart
) -> Certified:
    """Return what the bundle at ``path`` is worth ``today`` for the partner of ``config``."""
    unknown = age("", today)
    if not path.is_file():
        return Certified(None, "", "", "", unknown, (Reason("bundle-missing", {"file": path.name}),))
    try:
        text = peek(path, MANIFEST, BUNDLE)
        manifest = _manifest(text) if text is not None else None
        raw = peek(path, "partner.json", BUNDLE)
        outcome = verifies(path)
    except BadEvidence as error:
        return Certified(None, "", "", "", unknown, (Reason("bundle-damaged", {"why": str(error)[:300]}),))
    if manifest is None or text is None:
        return Certified(
            None, "", "", "", unknown, (Reason("bundle-damaged", {"why": f"{path.name} has no manifest"}),)
        )
    finished = age(manifest.run.finished, today)
    digest = _config_digest(raw)
    against = (
        *_trust(outcome),
        *([] if manifest.complete else [Reason("incomplete", {"why": "; ".join(manifest.incomplete_because)[:300]})]),
        *_verdict(outcome),
        *_same(manifest, digest, config),
        *([Reason("certificate-due", {"since": str(finished.due)})] if finished.state == "due" else []),
        *([Reason("certificate-early", {"on": str(finished.finished)})] if finished.state == "early" else []),
    )
    return Certified(manifest, hashlib.sha256(text).hexdigest(), digest, outcome.verdict, finished, against)


def _manifest(text: bytes) -> Manifest:
    with tempfile.TemporaryDirectory(prefix="partner-connect-") as temporary:
        Path(temporary, MANIFEST).write_bytes(text)
        return read_manifest(Path(temporary))


def _trust(outcome: Output) -> list[Reason]:
    texts = [text for point in outcome.points for text in (*point.broken, *point.unverified)]
    if outcome.result is Result.BROKEN:
        return [Reason("bundle-broken", {"why": texts[0][:300], "more": len(texts) - 1})]
    if outcome.result is Result.UNVERIFIED:
        return [Reason("bundle-unverified", {"why": texts[0][:300]})]
    return []


def _verdict(outcome: Output) -> list[Reason]:
    fine = outcome.verdict.replace("_", "-") in CONFORMANT or not outcome.verdict
    return [] if fine else [Reason("not-conformant", {"headline": outcome.headline[:300]})]


def _same(manifest: Manifest, digest: str, config: PartnerConfig | None) -> list[Reason]:
    found = []
    if config is not None and digest != config.digest:
        found.append(Reason("other-config", {}))
    if manifest.suite.version != certification.__version__:
        found.append(Reason("other-suite", {"made": manifest.suite.version, "here": certification.__version__}))
    return found


def _config_digest(raw: bytes | None) -> str:
    if raw is None:
        return ""
    try:
        value = json.loads(raw)
        return PartnerConfig(value, "partner.json").digest if isinstance(value, dict) else ""
    except (ValueError, RecursionError):
        return ""


def _executed(path: Path, folder: Path, config: PartnerConfig | None) -> Executed:
    found, digest, against = None, "", list[Reason]()
    if path.is_file():
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            found, digest = read_text(data, path)[0], hashlib.sha256(data).hexdigest()
            against += islice(damages(found, folder), MAX_DAMAGES)
        except (CannotStart, OSError) as error:
            against.append(Reason("attestations-damaged", {"why": str(error)[:300]}))
    if config is None:
        return Executed(found, digest, (), (), (*against, Reason("config-unreadable", {})))
    if found is not None and found.partner != config.name:
        against.append(Reason("attestations-of-another", {"partner": found.partner}))
    document = found or Document(1, config.name)
    rows, second = (
        tuple(standings(document, config, certification.__version__, each)) for each in (PARTNER, DATABRICKS)
    )
    states = {FAILED: "cases-failed", STALE: "cases-stale"}
    for code in ("cases-failed", "cases-stale", "cases-missing"):
        names = [
            row.case.id for row in rows if stands_in_the_way(row) and states.get(row.state, "cases-missing") == code
        ]
        if names:
            against.append(Reason(code, {"cases": ", ".join(names), "count": len(names)}))
    return Executed(found, digest, rows, second, tuple(against))


def stands_in_the_way(row: Standing) -> bool:
    """Return whether a case is not done: an optional one only when it failed."""
    return row.state not in {PASSED, NOT_APPLICABLE} and (row.state == FAILED or not row.case.optional)


def _tile(path: Path) -> tuple[TileRecord | None, str]:
    try:
        return read_record(path.parent, path.name), ""
    except CannotStart as error:
        return None, str(error.problems[0])


def _digest(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > MAX_UX:
            return ""
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
