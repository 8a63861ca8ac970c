"""Ways to try something again: one finding, each time that the partner restarts, one case with its whole conversation."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import partners
import pytest
from commands import Command
from partners import Answer, Call, Partner, error
from running import Outcome

from certification.cli.watch import answers, until_restart
from certification.evidence.kept import resolve_report
from certification.foundation.typed_json import from_json
from certification.review.replay import Output as ReplayOutput


@pytest.fixture
def failed(partner: Partner, certify: Callable[..., Outcome]) -> Outcome:
    """A run against a partner of which no sign-in and no deletion works."""
    partner.sign_in = lambda _call: error(500, "general_error")
    partner.delete_connection = lambda _call: error(400, "bad_request")
    return certify(f"--partner-url={partner.url}", "--certification-profile=quick", "-k", "P300 or P401", "-q")


def test_one_finding_is_replayed_alone(failed: Outcome, partner: Partner, inside: Command) -> None:
    names = {each["case"]: each["id"] for each in failed.findings("must")}
    before = len(partner.calls)
    said = inside("replay", failed.folder, "--finding", names["P401"], "--url", partner.url, "--json")
    assert said.status == 1, said.text
    outcome = from_json(ReplayOutput, json.loads(said.out))
    assert [(each.id, each.outcome) for each in outcome.findings] == [(names["P401"], "still failing")]
    assert outcome.counts["still failing"] == 1
    # The preflight, and the calls of P401.
    assert 0 < len(partner.calls) - before <= 10
    partner.delete_connection = partner.deleted
    assert inside("replay", failed.folder, "--finding", names["P401"], "--url", partner.url).status == 0


def test_unknown_finding_names_those_that_there_are(failed: Outcome, inside: Command) -> None:
    said = inside("replay", failed.folder, "--finding", "F99", "--yes")
    assert said.status == 4
    assert "--finding F99: the report has the findings F1, F2" in said.err


def test_watching_replays_until_everything_is_fixed(
    failed: Outcome, partner: Partner, inside: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[str] = []

    def restarted(_answers: object, _pressed: object) -> None:
        """Each restart brings one repair."""
        waits.append("restart")
        if len(waits) == 1:
            partner.sign_in = partner.signed_in
        else:
            partner.delete_connection = partner.deleted

    monkeypatch.setattr("certification.cli.watch.until_restart", restarted)
    said = inside("replay", failed.folder, "--url", partner.url, "--watch")
    assert said.status == 0, said.text
    assert len(waits) == 2
    assert said.out.count("Watching") == 2
    assert said.out.splitlines()[-1].endswith(" fixed")


@pytest.mark.parametrize(
    ("looks", "keys", "taken"),
    [
        ([True, True, False, False, True], [], 5),
        ([False, True], [], 2),
        ([True, True, True], [False, False, True], 2),
    ],
    ids=["restart", "away at first", "Enter"],
)
def test_restart_is_noticed(looks: list[bool], keys: list[bool], taken: int) -> None:
    seen, pressed = iter(looks), iter(keys)
    looked: list[bool] = []

    def look() -> bool:
        looked.append(next(seen))
        return looked[-1]

    until_restart(look, lambda _seconds: next(pressed, False))
    assert len(looked) == taken


def test_a_port_is_looked_at(partner: Partner) -> None:
    assert answers(partner.url)
    assert not answers("http://127.0.0.1:9")


def test_one_case_is_sent_and_its_conversation_shown(partner: Partner, inside: Command) -> None:
    fine = inside("send", "P300", "--url", partner.url)
    assert fine.status == 0, fine.text
    assert "1. first connect" in fine.out
    assert f"   > POST {partner.url}/connect" in fine.out
    assert '   >   "connection_id": "' in fine.out
    assert "   < HTTP/1.1 200 (" in fine.out
    assert "nothing required is broken" in fine.out
    assert partners.PASSWORD not in fine.text
    partner.sign_in = lambda _call: error(500, "general_error")
    broken = inside("send", "P300", "--url", partner.url)
    assert broken.status == 1
    assert "REQUIRED  call " in broken.out
    assert "   expected  status 200" in broken.out
    assert "   clause    " in broken.out


def test_case_that_cannot_be_sent_says_why(partner: Partner, inside: Command) -> None:
    assert "P999 is no case" in inside("send", "P999", "--url", partner.url).err
    assert "M100 is a manual case" in inside("send", "M100", "--url", partner.url).err
    assert "P403 does not apply" in inside("send", "P403", "--url", partner.url).err
    assert "P300 has the examples 1 to 1" in inside("send", "P300", "--url", partner.url, "--example", "2").err
    assert inside("send", "P300", "--url", "http://127.0.0.1:9").status == 4


def test_comparing_nothing_compares_the_last_two(good_run: Path, faulty_run: Path, inside: Command) -> None:
    folder = Path("certification-report")
    shutil.copytree(good_run, folder)
    said = inside("compare")
    assert said.status == 4
    assert "two complete reports are needed to compare" in said.err
    shutil.copytree(good_run, folder / "earlier" / "2026-01-01T0000Z-conformant")
    report = folder / "earlier" / "2026-01-01T0000Z-conformant" / "report.json"
    older = json.loads(report.read_text(encoding="utf-8"))
    older["run"]["started"] = "2026-01-01T00:00:00+00:00"
    report.write_text(json.dumps(older), encoding="utf-8")
    said = inside("compare")
    assert said.status == 0, said.text
    assert "earlier/2026-01-01T0000Z-conformant → certification-report" in said.out
    against = inside("compare", faulty_run)
    assert against.out.startswith(f"{faulty_run} → latest")


def test_a_run_that_could_not_start_is_neither_the_latest_nor_compared(
    partner: Partner, shell: Callable[..., Outcome], inside: Command
) -> None:
    assert shell(f"--partner-url={partner.url}", "-k", "P100", "-q").status == 0
    assert shell("--partner-url=http://127.0.0.1:9", "-q").status == 4
    assert resolve_report(Path("latest")).name.endswith("-narrowed")
    said = inside("compare", "latest", "certification-report")
    assert said.status == 4
    assert "that run could not start" in said.err


def test_a_finding_is_fixed_only_where_each_case_that_met_it_is(
    partner: Partner, shell: Callable[..., Outcome], inside: Command
) -> None:
    def wrong(_call: Call) -> Answer:
        return error(500, "general_error")

    partner.sign_in = wrong
    outcome = shell(f"--partner-url={partner.url}", "--certification-profile=quick", "-k", "P300 or G130", "-q")
    (finding,) = outcome.findings("must")
    assert set(finding["cases"]) == {"P300", "G130"}

    before = len(partner.calls)

    def half_repaired(call: Call) -> Answer:
        """Works until there is a connection in another cloud, which only G130 makes."""
        clouds = {each.json["cloud_provider"] for each in partner.calls[before:] if each.is_first_connect}
        return partner.signed_in(call) if clouds == {"aws"} else wrong(call)

    partner.sign_in = half_repaired
    said = inside("replay", outcome.folder, "--finding", finding["id"], "--url", partner.url)
    assert said.status == 1, said.text
    assert "still failing" in said.out
    partner.sign_in = partner.signed_in
    assert inside("replay", outcome.folder, "--url", partner.url).status == 0
