"""What director and workers share: collecting, running and reporting one case."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.client.pacing import Limits
from certification.client.partner import open_partner, redactor_for
from certification.evidence.folder import ReportFolder
from certification.evidence.recorder import DiskFull, Recorder
from certification.evidence.records import Selected, record_of
from certification.evidence.redaction import Redactor
from certification.report.words import reason_words
from certification.run.judge import CaseResult
from certification.run.runner import Runner
from certification.session.items import CaseItem, Catalogue, family_of, wanted
from certification.session.plan import Plan


class Session:
    """What director and workers share: collecting, running, reporting one case."""

    plan: Plan
    folder: ReportFolder

    def __init__(self, config: pytest.Config) -> None:
        """Keep pytest's config."""
        self.config = config
        self.recorder: Recorder | None = None
        self._redactor: Redactor | None = None
        self._runner: Runner | None = None
        self._open = ExitStack()
        self._selected: dict[str, Case] = {}
        """Only these report what they find: a case that was left out can't do it for another."""

    def begin(self) -> None:
        """Prepare what is needed before pytest starts its session."""
        for family in self.marks():
            self.config.addinivalue_line(
                "markers", f"{family}: cases of the family {family} of the Partner Connect certification"
            )

    @staticmethod
    def marks() -> list[str]:
        """Return the marks by which ``-m`` selects cases."""
        return sorted({family_of(case) for case in catalogue().values()})

    def redactor(self) -> Redactor:
        """Return what keeps the secrets of this run out of everything that is written."""
        if self._redactor is None:
            self._redactor = redactor_for(self.plan.context.config, self.plan.credentials)
        return self._redactor

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """Collect the bundled cases, whatever the project in which pytest was started."""
        self.before_collection()
        config = self.config
        if config.pluginmanager.hasplugin("dsession"):
            return None
        config.hook.pytest_collectstart(collector=session)
        collector = Catalogue.from_parent(session, name="certification", nodeid="certification")
        report = config.hook.pytest_make_collect_report(collector=collector)
        config.hook.pytest_collectreport(report=report)
        session.items = [item for item in report.result if wanted(item, config)]
        config.hook.pytest_collection_modifyitems(session=session, config=config, items=session.items)
        config.hook.pytest_collection_finish(session=session)
        session.testscollected = len(session.items)
        return True

    def before_collection(self) -> None:
        """Do what comes before collecting."""

    def run_case(self, case: Case) -> CaseResult:
        """Run ``case`` on the partner."""
        if self._runner is None:
            self._runner = self._make_runner()
        return self._runner.run(case)

    def _make_runner(self) -> Runner:
        plan, option = self.plan, self.config.option
        rate = option.certification_max_rate
        limits = Limits(option.certification_max_requests, rate / self.processes() if rate else None)
        if self.recorder is None:
            message = "no recorder"
            raise RuntimeError(message)
        partner = self._open.enter_context(
            open_partner(
                plan.context.config,
                plan.context.url,
                plan.credentials,
                self.folder.evidence,
                limits=limits,
                seconds=option.certification_timeout,
                recorder=self.recorder,
                count=self.folder.count,
            )
        )
        return Runner(plan.context, partner.live, self.recorder, time.monotonic)

    def processes(self) -> int:
        """Return how many processes send requests."""
        return 1

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Record which cases were selected."""
        cases = {item.case.id: item.case for item in session.items if isinstance(item, CaseItem)}
        self._selected = cases
        if self.recorder is not None:
            try:
                self.recorder.write(record_of(Selected(tuple(cases))))
            except DiskFull as error:
                session.shouldstop = str(error)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Carry the verdict of a case on pytest's report, from a worker to the director too."""
        report = yield
        if report.when == "call" and isinstance(item, CaseItem) and item.result is not None:
            report.certification = {  # type: ignore[attr-defined]  # pytest carries extra attributes of a report along
                "case": item.case.id,
                "verdict": item.result.verdict,
                "reason": reason_words(item.result.reason),
                "causes": [list(seen.cause) for seen in item.result.required],
            }
        return report

    def close(self) -> None:
        """Close the files and connections of this process."""
        self._open.close()
        if self.recorder is not None:
            self.recorder.close()
