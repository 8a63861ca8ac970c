"""Report folders without a run: evidence written record by record, published as at the end of a run."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from certification.cases.case import Case
from certification.cases.catalogue import catalogue, catalogue_digest
from certification.config.partner import PartnerConfig, trial_config
from certification.evidence.exchange import Exchange, Failure, Request, Response
from certification.evidence.folder import ReportFolder
from certification.evidence.observation import Observation, Outcome
from certification.evidence.recorder import FORMAT, Recorder
from certification.evidence.redaction import Redactor
from certification.evidence.steps import Act, When
from certification.foundation.reason import Reason
from certification.report.html import page
from certification.report.publish import publish
from certification.run.judge import Execution, Purpose, execution_record

BIG = 9_007_199_254_740_993
"""One more than what a JavaScript number holds."""

HOSTILE = (
    '"\'></script></style></pre><script>window.hacked = 1; alert(1)</script><img src=x onerror="window.hacked = 2">'
    '<svg onload=alert(2)><a href="javascript:window.hacked=3">x</a>&lt;script&gt; {{7*7}} <!-- --> '
    "<!-- end of the certification report -->]]> \x00\x1b[31m\u202e\ud800"
)


def plain_call(case: str, number: int, text: str = "") -> Exchange:
    """A sign-in that was answered; ``text`` stands wherever a partner could put it."""
    request = Request(
        "connect",
        "POST",
        "http://127.0.0.1:9/connect",
        (("User-Agent", "databricks"), ("Authorization", "Basic $BASIC_USER:$BASIC_PASSWORD"), ("X-Sent", text)),
        f'{{"connection_id":"{number}","workspace_id":{BIG}}}' + text,
    )
    response = Response(
        200,
        "HTTP/1.1" + text,
        (("content-type", "application/json"), ("location", "http://127.0.0.1/" + text), ("X-" + text, text)),
        f'{{"redirect_uri":"http://127.0.0.1/{number}","connection_id":"{number}","workspace_id":{BIG}}}' + text,
        120,
        "0" * 64,
        truncated=bool(text),
        trouble=text,
    )
    started = f"2026-03-01T12:00:00.{number % 1000:03d}+00:00"
    seconds = 0.004 + number % 7 / 1000
    return Exchange(case, "1", number, Act.SIGN_IN, When.PLAIN, request, response, None, started, seconds)


def page_visit(case: str, number: int, text: str = "") -> Exchange:
    """A visit to a redirect_uri that failed."""
    request = Request("redirect", "GET", "http://127.0.0.1/" + text, (), "")
    failure = Failure("timeout" + text, "no answer" + text)
    started = "2026-03-01T12:00:01+00:00"
    return Exchange(case, "1", number, Act.PAGE, When.PLAIN, request, None, failure, started, 0.5)


class Build:
    """One report folder in the making."""

    def __init__(self, path: Path, *, name: str = "Tested Partner", text: str = "") -> None:
        raw = {**trial_config("http://127.0.0.1:9").raw, "name": name, "base_url": "http://127.0.0.1:9" + text}
        self.config = PartnerConfig(raw, "partner.json" + text)
        self.text = text
        self.folder = ReportFolder(path)
        self.folder.open()
        self.recorder = Recorder(self.folder.evidence / "main.jsonl")
        self.write = self.recorder.write
        self.numbers = itertools.count(1)
        self.write(
            {
                "type": "run",
                "format": FORMAT,
                "suite": {
                    "name": "partner-connect-certification",
                    "version": "1.0.0",
                    "catalogue": catalogue_digest(),
                    "python": "3.11",
                    "libraries": {},
                },
                "id": "0123456789abcdef" + text,
                "seed": BIG,
                "profile": "standard",
                "url": "http://127.0.0.1:9" + text,
                "config": raw,
                "config_source": "partner.json" + text,
                "trial": False,
                "alike": [],
                "challenge": "",
                "started": "2026-03-01T12:00:00.000+00:00",
                "notes": ["partner.json: a note" + text],
            }
        )

    def problem(self, where: str) -> None:
        """The run could not start."""
        self.write({"type": "problem", "where": where, "what": "nobody answers.", "remedy": "Start the service."})

    def waive(self, *waivers: dict[str, Any]) -> None:
        """The run was allowed to break something; see ``waiving.waiver``."""
        for raw in waivers:
            self.write({"type": "waiver", "detail": "", "statement": "", **raw})

    def cases(self, calls: int = 2, failing: dict[str, str] | None = None, only: set[str] | None = None) -> None:
        """Play every case of the catalogue: ``failing`` maps the id of a case to the requirement that it finds broken."""
        chosen = [case for case in catalogue().values() if only is None or case.id in only]
        self.write({"type": "selected", "cases": [case.id for case in chosen]})
        for case in chosen:
            if not case.manual:
                self._case(case, calls, (failing or {}).get(case.id))

    def _case(self, case: Case, calls: int, requirement: str | None) -> None:
        reason = case.applies(self.config)
        if reason:
            self._result(case, "not_applicable", reason)
            return
        self.write({"type": "plan", "case": case.id, "examples": 1})
        makers: list[Callable[[str, int, str], Exchange]] = [plain_call] * (calls - 1) + [page_visit]
        made = [maker(case.id, next(self.numbers), self.text) for maker in makers]
        for exchange in made:
            self.write(exchange.to_record())
        text = self.text
        found = Observation(
            requirement or "first-connect",
            Outcome.BROKEN if requirement else Outcome.HELD,
            "connect",
            f"cause of {case.id}",
            f"call:{made[0].number}",
            f"{case.id} is answered badly{text}",
            f"a good answer{text}",
            f"a bad answer{text}",
        )
        execution = Execution(
            case.id,
            "1",
            Purpose.EXAMPLE,
            {"names": "plain", "the " + text: text} if requirement else {},
            {} if requirement else {"first-connect": (made[0].number,)},
            (found,) if requirement else (),
            fired=frozenset(case.rules),
            exchanges=len(made),
        )
        self.write(execution_record(execution))
        self._result(case, "failed" if requirement and found.level == "must" else "passed")

    def _result(self, case: Case, verdict: str, reason: Reason | None = None) -> None:
        self.write(
            {
                "type": "case",
                "case": case.id,
                "verdict": verdict,
                "reason": reason.code if reason else "",
                "facts": dict(reason.facts) if reason else {},
                "seconds": 0.125,
            }
        )

    def finish(self, narrowed_by: tuple[str, ...] = ()) -> dict[str, Any]:
        """End the run and publish; returns the report.  The page is written as well."""
        self.write(
            {
                "type": "end",
                "finished": "2026-03-01T12:04:05.000+00:00",
                "narrowed_by": list(narrowed_by),
                "interrupted": False,
            }
        )
        self.recorder.close()
        report = publish(self.folder, Redactor({}))
        self.folder.html.write_text(page(report, self.folder.path), encoding="utf-8")
        self.folder.close()
        return report


def build(
    path: Path,
    *,
    text: str = "",
    name: str = "Tested Partner",
    waivers: tuple[dict[str, Any], ...] = (),
    **play: Any,
) -> dict[str, Any]:
    """A finished run against a partner called ``name``; see :class:`Build`."""
    making = Build(path, name=name, text=text)
    making.waive(*waivers)
    making.cases(**play)
    return making.finish()
