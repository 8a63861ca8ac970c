"""What stays of a redirect, and that nothing stays which is anybody's own."""

from __future__ import annotations

import random
import string
import uuid

import pytest
from submitting import config

from certification.config.url_shapes import Seen, Shapes, own_tokens, reads_like_words

PEOPLE = ("Ada Moreau", "Grace Okafor", "Alan Novak", "Karen Byrne", "Tony Ward", "Radia Costa")


def shapes_of(*urls: str, hostnames: tuple[str, ...] = ("acorn.com",)) -> list[str]:
    """The shapes of redirects of one scenario, one for each person."""
    people = {name: own_tokens({"name": name, "workspace": f"100{number}77"}) for number, name in enumerate(PEOPLE)}
    seen = [Seen(url, PEOPLE[number % len(PEOPLE)]) for number, url in enumerate(urls)]
    shapes = Shapes(config(hostnames=list(hostnames)), people, {"one": seen})
    return [shape.url if (shape := shapes.shape("one", url)) else "" for url in urls]


@pytest.mark.parametrize(
    ("first", "second", "shape"),
    [
        ("https://app.acorn.com/welcome/trial", "https://app.acorn.com/welcome/trial", "https://app.acorn.com/welcome/trial"),
        ("https://acorn.com/start?ticket=aB3x", "https://acorn.com/start?ticket=Zq9y", "https://acorn.com/start?ticket={…}"),
        ("https://acorn.com/start?source=databricks", "https://acorn.com/start?source=databricks", "https://acorn.com/start?source=databricks"),
        ("https://acorn.com/start?lang=en", "https://acorn.com/start?lang=fr", "https://acorn.com/start?lang={…}"),
        ("https://acorn.com/start?token=butterfly", "https://acorn.com/start?token=butterfly", "https://acorn.com/start?token={…}"),
        ("https://acorn.com/u/7461", "https://acorn.com/u/7462", "https://acorn.com/{…}/{…}"),
        ("https://acorn.com/#/trial/9f8e7d6c", "https://acorn.com/#/trial/1a2b3c4d", "https://acorn.com/#/trial/{…}"),
        ("https://acorn.com/app#access_token=ey1", "https://acorn.com/app#access_token=ey2", "https://acorn.com/app#access_token={…}"),
        ("https://tenant-a1.acorn.com/", "https://tenant-b2.acorn.com/", "https://{…}.acorn.com/"),
        ("https://me:pw@acorn.com/start", "https://me:pw@acorn.com/start", "https://acorn.com/start"),
        ("https://acorn.com:8443/start", "https://acorn.com:8443/start", "https://acorn.com:8443/start"),
        ("https://acorn.com/start;sid=abc", "https://acorn.com/start;sid=abc", "https://acorn.com/{…}"),
        ("https://acorn.com/a%40b.example", "https://acorn.com/a%40b.example", "https://acorn.com/{…}"),
        ("https://acorn.com", "https://acorn.com", "https://acorn.com"),
        ("https://evil.example/x?y", "https://evil.example/x?y", "https://evil.example/{…}?{…}"),
        ("acorn://open/token", "acorn://open/token", ""),
        ("no address", "no address", ""),
    ],
)  # fmt: skip
def test_what_stays_is_what_a_program_wrote(first: str, second: str, shape: str) -> None:
    assert shapes_of(first, second) == [shape, shape]


def test_what_was_seen_once_is_cut_unless_the_config_itself_says_it() -> None:
    # acorn.com/privacy is a page of the config, sign-in a value of the contract.
    assert shapes_of("https://acorn.com/welcome") == ["https://acorn.com/{…}"]
    assert shapes_of("https://acorn.com/privacy/sign-in") == ["https://acorn.com/privacy/sign-in"]


def test_a_persons_name_is_cut_however_often_it_is_seen() -> None:
    urls = [f"https://acorn.com/home/{name.split()[0].lower()}" for name in PEOPLE] * 2
    assert set(shapes_of(*urls)) == {"https://acorn.com/home/{…}"}
    joined = [f"https://acorn.com/{name.replace(' ', '').lower()}" for name in PEOPLE]
    assert set(shapes_of(*joined)) == {"https://acorn.com/{…}"}


def test_a_word_that_some_names_resemble_stays() -> None:
    # Ward stands in forward; it was seen for others as well.
    assert set(shapes_of(*["https://acorn.com/forward"] * 6)) == {"https://acorn.com/forward"}


def test_a_place_with_many_words_holds_identifiers() -> None:
    slugs = ("happy", "sunny", "merry", "jolly", "lucky", "witty")
    urls = [f"https://acorn.com/space/{slug}" for slug in slugs for _ in range(2)]
    people = {name: frozenset[str]() for name in map(str, range(12))}
    seen = [Seen(url, str(number)) for number, url in enumerate(urls)]
    shapes = Shapes(config(), people, {"one": seen})
    assert {shape.url for url in urls if (shape := shapes.shape("one", url))} == {"https://acorn.com/space/{…}"}
    few = Shapes(config(), people, {"one": seen[:8]})
    assert {shape.url for url in urls[:4] if (shape := few.shape("one", url))} == {
        "https://acorn.com/space/happy",
        "https://acorn.com/space/sunny",
    }


def test_no_token_stays_wherever_it_stands() -> None:
    draw = random.Random(11)
    for alphabet in (
        string.hexdigits,
        string.digits,
        string.ascii_letters + string.digits + "-_",
        string.ascii_lowercase,
    ):
        for _ in range(40):
            token = "".join(draw.choices(alphabet, k=draw.randint(8, 30)))
            for url in (
                f"https://acorn.com/{token}", f"https://acorn.com/start/{token}/x", f"https://{token}.acorn.com/",
                f"https://acorn.com/?next={token}", f"https://acorn.com/?{token}=1", f"https://acorn.com/#{token}",
                f"https://acorn.com/#/a?b={token}", f"https://acorn.com/?a=1&{token}",
            ):  # fmt: skip
                assert token.lower() not in shapes_of(url)[0].lower(), url


@pytest.mark.parametrize(
    "constant",
    [
        "dapi0123456789abcdef",
        str(uuid.UUID(int=1 << 100)),
        "AKIAIOSFODNN7EXAMPLE",
        "Zm9vYmFyYmF6",
        "a" * 41,
        "xkcdqwrt",
        "qXrTzPlm",
    ],
)
def test_what_looks_like_a_token_is_cut_even_when_everybody_gets_it(constant: str) -> None:
    assert constant not in "".join(shapes_of(*[f"https://acorn.com/{constant}?key={constant}"] * 6))


@pytest.mark.parametrize(
    "text", ["create-trial", "signUp", "v2", "step1", "app", "SSO", "purchase_product", "index.html"]
)
def test_words_that_somebody_wrote(text: str) -> None:
    assert reads_like_words(text)


def test_long_addresses_are_bounded() -> None:
    shape = shapes_of("https://acorn.com" + "/a" * 2_000 + "?" + "&".join(f"f{n}=1" for n in range(500)))[0]
    assert len(shape) < 300


def test_the_covering_hostname_is_the_nearest_one() -> None:
    hosts = ["acorn.com", "app.acorn.com"]
    url = "https://eu.app.acorn.com/start"
    shapes = Shapes(config(hostnames=hosts), {}, {"one": [Seen(url, "a"), Seen(url, "b")]})
    shape = shapes.shape("one", url)
    assert shape is not None
    assert (shape.entry, shape.host) == ("app.acorn.com", "eu.app.acorn.com")
    far = "https://acorn.com.evil.example/"
    outside = Shapes(config(hostnames=hosts), {}, {"one": [Seen(far, "a")]}).shape("one", far)
    assert outside is not None
    assert outside.entry == ""
