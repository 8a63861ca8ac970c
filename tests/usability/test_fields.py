"""What fields ask for: declared, typed, labelled, or told by their surroundings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_making import EMAIL, PASSWORD, a_field

from certification.browser.page import Field, Form
from certification.usability.field_class import SURE, FieldClass
from certification.usability.fields import classify
from certification.usability.forms import FormKind, form_kind

FORM = Form("", "", "", "", "", "")


def kinds(*fields: Field, heading: str = "", button: str = "") -> list[str]:
    form = replace(FORM, heading=heading)
    return [str(guess.kind) for guess in classify(fields, [form], {0: button})]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (a_field("", autocomplete="section-a billing organization"), "company"),
        (a_field("Correo electrónico"), "email"),
        (a_field("", placeholder="you@company.com"), "email"),
        (a_field("", "tel", autocomplete="tel-national"), "phone"),
        (a_field("Rückrufnummer"), "phone"),
        (a_field("Code postal"), "postal_code"),
        (a_field("Straße und Hausnummer"), "street"),
        (a_field("CVV", "password"), "card_code"),
        (a_field("", "select", options=("Month", *map(str, range(2026, 2040)))), "card_expiry"),
        (a_field("", name="billingZipCode"), "postal_code"),
        (a_field("Taille de l’entreprise", "select"), "company_size"),
        (a_field("会社名"), "company"),
        (a_field("Einladungscode"), "invitation"),
        (a_field("Data engineer", "radio", group="What describes you best?"), "job_title"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.label or value.name or value.autocomplete or value.type,
)  # fmt: skip
def test_a_field_says_what_it_is_for(field: Field, kind: str) -> None:
    assert kinds(field) == [kind]


def test_an_email_address_is_no_address() -> None:
    assert kinds(a_field("E-mail address"), a_field("Address")) == ["email", "street"]


def test_what_a_form_is_for_tells_which_password_is_meant() -> None:
    plain = replace(PASSWORD, autocomplete="")
    assert kinds(EMAIL, plain, heading="Create your account", button="Sign up") == ["email", "new_password"]
    assert kinds(EMAIL, plain, heading="Welcome back", button="Log in") == ["email", "current_password"]


def test_a_row_of_single_characters_is_a_code() -> None:
    assert kinds(*(a_field("", maxlength=1) for _ in range(6))) == ["one_time_code"] * 6


def test_a_word_that_may_mean_many_things_is_no_ground_for_an_accusation() -> None:
    [guess] = classify([a_field("", name="title")], [FORM], {})
    assert (guess.kind, guess.weight < SURE) == (FieldClass.JOB_TITLE, True)


def test_forms_are_told_apart() -> None:
    def kind(*fields: Field, button: str) -> FormKind:
        return form_kind(classify(fields, [FORM], {0: button}), FORM, button)

    assert kind(EMAIL, PASSWORD, button="Create account") is FormKind.SIGN_UP
    assert kind(EMAIL, replace(PASSWORD, autocomplete="current-password"), button="Sign in") is FormKind.SIGN_IN
    assert kind(a_field("Card number", autocomplete="cc-number"), button="Pay") is FormKind.PAYMENT
    assert kind(a_field("Code", autocomplete="one-time-code"), button="Verify") is FormKind.CODE
