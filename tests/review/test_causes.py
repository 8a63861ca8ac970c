"""What a difference comes from: only what changed, and only where the difference depends on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from small_reports import report

from certification.review.causes import Cause, Changed
from certification.review.compare import Comparison, compare
from certification.review.comparison_markdown import comparison_markdown
from certification.review.words import cause_words

PARTNER, CONFIG, CONTRACT, SUITE, RUN = Changed
Report = dict[str, Any]


def broke(old: Report, new: Report) -> list[tuple[tuple[Changed, ...], tuple[str, ...]]]:
    return [(each.changed, each.fields) for each in compare(old, new).broke]


def test_where_nothing_else_changed_it_is_the_partner() -> None:
    result = compare(report(), report([("P402", "unknown-connection")]))
    assert [each.changed for each in (*result.broke, *result.cases, *result.requirements)] == [(PARTNER,)] * 3


def test_what_is_fixed_has_a_cause_and_what_stays_has_none() -> None:
    old = report([("P402", "unknown-connection"), ("P100", "first-connect")])
    result = compare(old, report([("P100", "first-connect")]))
    assert [each.changed for each in result.fixed] == [(PARTNER,)]
    assert [each.changed for each in result.still] == [()]


@pytest.mark.parametrize(
    ("field", "value", "found", "changed"),
    [
        ("hostnames", ["other.example"], ("P100", "redirect-allowed"), True),
        ("hostnames", ["other.example"], ("P100", "first-connect"), False),
        ("new_user_action", "invite", ("P302", "new-user-action"), True),
        ("new_user_action", "invite", ("P402", "unknown-connection"), False),
        ("supports_demo", True, ("P700", "demo-always-new"), True),
        ("base_url", "https://new.example", ("P402", "unknown-connection"), True),
        ("resources_to_provision", [], ("A100", "credentials-required"), True),
        ("description_blurb", "Another text", ("P402", "unknown-connection"), False),
        ("logo_file", "new.svg", ("P100", "config-valid"), True),
        ("x-of-the-partner", "1", ("P402", "unknown-connection"), False),
    ],
)
def test_the_config_counts_where_the_difference_depends_on_it(
    field: str, value: Any, found: tuple[str, str], *, changed: bool
) -> None:
    expected = ((CONFIG,), (field,)) if changed else ((PARTNER,), ())
    assert broke(report(), report([found], config={field: value})) == [expected]


def test_a_path_counts_for_its_operation() -> None:
    new = report([("P402", "unknown-connection")])
    new["config"]["endpoints"]["delete_connection_path"] = "/new"
    assert broke(report(), new) == [((PARTNER,), ())]
    new["findings"][0]["cause"] = ["delete-connection", "delete_connection", ""]
    assert broke(report(), new) == [((CONFIG,), ("endpoints/delete_connection_path",))]


def test_a_case_that_begins_to_apply_does_so_for_the_config_alone() -> None:
    old = report(verdicts={"P700": "not_applicable"}, config={"supports_demo": False})
    new = report(config={"supports_demo": True, "name": "Acorn BI"})
    assert [(each.text, each.changed, each.fields) for each in compare(old, new).cases] == [
        ("P700: not applicable → passed", (CONFIG,), ("supports_demo",))
    ]
    # A failing one that did not apply before fails for the same reason.
    failing = report([("P700", "demo-always-new")], config={"supports_demo": True})
    assert broke(old, failing) == [((CONFIG,), ("supports_demo",))]


def another_clause(new: Report) -> None:
    for row in new["requirements"]:
        if row["id"] == "unknown-connection":
            row["contract"] = "0" * 16
    new["suite"]["catalogue"] = "b" * 64


def another_version(new: Report) -> None:
    new["suite"]["version"] = "2.1.0"


def another_catalogue(new: Report) -> None:
    new["suite"]["catalogue"] = "b" * 64


def another_case(new: Report) -> None:
    another_catalogue(new)
    next(case for case in new["cases"] if case["id"] == "P402")["steps"] = "Something else."


@pytest.mark.parametrize(
    ("change", "found", "expected"),
    [
        (another_clause, ("P402", "unknown-connection"), (CONTRACT,)),
        (another_clause, ("P100", "first-connect"), (PARTNER,)),
        (another_version, ("P402", "unknown-connection"), (SUITE, PARTNER)),
        (another_catalogue, ("P402", "unknown-connection"), (SUITE, PARTNER)),
        (another_case, ("P402", "unknown-connection"), (SUITE, PARTNER)),
    ],
)
def test_contract_and_suite_count_where_they_changed(
    change: Callable[[Report], None], found: tuple[str, str], expected: tuple[Changed, ...]
) -> None:
    new = report([found])
    change(new)
    assert broke(report(), new) == [(expected, ())]


def test_reports_without_digests_are_told_apart_by_clause_and_version() -> None:
    old, new = report(), report([("P402", "unknown-connection")])
    for row in (*old["requirements"], *new["requirements"]):
        del row["contract"]
    assert broke(old, new) == [((PARTNER,), ())]
    new["partner"]["api_version"] = "2.0.0"
    assert broke(old, new) == [((CONTRACT,), ())]
    new["partner"]["api_version"] = old["partner"]["api_version"]
    next(row for row in new["requirements"] if row["id"] == "unknown-connection")["clause"] = "Another."
    assert broke(old, new) == [((CONTRACT,), ())]


def test_contract_and_config_that_both_changed_are_both_named() -> None:
    new = report([("P402", "unknown-connection")], config={"base_url": "https://new.example"})
    another_clause(new)
    assert broke(report(), new) == [((CONTRACT, CONFIG), ("base_url",))]


@pytest.mark.parametrize(
    ("case", "requirement", "expected"),
    [
        ("G110", "models-tolerant", (RUN, PARTNER)),
        ("P402", "unknown-connection", (PARTNER,)),
    ],
)
def test_another_seed_counts_where_examples_are_drawn(
    case: str, requirement: str, expected: tuple[Changed, ...]
) -> None:
    new = report([(case, requirement)])
    new["run"]["seed"] = 2
    assert broke(report(), new) == [(expected, ())]


def test_what_was_not_run_comes_from_the_run() -> None:
    new = report(verdicts={"P402": "not_run"})
    new["run"]["narrowed_by"] = ["-k P100"]
    del new["run"]["latency"]["connect"]
    result = compare(report([("P402", "unknown-connection")]), new)
    assert [each.changed for each in (*result.unknown, *result.cases, *result.latency)] == [(RUN,)] * 3


def test_an_error_is_a_fault_of_the_suite() -> None:
    result = compare(report(), report(verdicts={"P402": "error"}))
    assert [each.changed for each in result.broke] == [(SUITE,)]


def test_a_waiver_that_came_or_went_comes_from_the_run() -> None:
    found = [("P402", "unknown-connection")]
    result = compare(report(found, {"P402": "waived"}), report(found))
    assert [each.changed for each in result.cases] == [(RUN,)]
    # A finding that is new is the partner's all the same.
    result = compare(report(), report(found, {"P402": "waived"}))
    assert [each.changed for each in result.cases] == [(PARTNER,)]


def test_what_a_catalogue_gained_or_lost_comes_from_suite_and_contract() -> None:
    old, new = report(), report()
    new["cases"].pop(0)
    new["requirements"].pop(0)
    for one, two in ((old, new), (new, old)):
        result = compare(one, two)
        assert [each.changed for each in result.cases] == [(SUITE,)]
        assert [each.changed for each in result.requirements] == [(CONTRACT,)]


def test_facts_about_the_runs() -> None:
    old, new = report(), report(config={"base_url": "https://new.example", "name": "Acorn BI"})
    new["suite"] = {"version": "2.1.0", "catalogue": "b" * 64}
    new["partner"]["api_version"] = "2.0.0"
    new["run"] |= {"seed": 2, "profile": "quick"}
    said = {each.text.partition(":")[0]: cause_words(each.cause) for each in compare(old, new).run}
    assert said == {
        "suite version": "suite",
        "catalogue": "suite",
        "partner": "config (name)",
        "address": "config (base_url)",
        "API version": "contract",
        "profile": "run",
        "seed": "run",
    }
    new["config"]["base_url"] = old["config"]["base_url"]
    assert "run" in [cause_words(each.cause) for each in compare(old, new).run if each.text.startswith("address")]


def test_words() -> None:
    assert cause_words(Cause()) == ""
    assert cause_words(Cause((SUITE, PARTNER))) == "suite or partner"
    assert cause_words(Cause((CONTRACT, CONFIG), ("name", "hostnames"))) == "contract or config (name, hostnames)"


def test_a_config_that_is_none_stops_nothing() -> None:
    old = report(verdicts={"P700": "not_applicable"})
    new = report(config={"supports_demo": True})
    new["config"] = {"supports_demo": {"deep": []}, "endpoints": 3}
    result: Comparison = compare(old, new)
    assert [each.changed for each in result.cases] == [(CONFIG,)]


@pytest.mark.parametrize(
    ("verdict", "today", "said"),
    [
        ("conformant", date(2026, 12, 31), []),
        ("conformant", date(2027, 1, 4), ["the certificate of OLD is of 2026-01-04; a new one has been due since 2027-01-04"]),
        ("not_conformant", date(2027, 1, 4), []),
        ("conformant", date(2025, 12, 1), ["the run of OLD ended on 2026-01-04, which is still to come: a clock is wrong"]),
        ("conformant", None, []),
    ],
)  # fmt: skip
def test_a_certificate_that_is_due_is_noted(verdict: str, today: date | None, said: list[str]) -> None:
    old, new = report(), report()
    old["verdict"] = verdict
    old["run"]["finished"] = "2026-01-04T10:00:00.000+00:00"
    assert compare(old, new, today).notes == said


def test_markdown_shows_what_the_partner_wrote_as_it_is() -> None:
    old, new = report(), report([("P402", "unknown-connection")])
    new["findings"][0]["message"] = "<img src=x> @all ``` | *b*"
    another_version(new)
    text = comparison_markdown(compare(old, new))
    assert (
        "- P402: &#60;img src=x&#62; &#64;all &#96;&#96;&#96; &#124; &#42;b&#42; (suite or partner)"
        in text.splitlines()
    )
    assert text.endswith("nothing here tells which it was.\n")
    many = report()
    for number in range(40):
        many["cases"].append({**many["cases"][0], "id": f"X{number}"})
    assert "- and 10 more" in comparison_markdown(compare(report(), many))
    assert "or: each" not in comparison_markdown(compare(report(), many))
