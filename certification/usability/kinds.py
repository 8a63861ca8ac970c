"""What kind of page a person is looking at: sign-up, sign-in, a wall, one that is not ready, or the product."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from certification.browser.page import Control, Field, Page
from certification.usability.field_class import PASSWORDS, SURE, FieldClass, Guess
from certification.usability.fields import classify
from certification.usability.forms import FormKind, form_kind


class PageKind(StrEnum):
    """What a page is to a person who came to begin a trial."""

    SIGN_UP = "sign-up"
    SIGN_IN = "sign-in"
    IDENTITY_PROVIDER = "identity provider"
    CHECK_INBOX = "check your inbox"
    CODE = "one-time code"
    TWO_FACTOR = "two-factor set-up"
    PAYMENT = "payment"
    CAPTCHA = "captcha"
    SETTINGS = "connection settings"
    """It asks for host, path, token or warehouse."""
    BETWEEN = "in between"
    """It asks for nothing, and one button leads on."""
    WAITING = "waiting for somebody"
    """Somebody else must do something first: approve, call."""
    WEBSITE = "website"
    """It offers to sign in, so that the user is not."""
    PREPARING = "not ready"
    FAILED = "failed"
    BLANK = "blank"
    PRODUCT = "product"


SIGN_UP_CLASSES = frozenset(
    {
        FieldClass.EMAIL,
        FieldClass.USERNAME,
        FieldClass.USERNAME_OR_EMAIL,
        FieldClass.PASSWORD,
        FieldClass.NEW_PASSWORD,
        FieldClass.CURRENT_PASSWORD,
        FieldClass.FIRST_NAME,
        FieldClass.LAST_NAME,
        FieldClass.MIDDLE_NAME,
        FieldClass.FULL_NAME,
        FieldClass.PHONE,
        FieldClass.COMPANY,
        FieldClass.COMPANY_SIZE,
        FieldClass.JOB_TITLE,
        FieldClass.INDUSTRY,
        FieldClass.WEBSITE,
        FieldClass.STREET,
        FieldClass.STREET2,
        FieldClass.CITY,
        FieldClass.POSTAL_CODE,
        FieldClass.PROVINCE,
        FieldClass.COUNTRY,
        FieldClass.BIRTHDAY,
        FieldClass.CONSENT,
        FieldClass.CAPTCHA,
        FieldClass.SURVEY,
        FieldClass.INVITATION,
    }
)
"""What forms of a sign-up ask for, needed or not."""

CARD_CLASSES = frozenset(
    {
        FieldClass.CARD_NUMBER,
        FieldClass.CARD_CODE,
        FieldClass.CARD_NAME,
        FieldClass.CARD_EXPIRY,
        FieldClass.BANK_ACCOUNT,
    }
)
CONNECTION_CLASSES = frozenset(
    {
        FieldClass.WORKSPACE_HOST,
        FieldClass.HTTP_PATH,
        FieldClass.ACCESS_TOKEN,
        FieldClass.WAREHOUSE,
        FieldClass.PORT,
        FieldClass.CATALOG,
    }
)
"""What the connect request passed about the workspace."""

PLACES = 4
"""Links that a page has when it leads on to other places, as a product does."""

MAX_BETWEEN_WORDS = 80

MAX_WALL_WORDS = 150
"""A page that only says *check your inbox* says little else."""


@cache
def phrases(name: str) -> re.Pattern[str]:
    """Return the pattern for the phrases ``name`` of ``phrases.toml``."""
    table = tomllib.loads(files("certification.usability").joinpath("phrases.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{each})" for each in table[name]))


def spoken(text: str) -> str:
    """Return ``text`` as phrases are looked for in it: small letters, no accents, single spaces; punctuation stays."""
    import unicodedata

    parts = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in parts if not unicodedata.combining(letter) or letter in "゙゚")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", kept).casefold().replace("’", "'")).strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, and what each of its fields asks for."""

    page: Page
    guesses: tuple[Guess, ...]
    text: str
    """All visible words, as phrases are looked for in them."""

    def open_fields(self) -> list[tuple[Field, Guess]]:
        """Return the visible fields that a person can fill in, each with what it asks for."""
        return [
            (field, guess)
            for field, guess in zip(self.page.fields, self.guesses, strict=True)
            if field.shown and not field.disabled and guess.kind is not FieldClass.SEARCH
        ]

    def says(self, name: str) -> bool:
        """Return whether one of the phrases ``name`` is visible."""
        return phrases(name).search(self.text) is not None


def read(page: Page) -> Reading:
    """Return what the fields of ``page`` ask for, and its words."""
    buttons: dict[int, str] = {}
    for control in page.controls:
        if control.kind == "button" and control.shown:
            buttons[control.form] = f"{buttons.get(control.form, '')} | {control.text}"
    shown = [words.text for words in page.texts]
    guesses = classify(page.fields, page.forms, buttons)
    return Reading(page, tuple(guesses), spoken(" | ".join([page.title, *shown])))


def kind_of(reading: Reading, own_host: str) -> PageKind:
    """Return what kind of page it is; ``own_host`` is the host that the visit began at.  The first row that holds decides."""
    page, fields = reading.page, reading.open_fields()
    classes = {guess.kind for _, guess in fields}
    sure = {guess.kind for _, guess in fields if guess.weight >= SURE}
    words = len(reading.text.split())
    asks = bool(classes & SIGN_UP_CLASSES)
    host = page.address.partition("://")[2].partition("/")[0].rpartition("@")[2]
    few = words < MAX_WALL_WORDS
    inside = _is_inside(page) and not classes & PASSWORDS and not _insists(reading)
    rows: Sequence[tuple[bool, PageKind]] = (
        (host != own_host and phrases("identity_providers").search(host) is not None, PageKind.IDENTITY_PROVIDER),
        (_blank(reading), PageKind.BLANK),
        (not asks and few and (page.status >= 400 or _failed(reading)), PageKind.FAILED),
        (bool(sure & CARD_CLASSES) and not sure & PASSWORDS, PageKind.PAYMENT),
        (few and not classes & PASSWORDS and "databricks" not in reading.text and _pays(reading), PageKind.PAYMENT),
        (_asks_for_connection(sure), PageKind.SETTINGS),
        (FieldClass.ONE_TIME_CODE in classes and reading.says("two_factor"), PageKind.TWO_FACTOR),
        (FieldClass.ONE_TIME_CODE in classes, PageKind.CODE),
        (_form(reading) is FormKind.SIGN_IN, PageKind.SIGN_IN),
        (asks and not _only_newsletter(classes) and not inside, PageKind.SIGN_UP),
        (few and not _places(page) and _insists(reading), PageKind.SIGN_UP),
        (not asks and few and not _is_inside(page) and reading.says("two_factor"), PageKind.TWO_FACTOR),
        (few and reading.says("check_inbox") and not _goes_on(reading), PageKind.CHECK_INBOX),
        (not fields and few and not _places(page) and reading.says("waits_for_people"), PageKind.WAITING),
        (not fields and few and _captcha(reading), PageKind.CAPTCHA),
        (not fields and few and _only_providers(page), PageKind.IDENTITY_PROVIDER),
        (few and (page.busy or reading.says("preparing")) and not _places(page), PageKind.PREPARING),
        (not fields and words < MAX_BETWEEN_WORDS and _between(reading), PageKind.BETWEEN),
        (not asks and _offers_sign_in(reading), PageKind.WEBSITE),
    )
    return next((kind for holds, kind in rows if holds), PageKind.PRODUCT)


def _between(reading: Reading) -> bool:
    """Return whether a page without a word of data only waits for a button to be pressed."""
    if _places(reading.page) or reading.page.images or any(frame.shown for frame in reading.page.frames):
        return False
    asks = reading.says("check_inbox") or reading.says("two_factor")
    return next_control(reading) is not None or (asks and skip_control(reading) is not None)


def _only_providers(page: Page) -> bool:
    """Return whether all that a page offers is to go on with an account of somebody else."""
    buttons = [spoken(control.text) for control in page.controls if control.shown and control.text]
    offers = [text for text in buttons if phrases("continue_with").search(text)]
    return bool(offers) and len(buttons) - len(offers) < PLACES


def _blank(reading: Reading) -> bool:
    page = reading.page
    nothing = not reading.open_fields() and not any(control.shown for control in page.controls) and not page.images
    return nothing and not page.texts and not any(frame.shown for frame in page.frames)


def _failed(reading: Reading) -> bool:
    heads = [words.text for words in reading.page.texts if words.heading] or [
        words.text for words in reading.page.texts[:2]
    ]
    return any(phrases("failed").search(spoken(text)) for text in [reading.page.title, *heads])


def _asks_for_connection(sure: set[FieldClass]) -> bool:
    """One such field may be a filter of the product; together they are the settings of a connection."""
    asked = sure & CONNECTION_CLASSES
    return len(asked) >= 2 or bool(asked & {FieldClass.HTTP_PATH, FieldClass.ACCESS_TOKEN, FieldClass.WORKSPACE_HOST})


def _form(reading: Reading) -> FormKind:
    """Return what the form with the password is for, or the first one that asks for an account."""
    page = reading.page
    shown = [(field, guess) for field, guess in zip(page.fields, reading.guesses, strict=True) if field.shown]
    with_password = [field.form for field, guess in shown if guess.kind in PASSWORDS]
    account = {FieldClass.EMAIL, FieldClass.USERNAME, FieldClass.USERNAME_OR_EMAIL}
    candidates = with_password or [field.form for field, guess in shown if guess.kind in account]
    if not candidates:
        return FormKind.OTHER
    number = candidates[0]
    guesses = [guess for field, guess in shown if field.form == number]
    form = page.forms[number] if 0 <= number < len(page.forms) else None
    buttons = " | ".join(
        each.text for each in page.controls if each.kind == "button" and each.form == number and each.shown
    )
    return form_kind(guesses, form, f"{buttons} | {_title(page)}")


def _title(page: Page) -> str:
    return " | ".join([page.title, *(words.text for words in page.texts if words.heading)][:4])


def _is_inside(page: Page) -> bool:
    """Return whether the page is one of somebody who is signed in."""
    return any(control.shown and phrases("sign_out").search(spoken(control.text)) for control in page.controls)


def _pays(reading: Reading) -> bool:
    """Return whether the page leaves the choice between ways to pay."""
    choices = [control.text for control in reading.page.controls if control.shown]
    choices += [label_of(field) for field, _ in reading.open_fields() if field.type in {"radio", "button"}]
    return sum(phrases("payment_choice").search(spoken(text)) is not None for text in choices) >= 2


def _offers_sign_in(reading: Reading) -> bool:
    """Return whether the page offers to sign in, and says nothing of the user's data."""
    offers = [control for control in reading.page.controls if phrases("sign_in_offer").search(spoken(control.text))]
    return any(control.shown for control in offers) and "databricks" not in reading.text


def _insists(reading: Reading) -> bool:
    """Return whether the page leads on only when its questions are answered."""
    return any(field.required for field, _ in reading.open_fields()) and next_control(reading) is not None


def _only_newsletter(classes: set[FieldClass]) -> bool:
    """Return whether it is an e-mail field alone beside a newsletter box, which is no sign-up."""
    return (
        FieldClass.NEWSLETTER in classes
        and not classes & PASSWORDS
        and len(classes) <= 2
        and FieldClass.CONSENT not in classes
    )


def _goes_on(reading: Reading) -> bool:
    """Return whether something on the page leads on without the e-mail."""
    return next_control(reading) is not None or _places(reading.page) or skip_control(reading) is not None


def _places(page: Page) -> bool:
    """Return whether the page has places to go to, as a product has and a waiting page has not."""
    links = [control for control in page.controls if control.shown and control.kind == "link"]
    return sum(phrases("legal").search(spoken(control.text)) is None for control in links) >= PLACES


def _captcha(reading: Reading) -> bool:
    return reading.says("captcha") or has_captcha(reading.page)


def has_captcha(page: Page) -> bool:
    """Return whether a frame of one of the usual captchas is visible."""
    return any(frame.shown and phrases("captcha_frames").search(frame.address.casefold()) for frame in page.frames)


def next_control(reading: Reading) -> Control | None:
    """Return the button that goes on: of the form that is filled in, or the only one that says so."""
    page = reading.page
    forms = [field.form for field, guess in reading.open_fields() if guess.kind in SIGN_UP_CLASSES or field.required]
    best: tuple[float, Control] | None = None
    buttons = [control for control in page.controls if control.kind == "button" and may_go_on(control)]
    alone = {control.form for control in buttons if sum(each.form == control.form for each in buttons) == 1}
    for control in page.controls:
        text = spoken(control.text)
        if not may_go_on(control):
            continue
        says = phrases("go_on").search(text) is not None
        own = control.form in forms
        if control.kind == "link" and (own or forms or not says):
            continue
        button = control.kind == "button"
        weight = 3.0 * says + 2.0 * (own and control.type == "submit") + 1.5 * own + 0.5 * button
        weight += 1.5 * (own and button and control.form in alone)
        if weight >= 3.0 and (best is None or weight > best[0]):
            best = (weight, control)
    return best[1] if best else None


def main_fields(reading: Reading) -> list[tuple[Field, Guess]]:
    """Return the fields of the form that leads on: a page may have others, for its language or a newsletter."""
    fields = reading.open_fields()
    control = next_control(reading)
    form = next((field.form for field, guess in fields if guess.kind in PASSWORDS), control.form if control else -1)
    return [(field, guess) for field, guess in fields if field.form == form] or fields


def skip_control(reading: Reading) -> Control | None:
    """Return the button or link that leaves out what the page asks for."""
    shown = [control for control in reading.page.controls if control.shown and not control.disabled]
    return next((each for each in shown if phrases("skip").search(spoken(each.text))), None)


def names_source(field: Field) -> bool:
    """Return whether the field is the choice of a source of data, Databricks or another."""
    text = spoken(label_of(field))
    return field.type == "radio" and ("databricks" in text or phrases("other_sources").search(text) is not None)


def label_of(field: Field) -> str:
    """Return what a person would call the field."""
    return (field.label or field.near or field.placeholder or field.name or field.id)[:80]


def may_go_on(control: Control) -> bool:
    """Return whether a visitor who goes on may press it at all."""
    text = spoken(control.text)
    return control.shown and not control.disabled and bool(text) and not phrases("not_on").search(text)


def cookie_control(reading: Reading) -> Control | None:
    """Return the button that takes a cookie banner away, refusing where that is offered; None where there is no banner."""
    if phrases("cookie_words").search(reading.text) is None:
        return None
    for name in ("cookie_refuse", "cookie_accept"):
        for control in reading.page.controls:
            text = spoken(control.text)
            if control.shown and control.kind == "button" and len(text) < 40 and phrases(name).search(text):
                near = [words for words in reading.page.texts if abs(words.place.y - control.place.y) < 300]
                if phrases("cookie_words").search(spoken(" ".join(words.text for words in near))):
                    return control
    return None
