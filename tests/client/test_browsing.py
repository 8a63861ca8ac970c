"""A redirect_uri is followed as a browser follows it, from the recorded answers alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.client.browsing import MAX_PAGES, Walk, WalkEnd
from certification.client.cookies import CookieJar, read_cookie
from certification.evidence.exchange import Exchange, Failure, Request, Response
from certification.evidence.steps import Act, When
from certification.foundation.urls import read_url

START = "https://partner.example/welcome"
Headers = tuple[tuple[str, str], ...]
Site = Callable[[str, str], tuple[int, Headers]]


def exchange(url: str, cookies: str, response: Response | None, seconds: float = 0.1) -> Exchange:
    headers = (("Cookie", cookies),) if cookies else ()
    request = Request("redirect", "GET", url, headers, "", authorization="none")
    failure = None if response else Failure("timeout", "late")
    return Exchange("P100", "1", 2, Act.PAGE, When.PLAIN, request, response, failure, seconds=seconds)


def answer(status: int, headers: Headers) -> Response:
    return Response(status, "HTTP/1.1", headers, "", 0, "")


def visited(site: Site, seconds: float = 0.1) -> tuple[WalkEnd | None, list[str]]:
    walk = Walk(START)
    while (step := walk.next()) is not None:
        walk.enter(exchange(step.url, step.cookies, answer(*site(step.url, step.cookies)), seconds))
    return walk.end, [page.request.url for page in walk.pages]


def test_a_page_is_asked_for_once() -> None:
    assert visited(lambda _url, _cookie: (200, ())) == (WalkEnd.PAGE, [START])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_to_the_end(status: int) -> None:
    def site(url: str, _cookie: str) -> tuple[int, Headers]:
        leads = {START: "/login?next=1", "https://partner.example/login?next=1": "//sso.example/"}
        return (status, (("Location", leads[url]),)) if url in leads else (404, ())

    pages = [START, "https://partner.example/login?next=1", "https://sso.example/"]
    assert visited(site) == (WalkEnd.PAGE, pages)


@pytest.mark.parametrize("status", [200, 300, 304, 404, 500])
def test_what_is_no_redirect_ends_the_walk(status: int) -> None:
    assert visited(lambda _url, _cookie: (status, (("Location", "/else"),))) == (WalkEnd.PAGE, [START])


def test_a_redirect_without_a_location_ends_the_walk() -> None:
    assert visited(lambda _url, _cookie: (302, ())) == (WalkEnd.PAGE, [START])


def test_a_page_that_redirects_to_itself_until_a_cookie_is_set_ends_well() -> None:
    def site(_url: str, cookie: str) -> tuple[int, Headers]:
        return (200, ()) if cookie == "seen=1" else (302, (("Set-Cookie", "seen=1; Path=/"), ("Location", START)))

    assert visited(site) == (WalkEnd.PAGE, [START, START])


def test_a_page_that_redirects_to_itself_for_ever_is_a_loop() -> None:
    assert visited(lambda _url, _cookie: (302, (("Location", START),))) == (WalkEnd.LOOP, [START, START])


def test_a_walk_that_never_ends_is_a_loop() -> None:
    end, pages = visited(lambda url, _cookie: (302, (("Location", f"{url}x"),)))
    assert (end, len(pages)) == (WalkEnd.LOOP, MAX_PAGES)


def test_a_cookie_that_counts_does_not_keep_the_walk_going_for_ever() -> None:
    def site(_url: str, cookie: str) -> tuple[int, Headers]:
        return 302, (("Set-Cookie", f"n={len(cookie)}{cookie[-20:]}"), ("Location", START))

    end, pages = visited(site)
    assert end is WalkEnd.LOOP
    assert len(pages) <= MAX_PAGES


def test_an_app_is_where_the_walk_ends_well() -> None:
    assert visited(lambda _url, _cookie: (302, (("Location", "myapp:open?x=1"),))) == (WalkEnd.APP, [START])


@pytest.mark.parametrize(
    "location", ["http://[::1/x", "http://256.1.1.1/", "https://", "http://a\x00b/", "http://h:x/"]
)
def test_a_location_that_is_no_url_ends_the_walk(location: str) -> None:
    assert visited(lambda _url, _cookie: (302, (("Location", location),))) == (WalkEnd.NOWHERE, [START])


def test_a_page_that_does_not_answer_ends_the_walk() -> None:
    walk = Walk(START)
    walk.enter(exchange(START, "", None))
    assert (walk.end, walk.next()) == (WalkEnd.SILENT, None)


def test_a_walk_that_is_given_up_has_no_next_page() -> None:
    walk = Walk(START)
    walk.leave()
    assert (walk.end, walk.next()) == (WalkEnd.LEFT, None)


def test_pages_that_take_long_are_not_followed_for_long() -> None:
    end, pages = visited(lambda url, _cookie: (302, (("Location", f"{url}x"),)), seconds=25.0)
    assert (end, len(pages)) == (WalkEnd.SLOW, 3)


# Cookies

SENT = [
    ("a=1", "https://partner.example/x", "a=1"),
    ("a=1", "https://partner.example/other", "a=1"),
    ("a=1", "https://sub.partner.example/", ""),
    ("a=1; Domain=partner.example", "https://sub.partner.example/", "a=1"),
    ("a=1; domain=.Partner.Example", "https://partner.example/", "a=1"),
    ("a=1; Domain=other.example", "https://other.example/", ""),
    ("a=1; Domain=example", "https://example/", ""),
    ("a=1; Path=/app", "https://partner.example/app/x", "a=1"),
    ("a=1; Path=/app", "https://partner.example/application", ""),
    ("a=1; Secure", "http://partner.example/", ""),
    ("a=1; Secure", "https://partner.example/", "a=1"),
    ("a=1; Max-Age=0", "https://partner.example/", ""),
    ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://partner.example/", ""),
    ("a=1; Expires=Wed, 21 Oct 2065 07:28:00 GMT", "https://partner.example/", "a=1"),
    ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "https://partner.example/", "a=1"),
    ("value", "https://partner.example/", "value"),
    ("=", "https://partner.example/", ""),
    ("a=b=c", "https://partner.example/", "a=b=c"),
    ("a=\x01", "https://partner.example/", ""),
    (f"a={'x' * 5000}", "https://partner.example/", ""),
]


@pytest.mark.parametrize(("header", "url", "sent"), SENT)
def test_a_cookie_goes_where_a_browser_sends_it(header: str, url: str, sent: str) -> None:
    jar = CookieJar()
    page = answer(200, (("set-cookie", header),))
    jar.store(read_url(START), page)
    assert jar.header(read_url(url)) == sent


def test_the_cookies_of_one_walk_are_bounded_and_replaced() -> None:
    jar = CookieJar()
    for number in range(200):
        page = answer(200, (("Set-Cookie", f"c{number}=1"), ("Set-Cookie", f"c0={number}")))
        jar.store(read_url(START), page)
    assert jar.header(read_url(START)).count("=") == 50
    assert "c0=199" in jar.header(read_url(START))


@settings(deadline=None)
@given(
    st.text(max_size=80) | st.lists(st.sampled_from([*"=;, .\t", "a", "Path", "Domain", "Max-Age", "-"])).map("".join)
)
def test_any_cookie_is_read_or_passed_over(text: str) -> None:
    cookie, _ = read_cookie(read_url(START), text)
    assert cookie is None or cookie.name or cookie.value
