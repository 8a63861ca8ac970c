"""Speed: a bare httpx loop and the whole suite against the same reference partner, and the ratio of their rates."""

from __future__ import annotations

import base64
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from certification import bodies
from certification.config import check_config
from certification.identities import Identities
from certification.launch import ReferencePartner

BARE_REQUESTS = 1_000


def bare_rate(raw: dict[str, Any], count: int = BARE_REQUESTS) -> float:
    """Return the requests per second of one httpx.Client that sends first connects and looks at nothing."""
    config = check_config(raw, "config of the benchmark")
    partner = ReferencePartner(raw)
    identities = Identities(secrets.token_hex(4))
    people = [
        identities.person(f"user {n}", identities.company(f"{n}"), identities.workspace(f"{n}")) for n in range(count)
    ]
    texts = [bodies.encode(bodies.connect_body(config, person, None)).encode() for person in people]
    token = base64.b64encode(f"{partner.user}:{partner.password}".encode()).decode()
    headers = {
        "User-Agent": "databricks",
        "Authorization": f"Basic {token}",
        "Content-Type": "application/json",
        "Accept-Language": "en-US",
    }
    url = f"{partner.url}{config.path('connect')}"
    try:
        with httpx.Client(headers=headers) as client:
            begun = time.perf_counter()
            for text in texts:
                client.post(url, content=text).raise_for_status()
            return count / (time.perf_counter() - begun)
    finally:
        partner.stop()


def run_of(profile: str) -> tuple[int, float, float]:
    """Run the profile as a user does, in a process of its own; returns requests, seconds and peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--partner-url=reference",
            f"--certification-profile={profile}",
            f"--certification-report={folder}/report",
        ]
        if not _installed():
            command[3:3] = ["-p", "certification.plugin"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=_environment())  # noqa: S603 - our own command
        seconds = time.perf_counter() - begun
        if done.returncode:
            message = f"the run ended with status {done.returncode}:\n{done.stdout[-2000:]}"
            raise RuntimeError(message)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        import json

        report = json.loads((Path(folder) / "report" / "report.json").read_text(encoding="utf-8"))
        return report["run"]["requests"], seconds, max(before, after) / 1024


def _installed() -> bool:
    from importlib.metadata import entry_points

    return any(entry.name == "certification.plugin" for entry in entry_points(group="pytest11"))


def _environment() -> dict[str, str]:
    import os

    root = str(Path(__file__).resolve().parent.parent.parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))}


def report() -> str:
    """Measure everything and return it as text."""
    from certification.reference import default_config

    bare = bare_rate(default_config())
    lines = [f"bare httpx loop: {bare:,.0f} requests/s"]
    for profile in ("quick", "standard", "thorough"):
        requests, seconds, memory = run_of(profile)
        rate = requests / seconds
        lines.append(
            f"{profile}: {requests:,} requests in {seconds:.1f} s, start of Python and report included: {rate:,.0f} requests/s, {rate / bare:.2f} of the bare loop; peak memory so far {memory:.0f} MB"
        )
    return "\n".join(lines)
