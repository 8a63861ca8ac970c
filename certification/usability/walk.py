"""The walk: open the redirect_uri, do what the page asks a person to do, and write down what is seen on the way.

Acting only.  What is right or wrong about a page is judged from the record, in :mod:`certification.usability.judge`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlsplit

from certification.browser.driver import Browser, PageStopped, Stop
from certification.browser.page import Field, Page
from certification.usability.default_user import answer, password_for
from certification.usability.field_class import PASSWORDS, FieldClass, Guess
from certification.usability.hints import Hints
from certification.usability.kinds import (
    PageKind,
    Reading,
    cookie_control,
    has_captcha,
    kind_of,
    label_of,
    next_control,
    phrases,
    read,
    skip_control,
    spoken,
)
from certification.usability.visit import Act, Deed, End, Known, Purpose, Sight, Trouble, Visit

MAX_STEPS = 12
"""Forms that a sign-up may have before the walk gives up."""

MAX_TRIES = 3
"""How often the same form is filled in."""

SETTLE_SECONDS = 10.0
"""How long a page may move before it is looked at as it is."""

STILL_SECONDS = 0.4
"""A page that looks the same so long has come to rest."""

UNHURRIED_SECONDS = 4.0
"""Nobody fills in a form faster; what loads late is there by then."""

LISTEN_SECONDS = 0.8
"""How long a page is listened to after it was looked at last."""

OUTSIDE_SECONDS = 3.0
"""How long a page may lead over another host and back."""

GIVE_UP_SECONDS = 420.0
"""The guideline: the environment is ready within five minutes.  What comes a little later is looked at all the same."""

PATIENCE: Mapping[PageKind, float] = {PageKind.PREPARING: GIVE_UP_SECONDS, PageKind.BLANK: 30.0}
"""How long is waited for a page that is not ready."""

FORMS = frozenset({PageKind.SIGN_UP, PageKind.BETWEEN})
"""The pages that a visitor fills in, or just leaves."""


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
    secret: Callable[[str], None] = lambda _: None
    """Told the password, so that it is kept out of everything."""
    _host: str = ""
    _sights: list[Sight] = field(default_factory=list)
    _deeds: list[Deed] = field(default_factory=list)
    _begun: float = 0.0
    _submitted: float | None = None

    def visit(self, purpose: Purpose, address: str, known: Known) -> Visit:
        """Return the record of the visit that begins at ``address``."""
        self._sights, self._deeds, self._submitted = [], [], None
        self._begun = self.clock.monotonic()
        self._host = urlsplit(address).netloc.rpartition("@")[2]
        detail = ""
        try:
            end = self._walk(purpose, address, known)
            self._listen()
        except PageStopped as stopped:
            end, detail = _ENDS.get(stopped.stop, End.STUCK), stopped.detail
        except _Outside as outside:
            end, detail = outside.end, outside.host
        browser = self.browser
        return Visit(
            purpose,
            browser.width,
            browser.height,
            known,
            self._host,
            tuple(self._sights),
            end,
            detail[:300],
            self._submitted,
        )

    def _walk(self, purpose: Purpose, address: str, known: Known) -> End:
        reading = self._opened(address)
        kind = self._see(reading)
        password, tries = "", Counter[str]()
        for _ in range(MAX_STEPS):
            end = self._over(purpose, kind)
            if end is not None:
                return end
            before = _shape(reading.page)
            if kind in FORMS:
                tries[_asked(reading)] += 1
                if tries[_asked(reading)] > MAX_TRIES:
                    return _stuck(reading)
                password = password or password_for(reading.text)
                self.secret(password)
                if not self._fill(reading, known, password) and not self._handed_over(kind):
                    return _stuck(reading)
            reading = self._settled(unlike=before)
            kind = self._see(reading)
            if _shape(reading.page) == before and kind is PageKind.BETWEEN:
                # The button led nowhere, so that this is where the user has arrived.
                self._sights[-1] = replace(self._sights[-1], kind=PageKind.PRODUCT)
                return End.ARRIVED
            if _shape(reading.page) == before and not self._handed_over(kind):
                return _stuck(reading)
        return End.MANY_STEPS

    def _over(self, purpose: Purpose, kind: PageKind) -> End | None:
        """Return how the visit ends at a page of ``kind``; None where it goes on."""
        if kind is PageKind.IDENTITY_PROVIDER:
            return None if self._handed_over(kind) else End.PROVIDER
        if purpose is not Purpose.CREATE_TRIAL or kind is PageKind.PRODUCT:
            return End.ARRIVED
        if kind is PageKind.SIGN_IN and self._submitted is not None:
            return End.ARRIVED
        if kind is PageKind.PREPARING:
            return End.LATE
        if kind in FORMS or self._handed_over(kind):
            return None
        return End.WALL

    def _opened(self, address: str) -> Reading:
        """Open ``address`` with the cookies of the hints, and return the page at rest."""
        self.browser.open(address)
        self._did(Act.OPENED, "redirect_uri")
        for name, value in self.hints.cookies.items():
            self.browser.cookie(name, value)
        if self.hints.cookies:
            self.browser.reload()
        return self._settled()

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
        self._check_target(reading.page, form)
        ticked: set[str] = set()
        for each, guess in fields:
            if form is None or each.form == form:
                self._answer(each, guess, known, password, ticked)
        if fields:
            # What is typed may bring a button to life, and what loads late may be there by now.
            later = self._looked_again(reading)
            if _asked(later) != _asked(reading):
                return True
            reading = later
        control = self.hints.button(reading.page) or next_control(reading) or skip_control(reading)
        if control is None:
            return False
        if any(guess.kind in PASSWORDS or guess.kind is FieldClass.EMAIL for _, guess in fields):
            self._submitted = self._now()
        self.browser.press(control.number)
        self._did(Act.PRESSED, control.text[:80])
        return True

    def _looked_again(self, before: Reading) -> Reading:
        """Return the page after its form was filled in, once fields have stopped coming and going."""
        while self._now() < UNHURRIED_SECONDS:
            self.clock.sleep(0.25)
        reading, patience = self._look(), 3
        while _asked(reading) != _asked(before) and patience:
            self.clock.sleep(STILL_SECONDS)
            before, reading, patience = reading, self._look(), patience - 1
        return reading

    def _answer(self, field: Field, guess: Guess, known: Known, password: str, ticked: set[str]) -> None:
        """Fill in one field as the default user would."""
        label = label_of(field)
        if field.type == "checkbox":
            if not field.checked and (guess.kind is FieldClass.CONSENT or field.required):
                self.browser.press(field.number)
                self._did(Act.TICKED, label, guess.kind)
        elif field.type == "radio":
            if field.required and field.name not in ticked and not field.checked:
                self.browser.press(field.number)
                self._did(Act.CHOSE, label, guess.kind)
            ticked.add(field.name)
        elif field.type == "select":
            if field.required or guess.kind is not FieldClass.UNKNOWN:
                self._choose(field, label, guess.kind)
        else:
            text = self.hints.value_for(field) or answer(field, guess, known, password)
            if text is not None:
                self.browser.fill(field.number, text)
                self._did(Act.FILLED, label, guess.kind)

    def _check_target(self, page: Page, form: int | None) -> None:
        """Refuse a form that would send what is typed to a host that the partner does not name."""
        action = page.forms[form].action if form is not None and 0 <= form < len(page.forms) else ""
        host = urlsplit(action).hostname or "" if action.startswith(("http://", "https://", "//")) else ""
        if host and not self.allowed(host):
            raise _Outside(host)

    def _choose(self, field: Field, label: str, kind: FieldClass) -> None:
        if not field.options or (field.value and field.value != field.options[0]):
            return
        self.browser.choose(field.number, 1 if len(field.options) > 1 else 0)
        self._did(Act.CHOSE, label, kind)

    def _settled(self, *, unlike: str = "") -> Reading:
        """Return the page when it has come to rest, and is ready or too late; a cookie banner is taken away once."""
        start, since, shape = self.clock.monotonic(), self.clock.monotonic(), ""
        dismissed = False
        while True:
            reading = self._look()
            now = self.clock.monotonic()
            current = _shape(reading.page)
            if current != shape:
                shape, since = current, now
            kind = self._kind(reading)
            still = kind not in PATIENCE and reading.page.ready and current != unlike and now - since >= STILL_SECONDS
            if still:
                banner = None if dismissed else cookie_control(reading)
                if banner is None:
                    return reading
                dismissed = True
                self.browser.press(banner.number)
                self._did(Act.DISMISSED, banner.text[:80])
            elif now - start >= PATIENCE.get(kind, SETTLE_SECONDS):
                return reading
            if now - start > SETTLE_SECONDS:
                self.progress(
                    f"waiting for the page, {now - start:.0f} s of {PATIENCE.get(kind, SETTLE_SECONDS):.0f} s"
                )
            self.clock.sleep(0.1 if now - start < SETTLE_SECONDS else 2.0)

    def _look(self) -> Reading:
        """Return the page as it is now, unless it leads outside and stays there."""
        until = self.clock.monotonic() + OUTSIDE_SECONDS
        while True:
            page = self.browser.page()
            parts = urlsplit(page.address)
            host = parts.hostname or ""
            if parts.scheme in _WEB and self.allowed(host):
                return read(page)
            if self.clock.monotonic() > until:
                if parts.scheme in _WEB:
                    raise _Outside(host)
                raise PageStopped(Stop.UNREACHABLE, "nothing was loaded that can be looked at")
            self.clock.sleep(0.2)

    def _kind(self, reading: Reading) -> PageKind:
        return PageKind.PRODUCT if self.hints.lands(reading.text) else kind_of(reading, self._host)

    def _see(self, reading: Reading) -> PageKind:
        """Write down what is seen, with a picture."""
        kind = self._kind(reading)
        complaints = self.browser.complaints()
        troubles = None if complaints is None else tuple(Trouble(each.kind, each.text) for each in complaints)
        picture = self.keep_picture(self.browser.picture())
        self._sights.append(Sight(self._now(), tuple(self._deeds), kind, reading.page, picture, troubles))
        self._deeds.clear()
        self.progress(str(kind))
        return kind

    def _listen(self) -> None:
        """Take down what the browser complains about a little later."""
        if not self._sights or self._sights[-1].troubles is None:
            return
        self.clock.sleep(LISTEN_SECONDS)
        later = tuple(Trouble(each.kind, each.text) for each in self.browser.complaints() or ())
        last = self._sights[-1]
        self._sights[-1] = replace(last, troubles=(*(last.troubles or ()), *later))

    def _did(self, act: Act, on: str, kind: FieldClass | None = None) -> None:
        self._deeds.append(Deed(act, on, kind))

    def _now(self) -> float:
        return round(self.clock.monotonic() - self._begun, 3)


class _Outside(Exception):
    """The way leads to a host that the partner does not name."""

    def __init__(self, host: str) -> None:
        self.host = host
        provider = phrases("identity_providers").search(host) is not None
        self.end = End.PROVIDER if provider else End.OUTSIDE


_WEB = frozenset({"http", "https"})

_ENDS: Mapping[Stop, End] = {
    Stop.CRASHED: End.CRASHED,
    Stop.UNREACHABLE: End.UNREACHABLE,
    Stop.TIMED_OUT: End.UNREACHABLE,
}


def _stuck(reading: Reading) -> End:
    return End.WALL if has_captcha(reading.page) or reading.says("captcha") else End.STUCK


def _asked(reading: Reading) -> str:
    """Return what makes a form the same as the one before."""
    return "|".join(f"{field.name}{field.id}{field.label}" for field, _ in reading.open_fields()) or reading.text[:500]


def _shape(page: Page) -> str:
    """Return what makes a page another one to a person: address, fields, buttons and headings."""
    parts = [
        page.address.partition("?")[0],
        *(f"{each.type}{each.name}{each.id}{each.label}" for each in page.fields if each.shown),
        *(each.text for each in page.controls if each.shown),
        *(words.text for words in page.texts),
    ]
    return spoken("|".join(parts))[:20_000]
