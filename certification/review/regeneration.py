"""Make the HTML page again from the evidence: pytest and pytest-html once more, with the recorded results for cases.

A process of its own runs pytest with this module as its only plugin besides pytest-html, so that nothing of the project
in which it is started, and no other plugin, gets into the page.  No call is made and no case is run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from certification.cases.case import Case
from certification.cases.play import Context
from certification.client.client import Credentials
from certification.config.partner import PartnerConfig
from certification.evidence.folder import ReportFolder
from certification.foundation.errors import BadEvidence
from certification.report.build import RunRecords, build_report, read_run
from certification.review.subprocess_environment import child_environment
from certification.run.judge import CaseResult
from certification.session import NAME
from certification.session.base import Plan
from certification.session.director import Director
from certification.session.items import KEY, CaseItem
from certification.session.options import use_pytest_as_we_do

PAGE_SECONDS = 300
PLUGINS = ("pytest_html.plugin", "pytest_metadata.plugin", "certification.review.regeneration")


def regenerate_page(folder: Path, target: Path) -> None:
    """Write the page of the run whose evidence is in ``folder`` to ``target``; raises :class:`BadEvidence`."""
    with tempfile.TemporaryDirectory() as empty:
        settings = Path(empty) / "pytest.ini"
        settings.write_text("[pytest]\n", encoding="utf-8")
        command = [sys.executable, "-P", "-m", "pytest", "-c", str(settings), "--rootdir", empty]
        command += [word for name in PLUGINS for word in ("-p", name)]
        command += [
            "-p",
            "no:cacheprovider",
            f"--certification-report={folder.resolve()}",
            f"--html={target.resolve()}",
        ]
        try:
            done = subprocess.run(  # noqa: S603 - our own command; the only foreign word is a path, after its option
                command,
                cwd=empty,
                env=child_environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=PAGE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            message = f"{folder}: making the page from the evidence took more than {PAGE_SECONDS} s."
            raise BadEvidence(message) from None
    if not target.is_file():
        said = (done.stderr.strip() or done.stdout.strip())[-600:]
        message = f"{folder}: the page cannot be made from the evidence: {said}"
        raise BadEvidence(message)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option that names the report folder."""
    parser.getgroup("certification").addoption("--certification-report", metavar="DIR")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Take over the session."""
    session = Regenerator(config)
    config.stash[KEY] = session
    config.pluginmanager.register(session, NAME)
    session.begin()


class Regenerator(Director):
    """A session whose cases have their recorded results."""

    def begin(self) -> None:
        """Read the evidence; nothing is opened for writing but the page."""
        super(Director, self).begin()
        option = self.config.option
        use_pytest_as_we_do(self.config)
        option.self_contained_html = True
        source = Path(option.certification_report)
        try:
            self._records = read_run(source)
        except BadEvidence as error:
            raise pytest.UsageError(str(error)) from None
        self.folder = ReportFolder(source)
        self.plan = plan_of(self._records)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Make no call."""

    def before_collection(self) -> None:
        """Let nothing stand in the way: a run that could not start has a page too."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the cases that the run came to."""
        items[:] = [item for item in items if isinstance(item, CaseItem) and came_to(self._records, item.case)]

    def run_case(self, case: Case) -> CaseResult:
        """Return the recorded result of ``case``."""
        return self._records.results[case.id]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Give the case the time that it took in the run."""
        report = yield from super().pytest_runtest_makereport(item)
        if report.when == "call" and isinstance(item, CaseItem):
            report.duration = self._records.seconds.get(item.case.id, 0.0)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Build the report; pytest-html writes the page after this."""
        del exitstatus
        self.report = build_report(self.folder.path)
        session.exitstatus = 0

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say nothing: nobody reads it."""

    def pytest_unconfigure(self) -> None:
        """Leave the folder as it is."""


def came_to(records: RunRecords, case: Case) -> bool:
    """Return whether the run whose ``records`` these are came to ``case``."""
    if case.manual:
        return case.id in records.selected
    return case.id in records.results


def plan_of(records: RunRecords) -> Plan:
    """Return the plan of the recorded run, without credentials."""
    run: dict[str, Any] = records.run
    return Plan(context_of(run), Credentials("", "", "", ""), list(run["notes"]))


def context_of(run: dict[str, Any]) -> Context:
    """Return what all executions of the recorded run shared, from its first record."""
    config = PartnerConfig(run["config"], run["config_source"], trial=run["trial"])
    return Context(run["id"], run["seed"], run["profile"], run["url"], config, frozenset(run["alike"]))
