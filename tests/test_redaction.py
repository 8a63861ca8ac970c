"""No secret stays in a text, however it is encoded, and ordinary text stays as it is."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from certification.evidence.redaction import Leak, Redactor

SECRET = "pä:s\"s'<w>ö&r/d\\ 7+="
USER = "jürgen"

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "json": lambda text: json.dumps({"x": text}),
    "json in letters beyond ASCII": lambda text: json.dumps({"x": text}, ensure_ascii=False),
    "json twice": lambda text: json.dumps(json.dumps(text)),
    "json with escaped slashes": lambda text: json.dumps(text).replace("/", "\\/"),
    "url": quote,
    "url, everything": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "url, form": quote_plus,
    "url twice": lambda text: quote(quote(text, safe=""), safe=""),
    "html": html.escape,
    "html, decimal": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "html, hexadecimal": lambda text: "".join(f"&#x{ord(character):X};" for character in text),
    "html twice": lambda text: html.escape(html.escape(text)),
    "html in json": lambda text: json.dumps(html.escape(text)),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for urls": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 inside": lambda text: base64.b64encode(b"ab" + text.encode() + b"cd").decode(),
    "base64 inside, other offset": lambda text: base64.b64encode(b"abc" + text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, capitals": lambda text: text.encode().hex().upper(),
    "utf-8 read as latin-1": lambda text: text.encode().decode("latin-1"),
    "javascript": lambda text: "".join(f"\\x{ord(character):02x}" for character in text if ord(character) < 256),
    "unicode escapes": lambda text: "".join(f"\\u{ord(character):04X}" for character in text),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("around", ["{}", "before {} after", '{{"redirect_uri": "https://x.example/?t={}"}}'])
def test_a_secret_is_found_in_every_encoding(encoding: str, around: str) -> None:
    redactor = Redactor({"PAT_TOKEN": SECRET}, USER)
    text = around.format(ENCODINGS[encoding](SECRET))
    clean, leaks = redactor.redact(text)
    assert {leak.secret for leak in leaks} == {"PAT_TOKEN"}, text
    assert redactor.finds(text)
    assert not redactor.finds(clean)
    assert redactor.redact(clean) == (clean, ())


@pytest.mark.parametrize(
    "header",
    [
        base64.b64encode(f"{USER}:{SECRET}".encode()).decode(),
        "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode(),
        base64.urlsafe_b64encode(f"{USER}:{SECRET}".encode()).decode().rstrip("="),
    ],
)
def test_the_basic_header_is_a_secret_too(header: str) -> None:
    clean, leaks = Redactor({"BASIC_PASSWORD": SECRET}, USER).redact(f"Authorization: {header}")
    assert leaks[0] == Leak("BASIC_PASSWORD", "as the Basic header")
    assert "${BASIC_PASSWORD}" in clean
    assert header not in clean


def test_a_secret_is_replaced_by_its_name_and_the_rest_stays() -> None:
    redactor = Redactor({"PAT_TOKEN": "dapi0123456789abcdef", "OAUTH_SECRET": "dose-other-secret"})
    text = '{"a": "dapi0123456789abcdef", "b": "dose-other-secret", "c": "größe 10 €"}'
    clean, leaks = redactor.redact(text)
    assert clean == '{"a": "${PAT_TOKEN}", "b": "${OAUTH_SECRET}", "c": "größe 10 €"}'
    assert [leak.secret for leak in leaks] == ["PAT_TOKEN", "OAUTH_SECRET"]


@pytest.mark.parametrize(
    "word", ["true", "sign_in", "connection_id", "abc", "12345", "abcdefgh", "application/json", "99999999"]
)
def test_an_ordinary_word_is_no_secret(word: str) -> None:
    redactor = Redactor({"BASIC_PASSWORD": word}, "user")
    assert redactor.weak == ("BASIC_PASSWORD",)
    text = '{"connection_id": "12345abc", "configured_resources": true, "redirect_value": "sign_in"}'
    assert redactor.redact(text) == (text, ())
    header = base64.b64encode(f"user:{word}".encode()).decode()
    assert redactor.finds(f"Authorization: Basic {header}")


def test_a_word_of_the_config_is_no_secret() -> None:
    assert Redactor({"BASIC_PASSWORD": "reference-partner"}, "u", "name: Reference-Partner").weak == ("BASIC_PASSWORD",)
    assert Redactor({"BASIC_PASSWORD": "reference-partner"}, "u").weak == ()


def test_without_secrets_nothing_is_touched() -> None:
    redactor = Redactor({"BASIC_PASSWORD": "", "PAT_TOKEN": ""})
    assert redactor.redact("Basic Og== and %00 and &#0;") == ("Basic Og== and %00 and &#0;", ())


SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=9, max_size=30).filter(
    lambda text: len(set(text)) > 4 and len(text.strip()) > 8
)


@settings(deadline=None)
@given(
    secret=SECRETS, encoding=st.sampled_from(sorted(ENCODINGS)), before=st.text(max_size=5), after=st.text(max_size=5)
)
@example(secret="ĳ\U000f2a60abcdefg", encoding="json", before="", after="")
def test_any_secret_is_found_in_every_encoding(secret: str, encoding: str, before: str, after: str) -> None:
    redactor = Redactor({"PAT_TOKEN": secret}, "user")
    assume(not redactor.weak)
    # These write characters one by one in a form that holds those below 256 or in the basic plane only.
    assume(encoding != "javascript" or max(map(ord, secret)) < 256)
    assume(encoding != "unicode escapes" or max(map(ord, secret)) < 0x10000)
    text = json.dumps(before) + ENCODINGS[encoding](secret) + json.dumps(after)
    clean, leaks = redactor.redact(text)
    assert leaks
    assert not redactor.finds(clean)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_text_without_the_secret_stays_as_it_is(text: str) -> None:
    redactor = Redactor({"PAT_TOKEN": "dapi0123456789abcdef", "BASIC_PASSWORD": SECRET}, USER)
    assert redactor.redact(text) == (text, ())
