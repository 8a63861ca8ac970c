"""What a named page fault and a named page variant are, and what somebody who looks at the pages must find.

The statements are those of the usability guidelines, U100 to U420.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from certification.reference.product.product import Product

Parts = tuple[type[Product], ...]

FOR_A_PERSON = frozenset({"U310", "U410"})
"""Statements that are for review on every product: no browser can decide them."""

SEEN_INSIDE = ("U150", "U160", "U200", "U210", "U300")
"""What can't be seen by whoever never gets into the product."""


@dataclass(frozen=True, slots=True)
class PageFault:
    """One mistake of a product's pages.

    ``violates`` are the statements of which each must be found violated; ``may`` are others that the same mistake also
    touches, so that to find them violated too accuses nobody; ``advice`` says that for ``violates`` less than a violation
    is enough (advice, or a question for a person), as no rule decides them. ``unreached`` can't be judged any more.
    ``scenario`` is the redirect that shows it, ``config`` what the partner config must say for that.
    ``clock`` says that the product's clock must be put forward for it to show, ``scripted`` that it takes a browser.
    """

    name: str
    title: str
    violates: tuple[str, ...]
    parts: Parts = field(repr=False)
    may: tuple[str, ...] = ()
    advice: bool = False
    unreached: tuple[str, ...] = ()
    scenario: str = "create_trial"
    config: Mapping[str, Any] = field(default_factory=dict)
    clock: bool = False
    scripted: bool = False


@dataclass(frozen=True, slots=True)
class PageVariant:
    """One other way for pages to be right: nothing may be found violated.

    ``review`` are statements that may be left to a person, besides those that always are; ``unreached`` those that can't
    be judged because nobody but a person gets so far, which ``stopped_by`` names. ``advice`` are those with legitimate
    advice. The rest as with a fault.
    """

    name: str
    title: str
    parts: Parts = field(default=(), repr=False)
    review: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    stopped_by: str = ""
    advice: tuple[str, ...] = ()
    scenario: str = "create_trial"
    config: Mapping[str, Any] = field(default_factory=dict)
    clock: bool = False
    scripted: bool = False
