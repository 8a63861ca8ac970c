"""Keep secrets out of everything that is written: find them in any encoding, put a placeholder in their place.

The recorder passes every request and answer through :meth:`Redactor.redact` before it is written anywhere, and the
report writer scans each finished file once more with :meth:`Redactor.finds`.
"""

from __future__ import annotations

import base64
import html
import html.entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from certification.evidence.vocabulary import own_words

MIN_LENGTH = 8
_VARIED = 4
"""A secret of fewer different characters, such as 99999999, stands in ordinary text by chance."""
_ORDINARY = 5
"""A shorter secret is a fragment of ordinary text: it cannot be told from it, so only its encoded forms are hidden."""


MARK = re.compile(r"\$\{(BASIC_PASSWORD|PAT_TOKEN|OAUTH_SECRET)\}")
"""What stands in the place of a secret."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that stood where it must not: which one, and in what encoding."""

    secret: str
    encoding: str


class Redactor:
    """Replaces the secrets of a run by placeholders such as ``${PAT_TOKEN}``.

    ``secrets`` maps the name of each secret to its value; ``user`` is the Basic user name, needed for the header form.
    """

    def __init__(self, secrets: dict[str, str], user: str = "", vocabulary: str = "") -> None:
        """Build the patterns once; empty values are passed over.

        ``vocabulary`` is text that is no secret though it stands in the run, such as the config.
        """
        known = f"{vocabulary.lower()}\n{own_words()}"
        self.weak = tuple(name for name, value in secrets.items() if value and not _distinctive(value, known))
        self._patterns: list[_Pattern] = []
        password = secrets.get("BASIC_PASSWORD", "")
        if password:
            token = base64.b64encode(f"{user}:{password}".encode()).decode()
            url_safe = token.replace("+", "-").replace("/", "_").rstrip("=")
            self._patterns.append(_pattern("BASIC_PASSWORD", "as the Basic header", [token, url_safe]))
        for name, value in secrets.items():
            if not value or name in self.weak:
                continue
            self._patterns.append(_pattern(name, "in plain text or escaped", [value]))
            encoded = sorted(set(_base64_cores(value)), key=len, reverse=True)
            if encoded:
                self._patterns.append(_pattern(name, "in base64", encoded))
            digits = value.encode().hex()
            self._patterns.append(
                _Pattern(name, "in hexadecimal", (digits, digits.upper()), re.compile(digits, re.IGNORECASE))
            )
            self._patterns.append(_Pattern(name, "backwards", (value[::-1],), re.compile(re.escape(value[::-1]))))
            mangled = value.encode().decode("latin-1")
            if mangled != value:
                self._patterns.append(_pattern(name, "as UTF-8 read as Latin-1", [mangled]))
        # A secret that is ordinary text when it is read backwards, say, is not looked for backwards.
        self._patterns = [entry for entry in self._patterns if not any(form.lower() in known for form in entry.plain)]

    def redact(self, text: str) -> tuple[str, tuple[Leak, ...]]:
        """Return ``text`` with every secret replaced by ``${NAME}``, and what was found."""
        leaks: dict[Leak, None] = {}
        for entry in self._suspects(text):
            text, count = entry.pattern.subn(f"${{{entry.name}}}", text)
            if count:
                leaks[Leak(entry.name, entry.encoding)] = None
        return text, tuple(leaks)

    def finds(self, text: str) -> tuple[Leak, ...]:
        """Return the secrets that stand in ``text``."""
        return tuple(Leak(entry.name, entry.encoding) for entry in self._suspects(text) if entry.pattern.search(text))

    def _suspects(self, text: str) -> list[_Pattern]:
        # The patterns are slow; a substring test on the text and on what it decodes to rules nearly every text out.
        stages = list(_decoded(text))
        return [entry for entry in self._patterns if any(form in stage for stage in stages for form in entry.plain)]


def unmarked(text: str) -> str:
    """Return ``text``, which a partner sent, changed a little where it looks like a mark.

    So a mark in the evidence is always one of ours, and no secret is put into a request where a partner asked for it.
    """
    return MARK.sub(r"#{\1}", text)


def _decoded(text: str) -> Iterator[str]:
    """Yield ``text`` and what it is after undoing the escapes it may hold, one kind after the other, twice."""
    yield text
    for pattern in (_BACKSLASHES, _BACKSLASH) if "\\" in text else (_BACKSLASHES,):
        stage = text
        for _ in range(2):
            if "\\" in stage:
                stage = pattern.sub(_unescape, stage)
                yield stage
            if "%" in stage:
                stage = unquote(stage)
                yield stage
            if "&" in stage:
                stage = html.unescape(stage)
                yield stage


_ESCAPE = r"(?:u\{([0-9a-fA-F]{1,6})\}|((?:u[dD][89abAB][0-9a-fA-F]{2}\\+)?u[0-9a-fA-F]{4})|x([0-9a-fA-F]{2})"
_BACKSLASHES = re.compile(rf"\\+{_ESCAPE}|([\"'/&<>]))|\\\\+")
"""An escape behind any number of backslashes: text that was encoded several times, with what is needed or too much."""
_BACKSLASH = re.compile(rf"\\{_ESCAPE}|([\"'/&<>\\]))")
"""An escape as it is encoded once."""


def _unescape(match: re.Match[str]) -> str:
    braced, units, byte, plain = match.groups()
    if units:
        data = b"".join(bytes.fromhex(unit) for unit in re.findall(r"u([0-9a-fA-F]{4})", units))
        return data.decode("utf-16-be", "replace")
    if braced or byte:
        code = int(braced or byte, 16)
        return chr(code) if code < 0x110000 else "?"
    return plain or "\\"


@dataclass(frozen=True, slots=True)
class _Pattern:
    name: str
    encoding: str
    plain: tuple[str, ...]
    pattern: re.Pattern[str]


def _pattern(name: str, encoding: str, forms: list[str]) -> _Pattern:
    plain = [*forms, *(form.replace(" ", "+") for form in forms if " " in form)]
    return _Pattern(name, encoding, tuple(plain), re.compile("|".join(map(_any_encoding, forms))))


def _distinctive(value: str, known: str) -> bool:
    if value.lower() in known or len(set(value.lower())) < _VARIED:
        return False
    return len(value) >= MIN_LENGTH or (len(value) >= _ORDINARY and re.fullmatch(r"[0-9a-fA-F-]*", value) is None)


def _base64_cores(value: str) -> list[str]:
    """Return what is constant of ``value`` inside longer base64, for each of the three offsets, in both alphabets."""
    data = value.encode()
    cores = []
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + data).decode().rstrip("=")
        start = -(-offset * 8 // 6)
        end = (offset + len(data)) * 8 // 6
        core = text[start:end]
        if len(core) >= MIN_LENGTH:
            cores += [core, core.replace("+", "-").replace("/", "_")]
    return cores


def _any_encoding(value: str) -> str:
    """Return a pattern that matches ``value`` with each character in any of the usual escapes."""
    return "".join(_character(character) for character in value)


def _character(character: str) -> str:
    code = ord(character)
    if character.isascii() and character.isalnum():
        plain = [
            character,
            rf"(?i:%(?:25)*{code:02x})",
            rf"(?i:\\+u00{code:02x})",
            rf"(?i:\\+x{code:02x})",
            rf"&(?:amp;)*#0*{code};",
            rf"(?i:&(?:amp;)*#x0*{code:x};)",
        ]
        return f"(?:{'|'.join(plain)})"
    forms = [re.escape(character)]
    percent = "".join(rf"%(?:25)*{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    forms.append(f"(?i:{percent})")
    if code < 256:
        forms.append(rf"(?i:%(?:25)*{code:02x})")
        forms.append(rf"(?i:\\+x{code:02x})")
    units = character.encode("utf-16-be", "surrogatepass")
    unicode_escape = "".join(rf"\\+u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
    forms.append(f"(?i:{unicode_escape})")
    forms.append(rf"(?i:\\+u\{{0*{code:x}\}})")
    forms.append(rf"\\*&(?:amp;)*#0*{code};")
    forms.append(rf"(?i:\\*&(?:amp;)*#x0*{code:x};)")
    names = [name for name, value in html.entities.html5.items() if value == character and name.endswith(";")]
    forms += [rf"\\*&(?:amp;)*{re.escape(name)}" for name in names]
    if character in "\"'\\/&<>":
        forms.append(rf"\\+{re.escape(character)}")
    if character == " ":
        forms.append(r"\+")
    return f"(?:{'|'.join(forms)})"
