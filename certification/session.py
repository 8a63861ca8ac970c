"""The certification as a pytest session: collects the cases, runs them, and publishes the report at the end.

This process acts for the whole run; under pytest-xdist it directs, and each worker runs cases with a recorder of its own.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest
from pytest_metadata.plugin import metadata_key  # type: ignore[import-untyped]  # has no types

import certification
from certification import preflight, terminal
from certification.authorization import SCHEMES
from certification.caller import CALL_SECONDS, Caller, Credentials
from certification.case import Case
from certification.catalogue import catalogue, catalogue_digest, owners
from certification.config import PartnerConfig, read_config, trial_config
from certification.errors import CannotStart, CertificationError, Problem
from certification.evidence import FORMAT, DiskFull, Recorder
from certification.folder import ReportFolder
from certification.launch import ReferencePartner, reference_config, with_loopback
from certification.ledger import CaseResult, Ledger
from certification.play import Context
from certification.publication import publish
from certification.redaction import Redactor
from certification.runner import Runner, weight_order
from certification.stage import Limits, LiveStage, RequestCount
from certification.summary import EXIT_INCOMPLETE

NAME = "certification-session"
KEY = pytest.StashKey["Session"]()
UNKNOWN = "http://unknown.example"
"""Stands in for an address that is none, in the report of a run that could not start."""


class PartnerFailureError(Exception):
    """The partner broke a requirement; the text is the whole message."""


class SuiteFaultError(Exception):
    """The suite failed; this says nothing about the partner."""


def register(config: pytest.Config) -> None:
    """Make this pytest run a certification."""
    worker = getattr(config, "workerinput", None)
    session: Session = Worker(config, worker) if worker else Director(config)
    config.stash[KEY] = session
    config.pluginmanager.register(session, NAME)
    session.begin()


@dataclass
class Plan:
    """What the director decides and each worker needs."""

    context: Context
    credentials: Credentials
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    challenge: str = ""


class CaseItem(pytest.Item):
    """One case as a pytest item, so that pytest's own options apply to it."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:
        """Take the case; everything else is pytest's."""
        super().__init__(**kwargs)
        self.case = case
        self.result: CaseResult | None = None
        self.extra_keyword_matches |= {case.category, *case.category.split(), case.title}
        self.add_marker(_family(case))

    def runtest(self) -> None:
        """Run the case and turn its verdict into pytest's outcome."""
        if self.case.manual:
            self.result = CaseResult(self.case.id, "manual", "pending: a person has to carry this case out")
            pytest.skip(f"manual: {self.case.steps}")
        try:
            self.result = self.config.stash[KEY].run_case(self.case)
        except DiskFull as error:
            self.session.shouldstop = str(error)
            raise
        match self.result.verdict:
            case "failed":
                raise PartnerFailureError(terminal.case_text(self.result))
            case "error":
                raise SuiteFaultError(self.result.reason)
            case "blocked":
                pytest.skip(f"blocked: {self.result.reason}")
            case "not_applicable":
                pytest.skip(f"does not apply: {self.result.reason}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the message of a failure; a traceback only for what is the suite's own fault."""
        if isinstance(excinfo.value, PartnerFailureError | SuiteFaultError | CertificationError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the title that pytest shows for the case."""
        return Path(self.case.id), None, f"{self.case.id} {self.case.title}"


class Catalogue(pytest.Collector):
    """Collects all cases."""

    def collect(self) -> Iterable[CaseItem]:
        """Return an item for each case."""
        return [CaseItem.from_parent(self, name=case.id, case=case) for case in catalogue().values()]


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
        self._caller: Caller | None = None
        self._selected: dict[str, Case] = {}
        """Only these report what they find: a case that was left out can't do it for another."""

    def begin(self) -> None:
        """Prepare what is needed before pytest starts its session."""
        for family in sorted({_family(case) for case in catalogue().values()}):
            self.config.addinivalue_line(
                "markers", f"{family}: cases of the family {family} of the Partner Connect certification"
            )

    def redactor(self) -> Redactor:
        """Return what keeps the secrets of this run out of everything that is written."""
        if self._redactor is None:
            credentials = self.plan.credentials
            self._redactor = Redactor(credentials.secrets, credentials.user, str(self.plan.context.config.raw))
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
        session.items = [item for item in report.result if _wanted(item, config)]
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
        redactor = self.redactor()
        self._caller = Caller(plan.context.url, plan.credentials, redactor, option.certification_timeout)
        rate = option.certification_max_rate
        limits = Limits(option.certification_max_requests, rate / self.processes() if rate else None)
        if self.recorder is None:
            message = "no recorder"
            raise RuntimeError(message)
        stage = LiveStage(self._caller, self.recorder, limits, RequestCount(self.folder.count))
        return Runner(plan.context, stage, self.recorder, self._selected, Ledger(owners()), time.monotonic)

    def processes(self) -> int:
        """Return how many processes send requests."""
        return 1

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Record which cases were selected."""
        cases = {item.case.id: item.case for item in session.items if isinstance(item, CaseItem)}
        self._selected = cases
        if self._runner is not None:
            self._runner.cases = cases
        if self.recorder is not None:
            self.recorder.write({"type": "selected", "cases": list(cases)})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Carry the verdict of a case on pytest's report, from a worker to the director too."""
        report = yield
        if report.when == "call" and isinstance(item, CaseItem) and item.result is not None:
            report.certification = {  # type: ignore[attr-defined]  # pytest carries extra attributes of a report along
                "case": item.case.id,
                "verdict": item.result.verdict,
                "reason": item.result.reason,
            }
        return report

    def close(self) -> None:
        """Close the files and connections of this process."""
        if self._caller is not None:
            self._caller.close()
        if self.recorder is not None:
            self.recorder.close()


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

    def begin(self) -> None:
        """Read the config, open the report folder, and set pytest up; what is wrong is kept for later."""
        super().begin()
        option = self.config.option
        _use_pytest_as_we_do(self.config)
        try:
            self.folder.open()
        except CannotStart as error:
            raise pytest.UsageError(*map(str, error.problems)) from None
        option.htmlpath = option.htmlpath or str(self.folder.html)
        option.self_contained_html = True
        self.plan = self._make_plan()
        self.recorder = Recorder(self.folder.evidence / "main.jsonl", lambda text: self.redactor().redact(text)[0])
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
        problems += _option_problems(option)
        if url == "reference":
            if config is not None and not problems:
                config, url = self._start_reference(config, problems)
        else:
            problems += preflight.credential_problems(environment, config)
        run_id = secrets.token_hex(8) + (f"-{option.certification_challenge}" if option.certification_challenge else "")
        seed = option.certification_seed if option.certification_seed is not None else secrets.randbelow(2**32)
        credentials = self._credentials(environment, run_id)
        notes = list(config.warnings) if config else []
        notes += _weak_notes(credentials, config)
        context = Context(
            run_id,
            seed,
            option.certification_profile,
            url,
            config or trial_config(UNKNOWN),
            _alike(credentials),
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

    def _credentials(self, environment: dict[str, str], run_id: str) -> Credentials:
        # Nobody connects with an invented token; a partner that checks at once names a workspace, and then it is needed.
        invented = {"token": f"dapi{secrets.token_hex(16)}", "oauth_secret": f"dose{secrets.token_hex(18)}"}
        del run_id
        if self._reference is not None:
            return Credentials(self._reference.user, self._reference.password, **invented)
        token = environment.get("PAT_TOKEN") or invented["token"]
        return Credentials(
            environment.get("BASIC_USER", ""), environment.get("BASIC_PASSWORD", ""), token, invented["oauth_secret"]
        )

    def _record_run(self) -> None:
        context = self.plan.context
        assert self.recorder is not None  # noqa: S101 - set one line before the call
        self.recorder.write(
            {
                "type": "run",
                "format": FORMAT,
                "suite": suite_facts(),
                "id": context.run_id,
                "seed": context.seed,
                "profile": context.profile,
                "url": context.url,
                "config": context.config.raw,
                "config_source": Path(context.config.source).name
                if "/" in context.config.source
                else context.config.source,
                "trial": context.config.trial,
                "alike": sorted(context.alike),
                "challenge": self.plan.challenge,
                "started": _now(),
                "notes": self.plan.notes,
            }
        )

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
        from certification.spreading import KeepTogether

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
        return preflight.call_problems(self.plan.context, self._runner.stage)

    def before_collection(self) -> None:
        """Stop here, with all problems at once, when there are any."""
        self._ready = True
        if self.plan.problems:
            assert self.recorder is not None  # noqa: S101 - set in begin
            for problem in self.plan.problems:
                self.recorder.write(
                    {"type": "problem", "where": problem.where, "what": problem.what, "remedy": problem.remedy}
                )
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
        from certification.html_report import title_of

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
            self.recorder.write(
                {
                    "type": "end",
                    "finished": _now(),
                    "narrowed_by": self._narrowed(session),
                    "interrupted": self._interrupted,
                }
            )
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
            from certification.html_report import dress, render

            dress(self._page, self.report)
            prefix.append(render(self.report, self.folder.path))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print findings, verdict, and where the report is."""
        if self.report is not None:
            terminal.summary(terminalreporter, self.report, self.folder.path, self.folder.moved)
        elif self._unpublished:
            terminalreporter.section("certification", yellow=True)
            terminalreporter.write_line(terminal.safe(self._unpublished))
            terminalreporter.write_line(f"What was recorded is kept in {self.folder.evidence}.")

    def pytest_unconfigure(self) -> None:
        """Stop what was started."""
        self.close()
        if self._reference is not None:
            self._reference.stop()
        if self.report is not None:
            self.folder.seal(self.redactor(), Path(self.config.option.htmlpath))
        self.folder.close()


class Worker(Session):
    """A process of pytest-xdist."""

    def __init__(self, config: pytest.Config, given: dict[str, Any]) -> None:
        """Take over what the director decided."""
        super().__init__(config)
        facts = given["certification"]
        partner = PartnerConfig(facts["config"], facts["config_source"], trial=facts["trial"])
        context = Context(
            facts["run_id"], facts["seed"], facts["profile"], facts["url"], partner, frozenset(facts["alike"])
        )
        self.plan = Plan(context, Credentials(*facts["credentials"]))
        self.folder = ReportFolder(Path(facts["folder"]))
        self._processes: int = facts["processes"]
        self._name: str = given["workerid"]

    def begin(self) -> None:
        """Open this worker's own evidence file."""
        super().begin()
        redactor = self.redactor()
        self.recorder = Recorder(self.folder.evidence / f"{self._name}.jsonl", lambda text: redactor.redact(text)[0])
        self.recorder.write({"type": "worker", "name": self._name})

    def processes(self) -> int:
        """Return how many workers share the rate."""
        return self._processes

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Hand out heavy cases first, so that no worker ends long after the others."""
        order = {case.id: place for place, case in enumerate(weight_order(catalogue().values()))}
        items.sort(key=lambda item: order.get(item.name, 0))

    def pytest_unconfigure(self) -> None:
        """Close the files."""
        self.close()


def suite_facts() -> dict[str, Any]:
    """Return what the evidence says about the suite that made it."""
    libraries = {}
    for name in ("pytest", "httpx", "hypothesis", "jsonschema", "pytest-html", "faker", "pytest-xdist"):
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "name": "partner-connect-certification",
        "version": certification.__version__,
        "catalogue": catalogue_digest(),
        "python": sys.version.split()[0],
        "libraries": libraries,
    }


def _use_pytest_as_we_do(config: pytest.Config) -> None:
    """Choose defaults of pytest that suit a certification; what the user said stays."""
    option: Any = config.option
    if option.verbose == 0:
        option.verbose = 1
    if option.tbstyle == "auto":
        option.tbstyle = "no"
    if option.reportchars == "fE":
        option.reportchars = ""


def _option_problems(option: Any) -> list[Problem]:
    problems = []
    if getattr(option, "dist", "no") == "each":
        problems.append(Problem("--dist=each", "each worker would run every case.", "Use -n N alone."))
    for name, value in (
        ("--certification-max-requests", option.certification_max_requests),
        ("--certification-max-rate", option.certification_max_rate),
        ("--certification-timeout", option.certification_timeout),
    ):
        if value is not None and not value > 0:
            problems.append(
                Problem(
                    f"{name}={value}", "the value must be greater than zero.", "Leave the option out for the default."
                )
            )
    if len(option.certification_challenge) > 100 or not option.certification_challenge.isprintable():
        problems.append(
            Problem(
                "--certification-challenge",
                "the text is longer than 100 characters or not printable.",
                "Use the text that the validator gave you.",
            )
        )
    return problems


def _alike(credentials: Credentials) -> frozenset[str]:
    """Return the wrong ways to authenticate that are the right one with these credentials."""
    right = SCHEMES["good"].header(credentials.user, credentials.password)
    return frozenset(
        name
        for name, scheme in SCHEMES.items()
        if name != "good" and scheme.header(credentials.user, credentials.password) == right
    )


def _weak_notes(credentials: Credentials, config: PartnerConfig | None) -> list[str]:
    weak = Redactor(credentials.secrets, credentials.user, str(config.raw) if config else "").weak
    return [
        f"{name} is too short or too ordinary a word to be told from other text: it is not looked for in answers. Use a longer one."
        for name in weak
    ]


def _wanted(item: CaseItem, config: pytest.Config) -> bool:
    named = [argument.rpartition("::")[2] for argument in config.args if "::" in argument]
    return not named or item.case.id in named


def _family(case: Case) -> str:
    """Return the name of the marker that selects ``case`` with ``-m``."""
    families = {"P": "scenario", "E": "scenario", "R": "scenario", "F": "scenario", "M": "manual"}
    return "manual" if case.manual else families.get(case.id[0], case.category.replace(" ", "_").replace("-", "_"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
