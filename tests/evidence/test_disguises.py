"""Secrets in disguise: found as far as the docstring of the redaction says, in time that grows with the text only."""

from __future__ import annotations

import base64
import codecs
import gzip
import json
import quopri
import unicodedata
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from growth import assert_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.evidence.redaction import OPAQUE, Redactor

TOKEN = "dapi9f3c71e0b7a24d5588aa41"
PASSWORD = "Größe-Zwölf/7 €uro & mehr"
REDACTOR = Redactor({"PAT_TOKEN": TOKEN, "BASIC_PASSWORD": PASSWORD}, "user")

Disguise = Callable[[str], str]


def b64(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def wide(code: str) -> Disguise:
    """The bytes of another encoding, as the client reads them: UTF-8 if they are that, Latin-1 otherwise."""

    def disguise(text: str) -> str:
        data = text.encode(code)
        try:
            read = data.decode("utf-8")
        except UnicodeDecodeError:
            read = data.decode("latin-1")
        return read.replace("\x00", "\\u0000")

    return disguise


DISGUISES: dict[str, Disguise] = {
    "base64 of base64": lambda text: b64(b64(text)),
    "base64 of reversed text": lambda text: b64(text[::-1]),
    "base64 of hexadecimal": lambda text: b64(text.encode().hex()),
    "base64 inside more, twice": lambda text: b64("xy" + b64("abc" + text + "z")),
    "base64 in lines": lambda text: base64.encodebytes(f"{'before ' * 9}{text}".encode()).decode(),
    "base64 in lines in JSON": lambda text: json.dumps(base64.encodebytes(f"{'before ' * 9}{text}".encode()).decode()),
    "base64 of JSON with escapes": lambda text: b64(json.dumps({"a": text})),
    "base64 for URLs, encoded for URLs": lambda text: quote(base64.urlsafe_b64encode(text.encode()).decode(), safe=""),
    "base64 of gzip": lambda text: b64(gzip.compress(text.encode())),
    "base64 of deflate": lambda text: b64(zlib.compress(text.encode())),
    "base64 of UTF-16": lambda text: b64(text.encode("utf-16-le")),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base32 in lower case": lambda text: base64.b32encode(f"ab{text}".encode()).decode().lower().rstrip("="),
    "hexadecimal with colons": lambda text: text.encode().hex(":"),
    "hexadecimal with blanks": lambda text: text.encode().hex(" ").upper(),
    "hexadecimal as a list": lambda text: ", ".join(f"0x{byte:02x}" for byte in text.encode()),
    "decimal bytes": lambda text: str(list(text.encode())),
    "decimal characters": lambda text: " ".join(str(ord(character)) for character in text),
    "octal escapes": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "octal numbers": lambda text: " ".join(f"{byte:o}" for byte in text.encode()),
    "entities without semicolons": lambda text: "".join(f"&#{ord(character)}" for character in text),
    "entities, hexadecimal, without semicolons": lambda text: "".join(f"&#x{ord(character):x} " for character in text),
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "quoted-printable, everything": lambda text: "".join(f"={byte:02X}" for byte in text.encode()),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "capitals": str.upper,
    "other case": str.swapcase,
    "spaced": " ".join,
    "in groups": lambda text: "-".join(text[place : place + 4] for place in range(0, len(text), 4)),
    "reversed and spaced": lambda text: ".".join(reversed(text)),
    "without signs": lambda text: "".join(character for character in text if character.isalnum()),
    "in lines": "\n".join,
    "ROT13": lambda text: codecs.encode(text, "rot13"),
    "UTF-16, little-endian": wide("utf-16-le"),
    "UTF-16, big-endian": wide("utf-16-be"),
    "UTF-16 with its mark": wide("utf-16"),
    "UTF-32": wide("utf-32-le"),
    "UTF-16 as JSON": lambda text: json.dumps(text.encode("utf-16-le").decode("latin-1")),
    "escaped five ways": lambda text: quote(json.dumps(json.dumps(json.dumps(text)))),
    "percent u": lambda text: "".join(f"%u{ord(character):04x}" for character in text),
}


@pytest.mark.parametrize("name", DISGUISES)
@pytest.mark.parametrize("secret", [TOKEN, PASSWORD], ids=["token", "password"])
@pytest.mark.parametrize(
    "around", ["{}", '{{"error": "no: {} is wrong", "id": "3f1c6a3e-5a6b-4d0c-9a7e-1b2c3d4e5f60"}}']
)
def test_a_disguised_secret_is_found_and_gone(name: str, secret: str, around: str) -> None:
    disguised = DISGUISES[name](secret)
    text = around.format(disguised)
    clean, leaks = REDACTOR.redact(text)
    assert {leak.secret for leak in leaks} == {"PAT_TOKEN" if secret == TOKEN else "BASIC_PASSWORD"}
    assert disguised not in clean
    assert REDACTOR.redact(clean) == (clean, ())
    if "error" in around:
        assert clean.startswith('{"error": "no: ')
        assert clean.endswith('"id": "3f1c6a3e-5a6b-4d0c-9a7e-1b2c3d4e5f60"}')


def test_what_a_leak_is_called() -> None:
    names = {
        TOKEN: "in plain text or escaped",
        TOKEN[::-1]: "backwards",
        b64(TOKEN): "in base64",
        b64(TOKEN[::-1]): "in base64, backwards",
        b64(b64(TOKEN)): "in base64 within base64",
        TOKEN.upper(): "in another spelling",
    }
    assert {text: [leak.encoding for leak in REDACTOR.redact(text)[1]] for text in names} == {
        text: [name] for text, name in names.items()
    }


ORDINARY = [
    '{"redirect_uri": "https://partner.example/welcome?token=abc%20d&x=1", "user_status": "new"}',
    "Tue, 24 Nov 2026 13:41:57 GMT",
    'W/"33a64df551425fcc55e4d42a148795d9f25f89d4"',
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.4pcPyMD09olPSyXnrXCjTwXyr4BsezdI1AVTmud2fU4",
    "größe 10 €, \\u00e4 &auml; %C3%A4 =C3=A4 &notanentity &#99999999; \\ud800",
    "1 2 3 100 101 102 103 104 105 106 107 108",
]


@pytest.mark.parametrize("text", ORDINARY, ids=range(len(ORDINARY)))
def test_ordinary_text_stays(text: str) -> None:
    assert REDACTOR.redact(text) == (text, ())


@pytest.mark.parametrize(
    "password", ["application/json", "judgement", "${PAT_TOKEN}", " " * 8, "first-connect", "12345678"]
)
def test_a_password_that_is_one_of_our_own_words_changes_nothing(password: str) -> None:
    redactor = Redactor({"BASIC_PASSWORD": password}, "user")
    text = f'{{"type":"judgement","content-type":"application/json","act":"first-connect","x":"{password}"}}'
    assert redactor.redact(text) == (text, ())
    assert redactor.weak == ("BASIC_PASSWORD",)
    assert redactor.finds(f"Basic {b64(f'user:{password}')}")


def test_a_secret_that_is_everywhere_leaves_nothing() -> None:
    text = " ".join(disguise(TOKEN) for disguise in DISGUISES.values())
    clean, leaks = REDACTOR.redact(text)
    assert leaks
    assert not REDACTOR.finds(clean)
    assert TOKEN not in clean


def test_long_runs_that_nobody_can_read_are_kept_as_a_digest() -> None:
    run = b64(bytes((number * 37 + 11) % 256 for number in range(150)))
    clean = REDACTOR.without_opaque_runs(f'{{"error_reason": "bad_request", "debugging_message": "{run}"}}')
    assert run not in clean
    assert f"{OPAQUE}200 characters, SHA-256 " in clean
    assert json.loads(clean)["error_reason"] == "bad_request"
    for readable in ("a" * 300, "word-" * 60, "/very/long/path" * 20):
        assert REDACTOR.without_opaque_runs(readable) == readable


HOSTILE: dict[str, Callable[[int], str]] = {
    "backslashes": lambda n: "\\" * n,
    "backslashes and u": lambda n: "\\\\\\u00" * n,
    "halves of surrogates": lambda n: "\\ud83d" * n,
    "percent": lambda n: "%25" * n,
    "percent signs": lambda n: "%" * n,
    "ampersands": lambda n: "&" * n,
    "entities": lambda n: "&#" * n + "1" * n,
    "long entities": lambda n: "&#" + "0" * n + "65",
    "names of entities": lambda n: "&a" + "a" * n,
    "amp": lambda n: "&amp;" * n,
    "equals": lambda n: "=41" * n,
    "letters": lambda n: "a" * n,
    "hexadecimal": lambda n: "6a" * n,
    "numbers": lambda n: "101 " * n,
    "numbers that stop": lambda n: "101 102 103 x " * n,
    "octal": lambda n: "\\101" * n,
    "NUL": lambda n: "d\x00" * n,
    "accents": lambda n: "é" * n,
    "beyond": lambda n: "\U0001f511" * n,
    "blanks": lambda n: " " * n,
    "base64 of base64": lambda n: b64(b64(b64("x" * n))),
    "gzip": lambda n: b64(gzip.compress(b"x" * n * 100)),
    "beginnings of the secret": lambda n: TOKEN[:-1] * n,
    "the secret": lambda n: f"{TOKEN} " * n,
    "the secret behind backslashes": lambda n: "\\" * n + TOKEN,
    "disguises of the secret": lambda n: f"{b64(TOKEN)} {TOKEN.upper()} " * (n // 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_time_grows_with_the_length_only(name: str) -> None:
    # A new one each time: texts that were clean are remembered.
    assert_linear(lambda text: Redactor({"PAT_TOKEN": TOKEN}, "user").redact(text), HOSTILE[name], 400)


PIECES = st.sampled_from([*'\\%&#=;ux0123456789abcdef \n"', "&amp;", "%25", "\\u00", "=3D", "0x", TOKEN, b64(TOKEN)])


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_any_text_is_cleaned(text: str) -> None:
    clean, leaks = REDACTOR.redact(text)
    assert not REDACTOR.finds(clean)
    assert bool(leaks) == bool(REDACTOR.finds(text))
    assert TOKEN not in clean
