"""The record of a visit: what was seen, and what was done in between.  Judged later, from this alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from certification.browser.page import Page
from certification.usability.field_class import FieldClass
from certification.usability.kinds import PageKind


class Purpose(StrEnum):
    """Why the partner's page was opened: the redirect value that led to it."""

    CREATE_TRIAL = "create_trial"
    SIGN_IN = "sign_in"
    CONTACT_ADMIN = "contact_admin"
    PURCHASE_PRODUCT = "purchase_product"


class Act(StrEnum):
    """What a visitor does."""

    OPENED = "opened"
    FILLED = "filled"
    TICKED = "ticked"
    CHOSE = "chose"
    PRESSED = "pressed"
    DISMISSED = "dismissed"
    """A cookie banner."""
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done, on the page that was seen before it."""

    act: Act
    on: str
    """The label of what it was done to."""
    kind: FieldClass | None
    """What the field asks for."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line of the browser's log: ``javascript`` or ``network``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as it was seen at one moment."""

    seconds: float
    """Since the visit began, by the visitor's clock."""
    deeds: tuple[Deed, ...]
    """What was done to get here from the sight before."""
    kind: PageKind
    page: Page
    picture: str
    """Name of its picture; empty where none was taken."""
    troubles: tuple[Trouble, ...] | None
    """What the browser complained about since the sight before; None where the browser keeps no log that can be read."""


class End(StrEnum):
    """How a visit ended."""

    ARRIVED = "arrived"
    """In the product, or at the page that was to be looked at."""
    STUCK = "stuck"
    """A form that did not let the visitor go on."""
    WALL = "wall"
    """A page that asks for something that only a person has: the last sight tells which."""
    LATE = "late"
    """It was not ready in time."""
    PROVIDER = "identity provider"
    """Only an account of somebody else leads on."""
    OUTSIDE = "outside"
    """It led to a host that the config does not name."""
    UNREACHABLE = "unreachable"
    CRASHED = "crashed"
    MANY_STEPS = "many steps"


@dataclass(frozen=True, slots=True)
class Known:
    """What the connect request told the partner: the visitor must not be asked for it again."""

    email: str
    first_name: str
    last_name: str
    workspace_host: str
    http_path: str
    catalog: str
    workspace_name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One walk through the pages of a partner."""

    purpose: Purpose
    width: int
    height: int
    known: Known
    host: str
    """The host of the redirect_uri."""
    sights: tuple[Sight, ...]
    end: End
    detail: str
    """What stood in the way, in a word: a host, a code of the browser."""
    submitted: float | None
    """When the last form of the sign-up was sent, in seconds of the visitor's clock; None where none was."""

    @property
    def last(self) -> Sight | None:
        """What was seen last."""
        return self.sights[-1] if self.sights else None
