"""The process that the user started: it plans the run, stops what cannot start, and publishes the report."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import pytest
from pytest_metadata.plugin import metadata_key  # type: ignore[import-untyped]  # has no types

from certification.client.client import CALL_SECONDS, Credentials
from certification.client.partner import alike, credentials_of, open_recorder
from certification.config.partner import PartnerConfig, read_config, trial_config
from certification.databricks.context import Context
from certification.evidence.folder import ReportFolder
from certification.evidence.recorder import FORMAT, DiskFull
from certification.evidence.records import End, Obstacle, Run, record_of
from certification.foundation.clock import WallClock
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.safe_text import visible
from certification.report import terminal
from certification.report.publish import publish
from certification.report.verdict import EXIT_INCOMPLETE
from certification.run import preflight
from certification.run.reference_process import ReferencePartner, reference_config, with_loopback
from certification.session.base import Plan, Session
from certification.session.options import option_problems, suite_facts, use_pytest_as_we_do, weak_notes

UNKNOWN = "http://unknown.example"
"""Stands in for an address that is none, in the report of a run that could not start."""


class Director(Session):
    """The process that the user started."""

    def __init__(self, config: pytest.Config) -> None:
        """Nothing is touched yet."""
        super().__init__(config)
        self.folder = ReportFolder(Path(config.option.certification_report))
        self._reference: ReferencePartner | None = None
        self._ready = False
        self._deselected: list[str] = []
        self._interrupted = False
        self._page: Any = None
        self.report: dict[str, Any] | None = None
        self._unpublished = ""
        self._clock = WallClock()

    def begin(self) -> None:
        """Read the config, open the report folder, and set pytest up; what is wrong is kept for later."""
        super().begin()
        option = self.config.option
        use_pytest_as_we_do(self.config)
        try:
            self.folder.open()
        except CannotStart as error:
            raise pytest.UsageError(*map(str, error.problems)) from None
        option.htmlpath = option.htmlpath or str(self.folder.html)
        option.self_contained_html = True
        self.plan = self._make_plan()
        self.recorder = open_recorder(self.folder.evidence / "main.jsonl", self.redactor())
        self._record_run()

    def processes(self) -> int:
        """Return how many workers there are, or one."""
        return len(getattr(self.config.option, "tx", None) or [None])

    def _make_plan(self) -> Plan:
        option, problems = self.config.option, list[Problem]()
        url: str = option.partner_url
        environment = dict(os.environ)
        config: PartnerConfig | None = None
        if url != "reference":
            problems += preflight.address_problems(url)
            url = preflight.without_credentials(url)
        try:
            config = self._read_config(url if not problems else UNKNOWN)
        except CannotStart as error:
            problems += error.problems
        problems += option_problems(option)
        if url == "reference":
            if config is not None and not problems:
                config, url = self._start_reference(config, problems)
        else:
            problems += preflight.credential_problems(environment, config)
        run_id = secrets.token_hex(8) + (f"-{option.certification_challenge}" if option.certification_challenge else "")
        seed = option.certification_seed if option.certification_seed is not None else secrets.randbelow(2**32)
        credentials = self._credentials(environment)
        notes = list(config.warnings) if config else []
        notes += weak_notes(credentials, config)
        context = Context(
            run_id,
            seed,
            option.certification_profile,
            url,
            config or trial_config(UNKNOWN),
            alike(credentials),
        )
        return Plan(context, credentials, notes, problems, option.certification_challenge)

    def _read_config(self, url: str) -> PartnerConfig:
        named: str | None = self.config.option.partner_config
        if named:
            return read_config(Path(named))
        if url == "reference":
            return reference_config()
        if Path("partner.json").exists():
            return read_config(Path("partner.json"))
        return trial_config(url)

    def _start_reference(self, config: PartnerConfig, problems: list[Problem]) -> tuple[PartnerConfig, str]:
        config = with_loopback(config)
        try:
            self._reference = ReferencePartner(config.raw)
        except CannotStart as error:
            problems += error.problems
            return config, "http://127.0.0.1"
        return config, self._reference.url

    def _credentials(self, environment: dict[str, str]) -> Credentials:
        if self._reference is not None:
            return credentials_of(self._reference.user, self._reference.password)
        return credentials_of(
            environment.get("BASIC_USER", ""), environment.get("BASIC_PASSWORD", ""), environment.get("PAT_TOKEN")
        )

    def _record_run(self) -> None:
        context = self.plan.context
        assert self.recorder is not None  # noqa: S101 - set one line before the call
        source = context.config.source
        run = Run(
            FORMAT,
            suite_facts(),
            context.run_id,
            context.seed,
            context.profile,
            context.url,
            context.config.raw,
            Path(source).name if "/" in source else source,
            context.config.trial,
            tuple(sorted(context.alike)),
            self.plan.challenge,
            self._clock.now(),
            tuple(self.plan.notes),
        )
        self.recorder.write(record_of(run))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker what to do."""
        context, credentials = self.plan.context, self.plan.credentials
        node.workerinput["certification"] = {
            "run_id": context.run_id,
            "seed": context.seed,
            "profile": context.profile,
            "url": context.url,
            "config": context.config.raw,
            "config_source": context.config.source,
            "trial": context.config.trial,
            "alike": sorted(context.alike),
            "credentials": [credentials.user, credentials.password, credentials.token, credentials.oauth_secret],
            "folder": str(self.folder.path.resolve()),
            "processes": self.processes(),
        }

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Spread the cases so that those of the shared domain stay together on one worker."""
        from certification.session.schedule import KeepTogether

        return KeepTogether(config, log)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Call the partner once, before any worker starts."""
        del session
        # pytest-metadata would put paths and variables of this machine into reports that leave it.
        self.config.stash.get(metadata_key, {}).clear()
        if not self.plan.problems:
            self.plan.problems += self._preflight()

    def _preflight(self) -> list[Problem]:
        self._runner = self._make_runner()
        return preflight.call_problems(self.plan.context, self._runner.partner)

    def before_collection(self) -> None:
        """Stop here, with all problems at once, when there are any."""
        self._ready = True
        if self.plan.problems:
            assert self.recorder is not None  # noqa: S101 - set in begin
            for problem in self.plan.problems:
                self.recorder.write(record_of(Obstacle(problem.where, problem.what, problem.remedy)))
            raise pytest.UsageError(*map(str, self.plan.problems))

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Note that the run is narrowed."""
        self._deselected += [item.name for item in items]

    def pytest_keyboard_interrupt(self) -> None:
        """Note that the run was stopped."""
        self._interrupted = True

    def pytest_report_header(self) -> list[str]:
        """Say what is certified, before it begins."""
        return terminal.header(self.plan.context, self.plan.notes, str(self.folder.path))

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, Any] | None:
        """Show the verdict of a case in the words of the report."""
        return terminal.status(report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Name the page, and keep hold of it until the report is known."""
        from certification.report.html import title_of

        report.title = title_of(self.plan.context.config.name)
        self._page = report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Conclude the run; pytest-html writes its file after this."""
        if not self._ready:
            return
        self._interrupted |= bool(session.shouldstop or session.shouldfail) or exitstatus in {2, 3}
        assert self.recorder is not None  # noqa: S101 - set in begin
        try:
            self.recorder.write(record_of(End(self._clock.now(), tuple(self._narrowed(session)), self._interrupted)))
            self.close()
            self.report = publish(self.folder, self.redactor())
        except (DiskFull, OSError) as error:
            self._unpublished = f"The report cannot be written: {error}"
            session.exitstatus = EXIT_INCOMPLETE
        else:
            session.exitstatus = self.report["exit_status"]

    def _narrowed(self, session: pytest.Session) -> list[str]:
        option, reasons = self.config.option, list[str]()
        if option.keyword:
            reasons.append(f"-k {option.keyword}")
        if option.markexpr:
            reasons.append(f"-m {option.markexpr}")
        for name, flag in (("lf", "--lf"), ("stepwise", "--stepwise")):
            if getattr(option, name, False) and (self._deselected or self._interrupted):
                reasons.append(flag)
        if getattr(option, "deselect", None):
            reasons.append("--deselect")
        reasons += [argument for argument in self.config.args if "::" in argument]
        if (session.shouldstop or session.shouldfail) and option.maxfail:
            reasons.append("-x" if option.maxfail == 1 else f"--maxfail={option.maxfail}")
        allowed = option.certification_max_requests
        if allowed is not None and self.folder.requests() >= allowed:
            reasons.append(f"--certification-max-requests={option.certification_max_requests}")
        if option.certification_timeout != CALL_SECONDS:
            reasons.append(f"--certification-timeout={option.certification_timeout:g}")
        if self._deselected and not reasons:
            reasons.append(f"{len(self._deselected)} deselected cases")
        return reasons

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Put the certification report into the page."""
        if self.report is not None:
            from certification.report.html import dress, render

            dress(self._page, self.report)
            prefix.append(render(self.report, self.folder.path))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print findings, verdict, and where the report is."""
        if self.report is not None:
            terminal.summary(terminalreporter, self.report, self.folder.path, self.folder.moved)
        elif self._unpublished:
            terminalreporter.section("certification", yellow=True)
            terminalreporter.write_line(visible(self._unpublished))
            terminalreporter.write_line(f"What was recorded is kept in {self.folder.evidence}.")

    def pytest_unconfigure(self) -> None:
        """Stop what was started."""
        self.close()
        if self._reference is not None:
            self._reference.stop()
        if self.report is not None:
            from certification.report.html import page

            # What pytest-html wrote says when and where it was written, and may hold a style sheet of the user's.
            self.folder.write(self.folder.html, page(self.report, self.folder.path), self.redactor())
            self.folder.seal(self.redactor(), Path(self.config.option.htmlpath))
        self.folder.close()
