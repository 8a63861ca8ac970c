"""The process that the user started: it plans the run, stops what cannot start, and publishes the report."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_metadata.plugin import metadata_key  # type: ignore[import-untyped]  # has no types

from certification.cases.catalogue import catalogue
from certification.client.partner import open_recorder
from certification.evidence.folder import ReportFolder
from certification.evidence.kept import known_findings
from certification.evidence.recorder import FORMAT, DiskFull
from certification.evidence.records import Earlier, End, KnownFinding, Lack, Obstacle, Run, record_of
from certification.foundation.clock import WallClock
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.safe_text import visible
from certification.report import terminal
from certification.report.publish import publish
from certification.report.verdict import EXIT_SUITE_ERROR
from certification.run import preflight
from certification.run.public_pages import CODE, silent_pages
from certification.run.waiving import WAIVED, waived_causes
from certification.session.base import Session
from certification.session.display import Display
from certification.session.options import (
    case_problems,
    mark_problems,
    narrowing,
    repeats,
    suite_facts,
    use_pytest_as_we_do,
)
from certification.session.plan import make_plan


class Director(Session):
    """The process that the user started."""

    def __init__(self, config: pytest.Config) -> None:
        """Nothing is touched yet."""
        super().__init__(config)
        self.folder = ReportFolder(Path(config.option.certification_report))
        self._ready = False
        self._deselected: list[str] = []
        self._interrupted = False
        self._page: Any = None
        self._own_page = False
        self.report: dict[str, Any] | None = None
        self._unpublished = ""
        self._remarks: list[str] = []
        self._clock = WallClock()
        self._display = Display(config, use_pytest_as_we_do(config), self._requests, time.monotonic)

    def begin(self) -> None:
        """Read the config, open the report folder, and set pytest up; what is wrong is kept for later."""
        super().begin()
        option = self.config.option
        # What was only mistyped is said before anything else is looked at.
        mistyped = [*mark_problems(option.markexpr, self.marks()), *case_problems(self.config.args)]
        if mistyped:
            raise pytest.UsageError(*map(str, mistyped))
        self.plan = make_plan(option, os.environ, datetime.fromisoformat(self._clock.now()).date())
        partial = self.plan.problems or narrowing(self.config) or repeats(self.config)
        try:
            self.folder.open(0 if partial else 1 if self.plan.context.config.trial else 2)
        except CannotStart as error:
            raise pytest.UsageError(*map(str, error.problems)) from None
        # Without pytest-html (-p no:html) the page is made all the same.
        self._own_page = not getattr(option, "htmlpath", None)
        if self._own_page:
            option.htmlpath = str(self.folder.html)
        option.self_contained_html = True
        try:
            self.recorder = open_recorder(self.folder.evidence / "main.jsonl", self.redactor())
            self._record_run()
        except (DiskFull, OSError) as error:
            raise pytest.UsageError(visible(str(error))) from None

    def processes(self) -> int:
        """Return how many workers there are, or one."""
        return len(getattr(self.config.option, "tx", None) or [None])

    def _requests(self) -> int:
        return self.folder.requests()

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
        for waiver in self.plan.waivers:
            self.recorder.write(record_of(waiver))
        for note in context.config.notes:
            if note.before_submission and note.code.startswith("image-"):
                self.recorder.write(record_of(Lack(note.code, note.text)))
        earlier = self._earlier(context.config.name)
        if earlier is not None:
            self.recorder.write(record_of(earlier))

    def _earlier(self, name: str) -> Earlier | None:
        """Return the complete run of the same partner that this one follows, as far as its report can be read."""
        before = self.folder.before
        if before is None or self.folder.path != self.folder.base:
            return None
        known = known_findings(self.folder.moved or before.path)
        if known is None or known[0] != name:
            return None
        return Earlier(before.run, known[1], tuple(KnownFinding(cause, message) for cause, message in known[2]))

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
        """Say what is certified, and call the partner once, before any worker starts."""
        del session
        # pytest-metadata would put paths and variables of this machine into reports that leave it.
        self.config.stash.get(metadata_key, {}).clear()
        if not self.plan.problems:
            context, width = self.plan.context, self._display.width
            if self._display.level >= 0:
                self._display.lines(terminal.header(context, self.plan.notes, str(self.folder.path), width))
            try:
                self.plan.problems += self._preflight()
            except DiskFull as error:
                raise pytest.UsageError(visible(str(error))) from None

    def _preflight(self) -> list[Problem]:
        self._runner = self._make_runner()
        problems = preflight.call_problems(self.plan.context, self._runner.partner)
        if not problems and not self.plan.context.config.trial and self.plan.reference is None:
            assert self.recorder is not None  # noqa: S101 - set in begin
            for text in silent_pages(self.plan.context.config):
                self.recorder.write(record_of(Lack(CODE, text)))
        return problems

    def before_collection(self) -> None:
        """Stop here, with all problems at once, when there are any."""
        self._ready = True
        if self.plan.problems:
            assert self.recorder is not None  # noqa: S101 - set in begin
            with suppress(DiskFull):
                for problem in self.plan.problems:
                    self.recorder.write(record_of(Obstacle(problem.where, problem.what, problem.remedy)))
            raise pytest.UsageError(*map(str, self.plan.problems))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Record which cases were selected, and show from now on how they come along."""
        super().pytest_collection_finish(session)
        self._display.begin(self._selected)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Show how the cases that the workers selected come along."""
        names = [name.rpartition("::")[2] for name in ids]
        self._display.begin({name: catalogue()[name] for name in names if name in catalogue()})

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Note that the run is narrowed."""
        self._deselected += [item.name for item in items]

    def pytest_keyboard_interrupt(self) -> None:
        """Note that the run was stopped."""
        self._interrupted = True

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, Any] | None:
        """Count a case under the words of the report; its line is written by the display."""
        return terminal.status(self._facts(report), report.when, shown=self._display.level > 1 or self._display.over)

    def _facts(self, report: Any) -> dict[str, Any]:
        """Return what a report says about its case; a case that fails of nothing but what waivers name is ``waived``.

        What goes with a waived finding as its consequence is known when all cases are over; until then it shows as failed.
        """
        facts: dict[str, Any] = getattr(report, "certification", None) or {}
        causes = [tuple(cause) for cause in facts.get("causes", [])]
        if causes and len(waived_causes(causes, self.plan.waivers)) == len(causes):
            return {**facts, "verdict": WAIVED}
        return facts

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Show which case is running."""
        self._display.started(nodeid.rpartition("::")[2])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Show what a case came to."""
        facts = self._facts(report)
        if facts:
            self._display.finished(facts, report.duration)

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Name the page, and keep hold of it until the report is known."""
        from certification.report.html import title_of

        report.title = title_of(self.plan.context.config.name)
        self._page = report

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Generator[None, None, None]:
        """Conclude the run, let pytest-html write its page, and put the report where it belongs."""
        self._display.end()
        if self._ready:
            self._conclude(session, exitstatus)
        try:
            yield
            if self.report is not None and self._workers_may_write:
                # Now they are gone, and what they wrote meanwhile belongs to the report.
                self._publish(session)
            if self.report is not None:
                self._finish()
        except OSError as error:
            self._leave_unpublished(session, error)

    def _conclude(self, session: pytest.Session, exitstatus: int) -> None:
        self._interrupted |= bool(session.shouldstop or session.shouldfail) or exitstatus in {2, 3}
        assert self.recorder is not None  # noqa: S101 - set in begin
        try:
            self.recorder.write(record_of(End(self._clock.now(), tuple(self._narrowed(session)), self._interrupted)))
            self.close()
            # Whoever stops us once more while the workers end finds a report all the same.
            self._publish(session, announce=not self._workers_may_write)
        except (DiskFull, OSError) as error:
            self._leave_unpublished(session, error)

    @property
    def _workers_may_write(self) -> bool:
        """Whether workers may still be at a case: xdist ends them after this process was told to stop."""
        return self._interrupted and self.processes() > 1

    def _publish(self, session: pytest.Session, *, announce: bool = True) -> None:
        self.report = publish(self.folder, self.redactor(), self._remarks.append, announce=announce)
        session.exitstatus = self.report["exit_status"]

    def _leave_unpublished(self, session: pytest.Session, error: Exception) -> None:
        self.report = None
        self._unpublished = f"The report cannot be written: {error}"
        session.exitstatus = EXIT_SUITE_ERROR

    def _finish(self) -> None:
        from certification.report.html import page

        assert self.report is not None  # noqa: S101 - asked by the caller
        # What pytest-html wrote says when and where it was written, and may hold a style sheet of the user's.
        self.folder.write(self.folder.html, page(self.report, self.folder.path), self.redactor())
        self.folder.settle()
        self.folder.seal(self.redactor(), self.folder.html if self._own_page else Path(self.config.option.htmlpath))
        if self._own_page:
            self._silence_pytest_html()

    def _silence_pytest_html(self) -> None:
        """Take out pytest-html, whose page is written: where it is, the summary says."""
        manager = self.config.pluginmanager
        for plugin in manager.get_plugins():
            if type(plugin).__module__.startswith("pytest_html.") and hasattr(plugin, "pytest_terminal_summary"):
                manager.unregister(plugin)

    def _narrowed(self, session: pytest.Session) -> list[str]:
        option, reasons = self.config.option, narrowing(self.config)
        if self._deselected or self._interrupted:
            reasons += repeats(self.config)
        if (session.shouldstop or session.shouldfail) and option.maxfail:
            reasons.append("-x" if option.maxfail == 1 else f"--maxfail={option.maxfail}")
        allowed = option.certification_max_requests
        if allowed is not None and self.folder.requests() >= allowed:
            reasons.append(f"--certification-max-requests={option.certification_max_requests}")
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

    def pytest_terminal_summary(self) -> None:
        """Print the verdict, what to repair first, and where the rest is; with -v every finding before it."""
        width = self._display.width
        if self.report is not None:
            if self._display.level > 0:
                self._display.lines(terminal.in_full(self.report, width))
            self._display.lines(terminal.summary(self.report, self.folder.path, self.folder.moved, width))
            self._display.lines([(visible(remark), {"yellow": True}) for remark in self._remarks])
        elif self._unpublished:
            self._display.lines(terminal.unpublished(self._unpublished, self.folder.path))

    def pytest_unconfigure(self) -> None:
        """Stop what was started."""
        self._display.end()
        self.close()
        plan = getattr(self, "plan", None)
        if plan is not None and plan.reference is not None:
            plan.reference.stop()
        self.folder.close()
