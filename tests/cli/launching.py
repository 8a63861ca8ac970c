"""A partner who has a certificate of record."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from certification.config.partner import PartnerConfig
from certification.review.bundle import member_names, write_bundle
from certification.review.manifest import manifest_of


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def launch(folder: Path, good_run: Path, before: Path) -> None:
    """Put config, bundle of record and record into ``folder``: of a run before the good one, when another host was listed.

    ``before`` is a folder to work in.
    """
    shutil.copytree(good_run, before)
    report = read(before / "report.json")
    config = report["config"]
    report["run"]["id"] = "the-first-run"
    report["config"] = {**config, "hostnames": ["old.example"]}
    report["partner"]["config"] = PartnerConfig(report["config"]).digest
    write(before / "report.json", report)
    names = member_names(before)
    manifest = manifest_of(before, names, report, [])
    with (folder / "certification.zip").open("wb") as file:
        write_bundle(before, names, manifest, None, file)
    write(folder / "partner.json", config)
    for name in ("logo_file", "icon_file"):
        (folder / config[name]).write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    entry = {
        "$comment": "the first one",
        "kind": "first",
        "on": "2026-01-04",
        "run": report["run"]["id"],
        "manifest": hashlib.sha256(manifest).hexdigest(),
        "bundle": "certification.zip",
        "config": report["partner"]["config"],
        "suite": report["suite"]["version"],
        "verdict": report["verdict"],
    }
    write(folder / "onboarding.json", {"format": 1, "partner": config["name"], "certificates": [entry]})
