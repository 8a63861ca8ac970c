"""Names of people: what a reader takes for one name is one person."""

from __future__ import annotations

import pytest

from certification.foundation.people import each_once, same_person


@pytest.mark.parametrize(
    "other",
    [
        "ann lee",
        "\uff21nn\u2003Lee",
        "Ann  Lee ",
        "Lee, Ann",
        "Ann-Lee.",
        "AnnLee",
        "\u0410nn Lee",
        "\u0391nn L\u00e9e",
        "Ann Le\u0301e",
        "Ann\u200b Lee",
        "\u202eAnn\u2069 Lee\u200f",
        "Ann\u00a0\u0141ee",
    ],
)
def test_another_spelling_is_no_other_person(other: str) -> None:
    assert same_person("Ann Lee", other)
    assert each_once(["Ann Lee", "Bob Ray", other]) == ("Ann Lee", "Bob Ray")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ann Lee", "Anna Lee"),
        ("Amy Lee", "May Lee"),
        ("\u5c71\u7530", "\u5c71\u672c"),
        ("\u0915\u0940", "\u0915\u093e"),
        ("--", "!!"),
    ],
)
def test_other_people_have_other_names(one: str, two: str) -> None:
    assert not same_person(one, two)
