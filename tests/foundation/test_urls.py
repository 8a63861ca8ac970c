"""URLs are read as a browser reads them, and hostile ones never raise anything but their own error."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from growth import assert_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.foundation.urls import UrlError, read_url, resolve

BASE = read_url("https://partner.example:8443/a/b?x=1")

LEADS_TO = {
    "/welcome": "https://partner.example:8443/welcome",
    "c": "https://partner.example:8443/a/c",
    "": "https://partner.example:8443/a/b?x=1",
    "?y=2": "https://partner.example:8443/a/b?y=2",
    "#top": "https://partner.example:8443/a/b?x=1",
    "../../../x/./y/..": "https://partner.example:8443/x/",
    "//other.example/p": "https://other.example/p",
    "\\\\other.example\\p": "https://other.example/p",
    "///other.example/p": "https://other.example/p",
    "https:/other.example/p": "https://partner.example:8443/other.example/p",
    "http:other.example": "http://other.example/",
    "https:relative": "https://partner.example:8443/a/relative",
    " https://Other.Example:443/ä b?q=é#f \n": "https://other.example/%C3%A4%20b?q=%C3%A9",
    "ht\ntps://other.example/": "https://other.example/",
    "http://0x7f.1/": "http://127.0.0.1/",
    "http://0177.0.0.1/": "http://127.0.0.1/",
    "http://2130706433": "http://127.0.0.1/",
    "http://[::FFFF:127.0.0.1]:80/": "http://[::ffff:7f00:1]/",
    "myapp:open?x=1": "myapp:open?x=1",
    "market://details?id=1": "market://details?id=1",
}


@pytest.mark.parametrize("location", LEADS_TO)
def test_a_location_leads_where_a_browser_goes(location: str) -> None:
    found = resolve(BASE, location)
    assert str(found).replace("[::ffff:127.0.0.1]", "[::ffff:7f00:1]") == LEADS_TO[location]


REFUSED = {
    "http://[::1/x": "holds a bracket in its host that is not closed",
    "http://[v1.x]/": "holds brackets around what is no IPv6 address",
    "http://[::1]x/": "holds a bracket in its host that is not closed",
    "http://256.256.256.256/": "names a host that looks like an IPv4 address and is none",
    "http://1.2.3.4.5/": "names a host that looks like an IPv4 address and is none",
    "http://1.2.3.08/": "names a host that looks like an IPv4 address and is none",
    "http://host:99999/": "has a port that is no number up to 65535",
    "http://host:８０/": "has a port that is no number up to 65535",
    "http://ho\x00st/": "holds a character in its host that no host name has",
    "http://ho st/": "holds a character in its host that no host name has",
    "http://%31.example/": "holds a character in its host that no host name has",
    f"http://{'a' * 64}.example/": "names a host that is longer than host names can be",
    "https://": "names no host",
    f"/{'a' * 9000}": "is longer than 8,192 characters",
}


@pytest.mark.parametrize("location", REFUSED, ids=range(len(REFUSED)))
def test_a_location_that_leads_nowhere_says_why(location: str) -> None:
    with pytest.raises(UrlError) as caught:
        resolve(BASE, location)
    assert str(caught.value) == REFUSED[location]


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(st.sampled_from([*"/\\:?#@[]%.", "http", "//", "a", "..", "0x", "127.1", "\t", "\x00", "é"])).map(
            "".join
        ),
    )
)
def test_any_location_is_read_or_refused(location: str) -> None:
    try:
        found = resolve(BASE, location)
    except UrlError:
        return
    assert str(found).isascii() or not found.host.isascii() or not found.web
    if found.web:
        assert found.host
        assert str(resolve(BASE, str(found))) == str(found)


NAMES = st.from_regex(r"\A[a-z][a-z0-9]{0,8}(\.[a-z][a-z0-9]{0,8}){0,3}\Z")
PATHS = st.from_regex(r"\A(/[a-z0-9]{1,4}){0,4}/?(\?[a-z=&]{1,5})?\Z")


@settings(deadline=None)
@given(NAMES, st.none() | st.integers(0, 65_535), PATHS)
def test_ordinary_urls_are_read_as_the_library_reads_them(host: str, port: int | None, path: str) -> None:
    url = f"https://{host}{'' if port is None else f':{port}'}{path}"
    found, expected = read_url(url), urlsplit(url)
    assert (found.host, found.port, found.path) == (expected.hostname, expected.port, expected.path)
    assert str(resolve(BASE, path or "/")) == urljoin(str(BASE), path or "/")


HOSTILE: dict[str, Callable[[int], str]] = {
    "dots": lambda n: "http://" + "." * n,
    "slashes": lambda n: "/" * n,
    "steps up": lambda n: "/.." * n,
    "at signs": lambda n: "http://" + "@" * n,
    "colons": lambda n: "http://h" + ":1" * n,
    "brackets": lambda n: "http://" + "[" * n,
    "digits": lambda n: "http://" + "1" * n,
    "percent": lambda n: "http://h/" + "%2e" * n,
    "letters": lambda n: "a" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_time_grows_with_the_length_only(name: str) -> None:
    def read(text: str) -> None:
        for work in (read_url, lambda value: resolve(BASE, value[:8_192])):
            try:
                work(text)
            except UrlError:
                continue

    assert_linear(read, HOSTILE[name], 2_000)
