"""Ways to run the command line, certifications and partners from a test."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import partners
from running import Said, command_line, environment

from certification.run.reference_process import ReferencePartner, reference_config, with_loopback

FAULT = "test-connection-boolean"
SEED = "--certification-seed=20240501"
FEW = "F100 or P100 or P300 or P302 or P402 or P800 or P900 or E100 or G100 or G120"
QUICK = "--certification-profile=quick"


Command = Callable[..., Said]


def certified(folder: Path, *arguments: str, url: str = "reference", config: Path | None = None) -> Path:
    """Certify and return the report folder."""
    report = folder / "report"
    credentials = {"BASIC_USER": partners.USER, "BASIC_PASSWORD": partners.PASSWORD}
    more = [f"--partner-config={config}"] if config else []
    done = subprocess.run(
        command_line(
            f"--partner-url={url}",
            f"--certification-report={report}",
            SEED,
            "-p",
            "no:cacheprovider",
            *more,
            *arguments,
        ),
        cwd=folder,
        env=environment(credentials),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert (report / "report.json").is_file(), done.stdout + done.stderr
    return report


def reference_partner(*arguments: str) -> ReferencePartner:
    """Start a reference partner that knows the credentials of the tests."""
    return ReferencePartner(
        with_loopback(reference_config()).raw, arguments, user=partners.USER, password=partners.PASSWORD
    )


def written_config(folder: Path) -> Path:
    path = folder / "partner.json"
    path.write_text(json.dumps(with_loopback(reference_config()).raw), encoding="utf-8")
    return path
