"""Every field of every record: what the table says protects it does, and where it says that nothing does, nothing does."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import partners
import pytest
from commands import QUICK, certified
from forging import Record, broken, left_open, records, remake, write_records
from waiving import TODAY, waiver, written

from certification.evidence.records import KINDS
from certification.foundation.errors import BadEvidence
from certification.foundation.typed_json import kept_fields
from certification.review.verify import Result, verify
from certification.review.verify.protection import PROTECTION, Guard


def _classes(kinds: Iterator[Any]) -> Iterator[type]:
    for kind in kinds:
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            yield kind
            yield from _classes(iter(kept_fields(kind).values()))
        else:
            yield from _classes(iter(get_args(kind)))


def test_every_field_of_every_record_has_an_answer() -> None:
    fields = {kind.__name__: set(kept_fields(kind)) for kind in _classes(iter(KINDS.values()))}
    assert {name: set(row) for name, row in PROTECTION.items()} == fields


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A narrowed run in which something leaks, something breaks, an answer is missing, and a waiver allows something."""
    partner = partners.Partner()

    def echoing(call: partners.Call) -> partners.Answer:
        return partners.Answer(200, {**partner.signed_in(call).body, "you_said": partners.PASSWORD})

    partner.sign_in = echoing
    partner.delete_connection = partners.reset
    folder = tmp_path_factory.mktemp("run")
    waivers = f"--certification-waivers={written(folder, waiver())}"
    try:
        return certified(folder, QUICK, waivers, "-k", "P300 or P401 or G110", url=partner.url)
    finally:
        partner.close()


NOT_IN_THE_RUN = {
    "Worker", "Obstacle", "Lack", "Earlier", "KnownFinding",
    "People", "Attested", "Expectation", "Picture", "CallMade",
}  # fmt: skip
"""Records of several processes, of runs that could not start, about other runs, and of people (see test_attested_report)."""

OTHER: dict[str, Any] = {
    "Run.format": 1,
    "Run.suite": {
        "name": "partner-connect-certification", "version": "0.0.1", "catalogue": "0" * 64, "python": "3", "libraries": {}
    },
    "Run.profile": "standard",
    "Run.alike": ["other-case"],
    "Run.started": "2099-01-01T00:00:00+00:00",
    "Suite.name": "another-suite",
    "Suite.version": "9.9.9",
    "Suite.python": "3.99",
    "Suite.libraries": {"hypothesis": "1"},
    "Suite.catalogue": "f" * 64,
    "Waiver.requirement": "delete-reach",
    "Waiver.operation": "delete_connection",
    "Waiver.asked": {"by": "Cy Cole", "organisation": "Acorn", "on": f"{TODAY - timedelta(5)}"},
    "Waiver.approved": {"by": "Di Dorn", "organisation": "Databricks", "on": f"{TODAY - timedelta(4)}"},
    "Waiver.until": f"{TODAY + timedelta(30)}",
    "Person.on": f"{TODAY - timedelta(6)}",
    "Begun.purpose": "shrink",
    "Judgement.purpose": "shrink",
    "Exchange.act": "sign-in",
    "Exchange.when": "demo",
    "Exchange.response": None,
    "Exchange.failure": {"kind": "timeout", "message": "no answer"},
    "Exchange.started": "2001-01-01T00:00:00+00:00",
    "Exchange.seconds": 9000.0,
    "Exchange.connection": "renewed",
    "Request.authorization": "suffix",
    "Request.charset": "latin-1",
    "Response.status": 418,
    "Response.http_version": "HTTP/2",
    "Response.digest": "a" * 64,
    "Response.headers": [],
    "Response.leaks": [],
    "Leak.secret": "OAUTH_SECRET",
    "Failure.kind": "timeout",
    "Observation.outcome": "unclear",
    "Observation.requirement": "concurrent",
    "Judgement.end": {"kind": "error", "code": "", "facts": {}},
    "Ended.kind": "error",
    "Concluded.verdict": "passed",
    "End.finished": "2001-01-01T00:00:00+00:00",
    "End.narrowed_by": [],
}  # fmt: skip
"""What a field holds instead, where nothing simple will do."""


def _other(name: str, value: Any) -> Any:
    if name in OTHER:
        return OTHER[name]
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
        case list():
            return [*value, *value[:1]] if value and not isinstance(value[0], str) else [*value, "x"]
        case dict():
            return {**value, "x": 1} if name != "Judgement.held" else {}
    raise TypeError(name)


def _places(found: list[Record], kind: str) -> Iterator[Record]:
    """Yield the objects in ``found`` that are of the class ``kind``, those of failing executions first."""
    types = {each.__name__: name for name, each in KINDS.items()}
    inner = {
        "Suite": ("run", "suite"), "Request": ("exchange", "request"), "Response": ("exchange", "response"),
        "Person": ("waiver", "asked"), "Failure": ("exchange", "failure"), "Ended": ("judgement", "end"), "Observation": ("judgement", "observations"),
    }  # fmt: skip
    if kind in types:
        chosen = [record for record in found if record["type"] == types[kind] and record.get("case") != "preflight"]
        yield from sorted(chosen, key=lambda record: "again" not in str(record.get("purpose")))
    elif kind == "Leak":
        yield from (leak for answer in _places(found, "Response") for leak in answer["leaks"])
    else:
        record_type, field = inner[kind]
        for record in found:
            # What removes the traces of a case is on record, but nothing follows from it.
            judged = record.get("case") != "preflight" and record.get("act") != "clean-up"
            if record["type"] == record_type and judged and record[field]:
                yield from record[field] if isinstance(record[field], list) else [record[field]]


def _forged(run: Path, folder: Path, changes: list[tuple[str, str]]) -> Path:
    shutil.copytree(run, folder)
    found = copy.deepcopy(records(folder))
    for kind, field in changes:
        places = list(_places(found, kind))
        if (kind, field) == ("Response", "leaks"):
            places = [place for place in places if place["leaks"]]
        places[0][field] = _other(f"{kind}.{field}", places[0][field])
    write_records(folder, found)
    with contextlib.suppress(BadEvidence):
        remake(folder)
    return folder


GUARDED = [
    (kind, field)
    for kind, row in PROTECTION.items()
    for field, guard in row.items()
    if kind not in NOT_IN_THE_RUN and guard is not Guard.SIGNATURE
]


@pytest.mark.parametrize(("kind", "field"), GUARDED, ids=[".".join(pair) for pair in GUARDED])
def test_forged_field_is_noticed(kind: str, field: str, run: Path, tmp_path: Path) -> None:
    outcome = verify(_forged(run, tmp_path / "forged", [(kind, field)]))
    if PROTECTION[kind][field] is Guard.OPEN:
        assert outcome.result is Result.UNVERIFIED, broken(outcome)
    else:
        assert outcome.result is Result.BROKEN, left_open(outcome)


def test_what_only_a_signature_protects_is_not_noticed_without_one(run: Path, tmp_path: Path) -> None:
    changes = [
        (kind, field)
        for kind, row in PROTECTION.items()
        for field, guard in row.items()
        if kind not in NOT_IN_THE_RUN and guard is Guard.SIGNATURE
    ]
    outcome = verify(_forged(run, tmp_path / "forged", changes))
    assert outcome.result is Result.HOLDS, broken(outcome) + left_open(outcome)


def test_file_of_a_process_under_another_name_is_noticed() -> None:
    from certification.config.partner import trial_config
    from certification.databricks.context import Context
    from certification.evidence.records import Worker
    from certification.review.verify.clock import Clock
    from certification.review.verify.rejudging import Rejudge

    url = "http://127.0.0.1:9"
    found = Rejudge("gw0.jsonl", Context("x", 1, "quick", url, trial_config(url)), Clock("", "")).read([Worker("gw1")])
    assert found.broken == ["gw0.jsonl says that it is the file of the process 'gw1'"]
