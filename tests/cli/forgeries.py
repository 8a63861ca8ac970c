"""What a forger with the suite's own means tries: each changes the records; the chain and all outputs are made to fit."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from forging import Record, exchanges, set_body
from waiving import TODAY, waiver

Forgery = Callable[[list[Record]], object]

_CALL = "the recorded request is not the one that the suite sends here"


def _of(found: list[Record], kind: str, case: str) -> list[Record]:
    return [record for record in found if record["type"] == kind and record["case"] == case]


def _first(found: list[Record], case: str = "P300", number: int = 1) -> Record:
    return next(record for record in exchanges(found, case) if record["number"] == number)


def _everywhere(find: Callable[[Record], bool], **changes: Any) -> Forgery:
    def forgery(found: list[Record]) -> None:
        chosen = [record for record in found if find(record)]
        assert chosen
        for record in chosen:
            record.update(changes)

    return forgery


def _in_first(part: str, **changes: Any) -> Forgery:
    """Change the first call of P300."""

    def forgery(found: list[Record]) -> None:
        call = _first(found)
        (call[part] if part else call).update(changes)

    return forgery


def _in_run(**changes: Any) -> Forgery:
    return lambda found: found[0].update(changes)


def _in_suite(**changes: Any) -> Forgery:
    return lambda found: found[0]["suite"].update(changes)


def _in_config(**changes: Any) -> Forgery:
    return lambda found: found[0]["config"].update(changes)


def _in_judgement(**changes: Any) -> Forgery:
    return lambda found: _of(found, "judgement", "P300")[0].update(changes)


def _verdict(found: list[Record]) -> None:
    for record in found:
        if record["type"] == "case" and record["verdict"] in {"failed", "blocked"}:
            record.update(verdict="passed", reason="", facts={})


def _findings_removed(found: list[Record]) -> None:
    for record in found:
        if record["type"] == "judgement":
            record["observations"] = []
    _verdict(found)


def _finding_softened(found: list[Record]) -> None:
    """What was broken is said to be unclear."""
    for record in found:
        if record["type"] == "judgement":
            for seen in record["observations"]:
                seen["outcome"] = "unclear"
    _verdict(found)


def _held_invented(found: list[Record]) -> None:
    _of(found, "judgement", "P300")[0]["held"]["concurrent"] = [1]


def _held_elsewhere(found: list[Record]) -> None:
    held = _of(found, "judgement", "P300")[0]["held"]
    name = min(held)
    held[name] = [*held[name], 1]


def _better_body(found: list[Record]) -> None:
    answer = _first(found, "P100")
    set_body(answer, answer["response"]["body"].replace("create_trial", "sign_in"))


def _leak_hidden(found: list[Record]) -> None:
    """A secret stood in the answer; the record of the leak is emptied, digest and size are mended."""
    answer = _first(found)
    set_body(answer, answer["response"]["body"][:-1] + ', "debug": "${PAT_TOKEN}"}')
    answer["response"]["leaks"] = []


def _leak_in_header_hidden(found: list[Record]) -> None:
    _first(found)["response"]["headers"].append(["X-Debug", "${BASIC_PASSWORD}"])


def _dropped(found: list[Record]) -> None:
    found.remove(exchanges(found, "P300")[-1])


def _added(found: list[Record]) -> None:
    found.insert(found.index(exchanges(found, "P300")[-1]), copy.deepcopy(_first(found)) | {"number": 99})


def _twice(found: list[Record]) -> None:
    found.insert(found.index(exchanges(found, "P300")[-1]), copy.deepcopy(_first(found)))


def _moved_to_another_case(found: list[Record]) -> None:
    call = _first(found)
    found.remove(call)
    found.insert(found.index(exchanges(found, "P302")[0]), call)


def _said_to_have_waited(found: list[Record]) -> None:
    """A call that failed is hidden as one that had to wait."""
    call = copy.deepcopy(_first(found)) | {"throttled": True}
    call["response"]["status"] = 500
    found.insert(found.index(_first(found)), call)


def _neither_answer_nor_failure(found: list[Record]) -> None:
    _first(found)["response"] = None


def _case_dropped(found: list[Record]) -> list[Record]:
    kept = [record for record in found if record.get("case") != "P402"]
    next(record for record in kept if record["type"] == "selected")["cases"].remove("P402")
    return kept


def _case_unselected(found: list[Record]) -> None:
    next(record for record in found if record["type"] == "selected")["cases"].remove("P402")


def _case_invented(found: list[Record]) -> None:
    next(record for record in found if record["type"] == "selected")["cases"].append("P999")


def _not_applicable(found: list[Record]) -> list[Record]:
    kept = [record for record in found if record.get("case") != "P402" or record["type"] == "case"]
    _of(kept, "case", "P402")[0].update(verdict="not_applicable", reason="not-offered", facts={})
    return kept


def _example_blocked(found: list[Record]) -> None:
    """One of many examples is cut short, with the reason that a silent endpoint gives."""
    judgement = _of(found, "judgement", "G120")[-1]
    for exchange in [e for e in exchanges(found, "G120") if e["execution"] == judgement["execution"]][1:]:
        found.remove(exchange)
    reason = {"kind": "blocked", "code": "silent", "facts": {"operation": "connect", "times": 3}}
    judgement.update(held={}, observations=[], end=reason, fired=[], exchanges=1)


def _last_example(found: list[Record], *, plan: bool) -> list[Record]:
    name = _of(found, "judgement", "G120")[-1]["execution"]
    kept = [r for r in found if r.get("case") != "G120" or r.get("execution") != name]
    if plan:
        _of(kept, "plan", "G120")[0]["examples"] -= 1
    return kept


def _no_plan(found: list[Record]) -> None:
    found.remove(_of(found, "plan", "G120")[0])


def _planned_twice(found: list[Record]) -> None:
    plan = _of(found, "plan", "G120")[0]
    found.insert(found.index(plan), dict(plan))


def _examples_renumbered(found: list[Record]) -> list[Record]:
    """The first example goes, and the others move up."""
    kept = [r for r in found if r.get("case") != "G120" or r.get("execution") != "1"]
    for record in kept:
        if record.get("case") == "G120" and "execution" in record:
            record["execution"] = str(int(record["execution"]) - 1)
    _of(kept, "plan", "G120")[0]["examples"] -= 1
    return kept


def _shape(found: list[Record]) -> None:
    for record in found:
        if record.get("case") == "G120" and record.get("execution") == "2" and "shape" in record:
            record["shape"] = {}


def _example_called_a_retry(found: list[Record]) -> None:
    """A failing example counts for nothing when it is said to try another one again."""
    for record in found:
        if record.get("case") == "G120" and record.get("execution") == "2":
            record["execution"] = "2 again"
            if "purpose" in record:
                record["purpose"] = "again"
            if "of" in record:
                record["of"] = "1"


def _order(found: list[Record]) -> None:
    one, two = (found.index(call) for call in exchanges(found, "P300")[:2])
    found[one], found[two] = found[two], found[one]


def _no_preflight(found: list[Record]) -> list[Record]:
    return [record for record in found if record.get("case") != "preflight"]


def _no_judgement(found: list[Record]) -> None:
    found.remove(_of(found, "judgement", "P300")[0])


def _judged_twice(found: list[Record]) -> None:
    judgement = _of(found, "judgement", "P300")[0]
    found.insert(found.index(judgement), copy.deepcopy(judgement))


def _shifted(found: list[Record]) -> None:
    for record in found:
        for key in ("started", "finished"):
            if key in record:
                record[key] = "29" + record[key][2:]


def _trial(found: list[Record]) -> None:
    """Documented defaults would need fewer cases."""
    found[0]["trial"] = True


def _after_the_end(found: list[Record]) -> None:
    found.append({"type": "selected", "cases": []})


def _second_run(found: list[Record]) -> None:
    found.insert(5, copy.deepcopy(found[0]))


def _waiver(place: int = 1, **changes: Any) -> Forgery:
    """Put a waiver among the records, at ``place``."""
    return lambda found: found.insert(
        place, {"type": "waiver", "detail": "", "statement": "", **waiver(**{"requirement": "delete-reach", **changes})}
    )


FORGERIES: dict[str, tuple[str, Forgery, str]] = {
    # Verdicts and findings
    "verdict of a case": ("faulty", _verdict, "contradiction: P800: recorded as passed"),
    "findings removed": ("faulty", _findings_removed, "the record leaves out, or changes, what the answers show"),
    "findings called unclear": ("faulty", _finding_softened, "leaves out, or changes, what the answers show"),
    "clause held that nobody looked at": ("small", _held_invented, "that these held: concurrent"),
    "clause looked at more often": ("small", _held_elsewhere, "the record says of other calls than the answers show"),
    "end of an execution": (
        "small",
        _in_judgement(end={"kind": "not_applicable", "code": "stopped", "facts": {}}),
        "P300/1: recorded as not_applicable",
    ),
    "rules tried": ("small", _in_judgement(fired=["everything"]), "the rules that it tried are not the recorded ones"),
    "number of calls": ("small", _in_judgement(exchanges=2), "P300/1: recorded with 2 exchanges"),
    "judgement dropped": ("small", _no_judgement, "P300/1 has no judgement"),
    "judged twice": ("small", _judged_twice, "the judgement does not belong to the execution before it"),
    # Answers
    "response body": ("small", _better_body, "P100/1"),
    "response body, digest left": (
        "small",
        lambda found: _first(found)["response"].update(body="{}"),
        "does not have the digest that was recorded with it",
    ),
    "size": ("small", _in_first("response", size=1), "bytes, recorded were 1"),
    "status": ("small", _in_first("response", status=500), "P300/1"),
    "version of HTTP": ("small", _in_first("response", http_version="HTTP/9.9.9"), "a version of HTTP that does not"),
    "content type": ("small", _in_first("response", headers=[]), "P300/1"),
    "cut without need": ("small", _in_first("response", truncated=True), "it was not cut where the suite cuts"),
    "trouble invented": ("small", _in_first("response", trouble="the connection broke"), "P300/1"),
    "leak hidden": ("small", _leak_hidden, "PAT_TOKEN stood in the answer, where its mark is"),
    "leak in a header hidden": ("small", _leak_in_header_hidden, "BASIC_PASSWORD stood in the answer"),
    "neither answer nor failure": ("small", _neither_answer_nor_failure, "must hold an answer or the reason why"),
    # Requests
    "request body": ("small", _in_first("request", body="{}"), _CALL),
    "request header": ("small", _in_first("request", headers=[]), _CALL),
    "address of a call": ("small", _in_first("request", url="http://127.0.0.1:1/connect"), _CALL),
    "method": ("small", _in_first("request", method="PUT"), _CALL),
    "authorization": (
        "small",
        lambda found: exchanges(found, "E100")[0]["request"].update(authorization="suffix"),
        _CALL,
    ),
    "kept connection": ("small", _in_first("request", fresh_connection=True), _CALL),
    "step": ("small", _in_first("", act="sign-in"), "recorded as another step than the suite makes here"),
    "circumstance": ("small", _in_first("", when="demo"), "recorded as another step than the suite makes here"),
    "call dropped": ("small", _dropped, "P300/1"),
    "call added": ("small", _added, "call 99: the suite makes no such call"),
    "call recorded twice": ("small", _twice, "call 1: recorded 2 times"),
    "call moved to another case": ("small", _moved_to_another_case, "P300/1, call 2: the suite makes no such call"),
    "failing call said to have waited": ("small", _said_to_have_waited, "is not that call with the answer 429"),
    "calls reordered": ("small", _order, "the record holds it out of order"),
    # Completeness
    "case dropped": ("good", _case_dropped, "P402 is missing: the run is not narrowed"),
    "case not selected": ("small", _case_unselected, "P402 has a result, but is not among the cases"),
    "case that does not exist": ("small", _case_invented, "P999 was selected, but this version of the suite has no"),
    "case made not applicable": ("small", _not_applicable, "P402 was not executed, and the reason on record"),
    "example made blocked": ("small", _example_blocked, "judged again it is blocked"),
    "example dropped": ("small", lambda found: _last_example(found, plan=False), "examples were planned"),
    "example dropped with its plan": ("small", lambda found: _last_example(found, plan=True), "quick asks for"),
    "example dropped, others renumbered": ("small", _examples_renumbered, _CALL),
    "plan dropped": ("small", _no_plan, "G120 was executed without a plan"),
    "planned twice": ("small", _planned_twice, "G120 was planned twice"),
    "shape of an example": ("small", _shape, "is none that the suite would have tried"),
    "example called a retry": ("small", _example_called_a_retry, "2 again: it does not have the shape"),
    "preflight dropped": ("small", _no_preflight, "the calls of the preflight are missing"),
    # Facts about the run
    "config": ("small", _in_config(new_user_action="error"), "P302"),
    "config that needs fewer cases": ("small", _in_config(category="BI_AND_VIZ"), "though it does not apply"),
    "config that is none": ("small", _in_config(api_version="two"), "/api_version"),
    "trial": ("small", _trial, "a trial run goes by the documented defaults"),
    "address of the run": ("small", _in_run(url="http://127.0.0.1:1"), _CALL),
    "profile": ("small", _in_run(profile="standard"), "the profile standard asks for"),
    "run id": ("small", _in_run(id="0123456789abcdef-review-17"), _CALL),
    "challenge": ("small", _in_run(challenge="review-18"), "the run's id does not end with its challenge"),
    "challenge and id": ("small", _in_run(id="0123456789abcdef-review-18", challenge="review-18"), _CALL),
    "wrong password called right": ("small", _in_run(alike=["wrong-password"]), "which no credentials make so"),
    "another library and fewer examples": (
        "small",
        lambda found: (_in_suite(libraries={"hypothesis": "1.0"})(found), _last_example(found, plan=True))[1],
        "quick asks for",
    ),
    "second run": ("small", _second_run, "holds a second record of type 'run'"),
    "something after the end": ("small", _after_the_end, "goes on after the end of the run"),
    # Waivers
    "waiver of something about security": (
        "small",
        _waiver(requirement="redirect-allowed"),
        "redirect-allowed is about security, which is never waived",
    ),
    "waiver that had ended": (
        "small",
        _waiver(until=f"{TODAY - timedelta(2)}"),
        f"ended on {TODAY - timedelta(2)}",
    ),
    "waiver approved by whoever asked for it": (
        "small",
        _waiver(approved={"by": "ANN LEE", "organisation": "Databricks", "on": f"{TODAY}"}),
        "the same person",
    ),
    "waiver that came when the run had begun": ("small", _waiver(-1), "holds the waiver 'W1' where the run had begun"),
    # Times
    "time of a call": (
        "small",
        _in_first("", started="2020-01-01T00:00:00.000+00:00"),
        "it was sent before what is recorded before it",
    ),
    "length of a call": ("small", _in_first("", seconds=5000), "it was answered after the end of the run"),
    "end of the run": (
        "small",
        lambda found: found[-1].update(finished="2020-01-01T00:00:00+00:00"),
        "before it began",
    ),
    "run in the future": ("small", _shifted, "the run began in the future"),
    # The form of records
    "field that no record has": (
        "small",
        lambda found: _of(found, "case", "P300")[0].update(reviewed_by="Databricks"),
        "has the field 'reviewed_by', which the suite does not write",
    ),
    "field in a request that no request has": ("small", _in_first("request", note="fine"), "has the field 'note'"),
    "field left out": ("small", lambda found: _first(found).pop("throttled"), "/throttled is missing"),
    "clause that does not exist": (
        "small",
        lambda found: _of(found, "judgement", "P300")[0]["held"].update({"all-is-well": [1]}),
        "names the requirement 'all-is-well'",
    ),
    "record that does not exist": (
        "small",
        lambda found: found.insert(4, {"type": "approval", "by": "Databricks"}),
        "a record of type 'approval' is none that this version of the suite writes",
    ),
}
"""What is forged -> the run, the forgery, and what must be said about it."""


UNVERIFIABLE: dict[str, tuple[Forgery, str]] = {
    "another version of the suite": (_in_suite(version="9.9.9"), "suite: version 9.9.9, catalogue"),
    "another catalogue": (_in_suite(catalogue="0" * 64), "catalogue 0000000000000000, made the run"),
    "password that has no letters": (_in_run(alike=["other-case"]), "and did not try it"),
    "evidence of an older format": (_in_run(format=1), "the evidence has format 1"),
}
"""What is claimed that nothing here can tell -> what must be left open."""
