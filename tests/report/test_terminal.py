"""The terminal: ids with titles, what to repair first, never more than a screen, whatever the terminal can do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from partners import Answer, Partner
from report_builder import HOSTILE, build
from running import Outcome

from certification.cases.catalogue import catalogue
from certification.report import terminal
from certification.session.display import Display, Progress

Certify = Callable[..., Outcome]

FAILING = dict.fromkeys(("P100", "P300", "P302", "P400", "P402", "E100", "G100"), "first-connect")


def texts(lines: list[terminal.Line]) -> list[str]:
    return [text for text, _ in lines]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_summary_fits_a_screen_and_its_width(tmp_path: Path, width: int) -> None:
    report = build(tmp_path / "report", failing={**FAILING, "P401": "answer-in-time"})
    report["since"] = {"run": "x", "verdict": "not_conformant", "fixed": [], "new": []}
    lines = texts(terminal.summary(report, Path("certification-report"), Path("earlier/x"), width))
    assert len(lines) <= 24
    commands = ("report  ", "again   ", "why     ", "before  ")
    assert max(len(line) for line in lines if not line.startswith(commands)) <= width
    text = "\n".join(lines)
    assert "Fix these first" in text
    # Narrow lines leave room for fewer in full; the others are named as long as there is room.
    in_full = text.count("expected ")
    assert in_full == (3 if width >= 60 else 2)
    assert f"and {7 - in_full} more to repair, 1 advisory" in text
    named = re.findall(r"^ +(F\d+)  ", text, re.MULTILINE)
    assert named == [f"F{number}" for number in range(1, len(named) + 1)]
    assert len(named) == 7 or len(lines) == 24
    assert "report  certification-report/report.html" in lines
    assert f"again   partner-connect replay certification-report --finding F1 --url {report['partner']['url']}" in lines


def test_a_conformant_run_says_what_a_submission_lacks_and_what_changed(tmp_path: Path) -> None:
    report = build(tmp_path / "report")
    report["readiness"] = [{"code": "base-url-local", "text": "base_url is on localhost."}]
    report["since"] = {"run": "x", "verdict": "not_conformant", "fixed": ["a", "b"], "new": ["F1 c"]}
    lines = texts(terminal.summary(report, tmp_path, None, 100))
    assert "Not ready to submit: base_url is on localhost" in lines
    assert "since the run before: 2 fixed, 1 new (the fixed ones may have hidden them)" in lines
    report["verdict"] = "not_conformant"
    assert "Not ready" not in "\n".join(texts(terminal.summary(report, tmp_path, None, 100)))


def test_what_could_not_be_checked_is_told_by_reason(tmp_path: Path) -> None:
    report = build(tmp_path / "report")
    for case in report["cases"][:8]:
        case |= {"verdict": "blocked", "reason": "the endpoint of call 1 is not there"}
    for case in report["cases"][8:20]:
        case |= {"verdict": "not_run", "reason": "-k P100"}
    text = "\n".join(texts(terminal.summary(report, tmp_path, None, 100)))
    assert "Could not be checked" in text
    assert "and 2 more: the endpoint of call 1 is not there" in text
    assert "-k P100" not in text


def test_a_run_that_could_not_start_says_only_that(tmp_path: Path) -> None:
    report = build(tmp_path / "report")
    report["run"]["problems"] = [{"where": "a", "what": "b", "remedy": "c"}]
    assert len(terminal.summary(report, tmp_path, tmp_path / "earlier", 80)) == 2


def test_everything_is_shown_in_full_on_demand(tmp_path: Path) -> None:
    report = build(tmp_path / "report", failing=FAILING)
    text = "\n".join(texts(terminal.in_full(report, 100)))
    for finding in report["findings"]:
        assert f"{finding['id']}  REQUIRED" in text
    assert text.count("expected") == text.count("found ") == text.count("repeat ") == len(report["findings"])


def test_no_text_of_a_partner_steers_the_terminal(tmp_path: Path) -> None:
    report = build(tmp_path / "report", name=HOSTILE, text=HOSTILE, failing=FAILING)
    lines = terminal.summary(report, tmp_path, None, 100) + terminal.in_full(report, 100)
    parts = terminal.case_line("P100", HOSTILE, "blocked", HOSTILE, 1.0, 100)
    for text in [*texts(lines), *(text for text, _ in parts), terminal.live_line(HOSTILE, 1, 2, 3, 4.0, 5.0, 100)]:
        assert not re.search(r"[\x00-\x1f\u202e\ud800]", text)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_line_of_a_case_fits(width: int) -> None:
    for case in catalogue().values():
        for verdict, reason in (("passed", ""), ("failed", "F1"), ("not_applicable", "the config has no " + "x" * 90)):
            parts = terminal.case_line(case.id, case.title, verdict, reason, 12.0, width)
            text = "".join(text for text, _ in parts)
            assert len(text) <= width
            assert text.startswith(case.id)
            assert {"passed": "passed", "failed": "failed", "not_applicable": "not applicable"}[verdict] in text


def test_the_live_line_says_case_requests_rate_and_time_left() -> None:
    line = terminal.live_line("G100 Names in every script", 21, 63, 1312, 30.0, 95.0, 100)
    assert line == "G100 Names in every script  · 21 of 63 done · 1,312 requests · 44/s · about 2 min left"
    assert len(terminal.live_line("G100 Names in every script", 21, 63, 1312, 30.0, 95.0, 60)) < 60


def test_what_is_left_is_guessed_from_what_is_done() -> None:
    cases = dict(list(catalogue().items())[:20])
    progress = Progress(cases, began=100.0)
    assert progress.left(110.0) is None
    progress.done = set(cases)
    assert progress.left(110.0) == 0


class Terminal(pytest.TerminalReporter):
    """A reporter on a terminal that keeps what was written."""

    def __init__(self, config: pytest.Config, *, lively: bool) -> None:
        self.written = io.StringIO()
        self.written.isatty = lambda: lively  # type: ignore[method-assign]
        super().__init__(config, self.written)


@pytest.fixture
def shown(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Display, Terminal]]:
    """A display and the terminal that it writes to."""

    def make(*, lively: bool = True, level: int = 0) -> tuple[Display, Terminal]:
        config = pytester.parseconfigure()
        reporter = Terminal(config, lively=lively)
        config.pluginmanager.unregister(name="terminalreporter")
        config.pluginmanager.register(reporter, "terminalreporter")
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("TERM", "xterm")
        return Display(config, level, lambda: 7, lambda: 100.0), reporter

    return make


def test_the_live_line_is_written_over_and_taken_away(shown: Callable[..., tuple[Display, Terminal]]) -> None:
    display, reporter = shown()
    display.progress.cases = {name: catalogue()[name] for name in ("P100", "P300")}
    display.started("P100")
    display._show(display.live())  # noqa: SLF001 - what the ticking thread does
    display.finished({"case": "P100", "verdict": "passed", "reason": ""}, 0.1)
    display.end()
    seen = reporter.written.getvalue()
    assert "P100 New user, new company, new workspace  · 0 of 2 done · 7 requests" in seen
    # What a terminal shows in the end: each line as it was last written over.
    left = [line.rsplit("\r", 1)[-1].rstrip() for line in seen.split("\n")]
    assert [line for line in left if line] == [left[0]]
    assert left[0].startswith("P100  New user, new company, new workspace")


@pytest.mark.parametrize(("lively", "term", "level"), [(False, "xterm", 0), (True, "dumb", 0), (True, "xterm", -1)])
def test_no_line_is_written_over_where_that_is_not_wanted(
    shown: Callable[..., tuple[Display, Terminal]],
    monkeypatch: pytest.MonkeyPatch,
    *,
    lively: bool,
    term: str,
    level: int,
) -> None:
    display, reporter = shown(lively=lively, level=level)
    monkeypatch.setenv("TERM", term)
    display.begin(dict(catalogue()))
    display.finished({"case": "P100", "verdict": "passed", "reason": ""}, 0.1)
    display.end()
    assert "\r" not in reporter.written.getvalue()
    assert ("P100" in reporter.written.getvalue()) == (level == 0)


# Real runs


def test_a_run_shows_ids_with_titles_and_nothing_of_pytest(certify: Certify, partner: Partner) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100 or P300")
    lines = outcome.text.splitlines()
    assert lines[0] == "Partner Connect certification"
    assert re.search(r"^P300  The same user signs in +passed$", outcome.text, re.MULTILINE)
    for noise in ("cachedir", "metadata", "plugins:", "rootdir", "test session", "platform", "collected", "Generated"):
        assert noise not in outcome.text
    assert outcome.text.count("report.html") == 1
    assert "not run" in outcome.text
    assert "blocked" not in outcome.text
    assert "\x1b" not in outcome.text


def test_v_shows_every_finding_and_q_only_the_end(certify: Certify, partner: Partner) -> None:
    partner.sign_in = lambda call: Answer(200, {**partner.signed_in(call).body, "configured_resources": True})
    usual = certify(f"--partner-url={partner.url}", "-k", "P100 or P300")
    verbose = certify(f"--partner-url={partner.url}", "-k", "P100 or P300", "-v")
    quiet = certify(f"--partner-url={partner.url}", "-k", "P100 or P300", "-q")
    assert "REQUIRED" not in usual.text
    assert verbose.text.count("REQUIRED") == len(verbose.findings("must")) > 0
    assert "curl" in verbose.text
    assert "The same user signs in" in usual.text
    assert "The same user signs in" not in quiet.text
    assert "Fix these first" in quiet.text


def test_pytests_own_choices_still_work(certify: Certify, partner: Partner) -> None:
    loud = certify(f"--partner-url={partner.url}", "-k", "P100", "-vv")
    assert "rootdir" in loud.text
    assert "certification::P100" in loud.text
    listed = certify(f"--partner-url={partner.url}", "-k", "P100", "-rA")
    assert "PASSED certification::P100" in listed.text
    coloured = certify(f"--partner-url={partner.url}", "-k", "P100", "--color=yes")
    assert "\x1b[32mpassed" in coloured.text


@pytest.mark.parametrize("plugin", ["html", "terminal"])
def test_a_run_works_without_the_plugins_that_show_it(certify: Certify, partner: Partner, plugin: str) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100", "-p", f"no:{plugin}")
    assert outcome.status == 0, outcome.text
    assert outcome.case("P100")["verdict"] == "passed"
    assert (outcome.folder / "report.html").is_file()
