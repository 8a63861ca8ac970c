"""The ways in which a request can authenticate: the right one, and the wrong ones that a partner must refuse.

Source: API specification, Headers and authentication.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to authenticate: how it reads in a report, its header for a user and a password, its curl arguments."""

    title: str
    shown: str
    header: Callable[[str, str], str | None]
    curl: str


def _basic(text: str, scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(text.encode()).decode()}"


SCHEMES: dict[str, Scheme] = {
    "good": Scheme(
        "the right credentials",
        "Basic $BASIC_USER:$BASIC_PASSWORD",
        lambda u, p: _basic(f"{u}:{p}"),
        '-u "$BASIC_USER:$BASIC_PASSWORD"',
    ),
    "lower-case": Scheme(
        "the right credentials, scheme in lower case",
        "basic $BASIC_USER:$BASIC_PASSWORD",
        lambda u, p: _basic(f"{u}:{p}", "basic"),
        '-H "Authorization: basic $(printf %s "$BASIC_USER:$BASIC_PASSWORD" | base64 | tr -d "\\n")"',
    ),
    "absent": Scheme("no Authorization header", "", lambda _u, _p: None, ""),
    "wrong-password": Scheme(
        "a wrong password",
        "Basic $BASIC_USER:wrong-password",
        lambda u, _p: _basic(f"{u}:not-{_reversed(u)}-the-password"),
        '-u "$BASIC_USER:wrong-password"',
    ),
    "wrong-user": Scheme(
        "a wrong user with the right password",
        "Basic somebody-else:$BASIC_PASSWORD",
        lambda _u, p: _basic(f"somebody-else:{p}"),
        '-u "somebody-else:$BASIC_PASSWORD"',
    ),
    "suffix": Scheme(
        "the right password with one more character",
        "Basic $BASIC_USER:${BASIC_PASSWORD}x",
        lambda u, p: _basic(f"{u}:{p}x"),
        '-u "$BASIC_USER:${BASIC_PASSWORD}x"',
    ),
    "long-suffix": Scheme(
        "the right password with many more characters",
        "Basic $BASIC_USER:${BASIC_PASSWORD} + 80 x",
        lambda u, p: _basic(f"{u}:{p}{'x' * 80}"),
        f'-u "$BASIC_USER:${{BASIC_PASSWORD}}{"x" * 80}"',
    ),
    "blank-suffix": Scheme(
        "the right password with a blank behind it",
        "Basic $BASIC_USER:$BASIC_PASSWORD and a blank",
        lambda u, p: _basic(f"{u}:{p} "),
        '-u "$BASIC_USER:$BASIC_PASSWORD "',
    ),
    "ascii-only": Scheme(
        "the right password without its characters beyond ASCII",
        "Basic $BASIC_USER:$BASIC_PASSWORD without characters beyond ASCII",
        lambda u, p: _basic(f"{u}:{p.encode('ascii', 'ignore').decode()}"),
        '-u "$BASIC_USER:$(printf %s "$BASIC_PASSWORD" | LC_ALL=C tr -d \'\\200-\\377\')"',
    ),
    "question-marks": Scheme(
        "the right password with question marks for its characters beyond ASCII",
        "Basic $BASIC_USER:$BASIC_PASSWORD with question marks",
        lambda u, p: _basic(f"{u}:{p.encode('ascii', 'replace').decode()}"),
        '-u "$BASIC_USER:$(printf %s "$BASIC_PASSWORD" | LC_ALL=C sed "s/[^ -~]/?/g")"',
    ),
    "prefix": Scheme(
        "the right password without its last character",
        "Basic $BASIC_USER:${BASIC_PASSWORD%?}",
        lambda u, p: _basic(f"{u}:{p[:-1]}"),
        '-u "$BASIC_USER:${BASIC_PASSWORD%?}"',
    ),
    "first-half": Scheme(
        "the first half of the right password",
        "Basic $BASIC_USER:first half of $BASIC_PASSWORD",
        lambda u, p: _basic(f"{u}:{p[: len(p) // 2]}"),
        '-u "$BASIC_USER:$(printf %s "$BASIC_PASSWORD" | cut -c 1-$((${#BASIC_PASSWORD} / 2)))"',
    ),
    "other-case": Scheme(
        "the right password in the other case",
        "Basic $BASIC_USER:$BASIC_PASSWORD in the other case",
        lambda u, p: _basic(f"{u}:{p.swapcase()}"),
        "-u \"$BASIC_USER:$(printf %s \"$BASIC_PASSWORD\" | tr 'a-zA-Z' 'A-Za-z')\"",
    ),
    "user-case": Scheme(
        "the user name in the other case, with a wrong password",
        "Basic $BASIC_USER in the other case:wrong-password",
        lambda u, _p: _basic(f"{u.swapcase()}:wrong-password"),
        '-u "$BASIC_USER:wrong-password"',
    ),
    "empty": Scheme("an empty user and password", "Basic :", lambda _u, _p: _basic(":"), '-u ":"'),
    "empty-password": Scheme(
        "the right user with an empty password",
        "Basic $BASIC_USER:",
        lambda u, _p: _basic(f"{u}:"),
        '-u "$BASIC_USER:"',
    ),
    "swapped": Scheme(
        "user and password swapped",
        "Basic $BASIC_PASSWORD:$BASIC_USER",
        lambda u, p: _basic(f"{p}:{u}"),
        '-u "$BASIC_PASSWORD:$BASIC_USER"',
    ),
    "no-colon": Scheme(
        "credentials without a colon",
        "Basic $BASIC_USER",
        lambda u, _p: _basic(u.replace(":", "")),
        '-H "Authorization: Basic $(printf %s "$BASIC_USER" | base64 | tr -d "\\n")"',
    ),
    "not-base64": Scheme(
        "credentials that are not base64", "Basic !!!!", lambda _u, _p: "Basic !!!!", '-H "Authorization: Basic !!!!"'
    ),
    "not-utf8": Scheme(
        "credentials that are not UTF-8",
        "Basic /////w==",
        lambda _u, _p: "Basic /////w==",
        '-H "Authorization: Basic /////w=="',
    ),
    "scheme-only": Scheme(
        "the word Basic and nothing else", "Basic", lambda _u, _p: "Basic", '-H "Authorization: Basic"'
    ),
    "bearer": Scheme(
        "the right credentials under the scheme Bearer",
        "Bearer $BASIC_USER:$BASIC_PASSWORD",
        lambda u, p: _basic(f"{u}:{p}", "Bearer"),
        '-H "Authorization: Bearer $(printf %s "$BASIC_USER:$BASIC_PASSWORD" | base64 | tr -d "\\n")"',
    ),
    "none": Scheme("nothing: a plain GET, as a browser would send", "", lambda _u, _p: None, ""),
}
"""Name -> scheme.  The names stand in the evidence, so they never change."""


def _reversed(text: str) -> str:
    return text[::-1]
