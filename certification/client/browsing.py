"""Follow a redirect_uri as a browser does: from page to page, with cookies, to the end, bounded.

Pure: the next request follows from the recorded answer alone, so that the same walk can be made in front of the record.
Who drives it asks for each page with its cookies, and enters each answer::

    walk = Walk(url)
    while (step := walk.next()) is not None:
        walk.enter(get(step.url, step.cookies))
    walk.end, walk.pages

Source: API specification, Models (redirect_uri is opened in a new browser tab); RFC 9110, 15.4; WHATWG Fetch, HTTP-redirect
fetch.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from certification.client.cookies import CookieJar
from certification.evidence.exchange import Exchange
from certification.foundation.urls import Url, UrlError, read_url, resolve

MAX_PAGES = 11
"""The redirect_uri itself and ten hops.  Browsers give up after twenty."""

MAX_SECONDS = 60.0
"""What all pages of a walk may take together."""

MAX_SAME = 2
"""So often one address is asked for with the same cookies; a third time would be answered alike."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class WalkEnd(StrEnum):
    """How a walk ended."""

    PAGE = "page"
    """An answer that leads no further; its status says whether it is a page to look at."""
    APP = "app"
    """The Location has a scheme of its own (``myapp:open``): the browser hands over to an app.  The page did answer."""
    LOOP = "loop"
    """The pages lead in a circle, or on and on."""
    SLOW = "slow"
    """The pages together took longer than anybody waits."""
    NOWHERE = "nowhere"
    """The Location cannot be read as a URL; :attr:`Walk.problem` says why."""
    SILENT = "silent"
    """A page did not answer; its exchange holds the reason."""
    LEFT = "left"
    """Pages are left alone in this run; nothing is known about the rest."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next page of a walk, and the value of the Cookie header for it; empty without cookies."""

    url: str
    cookies: str


class Walk:
    """One walk through a partner's pages, from a redirect_uri on."""

    def __init__(self, url: str) -> None:
        """Begin before the page at ``url``."""
        self.pages: list[Exchange] = []
        self.end: WalkEnd | None = None
        self.problem = ""
        self._jar = CookieJar()
        self._asked: Counter[tuple[str, str]] = Counter()
        self._next: Url | None = None
        self._first = url
        try:
            self._next = read_url(url)
        except UrlError as error:
            self.end, self.problem = WalkEnd.NOWHERE, f"it {error}"

    def next(self) -> Step | None:
        """Return the next page to ask for, or None when the walk has ended."""
        if self.end is not None or self._next is None:
            return None
        return Step(self._first if not self.pages else str(self._next), self._jar.header(self._next))

    def enter(self, page: Exchange) -> None:
        """Enter the answer to the last request, and decide where it leads."""
        here = self._next
        self.pages.append(page)
        if page.response is None or here is None:
            self.end = WalkEnd.SILENT
            return
        self._asked[str(here), _cookie_of(page)] += 1
        self._jar.store(here, page.response)
        location = page.response.header("location")
        if page.response.status not in REDIRECTS or not location:
            self.end = WalkEnd.PAGE
            return
        try:
            there = resolve(here, location)
        except UrlError as error:
            self.end, self.problem = WalkEnd.NOWHERE, f"it {error}"
            return
        if not there.web:
            self.end = WalkEnd.APP
            return
        self._next = there
        if self._asked[str(there), self._jar.header(there)] >= MAX_SAME or len(self.pages) >= MAX_PAGES:
            self.end = WalkEnd.LOOP
        elif sum(round(one.seconds, 6) for one in self.pages) > MAX_SECONDS:
            self.end = WalkEnd.SLOW

    def leave(self) -> None:
        """End the walk because pages are left alone."""
        self.end = self.end or WalkEnd.LEFT


def _cookie_of(page: Exchange) -> str:
    return next((value for name, value in page.request.headers if name == "Cookie"), "")
