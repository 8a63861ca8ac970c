"""Nothing that a partner sends stops, fools or robs the suite: each run ends clearly and leaves a report behind.

Every partner of the tables listens on a real socket and answers with raw bytes.
"""

from __future__ import annotations

import base64
import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from answers import HOSTILE
from bench import MAX_REQUESTS, OAUTH_SECRET, PASSWORD, TOKEN, USER, RawPartner, run
from running import ROOT, environment

from certification.client.pacing import MAX_WAIT_SECONDS_IN_ALL
from certification.config.partner import PartnerConfig, trial_config
from certification.evidence.folder import stands_in
from certification.evidence.redaction import Redactor
from certification.review.verify import verify

SECRETS = {"BASIC_PASSWORD": PASSWORD, "PAT_TOKEN": TOKEN, "OAUTH_SECRET": OAUTH_SECRET}

FORMS = {
    form
    for secret in SECRETS.values()
    for form in (
        secret,
        secret[::-1],
        secret.upper(),
        " ".join(secret),
        quote(secret, safe=""),
        secret.encode().hex(),
        secret.encode().hex(":"),
        base64.b64encode(secret.encode()).decode(),
        base64.b64encode(secret[::-1].encode()).decode(),
        base64.b64encode(base64.b64encode(secret.encode())).decode(),
        base64.b32encode(secret.encode()).decode(),
        str(list(secret.encode())),
        "\\u0000".join(secret),
        "".join(f"&#{ord(character)}" for character in secret),
    )
} | {base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The addresses to which a connection was opened or tried."""
    called: set[str] = set()
    connect = socket.create_connection

    def noted(address: tuple[str, int], *arguments: Any, **named: Any) -> socket.socket:
        called.add(address[0])
        return connect(address, *arguments, **named)

    monkeypatch.setattr(socket, "create_connection", noted)
    return called


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor(SECRETS, USER)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_partner_costs_no_more_than_its_own_verdict(
    name: str, tmp_path: Path, addresses: set[str], redactor: Redactor
) -> None:
    hostile = HOSTILE[name]
    partner = RawPartner(hostile.connect, hostile.pages)
    config = trial_config(partner.url)
    if hostile.hostnames:
        hostnames = [*config.hostnames, *hostile.hostnames]
        config = PartnerConfig({**config.raw, "hostnames": hostnames}, config.source, trial=False)
    try:
        ran = run(partner, tmp_path / "report", config)
    finally:
        partner.close()
    # A clear end: no fault of the suite, and what is wrong is said.
    assert ran.report["counts"]["error"] == 0, ran.report["cases"]
    broken = ran.broken()
    assert hostile.breaks in broken if hostile.breaks else not broken, (broken, ran.report["findings"])
    said = [
        f"{each['message']} {each['actual']}"
        for each in ran.report["findings"]
        if each["requirement"] == hostile.breaks
    ]
    assert hostile.says in "\n".join(said)
    # Bounded: requests and waiting.
    assert partner.requests <= ran.requests < MAX_REQUESTS
    assert bool(ran.slept) == hostile.waits
    assert sum(ran.slept) <= MAX_WAIT_SECONDS_IN_ALL
    # Nowhere but at the partner's.
    assert addresses == {"127.0.0.1"}
    # An honest report of a hostile partner holds, whoever reads it.
    contradicted = {point.name: point.broken for point in verify(ran.folder.path).points if point.broken}
    assert contradicted == {}
    # The report is there, bounded, and holds no secret.
    files = ran.files()
    assert {"report.html", "report.json", "junit.xml", "summary.md", "evidence.har", "main.jsonl"} <= {
        path.name for path in files
    }
    for path in files:
        assert path.stat().st_size < 20_000_000, path
        text = path.read_text(encoding="utf-8")
        found = [form for form in FORMS if form in text]
        assert found == [], (path.name, found)
        assert not stands_in(path, redactor), path


def test_few_file_descriptors_are_the_fault_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = RawPartner()
    connect, opened = socket.create_connection, list[object]()

    def scarce(*arguments: Any, **named: Any) -> socket.socket:
        # The preflight has a connection, which is not kept for the case.
        opened.append(arguments)
        if len(opened) > 1:
            raise OSError(errno.EMFILE, "Too many open files")
        return connect(*arguments, **named)

    monkeypatch.setattr(socket, "create_connection", scarce)
    monkeypatch.setattr("certification.client.transport.KEEP_SECONDS", 0.0)
    try:
        ran = run(partner, tmp_path / "report")
    finally:
        partner.close()
    assert (ran.report["counts"]["error"], ran.report["counts"]["failed"]) == (1, 0)
    (case,) = [case for case in ran.report["cases"] if case["id"] == "P100"]
    assert "this machine has no file descriptors" in case["reason"]
    assert ran.report["findings"] == []


# Not ru_maxrss: Linux lets a child begin with the peak of the process that started it.
MEASURED = """
import sys, tempfile
from pathlib import Path
from answers import HOSTILE
from bench import RawPartner, run
for name in sys.argv[1:]:
    partner = RawPartner(HOSTILE[name].connect, HOSTILE[name].pages)
    with tempfile.TemporaryDirectory() as folder:
        run(partner, Path(folder) / "report", seconds=10)
    partner.close()
status = Path("/proc/self/status").read_text()
print(status.split("VmHWM:")[1].split()[0])
"""
GREEDY = (
    "is a bomb of gzip",
    "is longer than is kept",
    "has a body without end",
    "is a megabyte",
    "has 24,000 keys twice",
    "has headers without end",
    "has a page without end",
)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read as Linux shows it")
def test_no_partner_makes_the_suite_hold_much(tmp_path: Path) -> None:
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *GREEDY],
        cwd=tmp_path,
        env=environment({"PYTHONPATH": os.pathsep.join([str(ROOT), str(here)])}),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 150_000, f"{done.stdout} kilobytes"


def test_the_tables_are_long() -> None:
    assert len(HOSTILE) >= 120
