"""A page as a person finds it: what ``snapshot.js`` saw, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from certification.foundation.typed_json import Within

Pixels = Annotated[int, Within(-10_000_000, 10_000_000)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is on the page, in CSS pixels from its upper left corner."""

    x: Pixels
    y: Pixels
    width: Pixels
    height: Pixels


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in."""

    number: int
    """Its place among the elements of the snapshot."""
    type: str
    """Type of an input, or ``select`` or ``textarea``, or the tag of what behaves like a text field."""
    inputmode: str
    autocomplete: str
    name: str
    id: str
    role: str
    label: str
    """Its accessible name."""
    near: str
    """The words that stand before it, where it has no label."""
    group: str
    """What a group of choices is about: its legend or name."""
    placeholder: str
    maxlength: int
    """0 where it has none."""
    pattern: str
    options: tuple[str, ...]
    value: str
    """What stands in it; of a password only whether there is one."""
    checked: bool
    required: bool
    readonly: bool
    disabled: bool
    shown: bool
    focusable: bool
    """Whether the keyboard reaches it."""
    form: int
    """Number of the form that it belongs to."""
    place: Place


@dataclass(frozen=True, slots=True)
class Control:
    """A button or a link."""

    number: int
    kind: str
    type: str
    text: str
    target: str
    id: str
    name: str
    disabled: bool
    shown: bool
    focusable: bool
    pressed: bool
    """Whether the page says that it is chosen."""
    form: int
    place: Place


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that says in words what it shows."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of visible text."""

    text: str
    heading: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame in the page."""

    address: str
    title: str
    readable: bool
    """Whether it is of the same origin, so that what is in it belongs to this snapshot."""
    shown: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Form:
    """A form, or a group of fields with a button where the page has no form element."""

    heading: str
    action: str
    id: str
    name: str
    method: str
    css: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that a snapshot holds."""

    title: str
    language: str
    address: str
    fields: tuple[Field, ...]
    controls: tuple[Control, ...]
    texts: tuple[Words, ...]
    images: tuple[Image, ...]
    frames: tuple[Frame, ...]
    width: int
    height: int
    scroll_width: int
    scroll_height: int
    busy: bool
    """Whether something on it says that it is still at work."""
    ready: bool
    status: int
    """The HTTP status of its document; 0 where the browser does not tell."""
    hidden: str
    """The words that are there, but not visible."""
    forms: tuple[Form, ...]
