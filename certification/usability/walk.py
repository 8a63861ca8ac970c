"""The walk: open the redirect_uri, do what the page asks a person to do, and write down what is seen on the way.

Acting only.  What is right or wrong about a page is judged from the record, in :mod:`certification.usability.judge`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from certification.browser.driver import Browser, PageStopped, Stop
from certification.browser.page import Page
from certification.usability.default_user import answer, password_for
from certification.usability.field_class import PASSWORDS, FieldClass
from certification.usability.hints import Hints
from certification.usability.kinds import (
    PageKind,
    Reading,
    cookie_control,
    has_captcha,
    kind_of,
    next_control,
    phrases,
    read,
    spoken,
)
from certification.usability.visit import Act, Deed, End, Known, Purpose, Sight, Trouble, Visit

MAX_STEPS = 12
"""Forms that a sign-up may have before the walk gives up."""

SETTLE_SECONDS = 10.0
"""How long a page may move before it is looked at as it is."""

STILL_SECONDS = 0.4
"""A page that looks the same so long has come to rest."""

READY_SECONDS = 300.0
"""The guideline: the environment is ready within five minutes."""

GIVE_UP_SECONDS = 330.0

WAITED_FOR = frozenset({PageKind.PREPARING, PageKind.BLANK})
FORMS = frozenset({PageKind.SIGN_UP})
"""The pages that a visitor fills in and leaves."""


class Clock(Protocol):
    """Seconds that pass, and waiting for them; tests have one of their own."""

    def monotonic(self) -> float:
        """Return seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass."""


@dataclass
class Walker:
    """Walks through the pages of one partner in one browser window."""

    browser: Browser
    clock: Clock
    allowed: Callable[[str], bool]
    """Whether the walk may lead to a host: the partner's allow-list."""
    hints: Hints
    keep_picture: Callable[[bytes], str]
    """Keeps a PNG and returns its name."""
    by_hand: Callable[[str], None] | None = None
    """Asks a person to do a step, and waits; None where nobody is there."""
    progress: Callable[[str], None] = lambda _: None
    _sights: list[Sight] = field(default_factory=list)
    _deeds: list[Deed] = field(default_factory=list)
    _begun: float = 0.0
    _submitted: float | None = None

    def visit(self, purpose: Purpose, address: str, known: Known) -> Visit:
        """Return the record of the visit that begins at ``address``."""
        self._sights, self._deeds, self._submitted = [], [], None
        self._begun = self.clock.monotonic()
        host = urlsplit(address).netloc.rpartition("@")[2]
        detail = ""
        try:
            end = self._walk(purpose, address, host, known)
        except PageStopped as stopped:
            end = {Stop.CRASHED: End.CRASHED, Stop.UNREACHABLE: End.UNREACHABLE, Stop.TIMED_OUT: End.UNREACHABLE}.get(
                stopped.stop, End.STUCK
            )
            detail = stopped.detail
        except _Outside as outside:
            end, detail = End.OUTSIDE, outside.host
        browser = self.browser
        return Visit(
            purpose, browser.width, browser.height, known, host, tuple(self._sights), end, detail[:300], self._submitted
        )

    def _walk(self, purpose: Purpose, address: str, host: str, known: Known) -> End:
        reading = self._opened(address, host)
        kind = self._see(reading, host)
        if kind is PageKind.IDENTITY_PROVIDER:
            return End.WALL
        if purpose is not Purpose.CREATE_TRIAL:
            return End.ARRIVED
        password = ""
        for _ in range(MAX_STEPS):
            if kind is PageKind.PRODUCT or (kind is PageKind.SIGN_IN and self._submitted is not None):
                return End.ARRIVED
            if kind is PageKind.PREPARING:
                return End.LATE
            if kind not in FORMS and not self._handed_over(kind):
                return End.WALL
            before = _shape(reading.page)
            if kind in FORMS:
                password = password or password_for(reading.text)
                if not self._fill(reading, known, password):
                    return End.STUCK
            reading = self._settled(host, unlike=before)
            kind = self._see(reading, host)
            if _shape(reading.page) == before:
                return End.WALL if has_captcha(reading.page) or reading.says("captcha") else End.STUCK
        return End.MANY_STEPS

    def _opened(self, address: str, host: str) -> Reading:
        """Open ``address`` with the cookies of the hints, and return the page at rest."""
        self.browser.open(address)
        self._did(Act.OPENED, "redirect_uri")
        for name, value in self.hints.cookies.items():
            self.browser.cookie(name, value)
        if self.hints.cookies:
            self.browser.reload()
        return self._settled(host)

    def _handed_over(self, kind: PageKind) -> bool:
        """Let a person do what only a person can; return whether one did."""
        if self.by_hand is None or not self.hints.by_hand:
            return False
        self.by_hand(str(kind))
        self._did(Act.BY_HAND, str(kind))
        return True

    def _fill(self, reading: Reading, known: Known, password: str) -> bool:
        """Fill the form in and send it; return whether there was a button to press."""
        fields = reading.open_fields()
        form = next((each.form for each, guess in fields if guess.kind in PASSWORDS), None)
        for each, guess in fields:
            if form is not None and each.form != form:
                continue
            label = (each.label or each.near or each.placeholder or each.name)[:80]
            if each.type == "checkbox":
                if not each.checked and (guess.kind is FieldClass.CONSENT or each.required):
                    self.browser.press(each.number)
                    self._did(Act.TICKED, label, guess.kind)
                continue
            if each.type == "radio":
                continue
            if each.type == "select":
                if each.required or guess.kind is not FieldClass.UNKNOWN:
                    self._choose(each.number, each.options, each.value, label, guess.kind)
                continue
            text = self.hints.value_for(each) or answer(each, guess, known, password)
            if text is not None:
                self.browser.fill(each.number, text)
                self._did(Act.FILLED, label, guess.kind)
        # What is typed may bring a button to life.
        reading = read(self.browser.page())
        control = self.hints.button(reading.page) or next_control(reading)
        if control is None:
            return False
        self._submitted = self._now()
        self.browser.press(control.number)
        self._did(Act.PRESSED, control.text[:80])
        return True

    def _choose(self, number: int, options: tuple[str, ...], value: str, label: str, kind: FieldClass) -> None:
        if value and options and value != options[0]:
            return
        place = 1 if len(options) > 1 else 0
        if options:
            self.browser.choose(number, place)
            self._did(Act.CHOSE, label, kind)

    def _settled(self, host: str, *, unlike: str = "") -> Reading:
        """Return the page when it has come to rest, and is ready or too late; a cookie banner is taken away once."""
        reading, since, shape = self._look(), self.clock.monotonic(), ""
        start, patience, dismissed = self.clock.monotonic(), SETTLE_SECONDS, False
        while True:
            now = self.clock.monotonic()
            current = _shape(reading.page)
            if current != shape:
                shape, since = current, now
            kind = kind_of(reading, host)
            waiting = kind in WAITED_FOR or not reading.page.ready
            if not waiting and current != unlike and now - since >= STILL_SECONDS:
                banner = None if dismissed else cookie_control(reading)
                if banner is None:
                    return reading
                dismissed = True
                self.browser.press(banner.number)
                self._did(Act.DISMISSED, banner.text[:80])
            patience = GIVE_UP_SECONDS if kind in WAITED_FOR else SETTLE_SECONDS
            if now - start >= patience:
                return reading
            if now - start > SETTLE_SECONDS:
                self.progress(f"waiting for the page, {now - start:.0f} s of {GIVE_UP_SECONDS:.0f} s")
            self.clock.sleep(0.1 if now - start < SETTLE_SECONDS else 2.0)
            reading = self._look()

    def _look(self) -> Reading:
        """Return the page as it is now, unless it leads outside."""
        page = self.browser.page()
        host = urlsplit(page.address).hostname or ""
        if host and not self.allowed(host):
            provider = phrases("identity_providers").search(host) is not None
            if not provider:
                raise _Outside(host)
        return read(page)

    def _see(self, reading: Reading, host: str) -> PageKind:
        """Write down what is seen, with a picture."""
        kind = kind_of(reading, host)
        complaints = self.browser.complaints()
        troubles = None if complaints is None else tuple(Trouble(each.kind, each.text) for each in complaints)
        picture = self.keep_picture(self.browser.picture())
        self._sights.append(Sight(self._now(), tuple(self._deeds), kind, reading.page, picture, troubles))
        self._deeds.clear()
        self.progress(str(kind))
        return kind

    def _did(self, act: Act, on: str, kind: FieldClass | None = None) -> None:
        self._deeds.append(Deed(act, on, kind))

    def _now(self) -> float:
        return round(self.clock.monotonic() - self._begun, 3)


class _Outside(Exception):
    def __init__(self, host: str) -> None:
        self.host = host


def _shape(page: Page) -> str:
    """Return what makes a page another one to a person: address, fields, buttons and headings."""
    parts = [
        page.address.partition("?")[0],
        *(f"{each.type}{each.name}{each.id}{each.label}" for each in page.fields if each.shown),
        *(each.text for each in page.controls if each.shown),
        *(words.text for words in page.texts),
    ]
    return spoken("|".join(parts))[:20_000]
