"""The certificate of record: verified before it becomes one, and kept with those before it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import certification
from certification.config.partner import read_config
from certification.foundation.errors import CannotStart, Problem
from certification.onboarding.facts import Verifies, certified_by, verified_apart
from certification.onboarding.words import reason_words


def entry_for(
    bundle: Path,
    folder: Path,
    today: date,
    kind: str,
    why: str,
    verifies: Verifies = verified_apart,
    config: Path | None = None,
) -> dict[str, Any]:
    """Return the entry of ``certificates`` for the ``bundle``, which lies below ``folder``.

    Raises :class:`CannotStart` when it does not certify the partner as its config (``config``, default ``partner.json`` in
    ``folder``) is today.
    """
    try:
        name = bundle.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        what = "the bundle is not below the folder of onboarding.json."
        raise CannotStart([Problem(str(bundle), what, "Copy it there.")]) from None
    found = certified_by(bundle, read_config(config or folder / "partner.json"), today, verifies)
    if found.against or found.manifest is None:
        remedy = "Run the certification again and bundle it: partner-connect bundle certification-report -o certification.zip"
        raise CannotStart([Problem(str(bundle), f"{reason_words(reason)}.", remedy) for reason in found.against])
    entry = {
        "kind": kind,
        "on": str(today),
        "run": found.manifest.run.id,
        "manifest": found.digest,
        "bundle": name,
        "config": found.config,
        "suite": certification.__version__,
        "verdict": found.verdict,
    }
    return {**entry, "why": why} if why else entry


def recorded(raw: dict[str, Any], entry: dict[str, Any]) -> None:
    """Add ``entry`` to the certificates of an ``onboarding.json``; the first one is called so."""
    certificates: list[dict[str, Any]] = raw.setdefault("certificates", [])
    if any(each.get("manifest") == entry["manifest"] for each in certificates[-1:]):
        return
    certificates.append(entry if certificates else {**entry, "kind": "first"})
