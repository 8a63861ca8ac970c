"""Reports to bundle and to tamper with: two runs for all tests, copied for each."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import partners
import pytest
from running import command_line, environment

from certification.launch import ReferencePartner, reference_config, with_loopback

FAULT = "test-connection-boolean"
SEED = "--certification-seed=20240501"
FEW = "F100 or P100 or P300 or P302 or P402 or P800 or P900 or E100 or G100 or G120"
QUICK = "--certification-profile=quick"


@dataclass(frozen=True)
class Said:
    """What a command said and its exit status."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., Said]:
    """Run ``partner-connect`` as a user does, in an empty folder."""

    def run(
        *arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None, answers: str | None = None
    ) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "certification", *map(str, arguments)],
            cwd=cwd or tmp_path,
            env=environment(env),
            input=answers if answers is not None else "",
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        assert "Traceback (most recent call last)" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    return run


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


@pytest.fixture(scope="session")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a complete run against the correct reference partner."""
    return certified(tmp_path_factory.mktemp("good"), QUICK, "--certification-challenge=review-17")


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a narrowed run against the correct reference partner: the same in small, fast to look at."""
    return certified(tmp_path_factory.mktemp("small"), QUICK, "--certification-challenge=review-17", "-k", FEW)


@pytest.fixture(scope="session")
def faulty_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a narrowed run against a partner with one fault."""
    folder = tmp_path_factory.mktemp("faulty")
    partner = reference_partner("--fault", FAULT)
    try:
        return certified(folder, QUICK, "-k", FEW, url=partner.url, config=written_config(folder))
    finally:
        partner.stop()


def reference_partner(*arguments: str) -> ReferencePartner:
    """Start a reference partner that knows the credentials of the tests."""
    return ReferencePartner(
        with_loopback(reference_config()).raw, arguments, user=partners.USER, password=partners.PASSWORD
    )


def written_config(folder: Path) -> Path:
    path = folder / "partner.json"
    path.write_text(json.dumps(with_loopback(reference_config()).raw), encoding="utf-8")
    return path


@pytest.fixture
def good(good_run: Path, tmp_path: Path) -> Path:
    """A copy of the good report, to tamper with."""
    return Path(shutil.copytree(good_run, tmp_path / "good"))


@pytest.fixture
def small(small_run: Path, tmp_path: Path) -> Path:
    """A copy of the small good report, to tamper with."""
    return Path(shutil.copytree(small_run, tmp_path / "small"))


@pytest.fixture
def faulty(faulty_run: Path, tmp_path: Path) -> Path:
    """A copy of the faulty report, to tamper with."""
    return Path(shutil.copytree(faulty_run, tmp_path / "faulty"))


@pytest.fixture
def correct_partner() -> Iterator[ReferencePartner]:
    """The reference partner without a fault."""
    partner = reference_partner()
    yield partner
    partner.stop()


@pytest.fixture
def broken_partner() -> Iterator[ReferencePartner]:
    """The reference partner with the fault of ``faulty_run``."""
    partner = reference_partner("--fault", FAULT)
    yield partner
    partner.stop()
