"""What a form field asks for, as a person would tell from its label, and as a program from its attributes.

Evidence is weighed, in this order: what the page declares for password managers (``autocomplete``), the kind of the field, its
words (label, placeholder, words beside it, name), then its surroundings (the other fields, heading and button of the form).  The
words stand in ``vocabulary.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from certification.browser.page import Field, Form
from certification.usability.field_class import BOX_CLASSES, PASSWORDS, SURE, FieldClass, Guess
from certification.usability.forms import FormKind, form_kind
from certification.usability.plain_text import plain

SHORT = 4
"""Words of a text in which a word that can mean many things still means what the field is for."""

DECLARED: Mapping[str, FieldClass] = {
    "email": FieldClass.EMAIL,
    "username": FieldClass.USERNAME,
    "new-password": FieldClass.NEW_PASSWORD,
    "current-password": FieldClass.CURRENT_PASSWORD,
    "given-name": FieldClass.FIRST_NAME,
    "family-name": FieldClass.LAST_NAME,
    "additional-name": FieldClass.MIDDLE_NAME,
    "name": FieldClass.FULL_NAME,
    "tel": FieldClass.PHONE,
    "tel-national": FieldClass.PHONE,
    "tel-local": FieldClass.PHONE,
    "tel-country-code": FieldClass.PHONE,
    "organization": FieldClass.COMPANY,
    "organization-title": FieldClass.JOB_TITLE,
    "street-address": FieldClass.STREET,
    "address-line1": FieldClass.STREET,
    "address-line2": FieldClass.STREET2,
    "address-line3": FieldClass.STREET2,
    "address-level1": FieldClass.PROVINCE,
    "address-level2": FieldClass.CITY,
    "postal-code": FieldClass.POSTAL_CODE,
    "country": FieldClass.COUNTRY,
    "country-name": FieldClass.COUNTRY,
    "cc-number": FieldClass.CARD_NUMBER,
    "cc-csc": FieldClass.CARD_CODE,
    "cc-name": FieldClass.CARD_NAME,
    "cc-given-name": FieldClass.CARD_NAME,
    "cc-exp": FieldClass.CARD_EXPIRY,
    "cc-exp-month": FieldClass.CARD_EXPIRY,
    "cc-exp-year": FieldClass.CARD_EXPIRY,
    "bday": FieldClass.BIRTHDAY,
    "bday-day": FieldClass.BIRTHDAY,
    "bday-month": FieldClass.BIRTHDAY,
    "bday-year": FieldClass.BIRTHDAY,
    "one-time-code": FieldClass.ONE_TIME_CODE,
    "url": FieldClass.WEBSITE,
}
"""Tokens of ``autocomplete``.  Source: the HTML standard, Autofill."""

_KINDS: Mapping[str, FieldClass] = {
    "email": FieldClass.EMAIL,
    "tel": FieldClass.PHONE,
    "search": FieldClass.SEARCH,
    "password": FieldClass.PASSWORD,
}
_TEXTUAL = frozenset(
    {"text", "email", "tel", "number", "password", "search", "url", "date", "month", "textarea", "div"}
)
_ACCOUNT = frozenset({FieldClass.EMAIL, FieldClass.USERNAME, FieldClass.USERNAME_OR_EMAIL, FieldClass.PHONE})
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[a-z]{2,}")
"""An example of an e-mail address."""

_BOXES = frozenset({"checkbox", "radio"})
_PASSWORD_LIKE = frozenset(
    {
        *PASSWORDS,
        FieldClass.CARD_CODE,
        FieldClass.CARD_NUMBER,
        FieldClass.ONE_TIME_CODE,
        FieldClass.ACCESS_TOKEN,
        FieldClass.NATIONAL_ID,
        FieldClass.SECURITY_ANSWER,
    }
)


@cache
def _vocabulary() -> tuple[tuple[FieldClass, re.Pattern[str], re.Pattern[str] | None], ...]:
    rows = tomllib.loads(files("certification.usability").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    return tuple(
        (FieldClass(name), _pattern(row["strong"]), _pattern(row["weak"]) if row["weak"] else None)
        for name, row in rows.items()
    )


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    parts = []
    for word in sorted(words, key=len, reverse=True):
        core = re.escape(plain(word.strip("…"))).replace(r"\ ", r"[ ]?")
        latin = word.strip("…")[:1].isascii() or unicodedata.name(word[0], "").startswith(("LATIN", "CYRILLIC"))
        before = "" if word.startswith("…") or not latin else r"(?<!\w)"
        after = "" if word.endswith("…") or not latin else r"(?!\w)"
        parts.append(f"{before}{core}{after}")
    return re.compile("|".join(parts))


def classify(fields: Sequence[Field], forms: Sequence[Form], buttons: Mapping[int, str] | None = None) -> list[Guess]:
    """Return for each of the ``fields`` of a page what it asks for; ``buttons`` holds the words on each form's buttons."""
    guesses = [_alone(field) for field in fields]
    return _in_context(fields, guesses, forms, buttons or {})


def _alone(field: Field) -> Guess:
    """Return what speaks from the field itself."""
    if field.type in _BOXES:
        return _box(field)
    scores = _declared(field)
    _read_words(field, scores)
    if _ADDRESS.search(field.placeholder):
        scores[FieldClass.EMAIL] = scores.get(FieldClass.EMAIL, 0.0) + 4.0
    if field.type == "select":
        _look_at_options(field, scores)
    if field.type == "password":
        scores = {name: weight for name, weight in scores.items() if name in _PASSWORD_LIKE}
        if any(name not in PASSWORDS and weight >= SURE for name, weight in scores.items()):
            # A password field hides what is typed; what it asks for its words say.
            scores[FieldClass.PASSWORD] -= 6.0
    return _best(scores, _said(field), only_addresses=field.type == "email" or field.inputmode == "email")


def _declared(field: Field) -> dict[FieldClass, float]:
    """Return what a field tells programs: its token for password managers, its type."""
    scores: dict[FieldClass, float] = {}
    tokens = field.autocomplete.casefold().split()
    declared = DECLARED.get(tokens[-1]) if tokens else None
    if declared is not None and _fits(declared, field):
        scores[declared] = 5.0
    kind = _KINDS.get(field.type) or (FieldClass.EMAIL if field.inputmode == "email" else None)
    if kind is not None:
        scores[kind] = scores.get(kind, 0.0) + (6.0 if kind in {FieldClass.PASSWORD, FieldClass.EMAIL} else 2.5)
    return scores


def _read_words(field: Field, scores: dict[FieldClass, float]) -> None:
    """Add what the words of a field say, those that a person reads before those of the program."""
    visible = (
        (field.label, 4.0, 2.0),
        (field.near if not field.label else "", 3.0, 1.5),
        (_example_free(field), 3.0, 1.5),
    )
    found = [each for text, strong, weak in visible for each in _met(plain(text), strong, weak)]
    # What the program calls a field says less where a person reads words that mean nothing of the kind.
    if found or scores or not any(text.strip() for text, _, _ in visible):
        found += _met(plain(f"{field.name} | {field.id}"), 3.0, 1.6)
    found += _met(plain(" | ".join(field.options[:1])), 1.5, 0.0)
    for kind, weight in found:
        scores[kind] = scores.get(kind, 0.0) + weight


def _example_free(field: Field) -> str:
    """Return the placeholder without an e-mail address in it, whose parts are no words."""
    return _ADDRESS.sub("", field.placeholder)


def _said(field: Field) -> tuple[bool, bool]:
    """Return whether the visible words speak of an e-mail address, and of a user's name."""
    text = plain(" | ".join((field.label or field.near, _ADDRESS.sub("email", field.placeholder))))
    kinds = {kind for kind, _ in _met(text, 4.0, 2.0)}
    return FieldClass.EMAIL in kinds, FieldClass.USERNAME in kinds


def _met(text: str, strong: float, weak: float) -> list[tuple[FieldClass, float]]:
    """Return the classes whose words stand in ``text``; the more of it they are, the less it can mean something else.

    Of words that overlap the longest count: an *e-mail address* is no address.
    """
    spans: list[tuple[int, int, FieldClass, float]] = []
    short = len(text.split()) <= SHORT
    for kind, sure, unsure in _vocabulary():
        matches = [(match, strong) for match in sure.finditer(text)]
        if not matches and unsure is not None and weak and short:
            matches = [(match, weak) for match in unsure.finditer(text)]
        spans += [(match.start(), match.end(), kind, weight) for match, weight in matches]
    spans.sort(key=lambda span: (span[0] - span[1], -span[3]))
    kept: list[tuple[int, int, FieldClass, float]] = []
    for span in spans:
        same = [each for each in kept if each[0] < span[1] and span[0] < each[1]]
        if all((each[0], each[1]) == (span[0], span[1]) for each in same):
            kept.append(span)
    best: dict[FieldClass, float] = {}
    for start, end, kind, weight in kept:
        best[kind] = max(best.get(kind, 0.0), weight + (end - start) / len(text))
    return list(best.items())


def _fits(declared: FieldClass, field: Field) -> bool:
    """Return whether what a page declares can be: pages say ``new-password`` on any field to keep browsers from filling it."""
    if declared in PASSWORDS:
        return field.type == "password"
    if declared is FieldClass.EMAIL:
        return field.type in {"text", "email"}
    return True


def _box(field: Field) -> Guess:
    if field.type == "radio" and field.group:
        return _best(dict(_met(plain(field.group), 4.0, 2.0)))
    text = plain(f"{field.label or field.near} | {field.name} | {field.id}")
    scores = {kind: weight for kind, weight in _met(text, 4.0, 2.0) if kind in BOX_CLASSES}
    return _best(scores)


def _best(
    scores: Mapping[FieldClass, float], said: tuple[bool, bool] = (False, False), *, only_addresses: bool = False
) -> Guess:
    if not scores:
        return Guess(FieldClass.UNKNOWN, 0.0)
    kind = max(scores, key=lambda name: scores[name])
    if kind in {FieldClass.EMAIL, FieldClass.USERNAME}:
        email, user = scores.get(FieldClass.EMAIL, 0.0), scores.get(FieldClass.USERNAME, 0.0)
        says_email, says_user = said
        if only_addresses:
            return Guess(FieldClass.EMAIL, email)
        if says_email and says_user:
            return Guess(FieldClass.USERNAME_OR_EMAIL, email + user)
        # What a program calls the field weighs less than what a person reads.
        if says_email and min(email, user) > 0:
            return Guess(FieldClass.EMAIL, email)
    return Guess(kind, scores[kind])


def _look_at_options(field: Field, scores: dict[FieldClass, float]) -> None:
    """Add what the choices of a list say: months, years, countries."""
    texts = [plain(option) for option in field.options]
    numbers = [int(text) for text in texts if text.isdigit()]
    years = [number for number in numbers if 1900 <= number <= 2100]
    if len(years) >= 5:
        past = min(years) < 1990
        kind = FieldClass.BIRTHDAY if past else FieldClass.CARD_EXPIRY
        scores[kind] = scores.get(kind, 0.0) + 2.0
    if len(texts) > 100 and any("germany" in text or "deutschland" in text or "allemagne" in text for text in texts):
        scores[FieldClass.COUNTRY] = scores.get(FieldClass.COUNTRY, 0.0) + 2.5


def _in_context(
    fields: Sequence[Field], guesses: list[Guess], forms: Sequence[Form], buttons: Mapping[int, str]
) -> list[Guess]:
    """Return the guesses, with what the other fields of a form and its words say about those that are open."""
    found = list(guesses)
    for number in sorted({field.form for field in fields}):
        places = [place for place, field in enumerate(fields) if field.form == number]
        _digits(fields, found, places)
        _account(fields, found, places)
        _expiry(fields, found, places)
        form = forms[number] if 0 <= number < len(forms) else None
        _passwords(found, places, form_kind([found[place] for place in places], form, buttons.get(number, "")))
    return found


def _digits(fields: Sequence[Field], found: list[Guess], places: Sequence[int]) -> None:
    """Take a row of fields for one character each for a one-time code."""
    for run in _runs(places, lambda place: fields[place].maxlength == 1 or _numbered(fields[place])):
        if 4 <= len(run) <= 8:
            for place in run:
                found[place] = Guess(FieldClass.ONE_TIME_CODE, 5.0)


def _numbered(field: Field) -> bool:
    words = plain(f"{field.name} {field.id} {field.label}")
    return bool(re.search(r"\b(otp|code|digit|pin)\b", words) and re.search(r"\b\d\b", words))


def _runs(places: Sequence[int], belongs: Callable[[int], bool]) -> Iterator[list[int]]:
    run: list[int] = []
    for place in places:
        if belongs(place):
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _account(fields: Sequence[Field], found: list[Guess], places: Sequence[int]) -> None:
    """Take the only field to write into above the only password for the account, whatever it is called."""
    passwords = [place for place in places if found[place].kind in PASSWORDS and fields[place].type == "password"]
    if len(passwords) != 1:
        return
    above = [
        place for place in places if place < passwords[0] and fields[place].type in _TEXTUAL and fields[place].shown
    ]
    if len(above) != 1:
        return
    guess = found[above[0]]
    names = {FieldClass.FIRST_NAME, FieldClass.FULL_NAME, FieldClass.UNKNOWN}
    if guess.kind in names or (guess.kind not in _ACCOUNT and guess.weight < SURE):
        found[above[0]] = Guess(FieldClass.USERNAME, 2.5)


def _expiry(fields: Sequence[Field], found: list[Guess], places: Sequence[int]) -> None:
    """Take lists beside a card number that nothing names for the months and years of its end."""
    if not any(found[place].kind is FieldClass.CARD_NUMBER for place in places):
        return
    for place in places:
        if found[place].kind is FieldClass.UNKNOWN and fields[place].type == "select" and _monthly(fields[place]):
            found[place] = Guess(FieldClass.CARD_EXPIRY, 2.0)


def _monthly(field: Field) -> bool:
    return bool(
        re.search(
            r"\b(month|year|monat|jahr|mois|annee|mes|ano|mese|anno|mm|yy|yyyy)\b",
            plain(f"{field.name} {field.id} {field.near}"),
        )
    )


def _passwords(found: list[Guess], places: Sequence[int], kind: FormKind) -> None:
    """Whether a password is a new one or the known one follows from what the form is for."""
    plain_ones = [place for place in places if found[place].kind is FieldClass.PASSWORD]
    known = {FormKind.SIGN_UP: FieldClass.NEW_PASSWORD, FormKind.SIGN_IN: FieldClass.CURRENT_PASSWORD}.get(kind)
    for place in plain_ones if known else ():
        found[place] = Guess(known, found[place].weight)  # type: ignore[arg-type]  # the loop is empty without one
