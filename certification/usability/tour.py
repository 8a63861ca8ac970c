"""All visits of a run: who is sent where, in a fresh profile each, on a screen and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from certification.browser.driver import Browser
from certification.foundation.reason import Reason
from certification.usability.arrivals import Absent, Arrival, Arrivals
from certification.usability.visit import Purpose, Visit
from certification.usability.walk import Walker

SIZES = ((1280, 800), (390, 844))
"""CSS pixels of the two windows.  Source: ux.md, U420, for the narrow one."""

ALL = (Purpose.CREATE_TRIAL, Purpose.SIGN_IN, Purpose.PURCHASE_PRODUCT, Purpose.CONTACT_ADMIN)

Opened = Callable[[int, int], AbstractContextManager[Browser]]
"""Opens a window with a fresh profile, so and so wide and high."""


@dataclass
class Seen:
    """What a tour brought."""

    visits: list[Visit] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    """Where each of the visits began: secret, as it may open somebody's door."""
    absent: list[Absent] = field(default_factory=list)


def tour(
    arrivals: Arrivals,
    opened: Opened,
    walker: Callable[[Browser, str], Walker],
    *,
    purposes: Collection[Purpose] = ALL,
    sizes: Sequence[tuple[int, int]] = SIZES,
    progress: Callable[[str], None] = lambda _: None,
) -> Seen:
    """Return what was seen; ``walker`` makes the one who walks through a window, given the name of the visit."""
    seen = Seen()
    for width, height in sizes:
        for arrival in _arriving(arrivals, f"{width}", purposes):
            if isinstance(arrival, Absent):
                seen.absent.append(arrival)
                continue
            name = f"{arrival.purpose}-{width}".replace("_", "-")
            progress(f"{width} px, {arrival.purpose}")
            with opened(width, height) as browser:
                seen.visits.append(walker(browser, name).visit(arrival.purpose, arrival.address, arrival.known))
            seen.addresses.append(arrival.address)
    return seen


def _arriving(arrivals: Arrivals, label: str, purposes: Collection[Purpose]) -> Iterator[Arrival | Absent]:
    """Yield the arrivals of one size, each only when the visit before is over."""
    first = arrivals.create_trial(label)
    if Purpose.CREATE_TRIAL in purposes:
        yield first
    if Purpose.SIGN_IN in purposes:
        yield (
            arrivals.sign_in(first)
            if isinstance(first, Arrival)
            else Absent(Purpose.SIGN_IN, applies=True, reason=Reason("no-connection-id"))
        )
    if Purpose.PURCHASE_PRODUCT in purposes:
        yield arrivals.purchase_product(f"{label}/expired")
    if Purpose.CONTACT_ADMIN in purposes:
        yield arrivals.contact_admin(f"{label}/owner")
