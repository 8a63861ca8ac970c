"""How a reader repeats calls without this suite: a command for one call, a script for a chain of them.

Both need a POSIX shell and curl, nothing else; the partner's credentials come from ``BASIC_USER`` and ``BASIC_PASSWORD``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from urllib.parse import unquote

from certification.client.authentication import SCHEMES
from certification.evidence.exchange import Exchange, Request
from certification.foundation.safe_text import one_line
from certification.report.words import step_title

_LEFT_TO_CURL = frozenset(
    {"authorization", "content-length", "host", "connection", "accept-encoding", "accept", "cookie"}
)
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://[^/?#]++")
_MADE_UP = {"PAT_TOKEN": "dapi$S$S$S$S$S", "OAUTH_SECRET": "dose$S$S$S$S$S$S"}
"""Secret that a request holds -> what stands in for it where nobody gives one."""

_MADE_UP_ONCE = {name: value.replace("$S", "a1b2c3") for name, value in _MADE_UP.items()}


def curl(request: Request) -> str:
    """Return a shell command that sends ``request`` again; credentials come from the environment."""
    words = " ".join(shlex.quote(word) for word in ["curl", "-i", "-X", request.method, *_header_words(request)])
    parts = [words, _authorization(request)]
    if request.body:
        parts.append(f"--data-raw {shell_text(request.body)}")
    return " ".join(filter(None, [*parts, shlex.quote(request.url)]))


def shell_text(text: str) -> str:
    """Quote ``text`` for a POSIX shell, but let the placeholders of secrets be expanded by it."""
    return _Values({f"${{{name}}}": f"{name}:-{_MADE_UP_ONCE[name]}" for name in _MADE_UP}).quoted(text)


def script(chain: Sequence[Exchange], said: str = "") -> str:
    """Return a script that plays the calls of ``chain`` again, as users of whom the partner has never heard.

    What makes people, companies and workspaces unique is made anew each time it runs, and what an answer gave (the id of a
    connection, an address, the token of a page) is taken from the new answer.  The bytes that are sent are otherwise those
    that were sent.  At the end it prints ``said``: what to look for.  Empty for an empty chain.
    """
    if not chain:
        return ""
    base = next((origin(each.request.url) for each in chain if each.request.operation != "redirect"), "")
    values = _Values({f"${{{name}}}": name for name in _MADE_UP} | ({base: "URL"} if base else {}))
    values.make_fresh([text for each in chain for text in (each.request.body, each.request.url)])
    bodies = "".join(each.request.body for each in chain)
    made_up = {name: made for name, made in _MADE_UP.items() if f"${{{name}}}" in bodies}
    lines = [
        "#!/bin/sh",
        "# Needs curl, and the partner's credentials in BASIC_USER and BASIC_PASSWORD.",
        "set -u",
        ': "${BASIC_USER:?} ${BASIC_PASSWORD:?}"',
        f"URL=${{URL:-{shlex.quote(base)}}}",
        "dir=$(mktemp -d); trap 'rm -rf \"$dir\"' EXIT",
        "# New people, companies and workspaces each time.",
        "S=$(od -An -N3 -tx1 /dev/urandom | tr -d ' \\n'); S_UPPER=$(printf %s \"$S\" | tr a-f A-F)",
        "R=$(od -An -N2 -tu2 /dev/urandom | tr -d ' \\n')",
        *(f"{name}=${{{name}:-{made}}}" for name, made in made_up.items()),
        *(f"{name}=$(({number} - 4 * R))" for number, name in values.numbers.items()),
    ]
    steps: list[list[str]] = []
    for exchange in chain:
        steps.append(_step(exchange, values))
        steps.append(values.learn(exchange))
    # What an answer gave and no later call sends needs no variable.
    text = "\n".join(line for step in steps[::2] for line in step)
    for place, step in enumerate(steps):
        kept = [line for line in step if place % 2 == 0 or _uses(text, line.partition("=")[0])]
        lines += ["", *kept] if place % 2 == 0 else kept
    if said:
        lines += ["", f"printf '%s\\n' {shlex.quote(f'== {one_line(said, 600)}')}"]
    return "\n".join(lines) + "\n"


def _uses(text: str, variable: str) -> bool:
    return re.search(rf"\$\{{?{variable}\b", text) is not None


def origin(url: str) -> str:
    """Return scheme, host and port of ``url`` as they stand in it; empty when it is no URL."""
    # Not urlsplit: what it refuses changes with the version of Python.
    match = _ORIGIN.match(url)
    return match[0] if match else ""


def _step(exchange: Exchange, values: _Values) -> list[str]:
    request, number = exchange.request, exchange.number
    answered = (
        str(exchange.response.status) if exchange.response else (exchange.failure and exchange.failure.kind) or ""
    )
    lines = [f"# {number}. {step_title(exchange.act, exchange.when)} (it answered {one_line(answered, 40)})"]
    words = [f"curl -sS -X {request.method}", *map(shlex.quote, _header_words(request)), _authorization(request)]
    if request.operation == "redirect":
        words.append('-b "$dir/cookies" -c "$dir/cookies"')
    if exchange.response is not None and exchange.response.header("content-encoding"):
        words.append("--compressed")
    words.append(f'-D "$dir/{number}.head" -o "$dir/{number}.body"')
    url, query, token = request.url.partition("?pagination_token=")
    if query and (variable := values.variable(unquote(token))):
        words.append(f'-G --data-urlencode "pagination_token=${variable}" {values.quoted(url)}')
    else:
        words.append(values.quoted(request.url))
    command = " ".join(filter(None, words))
    if request.body:
        command = f"{_printed(request, values)} | {command} --data-binary @-"
    if request.late_body:
        lines.append("# The body left 50 ms after the headers then, which curl cannot do.")
    lines += [f': >"$dir/{number}.head"; : >"$dir/{number}.body"', command]
    lines.append(
        f'echo \'== {number}. {step_title(exchange.act, exchange.when)}\'; cat "$dir/{number}.head" "$dir/{number}.body"; echo'
    )
    return lines


def _printed(request: Request, values: _Values) -> str:
    """Return the command that prints the body, byte for byte."""
    if request.charset == "utf-8" and not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", request.body):
        return f"printf %s {values.quoted(request.body)}"
    data = request.body.encode(request.charset, "surrogatepass" if request.charset == "utf-8" else "strict")
    shown = "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b"\\%'" else f"\\{byte:03o}" for byte in data)
    return f"printf '{shown}'"


def _header_words(request: Request) -> list[str]:
    return [
        word
        for name, value in request.headers
        if name.lower() not in _LEFT_TO_CURL
        for word in ("-H", f"{name}: {value}")
    ]


def _authorization(request: Request) -> str:
    return "" if request.operation == "redirect" else SCHEMES[request.authorization].curl


_IDS = re.compile(r'"(?:databricks_user_id|databricks_organization_id|workspace_id)"\s*:\s*"?([0-9]{7,19})\b')
_TOKENS = re.compile(r"[uxw]([0-9a-f]{6})([0-9a-f]{4})", re.IGNORECASE)
"""What makes addresses, domains and host names of the suite's people unique (see ``databricks/people.py``)."""

_GIVEN = ("connection_id", "redirect_uri", "pagination_token")
"""Fields of an answer that later calls send."""

_SHORTEST = 3
"""A shorter value that an answer gave cannot be told from other text."""


class _Values:
    """Texts in whose place a variable stands."""

    def __init__(self, known: dict[str, str]) -> None:
        """``known`` maps each text to the name of its variable."""
        self._known = {text: (re.escape(text), name) for text, name in known.items()}
        self.numbers: dict[str, str] = {}
        self._answers = 0

    def make_fresh(self, texts: Sequence[str]) -> None:
        """Find in ``texts`` what makes people unique; what tells two of them apart stays as it is."""
        for text in texts:
            for number in _IDS.findall(text):
                if 10**6 < int(number) < 2**63:
                    # All ids move by the same distance, so that neighbours stay neighbours and ranges are kept.
                    name = self.numbers.setdefault(number, f"ID{len(self.numbers) + 1}")
                    self._known[number] = (f"(?<![0-9]){number}(?![0-9])", name)
            for match in _TOKENS.finditer(text):
                name = "S" if match[1] == match[1].lower() else "S_UPPER"
                self._known[match[1]] = (f"(?<=[uxwUXW]){match[1]}(?={match[2]})", name)

    def variable(self, text: str) -> str:
        """Return the variable that stands for ``text``; empty when there is none."""
        return self._known.get(text, ("", ""))[1]

    def learn(self, exchange: Exchange) -> list[str]:
        """Return the commands that take from the answer to ``exchange`` what later calls send."""
        response = exchange.response
        if response is None:
            return []
        answer, lines = response.json, []
        for key in _GIVEN if isinstance(answer, dict) else ():
            value = answer.get(key)
            if isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) >= _SHORTEST:
                pattern = f's/.*"{key}"[[:space:]]*:[[:space:]]*"\\{{0,1\\}}\\([^",}}]*\\).*/\\1/p'
                plain = "s#\\\\/#/#g; s/\\\\u0026/\\&/g"
                lines.append(
                    f"{self._new(str(value))}=$(tr -d '\\r\\n' <\"$dir/{exchange.number}.body\" | sed -n {shlex.quote(pattern)} | sed {shlex.quote(plain)})"
                )
        location = response.header("location")
        if location and origin(location):
            lines.append(
                f"{self._new(location)}=$(sed -n 's/^[Ll]ocation: *//p' \"$dir/{exchange.number}.head\" | tr -d '\\r' | tail -n 1)"
            )
        return lines

    def _new(self, text: str) -> str:
        self._answers += 1
        name = f"FROM{self._answers}"
        self._known[text] = (re.escape(text), name)
        return name

    def quoted(self, text: str) -> str:
        """Return ``text`` as one word for the shell, with variables where a known text stands."""
        if not self._known:
            return shlex.quote(text)
        longest = [self._known[known] for known in sorted(self._known, key=len, reverse=True)]
        shown, end = [], 0
        for match in re.finditer("|".join(f"({pattern})" for pattern, _ in longest), text):
            if match.start() > end:
                shown.append(shlex.quote(text[end : match.start()]))
            shown.append(f'"${{{longest[(match.lastindex or 1) - 1][1]}}}"')
            end = match.end()
        if end < len(text):
            shown.append(shlex.quote(text[end:]))
        return "".join(shown) or "''"
