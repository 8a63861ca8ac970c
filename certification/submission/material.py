"""The material of a submission: laid out in a folder as its members, and looked at.

Who makes a submission and who verifies one look at the same folder with the same eyes; only what lies outside of the files
(pages, credentials) is looked at once and then taken from the record.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import certification
from certification.attestations.file import read_attestations
from certification.config.files import read_file
from certification.config.images import image_at
from certification.config.partner import PartnerConfig, check_config
from certification.foundation.errors import BadEvidence, CannotStart, CertificationError, Problem
from certification.foundation.strict_json import parse
from certification.foundation.typed_json import MismatchError, from_json, to_json
from certification.report.build import build_report
from certification.report.read import exchanges
from certification.review import manifest as bundle_manifest
from certification.review.bundle import unpack
from certification.review.manifest import MANIFEST, Manifest, digest_of
from certification.review.verify.outcome import Output
from certification.submission.explanations import NOTHING_EXPLAINED, Explanations
from certification.submission.facts import Looked, Outside, Picture
from certification.submission.leaks import leaks_in
from certification.submission.manifest import (
    ATTESTATIONS,
    BUNDLE,
    CONFIG,
    EXPLANATIONS,
    MAX_PICTURE,
    PICTURE,
    SUBMISSION,
    UX,
)
from certification.submission.manual_cases import attested, pictures_in
from certification.submission.redirect_scenarios import RedirectScenarios, redirect_scenarios

BY_HAND = (CONFIG, EXPLANATIONS, ATTESTATIONS, UX)
"""Members that a person wrote."""

MAX_PICTURES = 400

Verifies = Callable[[Path], Output]


@dataclass(frozen=True)
class Given:
    """Where the parts of a submission lie."""

    config: PartnerConfig
    config_folder: Path
    """Where logo and icon are."""
    bundle: Path
    explanations: Explanations
    attestations: Path | None = None
    usability: Path | None = None


def lay_out(given: Given, folder: Path) -> None:
    """Copy the parts into the empty ``folder`` under the names of their members; raises :class:`CannotStart`.

    What is missing stays out, and is found missing when it is looked at.
    """
    problems: list[Problem] = []
    shutil.copyfile(given.bundle, folder / BUNDLE)
    _write_json(folder / CONFIG, given.config.raw)
    if given.explanations.explanations:
        _write_json(folder / EXPLANATIONS, to_json(given.explanations))
    (folder / "images").mkdir()
    for field, name in (("logo_file", "logo"), ("icon_file", "icon")):
        path = given.config_folder / str(given.config.raw[field])
        image = image_at(path) if path.is_file() else None
        if image is not None and path.stat().st_size <= MAX_PICTURE:
            shutil.copyfile(path, folder / "images" / f"{name}.{image.kind}")
    for file, target, named in (
        (given.attestations, ATTESTATIONS, _attested_pictures),
        (given.usability, UX, _usability_pictures),
    ):
        if file is not None:
            problems += _with_pictures(file, folder, target, named)
    if problems:
        raise CannotStart(problems)


def _with_pictures(path: Path, folder: Path, target: str, named: Callable[[Path], list[str]]) -> Iterator[Problem]:
    """Copy a JSON file and the pictures that it names; yields what keeps it from being copied."""
    if not path.is_file() or path.stat().st_size > SUBMISSION.bound(target):
        yield Problem(str(path), "this is no file, or too large for one.", "Name the file that the suite wrote.")
        return
    problem = SUBMISSION.file_problem(path, target)
    if problem:
        # What a link leads to may be anything on this machine, and would be handed over.
        yield Problem(str(path), f"{problem}.", "Put an ordinary file there.")
        return
    (folder / target).parent.mkdir(exist_ok=True)
    shutil.copyfile(path, folder / target)
    names = named(path)
    if len(names) > MAX_PICTURES:
        yield Problem(str(path), f"it names {len(names)} pictures.", f"A submission holds up to {MAX_PICTURES}.")
        return
    prefix = "ux/" if target == UX else ""
    for name in names:
        source = path.parent / name
        if PICTURE.fullmatch(prefix + name) is None or not source.is_file():
            continue
        problem = SUBMISSION.file_problem(source, prefix + name)
        if problem:
            yield Problem(str(source), f"{problem}.", "Save it smaller, or as an ordinary file.")
            continue
        copy = folder / (prefix + name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)


def _attested_pictures(path: Path) -> list[str]:
    try:
        return pictures_in(read_attestations(path))
    except CannotStart:
        # What is wrong with the file is said where it is looked at.
        return []


def _usability_pictures(path: Path) -> list[str]:
    """Return every text in a usability result that is the name of a picture beside it."""
    found, waiting = set[str](), [parse(path.read_text(encoding="utf-8", errors="replace")).value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict | list):
            waiting += item.values() if isinstance(item, dict) else item
        elif isinstance(item, str) and PICTURE.fullmatch(f"ux/{item}"):
            found.add(item)
    return sorted(found)


def read_config_in(folder: Path) -> PartnerConfig:
    """Return the config among the members in ``folder``; raises :class:`CannotStart`."""
    raw, _ = read_file(folder / CONFIG)
    return check_config(raw, CONFIG)


def read_explanations_in(folder: Path) -> Explanations:
    """Return the explanations among the members in ``folder``, none when there are none; raises :class:`BadEvidence`."""
    path = folder / EXPLANATIONS
    if not path.is_file():
        return NOTHING_EXPLAINED
    try:
        return from_json(Explanations, bundle_manifest.strict_object(path, "submission", SUBMISSION.remedy))
    except MismatchError as error:
        message = f"{EXPLANATIONS}, field {error.where or '/'} {error.what}. {SUBMISSION.remedy}"
        raise BadEvidence(message) from None


def look(folder: Path, outside: Outside, verifies: Verifies) -> Looked:
    """Look at the members in ``folder``; ``verifies`` looks at the bundle among them.

    Raises :class:`CannotStart` for a config that is none, and :class:`BadEvidence` for explanations that are none.
    """
    config, explanations = read_config_in(folder), read_explanations_in(folder)
    certificate = verifies(folder / BUNDLE)
    with tempfile.TemporaryDirectory(prefix="partner-connect-") as temporary:
        inner = Path(temporary)
        manifest = _unpacked(folder / BUNDLE, inner)
        report = _report(inner) if manifest is not None else None
        return Looked(
            config,
            certificate,
            manifest,
            digest_of(inner / MANIFEST).sha256 if manifest is not None else "",
            str(report["partner"]["config"]) if report is not None else "",
            report,
            tuple(_picture(folder, config, field) for field in ("logo_file", "icon_file")),
            _scenarios(inner, config, report),
            explanations,
            attested(folder, config, certification.__version__),
            (folder / UX).is_file(),
            outside,
            leaks_in(members_to_scan(folder, inner)),
        )


def members_to_scan(folder: Path, inner: Path) -> list[tuple[str, Path, bool]]:
    """Return (name, file, written by a person) of every member in ``folder``, and of the bundle unpacked in ``inner``."""
    members = [(name, folder / name, name in BY_HAND) for name in _scanned(folder)]
    return members + [(f"{BUNDLE}: {name}", inner / name, False) for name in _scanned(inner)]


def _scanned(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _unpacked(bundle: Path, inner: Path) -> Manifest | None:
    try:
        unpack(bundle, inner)
        return bundle_manifest.read_manifest(inner)
    except BadEvidence:
        # Why it cannot be read is a point of the verification.
        return None


def _report(inner: Path) -> dict[str, Any] | None:
    try:
        return build_report(inner)
    except (CertificationError, KeyError, ValueError, TypeError, StopIteration, OSError):
        return None


def _scenarios(inner: Path, config: PartnerConfig, report: dict[str, Any] | None) -> RedirectScenarios | None:
    if report is None:
        return None
    verdicts = {case["id"]: case["verdict"] for case in report["cases"]}
    try:
        return redirect_scenarios(config, report["run"]["id"], exchanges(inner), verdicts)
    except (BadEvidence, ValueError, TypeError):
        return None


def _picture(folder: Path, config: PartnerConfig, field: str) -> Picture:
    stem = folder / "images" / field.removesuffix("_file")
    path = next((each for kind in ("png", "svg") if (each := stem.with_suffix(f".{kind}")).is_file()), None)
    return Picture(field, str(config.raw[field])[:200], image_at(path) if path else None)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", errors="backslashreplace")
