"""The manifest of a bundle: digest and size of every file, and what the bundle says about its run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from certification.contract.validation import show
from certification.evidence.records import Digest, Version, other_format
from certification.foundation.errors import BadEvidence, OtherFormat
from certification.foundation.strict_json import parse
from certification.foundation.typed_json import MismatchError, from_json, to_json

T = TypeVar("T")

BUNDLE_FORMAT: Final = 2
"""Version of the bundle's format: its members, and the form of the manifest and the signature."""

KIND: Final = "partner-connect-certification bundle"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
REMEDY: Final = "Ask the sender for the file that partner-connect bundle wrote."

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """Digest and size of one file."""

    sha256: Digest
    size: int


@dataclass(frozen=True, slots=True)
class SuiteClaim:
    """The suite that made the run."""

    name: str
    version: Version
    catalogue: Digest


@dataclass(frozen=True, slots=True)
class RunClaim:
    """The run that is in the bundle."""

    id: str
    started: str
    finished: str
    seed: int
    profile: str
    challenge: str


@dataclass(frozen=True, slots=True)
class PartnerClaim:
    """Whom the run certified."""

    name: str
    url: str
    api_version: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a bundle says about its run; all of it follows from the evidence."""

    suite: SuiteClaim
    run: RunClaim
    partner: PartnerClaim
    verdict: str
    complete: bool
    incomplete_because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest(Claims):
    """The first member of a bundle; the signature is over its bytes."""

    kind: Literal["partner-connect-certification bundle"]
    format: int
    files: Mapping[str, Entry]


def manifest_of(folder: Path, names: list[str], report: dict[str, Any], incomplete: list[str]) -> bytes:
    """Return the text of the manifest for the files ``names`` of ``folder``; ``incomplete`` says why the run is not."""
    files = {name: to_json(digest_of(folder / name)) for name in names}
    manifest = {"kind": KIND, "format": BUNDLE_FORMAT, **to_json(claims(report, incomplete)), "files": files}
    return (json.dumps(manifest, indent=1, ensure_ascii=True) + "\n").encode()


def claims(report: dict[str, Any], incomplete: list[str]) -> Claims:
    """Return what a bundle of ``report`` says about its run."""
    suite, run, partner = report["suite"], report["run"], report["partner"]
    return Claims(
        SuiteClaim(suite["name"], suite["version"], suite["catalogue"]),
        RunClaim(run["id"], run["started"], run["finished"], run["seed"], run["profile"], run["challenge"]),
        PartnerClaim(partner["name"], partner["url"], partner["api_version"]),
        report["verdict"],
        not incomplete,
        tuple(incomplete),
    )


def incompleteness(report: dict[str, Any]) -> list[str]:
    """Return why ``report`` is not one of a complete run; empty when it is.

    Cases that are blocked because another case failed do not make a failed run incomplete.
    """
    run = report["run"]
    reasons = [f"narrowed by {text}" for text in run["narrowed_by"]]
    if run["problems"]:
        reasons.append("the run could not start")
    elif run["interrupted"]:
        reasons.append("the run was stopped before its end")
    if report["partner"]["trial"]:
        reasons.append("a trial run without a partner config")
    reasons += [
        f"waiver {waiver['id']} matches nothing" for waiver in report.get("waivers", []) if waiver["state"] == "unused"
    ]
    stopping = {"error", "blocked"} if report["verdict"] == "incomplete" else {"error"}
    names = [case["id"] for case in report["cases"] if case["verdict"] in stopping]
    if names and not reasons:
        reasons.append(
            f"{len(names)} cases could not be checked: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}"
        )
    return reasons


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of an unpacked bundle; raises :class:`BadEvidence` when it is none of this format."""
    return manifest_in(folder, Manifest, KIND, BUNDLE_FORMAT)


def manifest_in(folder: Path, form: type[T], kind: str, own: int, remedy: str = REMEDY) -> T:
    """Return the manifest in ``folder`` as ``form``, a data class, when it is of ``kind`` and of format ``own``.

    Raises :class:`BadEvidence`, and :class:`OtherFormat` for one of another format.
    """
    noun, path = kind.rpartition(" ")[2], folder / MANIFEST
    if not path.is_file():
        message = f"{MANIFEST} is missing: this is no {noun} of this suite. {remedy}"
        raise BadEvidence(message)
    value = strict_object(path, noun, remedy)
    if value.get("kind") != kind:
        message = f"{MANIFEST} is none of a {noun} of this suite. {remedy}"
        raise BadEvidence(message)
    if value.get("format") != own:
        message = f"{MANIFEST}: {other_format(noun, value, own)}."
        raise OtherFormat(message)
    try:
        return from_json(form, value)
    except MismatchError as error:
        message = f"{MANIFEST}, field {error.where or '/'} {error.what}. {remedy}"
        raise BadEvidence(message) from None


def strict_object(path: Path, noun: str = "bundle", remedy: str = REMEDY) -> dict[str, Any]:
    """Return the JSON object in the file at ``path``; raises :class:`BadEvidence`, also for keys that stand twice."""
    try:
        parsed = parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        message = f"{path.name} is not UTF-8. {remedy}"
        raise BadEvidence(message) from None
    wrong = parsed.error or next(iter(parsed.irregularities), "")
    if not isinstance(parsed.value, dict) or wrong:
        message = f"{path.name} is none of a {noun} of this suite ({wrong or 'it holds no object'}). {remedy}"
        raise BadEvidence(message)
    return parsed.value


def manifest_errors(folder: Path, listed: Mapping[str, Entry], noun: str = "bundle") -> Iterator[str]:
    """Yield where the files of an unpacked bundle are not those that its manifest lists."""
    members = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    present = members - {MANIFEST, SIGNATURE}
    for name in sorted(listed.keys() - present):
        yield f"{name[:80]!a} is listed in {MANIFEST}, but is not in the {noun}"
    for name in sorted(present):
        entry = listed.get(name)
        if entry is None:
            yield f"{name} is not listed in {MANIFEST}"
        elif entry != digest_of(folder / name):
            yield f"{name} does not have the digest that {MANIFEST} gives"


def claim_errors(manifest: Manifest, report: dict[str, Any]) -> Iterator[str]:
    """Yield where the manifest says something else about the run than ``report``, which follows from the evidence."""
    claimed = to_json(manifest)
    for name, value in to_json(claims(report, incompleteness(report))).items():
        if claimed[name] != value:
            yield f"{MANIFEST}, {name}: it says {show(claimed[name])}, the evidence gives {show(value)}"


def digest_of(path: Path) -> Entry:
    """Return digest and size of the file at ``path``."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Entry(digest.hexdigest(), size)
