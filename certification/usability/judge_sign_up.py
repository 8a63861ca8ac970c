"""U100 to U160, U300 and U310: what sign-up asks for, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from certification.browser.page import Field
from certification.usability.field_class import PASSWORDS, SURE, FieldClass, Guess
from certification.usability.judged import Judged, Look, Mark, holds, names, not_reached, review, violated
from certification.usability.kinds import (
    CARD_CLASSES,
    CONNECTION_CLASSES,
    PageKind,
    main_fields,
    names_source,
    phrases,
    skip_control,
    spoken,
)
from certification.usability.visit import End, Visit

NEEDED = PASSWORDS | {FieldClass.EMAIL, FieldClass.USERNAME_OR_EMAIL}
TOLERATED = frozenset(
    {FieldClass.FIRST_NAME, FieldClass.LAST_NAME, FieldClass.FULL_NAME, FieldClass.MIDDLE_NAME, FieldClass.CAPTCHA}
)
"""Tolerated with advice.  Source: ux.md, U100."""
HARMLESS = frozenset(
    {FieldClass.CONSENT, FieldClass.NEWSLETTER, FieldClass.REMEMBER, FieldClass.SEARCH, FieldClass.COUPON}
)
ELSEWHERE = CONNECTION_CLASSES | {FieldClass.USERNAME, FieldClass.ONE_TIME_CODE}
"""What other statements are about."""
UNNEEDED = frozenset(
    {
        FieldClass.COMPANY,
        FieldClass.PHONE,
        FieldClass.JOB_TITLE,
        FieldClass.COMPANY_SIZE,
        FieldClass.INDUSTRY,
        FieldClass.COUNTRY,
        FieldClass.STREET,
        FieldClass.STREET2,
        FieldClass.CITY,
        FieldClass.POSTAL_CODE,
        FieldClass.PROVINCE,
        FieldClass.WEBSITE,
        FieldClass.BIRTHDAY,
        FieldClass.SURVEY,
        FieldClass.INVITATION,
    }
)
"""What no trial needs."""

NAMED = UNNEEDED - {FieldClass.SURVEY, FieldClass.INVITATION}
"""What U110 names, and what is of its kind."""

LIMIT_SECONDS = 300.0

_Found = list[tuple[Look, Field, Guess]]


def sign_up(visit: Visit, seen: Sequence[Look]) -> list[Judged]:
    """Return what ``visit``, which began with a new user, says about signing up."""
    asked = _asked(seen)
    forms = [look for look in seen if look.sight.kind is PageKind.SIGN_UP]
    arrived = visit.end is End.ARRIVED and visit.last is not None
    product = arrived and visit.last is not None and visit.last.kind is PageKind.PRODUCT
    if not forms and not product:
        open_ones = [not_reached(name, visit) for name in ("U100", "U110", "U120", "U130", "U140")]
        walls = [
            *_payment(visit, seen, _asked(seen, whole=True), finished=False),
            *_two_factor(visit, seen, finished=False),
        ]
        found = {judged.statement: judged for judged in [*open_ones, *walls]}
        return [*found.values(), *_after(visit, seen), *_ready(visit)]
    # Whoever stands before a wall has sent the form, or has seen all of it but the captcha.
    wall = visit.end is End.WALL or (visit.last is not None and visit.last.kind is not PageKind.SIGN_UP)
    finished = product or (visit.submitted is not None and (arrived or wall))
    return [
        *_needed(visit, asked, finished=finished),
        *_unneeded(visit, asked, finished=finished),
        *_email(visit, seen, asked, finished=finished),
        *_payment(visit, seen, _asked(seen, whole=True), finished=finished),
        *_two_factor(visit, seen, finished=finished),
        *_after(visit, seen),
        *_ready(visit),
    ]


def _asked(seen: Sequence[Look], *, whole: bool = False) -> _Found:
    """Return the visible fields of the sign-up forms, or of the ``whole`` pages, each once, with what they ask for."""
    found: _Found = []
    known: set[tuple[str, str, str]] = set()
    for look in seen:
        if look.sight.kind not in {PageKind.SIGN_UP, PageKind.PAYMENT, PageKind.TWO_FACTOR, PageKind.CODE}:
            continue
        for field, guess in look.reading.open_fields() if whole else main_fields(look.reading):
            key = (field.name, field.id, field.label or field.placeholder)
            if key not in known:
                known.add(key)
                found.append((look, field, guess))
    return found


def _needed(visit: Visit, asked: _Found, *, finished: bool) -> list[Judged]:
    unneeded = [each for each in asked if _accused(each, UNNEEDED | CARD_CLASSES)]
    if unneeded:
        return [_says("U100", "asks-too-much", unneeded)]
    unsure = [
        each
        for each in asked
        if each[2].kind not in NEEDED | TOLERATED | HARMLESS | ELSEWHERE
        and not names_source(each[1])
        and (each[1].type not in {"checkbox", "radio"} or each[1].required)
    ]
    if unsure:
        marks = [look.mark(field.place) for look, field, _ in unsure]
        labels = "; ".join(_label(field) for _, field, _ in unsure)[:200]
        return [review("U100", "field-unknown", marks, labels=labels)]
    if not finished:
        return [not_reached("U100", visit)]
    tolerated = [each for each in asked if each[2].kind in TOLERATED or each[2].kind is FieldClass.USERNAME]
    if tolerated:
        return [_says("U100", "asks-names", tolerated, holding=True)]
    return [holds("U100", "asks-little" if asked else "asks-nothing")]


def _unneeded(visit: Visit, asked: _Found, *, finished: bool) -> list[Judged]:
    found = [each for each in asked if _accused(each, NAMED)]
    if found:
        return [_says("U110", "asks-too-much", found)]
    return [holds("U110", "asks-none-of-it") if finished else not_reached("U110", visit)]


def _email(visit: Visit, seen: Sequence[Look], asked: _Found, *, finished: bool) -> list[Judged]:
    address = visit.known.email.casefold()
    fields = [each for each in asked if each[2].kind in {FieldClass.EMAIL, FieldClass.USERNAME_OR_EMAIL}]
    filled = [each for each in fields if each[1].value.strip()]
    wrong = [each for each in filled if each[1].value.strip().casefold() != address]
    if wrong:
        return [_says("U120", "other-email", wrong)]
    if filled:
        return [_says("U120", "email-filled", filled, holding=True)]
    shown = [
        look.mark(words.place) for look in seen for words in look.sight.page.texts if address in words.text.casefold()
    ]
    before = [mark for mark in shown if not fields or mark.sight <= min(look.number for look, _, _ in fields)]
    sure = [each for each in fields if each[2].weight >= SURE]
    if before and not sure:
        return [holds("U120", "email-shown", before[:1])]
    if before:
        return [review("U120", "email-shown-and-asked", [*before[:1], *_marks(sure)])]
    if sure:
        return [_says("U120", "email-empty", sure)]
    if fields:
        return [review("U120", "email-unsure", _marks(fields))]
    return [holds("U120", "email-not-asked") if finished else not_reached("U120", visit)]


def _payment(visit: Visit, seen: Sequence[Look], asked: _Found, *, finished: bool) -> list[Judged]:
    cards = [each for each in asked if _accused(each, CARD_CLASSES)]
    if cards:
        return [_says("U130", "asks-for-card", cards)]
    choices = [look for look in seen if look.sight.kind is PageKind.PAYMENT]
    if choices:
        return [
            violated(
                "U130",
                "payment-page",
                [look.mark(each.place) for look in choices for each in look.sight.page.texts[:1]],
            )
        ]
    before = [look for look in seen if look.sight.kind is not PageKind.PRODUCT]
    frames = [
        look.mark(frame.place)
        for look in before
        for frame in look.sight.page.frames
        if frame.shown and phrases("payment_frames").search(frame.address.casefold())
    ]
    if frames:
        return [violated("U130", "payment-frame", frames)]
    words = [
        look.mark(each.place)
        for look in before
        for each in look.sight.page.texts
        if each.text not in {control.text for control in look.sight.page.controls}
        if phrases("payment").search(spoken(each.text)) and not phrases("no_payment").search(look.reading.text)
    ]
    if words:
        return [review("U130", "speaks-of-payment", words[:3])]
    return [holds("U130", "no-payment") if finished else not_reached("U130", visit)]


def _two_factor(visit: Visit, seen: Sequence[Look], *, finished: bool) -> list[Judged]:
    for look in seen:
        kinds = {guess.kind for _, guess in look.reading.open_fields()}
        phone = look.sight.kind is PageKind.SIGN_UP and FieldClass.PHONE in kinds and not kinds & PASSWORDS
        between = phone or look.sight.kind is PageKind.BETWEEN
        asked = between and look.reading.says("two_factor")
        if asked or look.sight.kind is PageKind.TWO_FACTOR:
            marks = [
                look.mark(each.place)
                for each in look.sight.page.texts
                if phrases("two_factor").search(spoken(each.text))
            ]
            if skip_control(look.reading) is not None:
                return [review("U140", "two-factor-may-be-skipped", marks[:2])]
            return [violated("U140", "two-factor", marks[:2])]
    return [holds("U140", "no-two-factor") if finished else not_reached("U140", visit)]


def _after(visit: Visit, seen: Sequence[Look]) -> list[Judged]:
    """Return what is said about where sign-up leads, and about walls on the way."""
    last = seen[-1] if seen else None
    kind = last.sight.kind if last else None
    whole = [last.mark(last.sight.page.texts[0].place)] if last and last.sight.page.texts else []
    if kind is PageKind.PRODUCT and visit.end is End.ARRIVED:
        return [holds("U150", "in-the-product"), holds("U160", "not-blocked")]
    if kind is PageKind.SIGN_IN and visit.submitted is not None:
        return [violated("U150", "signs-in-again", whole), holds("U160", "not-blocked")]
    if kind in {PageKind.WAITING, PageKind.WEBSITE} and visit.submitted is not None:
        code = "waits-for-people" if kind is PageKind.WAITING else "not-signed-in"
        return [violated("U150", code, whole), not_reached("U160", visit)]
    if kind is PageKind.CHECK_INBOX:
        # A link instead of a password signs the user in, and is not meant as a hurdle; a person must say what it is.
        magic = not any(guess.kind in PASSWORDS for look in seen for _, guess in look.reading.open_fields())
        blocked = review("U160", "magic-link", whole) if magic else violated("U160", "blocked-by-email", whole)
        return [not_reached("U150", visit), blocked]
    if kind is PageKind.CODE and last is not None:
        by_mail = (
            visit.known.email.casefold() in last.reading.text
            or re.search(r"e-?mail|inbox|posteingang|courriel|correo|メール|почт", last.reading.text) is not None
        )
        blocked = violated("U160", "code-by-email", whole) if by_mail else review("U160", "code-asked", whole)
        return [not_reached("U150", visit), blocked]
    return [not_reached("U150", visit), not_reached("U160", visit)]


def _ready(visit: Visit) -> list[Judged]:
    last = visit.last
    warm = review("U310", "warm-pool")
    if last is None:
        return [not_reached("U300", visit), warm]
    waited = round(last.seconds - (visit.submitted or 0.0))
    if visit.end is End.LATE:
        return [violated("U300", "late", seconds=waited), warm]
    if visit.end is End.ARRIVED and last.kind is PageKind.PRODUCT:
        if waited > LIMIT_SECONDS:
            return [violated("U300", "late", seconds=waited), warm]
        return [holds("U300", "ready", seconds=waited), warm]
    return [not_reached("U300", visit), warm]


def _accused(each: tuple[Look, Field, Guess], kinds: frozenset[FieldClass]) -> bool:
    return each[2].kind in kinds and each[2].weight >= SURE


def _says(statement: str, code: str, each: _Found, *, holding: bool = False) -> Judged:
    make = holds if holding else violated
    return make(statement, code, _marks(each), fields=names([guess for _, _, guess in each]))


def _marks(each: _Found) -> list[Mark]:
    return [look.mark(field.place) for look, field, _ in each]


def _label(field: Field) -> str:
    return (field.label or field.near or field.placeholder or field.name or field.id)[:60]
