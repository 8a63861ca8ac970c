"""U400 to U420: the pages of known users, and what every page must do."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from certification.contract.internet_names import is_local
from certification.usability.field_class import SURE, FieldClass
from certification.usability.judged import Judged, Look, Mark, holds, not_reached, review, violated
from certification.usability.kinds import PageKind
from certification.usability.visit import End, Visit

MIN_WORDS = 3
NARROW = 600
SLACK_PIXELS = 8
"""Pixels that a page may be wider than the screen: rounding, and shadows."""

_NOWHERE = frozenset({PageKind.BLANK, PageKind.FAILED})


def known_user(visit: Visit, seen: Sequence[Look]) -> Judged:
    """Return what ``visit``, a sign-in through the tile, says: at sign-in with the e-mail, or in the product."""
    if not seen or visit.end in {End.CRASHED, End.UNREACHABLE, End.OUTSIDE}:
        return not_reached("U400", visit)
    look = seen[-1]
    kind = look.sight.kind
    if kind is PageKind.PRODUCT:
        return holds("U400", "in-the-product")
    fields = [
        (field, guess)
        for field, guess in look.reading.open_fields()
        if guess.kind in {FieldClass.EMAIL, FieldClass.USERNAME_OR_EMAIL, FieldClass.USERNAME}
    ]
    address = visit.known.email.casefold()
    marks = [look.mark(field.place) for field, _ in fields]
    shown = address in look.reading.text or any(field.value.strip().casefold() == address for field, _ in fields)
    if kind is PageKind.SIGN_IN:
        if shown:
            return holds("U400", "email-filled", marks)
        sure = any(guess.weight >= SURE for _, guess in fields)
        return violated("U400", "email-empty", marks) if sure else review("U400", "email-unsure", marks)
    if kind is PageKind.SIGN_UP:
        # An account page that asks for the e-mail first and the password next looks like the begin of a sign-up.
        alone = not any(guess.kind is FieldClass.NEW_PASSWORD for _, guess in look.reading.open_fields())
        if alone and shown:
            return holds("U400", "email-filled", marks)
        return review("U400", "looks-like-sign-up", marks) if alone else violated("U400", "signs-up-again", marks)
    if kind in _NOWHERE:
        return violated("U400", "nothing-there")
    return review("U400", "other-page", page=str(kind))


def next_step(visit: Visit, seen: Sequence[Look]) -> Judged:
    """Return whether the page of ``visit`` says in words what to do next; what they say a person must read."""
    if not seen or visit.end in {End.CRASHED, End.UNREACHABLE, End.OUTSIDE}:
        return not_reached("U410", visit)
    look = seen[-1]
    words = [word for each in look.sight.page.texts for word in each.text.split()]
    if look.sight.kind in _NOWHERE or len(words) < MIN_WORDS:
        return violated("U410", "no-words", purpose=str(visit.purpose))
    marks = [look.mark(each.place) for each in look.sight.page.texts[:1]]
    return review("U410", "words-to-read", marks, purpose=str(visit.purpose))


def every_page(visit: Visit, seen: Sequence[Look]) -> list[Judged]:
    """Return what is wrong with any page of ``visit``; one entry that holds when nothing is."""
    found = [judged for look in seen for judged in _page(look)]
    if found:
        return found
    if not seen:
        return [not_reached("U420", visit)]
    if any(look.sight.troubles is None for look in seen):
        return [review("U420", "no-log")]
    return [holds("U420", "pages-fine", pages=len(seen), width=visit.width)]


def _page(look: Look) -> list[Judged]:
    page, found = look.sight.page, []
    parts = urlsplit(page.address)
    if parts.scheme == "http" and not is_local(parts.hostname or ""):
        found.append(violated("U420", "no-https", host=parts.hostname or ""))
    scripts = [each.text for each in look.sight.troubles or () if each.kind == "javascript"]
    if scripts:
        found.append(violated("U420", "script-error", said=scripts[0][:200]))
    if page.width < NARROW and page.scroll_width > page.width + SLACK_PIXELS:
        found.append(violated("U420", "scrolls-sideways", _wide(look), width=page.width, needs=page.scroll_width))
    if look.sight.kind is PageKind.BLANK:
        found.append(violated("U420", "blank"))
    mute = [field for field, _ in look.reading.open_fields() if not field.focusable and not field.readonly]
    if mute:
        found.append(violated("U420", "keyboard", [look.mark(field.place) for field in mute]))
    return found


def _wide(look: Look) -> list[Mark]:
    page = look.sight.page
    shown = [*(words.place for words in page.texts), *(image.place for image in page.images)]
    over = [place for place in shown if place.x + place.width > page.width + SLACK_PIXELS]
    return [look.mark(place) for place in over[:2]]
