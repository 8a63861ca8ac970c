"""U200 to U240: whether a person who has signed up sees the Databricks connection, and is left alone with its settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from certification.browser.page import Field, Page, Place
from certification.usability.field_class import SURE, FieldClass, Guess
from certification.usability.judged import Judged, Look, Mark, holds, names, not_reached, review, violated
from certification.usability.kinds import (
    CONNECTION_CLASSES,
    MAX_WALL_WORDS,
    PageKind,
    label_of,
    main_fields,
    names_source,
    phrases,
    spoken,
)
from certification.usability.visit import End, Known, Visit

WIDE = 1000
"""From this width on a page shows its content beside each other, and *without scrolling* can be asked of it."""

MIN_NAME = 4
"""Letters of a name of a workspace or catalog that can be looked for: shorter ones stand in other words."""

LONG_ITEM = 60
"""Characters of an entry in a list of sources; longer texts are sentences."""

IN_LINE = 6
"""Pixels that two things in a line may be apart."""

BIG_PICTURE = 300_000
"""Square pixels of a frame that hides what a page shows."""


NAMES = frozenset({FieldClass.FIRST_NAME, FieldClass.LAST_NAME, FieldClass.FULL_NAME})

_Entry = tuple[str, Place, bool]


def homepage(visit: Visit, seen: Sequence[Look]) -> list[Judged]:
    """Return what ``visit``, which began with a new user, says about the landing page and the way to it."""
    settings = [_configuring(visit, seen), _typing(visit, seen)]
    last = seen[-1] if seen else None
    if last is None or visit.end is not End.ARRIVED or last.sight.kind is not PageKind.PRODUCT:
        return [*(not_reached(name, visit) for name in ("U200", "U210", "U240")), *settings]
    picked = [_picked(look) for look in seen[:-1]]
    first = next((judged for judged in picked if judged), None) or _first(last)
    return [_findable(visit, last), first, _tutorial(last), *settings]


def mentions(page: Page, known: Known) -> list[tuple[str, Place]]:
    """Return where the page shows Databricks, the workspace or its catalog, in the order in which a person reads."""
    wanted = [
        "databricks",
        *(name.casefold() for name in (known.workspace_name, known.catalog) if len(name) >= MIN_NAME),
    ]
    found = [
        (text, place)
        for text, place in _shown(page)
        if any(name in spoken(text) for name in wanted) and place.width > 0 and place.height > 0
        if place.x < page.width and place.x + place.width > 0
    ]
    return sorted(found, key=lambda each: (each[1].y, each[1].x))


def _shown(page: Page) -> Iterator[tuple[str, Place]]:
    yield from ((words.text, words.place) for words in page.texts)
    yield from ((image.text, image.place) for image in page.images)
    yield from ((field.value, field.place) for field in page.fields if field.shown)


def _findable(visit: Visit, last: Look) -> Judged:
    page = last.sight.page
    found = mentions(page, visit.known)
    at_once = [place for _, place in found if place.y + place.height / 2 <= page.height]
    if at_once:
        return holds("U200", "databricks-visible", [last.mark(at_once[0])])
    if found:
        marks = [last.mark(found[0][1])]
        if page.width < WIDE:
            return review("U200", "databricks-below-narrow", marks)
        return violated("U200", "databricks-below", marks, pixels=found[0][1].y - page.height)
    named = [control for control in page.controls if control.shown and "databricks" in spoken(control.text)]
    if named and "databricks" not in spoken(page.hidden):
        return review("U200", "databricks-in-name", [last.mark(named[0].place)])
    if "databricks" in spoken(page.hidden):
        return violated("U200", "databricks-hidden")
    unread = [frame for frame in page.frames if frame.shown and not frame.readable]
    if any(frame.place.width * frame.place.height > BIG_PICTURE for frame in unread) or not page.texts:
        return review("U200", "page-unreadable", [last.mark(frame.place) for frame in unread[:2]])
    return violated("U200", "databricks-missing")


def _first(last: Look) -> Judged:
    page = last.sight.page
    lists = [
        field for field in page.fields if field.shown and field.type == "select" and _names_databricks(field.options)
    ]
    for field in lists:
        if "databricks" in spoken(field.value):
            return holds("U210", "databricks-chosen", [last.mark(field.place)])
    entries = sorted(_entries(page), key=lambda entry: (entry[1].y // 12, entry[1].x))
    chosen = [place for text, place, pressed in entries if pressed and "databricks" in spoken(text)]
    if chosen:
        return holds("U210", "databricks-chosen", [last.mark(chosen[0])])
    others_chosen = [place for text, place, pressed in entries if pressed and _other(text)]
    for field in lists:
        others = [option for option in field.options if _other(option)]
        if _other(field.value) or others:
            return violated("U210", "other-chosen", [last.mark(field.place)], shown=field.value[:60])
    if others_chosen and any("databricks" in spoken(text) for text, _, _ in entries):
        return violated("U210", "other-chosen", [last.mark(others_chosen[0])])
    return _ordered(last, entries)


def _picked(look: Look) -> Judged | None:
    """Return that a source has to be picked on the way, though it is Databricks, where that is so."""
    choices = [field for field, _ in look.reading.open_fields() if names_source(field)]
    ours = [field for field in choices if "databricks" in spoken(label_of(field))]
    if not ours or len(choices) < 2 or any(field.checked for field in ours):
        return None
    return violated("U210", "must-pick", [look.mark(ours[0].place)])


def _ordered(last: Look, entries: Sequence[_Entry]) -> Judged:
    """Return what the order of the sources says where none is chosen."""
    ours = [place for text, place, _ in entries if "databricks" in spoken(text)]
    rest = [(text, place) for text, place, _ in entries if _other(text)]
    if not ours:
        code = "no-databricks-among-sources" if rest else "no-sources"
        return review("U210", code, [last.mark(place) for _, place in rest[:1]])
    if not rest:
        return holds("U210", "databricks-only", [last.mark(ours[0])])
    for our in ours:
        beside = [(text, place) for text, place in rest if _same_list(place, our)]
        before = [(text, place) for text, place in beside if _precedes(place, our)]
        if before:
            marks = [last.mark(our), last.mark(before[0][1])]
            number = len({place.y if abs(place.x - our.x) < IN_LINE else place.x for _, place in before}) + 1
            return violated("U210", "databricks-later", marks, before=before[0][0][:60], place=number)
        if beside:
            return holds("U210", "databricks-first", [last.mark(our)])
    if any(not _precedes(place, ours[0]) for _, place in rest):
        return holds("U210", "databricks-first", [last.mark(ours[0])])
    return review("U210", "databricks-later-elsewhere", [last.mark(ours[0])], before=rest[0][0][:60])


def _entries(page: Page) -> Iterator[tuple[str, Place, bool]]:
    """Yield what may be an entry of a list of sources: text, place, and whether the page says that it is chosen."""
    for control in page.controls:
        if control.shown and 0 < len(control.text) <= LONG_ITEM:
            yield control.text, control.place, control.pressed
    for field in page.fields:
        if field.shown and field.type == "radio":
            yield field.label or field.near, field.place, field.checked
    for words in page.texts:
        if len(words.text) <= LONG_ITEM and not words.heading:
            yield words.text, words.place, False
    for image in page.images:
        yield image.text, image.place, False


def _other(text: str) -> bool:
    return phrases("other_sources").search(spoken(text)) is not None and "databricks" not in spoken(text)


def _names_databricks(options: Sequence[str]) -> bool:
    return any("databricks" in spoken(option) for option in options)


def _precedes(one: Place, other: Place) -> bool:
    return one.y + one.height <= other.y + 4 or (abs(one.y - other.y) < max(12, other.height) and one.x < other.x)


def _same_list(one: Place, other: Place) -> bool:
    """Return whether two entries stand exactly below or beside each other and are of one size, as those of one list are."""
    alike = abs(one.height - other.height) < IN_LINE
    return alike and (abs(one.x - other.x) < IN_LINE or abs(one.y - other.y) < IN_LINE)


def _configuring(visit: Visit, seen: Sequence[Look]) -> Judged:
    asked = [
        (look, field, guess)
        for look in seen
        for field, guess in look.reading.open_fields()
        if guess.kind in CONNECTION_CLASSES and guess.weight >= SURE
    ]
    asked = [each for each in asked if not (each[1].readonly or each[1].disabled)]
    empty = [each for each in asked if _is_empty(each[1]) or _on_the_way(*each)]
    if empty:
        return violated("U220", "asks-for-settings", _marks(empty), fields=names([guess for _, _, guess in empty]))
    for look in seen:
        heads = [
            each for each in look.sight.page.texts if each.heading and phrases("configures").search(spoken(each.text))
        ]
        if heads and look.sight.kind is not PageKind.SIGN_UP and len(look.reading.text.split()) < MAX_WALL_WORDS:
            return violated("U220", "must-act", [look.mark(heads[0].place)])
    if asked:
        return review("U220", "shows-settings", _marks(asked), fields=names([guess for _, _, guess in asked]))
    return holds("U220", "no-settings") if _whole(visit) else not_reached("U220", visit)


def _on_the_way(look: Look, field: Field, guess: Guess) -> bool:
    """Return whether somebody must pass by the field, filled in or not; a product may show catalogs to choose from."""
    if look.sight.kind is not PageKind.PRODUCT:
        return True
    plain = {FieldClass.HTTP_PATH, FieldClass.ACCESS_TOKEN, FieldClass.WORKSPACE_HOST}
    buttons = [each for each in look.sight.page.controls if each.shown and each.form == field.form]
    return guess.kind in plain and any(each.kind == "button" for each in buttons)


def _of_the_form(look: Look) -> list[tuple[Field, Guess]]:
    return main_fields(look.reading) if look.sight.kind is PageKind.SIGN_UP else look.reading.open_fields()


def _typing(visit: Visit, seen: Sequence[Look]) -> Judged:
    passed = CONNECTION_CLASSES | {FieldClass.EMAIL} | NAMES
    asked = [
        (look, field, guess)
        for look in seen
        for field, guess in _of_the_form(look)
        if guess.kind in passed and guess.weight >= SURE and _is_empty(field)
        if guess.kind not in NAMES or (field.required and look.sight.kind is PageKind.SIGN_UP)
        if guess.kind is not FieldClass.EMAIL
        or (look.sight.kind is PageKind.SIGN_UP and not _is_shown(look, visit.known.email))
    ]
    if asked:
        return violated(
            "U230", "asks-for-what-was-passed", _marks(asked), fields=names([guess for _, _, guess in asked])
        )
    return holds("U230", "asks-nothing-passed") if _whole(visit) else not_reached("U230", visit)


def _is_empty(field: Field) -> bool:
    chosen = field.type == "select" and len(field.options) > 0 and field.value != field.options[0]
    return not field.readonly and not field.disabled and not chosen and not field.value.strip()


def _is_shown(look: Look, email: str) -> bool:
    return email.casefold() in look.reading.text


def _marks(asked: Sequence[tuple[Look, Field, Guess]]) -> list[Mark]:
    return [look.mark(field.place) for look, field, _ in asked]


def _whole(visit: Visit) -> bool:
    return visit.end is End.ARRIVED and visit.last is not None and visit.last.kind is PageKind.PRODUCT


def _tutorial(last: Look) -> Judged:
    for words in last.sight.page.texts:
        if phrases("tutorial").search(spoken(words.text)):
            return holds("U240", "tutorial", [last.mark(words.place)])
    return review("U240", "no-tutorial")
