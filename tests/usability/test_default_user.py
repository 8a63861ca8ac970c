"""What the default user types, and what never."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from page_making import EMAIL, KNOWN, PASSWORD, a_field

from certification.browser.page import Field
from certification.usability.default_user import answer, password_for
from certification.usability.field_class import FieldClass, Guess
from certification.usability.fields import classify


def typed(field: Field) -> str | None:
    [guess] = classify([field], [], {})
    return answer(field, guess, KNOWN, "p4ssW0rd!")


def test_the_default_user_gives_what_databricks_knows_and_invents_the_rest() -> None:
    assert typed(replace(EMAIL, value="")) == KNOWN.email
    assert typed(PASSWORD) == "p4ssW0rd!"
    assert typed(a_field("First name")) == "Ada"
    assert typed(a_field("Company", required=True)) == "Example Company"


def test_what_stands_there_or_may_be_left_out_stays_as_it_is() -> None:
    assert typed(EMAIL) is None
    assert typed(a_field("Company")) is None
    assert typed(a_field("Company", required=True, readonly=True)) is None


@pytest.mark.parametrize(
    "label", ["Card number", "Security code", "IBAN", "Access token", "HTTP path", "One-time code"]
)
def test_nothing_is_ever_typed_into_fields_for_what_is_real(label: str) -> None:
    assert typed(a_field(label, required=True)) is None


@pytest.mark.parametrize(
    ("rules", "least"),
    [("at least 8 characters", 16), ("Mindestens 20 Zeichen", 20), ("", 16), ("at least 400 characters", 16)],
)
def test_a_password_meets_the_rules_that_are_shown(rules: str, least: int) -> None:
    password = password_for(rules)
    assert least <= len(password) <= 64
    assert all(re.search(kind, password) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"))
    assert password != password_for(rules)


def test_a_longest_length_is_kept_to() -> None:
    assert len(password_for("Use 8 characters, at most 12 characters")) == 12


def test_a_code_is_never_guessed() -> None:
    assert answer(a_field("", required=True), Guess(FieldClass.ONE_TIME_CODE, 9.0), KNOWN, "x") is None
