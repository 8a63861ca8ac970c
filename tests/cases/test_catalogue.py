"""What the catalogue of cases promises."""

from __future__ import annotations

from certification.cases.catalogue import catalogue
from certification.contract.requirements import REQUIREMENTS
from certification.evidence.steps import Act, When
from certification.report.words import ACTS, CIRCUMSTANCES, step_title


def test_every_case_is_declared_completely() -> None:
    for ident, case in catalogue().items():
        assert ident == case.id
        assert case.title
        assert case.steps.endswith(".") or case.manual, ident
        assert case.clause
        assert case.manual or case.requirements, ident
        assert set(case.requirements) <= set(REQUIREMENTS), ident
        assert case.level in {"must", "should"}


def test_all_of_databricks_own_cases_are_there() -> None:
    automated = "P100 P300 P302 P400 P401 P402 P403 P404 P405 P500 P501 P502 P600 P700 P800 P801 P900 E100 R100 F100"
    assert set(automated.split()) <= {ident for ident, case in catalogue().items() if not case.manual}
    assert [ident for ident, case in catalogue().items() if case.shared_domain][:4] == ["P403", "P404", "P500", "P501"]


def test_every_requirement_has_a_source_and_what_it_rests_on_exists() -> None:
    for name, requirement in REQUIREMENTS.items():
        assert requirement.clause.endswith("."), name
        assert requirement.source, name
        assert set(requirement.rests_on) <= REQUIREMENTS.keys() - {name}, name


def test_every_step_can_be_said() -> None:
    assert ACTS.keys() == set(Act)
    assert CIRCUMSTANCES.keys() == set(When)
    words = [step_title(Act.SIGN_IN, when) for when in When]
    assert len(set(words)) == len(words)
