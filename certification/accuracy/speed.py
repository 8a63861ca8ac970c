"""Speed: a bare httpx loop and the whole suite against the same reference partner, the ratio of their rates, and memory."""

from __future__ import annotations

import base64
import dataclasses
import json
import resource
import secrets
import subprocess
import sys
import time
from typing import Any

import httpx

from certification.accuracy.certify import certify
from certification.accuracy.partners import CREDENTIALS, Reachable
from certification.config.partner import check_config
from certification.databricks import requests as bodies
from certification.databricks.people import Identities
from certification.run.reference_process import ReferencePartner

BARE_REQUESTS = 1_000


def bare_rate(partner: ReferencePartner, raw: dict[str, Any], count: int = BARE_REQUESTS) -> float:
    """Return the requests per second of one httpx.Client that sends first connects and looks at nothing but the status."""
    config = check_config(raw, "config of the benchmark")
    identities = Identities(secrets.token_hex(4))
    texts = [
        bodies.encode(bodies.connect_body(config, person, None)).encode()
        for person in (
            identities.person(f"user {number}", identities.company(f"{number}"), identities.workspace(f"{number}"))
            for number in range(count)
        )
    ]
    token = base64.b64encode(f"{partner.user}:{partner.password}".encode()).decode()
    headers = {
        "User-Agent": "databricks",
        "Authorization": f"Basic {token}",
        "Content-Type": "application/json",
        "Accept-Language": "en-US",
    }
    url = f"{partner.url}{config.path('connect')}"
    with httpx.Client(headers=headers) as client:
        begun = time.perf_counter()
        for text in texts:
            client.post(url, content=text).raise_for_status()
        return count / (time.perf_counter() - begun)


def one_run(times: int) -> str:
    """Run bare loop and standard profile in this process; returns figures as JSON, memory in MB.

    ``times`` multiplies the examples of the generated cases.
    """
    from certification.reference import default_config

    raw = default_config()
    partner = ReferencePartner(raw)
    try:
        bare = bare_rate(partner, raw)
        credentials = dataclasses.replace(CREDENTIALS, user=partner.user, password=partner.password)
        config = check_config(raw, "config of the benchmark")
        outcome = certify(Reachable(partner.url, config, credentials), times=times)
    finally:
        partner.stop()
    rate = outcome.requests / outcome.seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return json.dumps(
        {
            "bare": bare,
            "requests": outcome.requests,
            "seconds": outcome.seconds,
            "rate": rate,
            "ratio": rate / bare,
            "peak": peak,
            "findings": len(outcome.findings),
        }
    )


def report() -> str:
    """Measure the standard profile and ten times its examples, each in a process of its own, and return the table."""
    lines = [
        "| examples | bare loop | requests | seconds | rate | ratio to the bare loop | peak memory |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for title, times in (("standard", 1), ("ten times as many", 10)):
        command = [sys.executable, "-m", "certification.accuracy", "run", f"--times={times}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own module
        figures = json.loads(done.stdout)
        lines.append(
            f"| {title} | {figures['bare']:,.0f}/s | {figures['requests']:,} | {figures['seconds']:.1f} "
            f"| {figures['rate']:,.0f}/s | {figures['ratio']:.2f} | {figures['peak']:.0f} MB |"
        )
    return "\n".join(lines)
