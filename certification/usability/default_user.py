"""What the default user types: e-mail of the connect request, invented names, a password that meets the rules shown."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Mapping

from certification.browser.page import Field
from certification.usability.field_class import FieldClass, Guess
from certification.usability.visit import Known

MARKS = "!#%+-?_"

_NUMBERS = re.compile(
    r"(?:at least|minimum(?: of)?|min\.?|mindestens|au moins|minimum|al menos|almeno|pelo menos|minimaal|co najmniej|не менее|最低)?\s*(\d{1,2})\s*(?:or more )?(?:-\s*\d+ )?(?:characters|chars|zeichen|caracteres|caratteri|tekens|znakow|символ|文字|letters)"
)

INVENTED: Mapping[FieldClass, str] = {
    FieldClass.COMPANY: "Example Company",
    FieldClass.PHONE: "+1 202 555 0143",
    FieldClass.JOB_TITLE: "Analyst",
    FieldClass.WEBSITE: "https://example.com",
    FieldClass.STREET: "1 Example Street",
    FieldClass.CITY: "Springfield",
    FieldClass.POSTAL_CODE: "12345",
    FieldClass.PROVINCE: "Illinois",
    FieldClass.INDUSTRY: "Software",
    FieldClass.COMPANY_SIZE: "10",
    FieldClass.BIRTHDAY: "1990-01-01",
    FieldClass.SURVEY: "Example",
}
"""What a person invents where a form insists; none of it belongs to anybody (555-01xx is kept for fiction)."""

_NEVER = frozenset(
    {
        FieldClass.CARD_NUMBER,
        FieldClass.CARD_CODE,
        FieldClass.CARD_NAME,
        FieldClass.CARD_EXPIRY,
        FieldClass.ONE_TIME_CODE,
        FieldClass.CAPTCHA,
        FieldClass.NATIONAL_ID,
        FieldClass.SECURITY_ANSWER,
        FieldClass.CURRENT_PASSWORD,
        FieldClass.ACCESS_TOKEN,
        FieldClass.HTTP_PATH,
        FieldClass.WORKSPACE_HOST,
        FieldClass.PORT,
        FieldClass.WAREHOUSE,
        FieldClass.CATALOG,
        FieldClass.COUPON,
        FieldClass.INVITATION,
        FieldClass.SEARCH,
    }
)
"""What is never filled in: it is real, secret, or what the partner knows already."""


def password_for(rules: str) -> str:
    """Return a fresh random password that meets what ``rules``, the words around the field, ask for."""
    rules = rules.casefold()
    asked = [int(number) for number in _NUMBERS.findall(rules)]
    length = min(64, max([16, *(number for number in asked if number <= 64)]))
    limits = [
        number
        for number in asked
        if 8 <= number < 16 and re.search(rf"(?:max|most|hochstens|up to|bis)[^.]{{0,20}}{number}", rules)
    ]
    length = min([length, *limits])
    pools = (string.ascii_lowercase, string.ascii_uppercase, string.digits, MARKS)
    # One of each kind meets every usual rule; the rest is drawn.
    letters = [secrets.choice(pool) for pool in pools]
    letters += [secrets.choice(string.ascii_letters + string.digits) for _ in range(length - len(letters))]
    first, rest = letters[0], letters[1:]
    secrets.SystemRandom().shuffle(rest)
    return first + "".join(rest)


def answer(field: Field, guess: Guess, known: Known, password: str) -> str | None:
    """Return what to type into ``field``; None where it is to be left as it is."""
    if guess.kind in _NEVER or field.readonly:
        return None
    typed: Mapping[FieldClass, str] = {
        FieldClass.EMAIL: known.email,
        FieldClass.USERNAME_OR_EMAIL: known.email,
        FieldClass.USERNAME: known.email.partition("@")[0].replace(".", "")[:20],
        FieldClass.PASSWORD: password,
        FieldClass.NEW_PASSWORD: password,
        FieldClass.FIRST_NAME: known.first_name,
        FieldClass.LAST_NAME: known.last_name,
        FieldClass.FULL_NAME: f"{known.first_name} {known.last_name}",
    }
    if guess.kind in typed:
        # What is there already is the partner's doing, and is looked at, not replaced.
        return None if field.value else typed[guess.kind]
    if field.value or not field.required:
        return None
    return INVENTED.get(guess.kind, "Example" if guess.kind is FieldClass.UNKNOWN else None)
