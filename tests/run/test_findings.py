"""One cause is one finding, wherever it was met; what only follows from it is said with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from observing import broken, ended, played

from certification.contract.requirements import REQUIREMENTS
from certification.evidence.observation import Observation
from certification.run.findings import Finding, findings, follows
from certification.run.judge import Execution


def found(*executions: Execution) -> list[Finding]:
    by_case: dict[str, list[Execution]] = {}
    for execution in executions:
        by_case.setdefault(execution.case, []).append(execution)
    return findings(by_case)


def test_the_same_cause_in_several_cases_is_one_finding_with_its_places() -> None:
    (finding,) = found(
        played("1", broken(), broken(call=2), case="P100"),
        played("1", case="P300"),
        played("1", broken(), case="G100", shape={"first_name": "Ö"}),
    )
    assert finding.cases() == ["P100", "G100"]
    assert [(place.execution.case, place.times) for place in finding.places] == [("P100", 2), ("G100", 1)]


def test_it_is_shown_where_nothing_special_was_sent() -> None:
    (finding,) = found(played("1", broken(), case="G100", shape={"a": 1}), played("1", broken(), case="T100"))
    assert finding.case == "T100"


def test_it_is_shown_by_the_smallest_example() -> None:
    (finding,) = found(
        played("1", broken(), shape={"a": 1, "b": 2, "c": 3}),
        played("2", broken(), shape={"a": 1, "b": 2}, purpose="shrink", of="1"),
        played("3", shape={"b": 2}, purpose="shrink", of="1"),
        played("4", broken(), shape={"a": 1}, purpose="shrink", of="1"),
    )
    assert (finding.shown.execution.id, finding.shown.execution.shape) == ("4", {"a": 1})


def test_a_failure_that_does_not_come_back_is_called_intermittent() -> None:
    (finding,) = found(
        played("1", broken()),
        played("2", purpose="again", of="1"),
        played("3", broken(), purpose="again", of="1"),
    )
    assert finding.intermittent
    assert (finding.tries, finding.failed_again) == (2, 1)


def test_other_details_and_operations_are_other_causes() -> None:
    seen = (broken(), broken(detail="status 404"), broken("delete-connection", "status 202", "delete_connection"))
    assert len(found(played("1", *seen))) == 3


def test_what_all_operations_share_has_one_cause() -> None:
    pages = (broken("error-model", "401", subject) for subject in ("connect", "delete_connection", "test_connection"))
    (finding,) = found(played("1", *pages))
    assert finding.cause == ("error-model", "service", "401")


def test_a_failure_that_shows_more_plainly_elsewhere_is_a_consequence() -> None:
    (finding,) = found(
        played("1", broken("sign-in", "status 404"), case="P300"),
        played("1", broken("workspaces-separate", "status 404"), case="P600"),
        played("1", broken("delete-reach", "status 404"), case="S100", shape={"program": []}),
    )
    assert finding.cause[0] == "sign-in"
    assert [each.cause[0] for each in finding.consequences] == ["workspaces-separate", "delete-reach"]
    assert finding.cases() == ["P300", "P600", "S100"]


def test_a_failure_under_special_circumstances_explains_no_other() -> None:
    seen = found(
        played("1", broken("first-connect", "status 500"), case="G100", shape={"first_name": "Ö"}),
        played("1", broken("models-tolerant", "status 500"), case="G190", shape={"operation": "connect"}),
    )
    assert [finding.cause[0] for finding in seen] == ["first-connect", "models-tolerant"]


def test_an_endpoint_that_is_not_there_explains_all_that_is_refused_for_it() -> None:
    absent = broken("endpoint-there", "absent", "delete_account")
    page = broken("hooks-test-domains-only", "no endpoint, status 404", "delete_account")
    (finding,) = found(played("1", absent, case="P403"), played("1", page, case="P405"))
    assert finding.cause[0] == "endpoint-there"
    assert [each.cause[0] for each in finding.consequences] == ["hooks-test-domains-only"]


def test_the_page_of_a_crash_is_part_of_the_crash() -> None:
    crash, page = broken("bad-request-survived"), broken("error-model", "500")
    (finding,) = found(played("1", crash, page))
    assert finding.cause[0] == "bad-request-survived"
    assert len(found(played("1", crash, page), played("2", broken("error-model", "500", call=2)))) == 2


def test_what_stops_most_comes_first_then_security_then_what_is_met_most_and_advice_last() -> None:
    seen = found(
        played("1", broken("known-user-existing"), broken("redirect-value", "x"), case="P100"),
        played("1", broken("secrets-kept", "PAT_TOKEN"), broken("redirect-value", "x"), case="P300"),
        played("1", broken("connection-model", "y"), end=ended("blocked", "no-connection-id", call=1), case="P400"),
    )
    names = [finding.cause[0] for finding in seen]
    assert names == ["connection-model", "secrets-kept", "redirect-value", "known-user-existing"]


@pytest.mark.parametrize(
    ("seen", "known", "expected"),
    [
        (("workspaces-separate", "status 500"), ("sign-in", "status 500"), True),
        (("delete-reach", "status 500"), ("sign-in", "status 500"), True),
        (("new-user-action", "user_status"), ("new-is-new", "user_status and account_status"), True),
        (("workspaces-separate", "status 404"), ("sign-in", "status 500"), False),
        (("sign-in", "status 500"), ("workspaces-separate", "status 500"), False),
        (("unknown-connection", "status 202"), ("sign-in", "status 202"), False),
    ],
)
def test_what_follows_from_a_known_cause_is_told_from_what_does_not(
    seen: tuple[str, str], known: tuple[str, str], *, expected: bool
) -> None:
    one, other = (broken(requirement=name, detail=detail) for name, detail in (seen, known))
    assert follows(one, [other]) is expected
    assert not follows(one, [replace(other, subject="delete_connection")])


def test_a_status_that_no_misunderstood_id_leads_to_is_a_finding_of_its_own() -> None:
    model = broken("connection-model", "/connection_id type")
    ids = {
        finding.cause[2]: finding
        for finding in found(
            played("1", model, broken("sign-in", "status 404"), case="P300"),
            played("1", model, broken("delete-connection", "status 202", "delete_connection"), case="P401"),
        )
    }
    assert set(ids) == {"/connection_id type", "status 202"}
    assert [each.cause[0] for each in ids["/connection_id type"].consequences] == ["sign-in"]


def test_what_is_done_for_strangers_is_not_explained_by_what_they_are_told() -> None:
    told = [broken("credentials-required", "status 400", subject) for subject in ("connect", "delete_connection")]
    causes = {finding.cause[0] for finding in found(played("1", broken("first-connect", "status 400"), *told))}
    assert causes == {"first-connect", "credentials-required"}
    (finding,) = found(played("1", broken("sign-in", "status 500"), broken("refused-without-effect", "status 500")))
    assert finding.cause[0] == "sign-in"


DETAILS = (
    "",
    "status 200",
    "status 400",
    "status 404",
    "status 500",
    "user_status",
    "account_status",
    "absent",
    "let in",
    "400",
    "401",
)
SEEN = st.builds(
    broken,
    st.sampled_from(sorted(REQUIREMENTS)),
    st.sampled_from(DETAILS),
    st.sampled_from(["connect", "delete_connection", "delete_account", "list_connectors"]),
)


@given(st.lists(st.tuples(st.sampled_from(["P100", "P300", "G100"]), st.booleans(), SEEN), min_size=1, max_size=12))
def test_every_cause_is_a_finding_or_a_consequence_and_none_gets_lost(met: list[tuple[str, bool, Observation]]) -> None:
    shapes = ({}, {"first_name": "Ö"})
    everything = found(
        *(played(str(n), seen, case=case, shape=shapes[plain]) for n, (case, plain, seen) in enumerate(met))
    )
    shown = [each.cause for finding in everything for each in (finding, *finding.consequences)]
    assert sorted(shown) == sorted({seen.cause for _, _, seen in met})
    for finding in everything:
        assert all(finding.level == "must" or each.level != "must" for each in finding.consequences)


def test_what_had_to_be_refused_is_not_explained_by_a_wrong_success() -> None:
    causes = {
        finding.cause[0]
        for finding in found(
            played(
                "1",
                broken("first-connect", "status 202"),
                broken("delete-connection", "status 202", "delete_connection"),
            ),
            played("2", broken("unknown-connection", "status 202"), broken("bad-json-refused", "status 202")),
        )
    }
    assert causes == {"first-connect", "unknown-connection", "bad-json-refused"}


def test_nothing_is_said_about_an_operation_that_is_not_there() -> None:
    absent = broken("endpoint-there", "absent", "delete_account")
    others = (
        broken("credentials-required", "status 501", "delete_account"),
        broken("error-model", "501", "delete_account"),
    )
    (finding,) = found(played("1", absent, *others))
    assert finding.cause == absent.cause
    assert len(finding.consequences) == 2
