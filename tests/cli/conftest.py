"""Reports to bundle and to tamper with: two runs for all tests, copied for each."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import FAULT, FEW, QUICK, Command, certified, reference_partner, written_config
from forging import Record, forge
from launching import launch
from running import Said, environment, made_once
from submitting import PUBLIC

from certification.cli import main
from certification.review.verify.__main__ import looked_at
from certification.run.reference_process import ReferencePartner
from certification.submission.verify import verify_any


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``partner-connect`` in this process and an empty folder; ``verify`` too, which starts one of its own otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "certification.cli.verify.looked_at_apart", lambda task, _seconds, _module: looked_at(task, verify_any)
    )

    def run(*arguments: object, env: dict[str, str] | None = None) -> Said:
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfd.readouterr()
        assert "Traceback (most recent call last)" not in err, err
        return Said(status, out, err)

    return run


@pytest.fixture
def inside(command: Command) -> Command:
    """The same under the name that says how."""
    return command


@pytest.fixture
def program(tmp_path: Path) -> Command:
    """Run ``partner-connect`` as a user does, in a process of its own and an empty folder."""

    def run(*arguments: object, env: dict[str, str] | None = None) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "certification", *map(str, arguments)],
            cwd=tmp_path,
            env=environment(env),
            input="",
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        assert "Traceback (most recent call last)" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a complete run against the correct reference partner."""
    return made_once(
        tmp_path_factory, "good", lambda folder: certified(folder, QUICK, "--certification-challenge=review-17")
    )


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a narrowed run against the correct reference partner: the same in small, fast to look at."""
    return made_once(
        tmp_path_factory,
        "small",
        lambda folder: certified(folder, QUICK, "--certification-challenge=review-17", "-k", FEW),
    )


@pytest.fixture(scope="session")
def faulty_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a narrowed run against a partner with one fault."""

    def make(folder: Path) -> Path:
        partner = reference_partner("--fault", FAULT)
        try:
            return certified(folder, QUICK, "-k", FEW, url=partner.url, config=written_config(folder))
        finally:
            partner.stop()

    return made_once(tmp_path_factory, "faulty", make)


@pytest.fixture(scope="session")
def acorn_run(good_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good report as it would be of a partner whose addresses are public."""
    return made_once(tmp_path_factory, "acorn", lambda folder: renamed(good_run, folder / "report"))


@pytest.fixture(scope="session")
def small_acorn_run(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small good report of the same partner."""
    return made_once(tmp_path_factory, "small-acorn", lambda folder: renamed(small_run, folder / "report"))


def renamed(run: Path, target: Path) -> Path:
    """Copy a report, with public addresses in its config: nothing of what is sent or judged follows from them."""

    def change(found: list[Record]) -> None:
        found[0]["config"] |= {name: value for name, value in PUBLIC.items() if name != "hostnames"}

    shutil.copytree(run, target)
    forge(target, change)
    return target


@pytest.fixture(scope="session")
def launched_once(good_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a partner who has a certificate of record."""
    folder = tmp_path_factory.mktemp("launched")
    launch(folder, good_run, tmp_path_factory.mktemp("before") / "report")
    return folder


@pytest.fixture
def launched(launched_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> Path:
    """A copy of it; the command stands in it, and verifies bundles in this process."""
    shutil.copytree(launched_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(
        "certification.onboarding.facts.looked_at_apart", lambda task, _seconds, *_module: looked_at(task)
    )
    return tmp_path


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
