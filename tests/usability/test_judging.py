"""What is said about pages: each statement violated by what violates it, and held by what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_making import (
    DATABRICKS,
    EMAIL,
    GO,
    HOME,
    KNOWN,
    PASSWORD,
    a_button,
    a_field,
    a_link,
    a_page,
    a_visit,
    landing,
    sign_up,
    words,
)

from certification.browser.page import Frame, Page, Place
from certification.contract.statements import STATEMENTS
from certification.foundation.reason import Reason
from certification.usability.arrivals import Absent
from certification.usability.judge import judge
from certification.usability.judged import State
from certification.usability.visit import End, Purpose, Trouble, Visit

V, H, R, N, X = State.VIOLATED, State.HOLDS, State.REVIEW, State.NOT_REACHED, State.NOT_APPLICABLE
SOURCES = ("PostgreSQL", "Salesforce", "Databricks · dbc-77", "Google Sheets")


def states(*visits: Visit) -> dict[str, State]:
    return {each.statement: each.state for each in judge(visits)}


def said(name: str, *pages: Page, **how: object) -> State:
    return states(a_visit(*pages, **how))[name]  # type: ignore[arg-type]


def test_a_product_that_follows_the_guidelines_is_accused_of_nothing() -> None:
    found = states(a_visit(sign_up(), HOME))
    assert {name for name, state in found.items() if state is V} == set()
    assert {name for name, state in found.items() if state is H} >= set(STATEMENTS) - {"U210", "U310", "U400", "U410"}


def test_whoever_is_in_the_product_at_once_was_asked_for_nothing() -> None:
    found = states(a_visit(HOME))
    assert {found[f"U1{number}0"] for number in range(7)} == {H}


@pytest.mark.parametrize(
    "label", ["Company", "Telefonnummer", "会社名", "Job title", "Pays", "Número de empleados", "Direct line"]
)
def test_a_field_that_no_trial_needs_is_found_in_every_language(label: str) -> None:
    found = states(a_visit(sign_up(a_field(label, required=True)), HOME))
    assert (found["U100"], found["U110"]) == (V, V)


def test_a_survey_is_too_much_and_none_of_what_the_guideline_names() -> None:
    found = states(a_visit(sign_up(a_field("How did you hear about us?")), HOME))
    assert (found["U100"], found["U110"]) == (V, H)


def test_a_field_that_nobody_understands_is_left_to_a_person() -> None:
    assert said("U100", sign_up(a_field("Zorblax", required=True)), HOME) is R


def test_names_are_tolerated_and_an_empty_one_that_must_be_typed_is_not() -> None:
    filled = a_field("First name", value="Ada", required=True)
    found = states(a_visit(sign_up(filled), HOME))
    assert (found["U100"], found["U230"]) == (H, H)
    assert said("U230", sign_up(replace(filled, value="")), HOME) is V


@pytest.mark.parametrize(
    ("value", "state"), [(KNOWN.email, H), (KNOWN.email.upper(), H), ("", V), ("sales@acorn.example", V)]
)
def test_the_email_stands_in_its_field(value: str, state: State) -> None:
    assert said("U120", sign_up(email=replace(EMAIL, value=value)), HOME) is state


def test_an_email_that_is_shown_need_not_be_asked() -> None:
    assert said("U120", a_page(words(f"You sign up as {KNOWN.email}"), PASSWORD, GO), HOME) is H


def test_card_fields_and_frames_of_payment_providers_are_payment_details() -> None:
    frame = Frame(
        "https://js.stripe.com/v3/elements-inner-card", "", readable=False, shown=True, place=Place(20, 0, 300, 40)
    )
    assert said("U130", sign_up(a_field("Card number", autocomplete="cc-number")), HOME) is V
    assert said("U130", sign_up(a_field("IBAN")), HOME) is V
    assert said("U130", sign_up(frame), HOME) is V
    assert said("U130", sign_up(words("No credit card required")), HOME) is H


def test_a_set_up_of_a_second_factor_is_found_and_one_that_may_be_skipped_left_to_a_person() -> None:
    page = a_page(
        words("Set up two-factor authentication", heading=True),
        a_field("Code", autocomplete="one-time-code"),
        a_button("Verify"),
    )
    assert said("U140", sign_up(), page, end=End.WALL) is V
    assert said("U140", sign_up(), replace(page, controls=(*page.controls, a_button("Skip for now"))), HOME) is R
    # Two letters and a digit inside of an identifier say nothing.
    assert said("U140", sign_up(), landing(DATABRICKS, words("ada.u92fab2fa77@acorn-x1.com"))) is H


def test_a_sign_in_after_sign_up_is_found() -> None:
    page = a_page(
        words("Sign in", heading=True),
        EMAIL,
        a_field("Password", "password", autocomplete="current-password"),
        a_button("Sign in"),
    )
    assert said("U150", sign_up(), page) is V


def test_waiting_for_somebody_and_the_public_website_are_not_the_product() -> None:
    waiting = a_page(words("Your request is being reviewed", heading=True))
    website = landing(words("Ten thousand teams build dashboards"), a_link("Log in"))
    for page in (waiting, website):
        found = states(a_visit(sign_up(), page, end=End.WALL))
        assert (found["U150"], found["U200"]) == (V, N)


def test_a_page_that_only_says_check_your_inbox_blocks_and_a_banner_does_not() -> None:
    wall = a_page(words("Check your inbox", heading=True), words("Click the link that we sent you."))
    assert said("U160", sign_up(), wall, end=End.WALL) is V
    banner = landing(DATABRICKS, words("Please verify your e-mail. Check your inbox."))
    assert said("U160", sign_up(), banner) is H


def test_databricks_is_found_at_once_below_the_fold_hidden_or_nowhere() -> None:
    assert said("U200", sign_up(), landing(DATABRICKS)) is H
    assert said("U200", sign_up(), landing(words("Catalog sales_data"))) is H
    assert said("U200", sign_up(), landing(words("Databricks", y=1600))) is V
    assert said("U200", sign_up(width=390), landing(words("Databricks", y=1600), width=390)) is R
    assert said("U200", sign_up(), landing(words("Sources"), hidden=" | Databricks")) is V
    assert said("U200", sign_up(), landing(words("Sources"))) is V


def test_a_page_that_cannot_be_read_is_left_to_a_person() -> None:
    frame = Frame("https://canvas.example", "", readable=False, shown=True, place=Place(0, 200, 1280, 600))
    assert said("U200", sign_up(), landing(frame)) is R


def test_the_place_of_databricks_in_a_list_is_seen_whatever_else_names_it() -> None:
    headline = words("You are connected to the Databricks workspace dbc-77.", x=60, y=60)
    later = landing(headline, *(words(name) for name in SOURCES))
    first = landing(headline, *(words(name) for name in sorted(SOURCES, key=lambda name: "Databricks" not in name)))
    assert said("U210", sign_up(), later) is V
    assert said("U210", sign_up(), first) is H


def test_what_is_chosen_counts_more_than_the_order() -> None:
    def chosen(which: str) -> Page:
        return landing(*(a_field(name, "radio", checked=which in name) for name in SOURCES))

    assert said("U210", sign_up(), chosen("Databricks")) is H
    assert said("U210", sign_up(), chosen("Salesforce")) is V
    listed = a_field("Source", "select", options=SOURCES, value=SOURCES[2])
    assert said("U210", sign_up(), landing(listed)) is H
    assert said("U210", sign_up(), landing(replace(listed, value=SOURCES[0]))) is V


def test_settings_of_the_connection_are_not_asked_for() -> None:
    host, token = a_field("Server hostname", required=True), a_field("Personal access token", "password")
    page = a_page(words("Finish your connection", heading=True), host, token, a_button("Connect"))
    found = states(a_visit(sign_up(), page, end=End.WALL))
    assert (found["U220"], found["U230"]) == (V, V)
    shown = a_page(
        words("Your connection", heading=True),
        replace(host, value=KNOWN.workspace_host),
        a_field("HTTP path", value=KNOWN.http_path),
    )
    assert said("U220", sign_up(), shown, end=End.WALL) is V
    catalog = a_field("Catalog", "select", options=("main", "samples"), value="samples")
    assert said("U220", sign_up(), landing(DATABRICKS, catalog)) is R


def test_whoever_must_pick_the_source_is_not_led_to_databricks() -> None:
    choice = a_page(
        words("Where is your data?", heading=True),
        *(a_field(name, "radio", required=True) for name in SOURCES),
        a_button("Continue"),
    )
    found = states(a_visit(sign_up(), choice, HOME))
    assert (found["U100"], found["U210"]) == (H, V)


@pytest.mark.parametrize(("seconds", "state"), [(299, H), (301, V)])
def test_five_minutes_are_allowed(seconds: float, state: State) -> None:
    assert said("U300", sign_up(), HOME, seconds=(1.0, 1.0 + seconds)) is state


def test_a_known_user_arrives_at_sign_in_with_the_email_or_in_the_product() -> None:
    secret = a_field("Password", "password", autocomplete="current-password")

    def arriving(page: Page) -> State:
        return said("U400", page, purpose=Purpose.SIGN_IN)

    def sign_in(email: str) -> Page:
        return a_page(words("Sign in", heading=True), replace(EMAIL, value=email), secret, a_button("Sign in"))

    assert arriving(HOME) is H
    assert arriving(sign_in(KNOWN.email)) is H
    assert arriving(sign_in("")) is V
    assert arriving(sign_up()) is V


def test_other_pages_need_words_which_a_person_reads() -> None:
    page = a_page(words("Your trial is over. Choose a plan, or write to sales."))
    assert said("U410", page, purpose=Purpose.PURCHASE_PRODUCT) is R
    assert said("U410", a_page(words("Plans")), purpose=Purpose.PURCHASE_PRODUCT) is V


def test_every_page_is_held_to_https_scripts_width_and_keyboard() -> None:
    assert said("U420", replace(HOME, address="http://app.acorn-bi.com/home")) is V
    assert said("U420", replace(HOME, address="http://127.0.0.1:8000/home")) is H
    assert said("U420", HOME, troubles=(Trouble("javascript", "Uncaught TypeError"),)) is V
    assert said("U420", HOME, troubles=(Trouble("network", "404 favicon.ico"),)) is H
    assert said("U420", HOME, troubles=None) is R
    assert said("U420", landing(DATABRICKS, width=390, scroll_width=700)) is V
    assert said("U420", sign_up(a_field("Name", focusable=False)), HOME) is V


def test_what_stopped_the_visit_is_said() -> None:
    found = judge([a_visit(sign_up(), end=End.PROVIDER, detail="accounts.google.com")])
    reached = next(each for each in found if each.statement == "U200")
    assert reached.state is N
    assert reached.said[0][1].reason.facts == {
        "end": "identity provider",
        "page": "sign-up",
        "detail": "accounts.google.com",
    }


def test_pages_that_nobody_is_sent_to_do_not_apply_or_could_not_be_reached() -> None:
    gone = Absent(Purpose.CONTACT_ADMIN, applies=False, reason=Reason("no-trial"))
    hook = Absent(Purpose.PURCHASE_PRODUCT, applies=True, reason=Reason("no-expire-hook"))

    def state(*absent: Absent) -> State:
        return next(each.state for each in judge([a_visit(HOME)], absent) if each.statement == "U410")

    assert state(gone) is X
    assert state(gone, hook) is N


def test_the_worst_of_two_windows_counts() -> None:
    assert states(a_visit(sign_up(), HOME), a_visit(sign_up(a_field("Company")), HOME))["U110"] is V
