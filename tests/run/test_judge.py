"""From what the executions of a case observed to its verdict."""

from __future__ import annotations

from observing import CASE, broken, ended, played

from certification.cases.case import Case
from certification.evidence.observation import Observation, Outcome
from certification.evidence.records import read_record
from certification.run.judge import CaseResult, Execution, conclude, execution_of, execution_record, sorted_out


def concluded(*executions: Execution, case: Case = CASE) -> CaseResult:
    return conclude(case, executions)


def code(result: CaseResult) -> str:
    return result.reason.code if result.reason else ""


def test_a_case_in_which_all_held_has_passed() -> None:
    result = concluded(played())
    assert (result.verdict, result.reason, result.exchanges, result.executions) == ("passed", None, 2, 1)


def test_a_broken_requirement_fails_the_case_and_advice_does_not() -> None:
    must = concluded(played("1", broken(), broken("known-user-existing")))
    assert must.verdict == "failed"
    assert [seen.requirement for seen in must.required] == ["first-connect"]
    assert [seen.requirement for seen in must.advisory] == ["known-user-existing"]
    assert concluded(played("1", broken("known-user-existing"))).verdict == "passed"


def test_what_is_unclear_fails_nothing() -> None:
    unclear = Observation("first-connect", Outcome.UNCLEAR, "connect")
    assert concluded(played("1", unclear)).verdict == "passed"


def test_further_tries_and_smaller_examples_decide_nothing() -> None:
    again = played("2", broken(), purpose="again", of="1")
    assert concluded(played("1"), again).verdict == "passed"


def test_a_fault_of_the_suite_is_an_error_unless_the_partner_failed_too() -> None:
    fault = played("1", end=ended("error", "suite-fault", text="KeyError"))
    assert concluded(fault).verdict == "error"
    assert concluded(fault, played("2", broken())).verdict == "failed"


def test_executions_that_did_not_get_far_block_the_case() -> None:
    def stuck(ident: str) -> Execution:
        return played(ident, end=ended("blocked", "throttled"))

    assert code(concluded(stuck("1"))) == "throttled"
    assert concluded(stuck("1"), stuck("2"), played("3")).verdict == "blocked"
    assert concluded(stuck("1"), played("2"), played("3")).verdict == "passed"
    assert concluded(*(played(str(n)) for n in range(9)), stuck("a"), stuck("b"), stuck("c")).verdict == "blocked"
    assert code(concluded()) == "not-executed"


def test_a_case_that_turned_out_not_to_apply_says_why() -> None:
    result = concluded(played(end=ended("not_applicable", "not-deleted-yet", status="deletion_acknowledged")))
    assert (result.verdict, code(result)) == ("not_applicable", "not-deleted-yet")


def test_a_rule_that_never_fired_proves_nothing() -> None:
    case = Case("T100", "A", "create", "steps", "clause", ("first-connect",), lambda _play: None, rules=("sign-in",))
    assert code(concluded(played(), case=case)) == "proved-nothing"
    assert concluded(played(fired=frozenset({"sign-in"})), case=case).verdict == "passed"


def test_what_held_is_kept_by_call_and_what_did_not_once_for_each_call() -> None:
    def held(call: int) -> Observation:
        return Observation("sign-in", Outcome.HELD, "connect", evidence=f"call:{call}")

    calls, rest = sorted_out([held(1), broken(call=2), broken(call=2), broken(call=3), held(4)])
    assert calls == {"sign-in": (1, 4)}
    assert [seen.call for seen in rest] == [2, 3]
    assert Execution("T100", "1", played().purpose, {}, calls, rest).looked_at() == {"sign-in": 2, "first-connect": 2}


def test_an_execution_survives_its_record() -> None:
    execution = played(
        "1",
        broken(),
        shape={"a": [1, "ü"]},
        held={"sign-in": (2, 3)},
        fired=frozenset({"b", "a"}),
        end=ended("blocked", "no-connection-id", call=1),
    )
    assert execution_of(read_record(execution_record(execution))) == execution
