"""Keep secrets out of everything that is written: find them however they are disguised, put a placeholder in their place.

Values are cleaned where they enter: the bodies, headers and failures that the client records.  What is made from them
(records, reports) is never cleaned line by line, because a line holds our own words as well.

What is found, in a text of up to :data:`MAX_SEARCHED` characters:

* the secret itself, escaped as JSON, JavaScript, URLs, HTML (with or without semicolons) and quoted-printable do it, up to
  three times on top of each other; with ``+`` for blanks; as UTF-8 read as Latin-1; in UTF-16 and UTF-32;
* its letters and digits (ten and more) in another case, with other signs or blanks between them, with or without accents
  (NFC and NFD), and each of these backwards; in ROT13;
* as base64, base64url, base32, hexadecimal with or without separators, decimal and octal numbers of its bytes or
  characters, at any place inside longer data, wrapped or not, and two of these within each other;
* deflated or gzipped within one of these;
* the value of the Basic header.

What is not found: a secret that is encrypted, hashed or combined with a key (XOR); split over several values, or with
other *letters or digits* in between; compressed in other ways; binary digits; alphabets that are not named above (base58,
base85, Morse); three and more of these within each other; words that translate it.  Of answers with status 400 and more, which
tend to echo what they were sent, long runs of characters that nobody can read are therefore kept as a digest only, see
:meth:`Redactor.without_opaque_runs`.  A secret that is an ordinary word (see :attr:`Redactor.weak`) is only looked for in the
Basic header.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, lru_cache

from certification.evidence.layers import Layer, bytes_in, letters, letters_of, unescaped, without_nul
from certification.evidence.vocabulary import own_words

MIN_LENGTH = 8
_VARIED = 4
"""A secret of fewer different characters, such as 99999999, stands in ordinary text by chance."""
_ORDINARY = 5
"""A shorter secret is a fragment of ordinary text: it cannot be told from it, so only its encoded forms are hidden."""
_MIN_LETTERS = 10
"""Letters and digits without anything else must be so many to be recognised."""

MAX_SEARCHED = 270_336
"""In a longer text only what stands there plainly or escaped is looked for; the client keeps no longer one."""
_MAX_DECODED = 4
"""What is decoded from a text may be so many times as long as the text."""
_ROUNDS = 12
_MAX_INFLATED = 65_536
_PACKED = re.compile("\x1f\x8b|\x78[\x01\x9c\xda]")
"""How what is gzipped or deflated begins."""
_ESCAPING = re.compile(r"[\\%&=]")
_SHORT = 200
_REMEMBERED = 2_000

OPAQUE = "${OPAQUE:"
"""How the replacement of an unreadable run begins."""
_OPAQUE = re.compile(r"[A-Za-z0-9+/=_-]{120,}")


MARK = re.compile(r"\$\{(BASIC_PASSWORD|PAT_TOKEN|OAUTH_SECRET)\}")
"""What stands in the place of a secret."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that stood where it must not: which one, and in what encoding."""

    secret: str
    encoding: str


class _Kind(Enum):
    EXACT = auto()
    """As it is, at most escaped."""
    BYTES = auto()
    SPELLED = auto()


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which a secret may stand in a layer."""

    secret: str
    text: str
    encoding: str
    kind: _Kind


@dataclass(frozen=True, slots=True)
class _Hit:
    form: _Form
    layer: Layer
    part: tuple[int, int] | None = None
    """Where it is inside the layer, when that is not where the form stands."""

    @property
    def kind(self) -> tuple[_Kind, bool]:
        return self.form.kind, bool(self.layer.name)

    @property
    def leak(self) -> Leak:
        name = self.layer.name
        if not name:
            return Leak(self.form.secret, self.form.encoding or "in plain text or escaped")
        return Leak(self.form.secret, f"in {name}" + (f", {self.form.encoding}" if self.form.encoding else ""))


class Redactor:
    """Replaces the secrets of a run by placeholders such as ``${PAT_TOKEN}``.

    ``secrets`` maps the name of each secret to its value; ``user`` is the Basic user name, needed for the header form.
    """

    def __init__(self, secrets: dict[str, str], user: str = "", vocabulary: str = "") -> None:
        """Prepare the forms to look for; empty values are passed over.

        ``vocabulary`` is text that is no secret though it stands in the run, such as the config.
        """
        known, known_letters = vocabulary.lower(), letters(vocabulary)
        self.weak = tuple(name for name, value in secrets.items() if value and not _distinctive(value, known))
        strong = {name: value for name, value in secrets.items() if value and name not in self.weak}
        exact, in_bytes, spelled = list[_Form](), list[_Form](), list[_Form]()
        password = secrets.get("BASIC_PASSWORD", "")
        if password:
            token = base64.b64encode(f"{user}:{password}".encode()).decode()
            url_safe = token.replace("+", "-").replace("/", "_").rstrip("=")
            exact += [_Form("BASIC_PASSWORD", text, "as the Basic header", _Kind.EXACT) for text in (token, url_safe)]
        for name, value in strong.items():
            exact += _exact_forms(name, value)
            in_bytes += _byte_forms(name, value)
            spelled += _spelled_forms(name, value)
        # A secret that is ordinary text when it is read backwards, say, is not looked for backwards.
        self._exact = [form for form in dict.fromkeys(exact) if not _ordinary(form.text.lower(), known)]
        self._in_bytes = [form for form in dict.fromkeys(in_bytes) if not _ordinary(form.text.lower(), known)]
        self._spelled = [form for form in dict.fromkeys(spelled) if not _ordinary_letters(form.text, known_letters)]
        self._clean: set[str] = set()
        """Short texts that hold nothing: the same few headers come with every answer."""
        self._marks = [_mark(form.text) for form in self._exact]

    def redact(self, text: str, *, whole_file: bool = False) -> tuple[str, tuple[Leak, ...]]:
        """Return ``text`` with every secret replaced by ``${NAME}``, and what was found.

        ``whole_file``: the text was made by the suite from values that were cleaned before; only what stands there plainly or
        as the file's own format escapes it is looked for, so that the format stays whole.
        """
        if text in self._clean or (whole_file and not self._may_stand_in(text)):
            return text, ()
        leaks: dict[Leak, None] = {}
        for _ in range(_ROUNDS):
            first = next(self._hits(text, mapped=False, shallow=whole_file), None)
            if first is None:
                if not leaks and len(text) <= _SHORT and len(self._clean) < _REMEMBERED and not whole_file:
                    self._clean.add(text)
                return text, tuple(leaks)
            spans: list[tuple[int, int, str]] = []
            exact = first.kind == (_Kind.EXACT, False)
            for hit in self._hits(text, mapped=True, shallow=whole_file or exact, peeled=first.kind[1]):
                if hit.kind != first.kind:
                    # What stands there plainly can be read in other ways too; one thing after the other.
                    continue
                leaks[hit.leak] = None
                places = [hit.layer.span(*hit.part)] if hit.part else hit.layer.finds(hit.form.text)
                spans += [(start, end, hit.form.secret) for start, end in places]
            text = _replaced(text, spans)
        # Nothing that is still found after so many rounds is worth keeping.
        rest = next(self._hits(text, mapped=False, shallow=whole_file), None)
        return (f"${{{rest.form.secret}}}" if rest else text), tuple(leaks)

    def finds(self, text: str, *, whole_file: bool = False) -> tuple[Leak, ...]:
        """Return the secrets that stand in ``text``; see :meth:`redact` for ``whole_file``."""
        if whole_file and not self._may_stand_in(text):
            return ()
        return tuple(dict.fromkeys(hit.leak for hit in self._hits(text, mapped=False, shallow=whole_file)))

    def _may_stand_in(self, text: str) -> bool:
        return any(mark in text for mark in self._marks)

    def without_opaque_runs(self, text: str) -> str:
        """Return ``text`` with long runs of characters that nobody can read replaced by their length and digest.

        For answers that tend to echo what they were sent: a secret in them may be disguised in a way that no search undoes.
        """
        return _OPAQUE.sub(_opaque, text) if self._exact else text

    def _hits(self, text: str, *, mapped: bool, shallow: bool, peeled: bool = True) -> Iterator[_Hit]:
        if not self._exact:
            return
        source = Layer.of(text, mapped=mapped)
        plain = list[Layer]()
        for layer in unescaped(source):
            plain.append(layer)
            yield from _found(self._exact, layer)
        if shallow or len(text) > MAX_SEARCHED:
            return
        for layer in (plain[0], *plain[-1:]) if len(plain) > 1 else plain:
            yield from self._respelled(layer)
            if peeled:
                yield from self._decoded(layer)

    def _respelled(self, layer: Layer) -> Iterator[_Hit]:
        if "\x00" in layer.text:
            bare = without_nul(layer)
            yield from _found(self._in_bytes, Layer(bare.text, "UTF-16 or UTF-32", bare.starts, bare.ends))
        if self._spelled:
            yield from _found(self._spelled, letters_of(layer))

    def _decoded(self, layer: Layer) -> Iterator[_Hit]:
        left = len(layer.text) * _MAX_DECODED + 4_096
        waiting = [(layer, 2)]
        while waiting and self._in_bytes:
            outer, depth = waiting.pop()
            for inner in bytes_in(outer):
                left -= len(inner.text)
                if left < 0:
                    return
                yield from self._in_decoded(inner)
                if depth > 1:
                    waiting.append((inner, depth - 1))

    def _in_decoded(self, layer: Layer) -> Iterator[_Hit]:
        yield from _found(self._in_bytes, layer)
        if "\x00" in layer.text:
            yield from _found(self._in_bytes, without_nul(layer))
        if _ESCAPING.search(layer.text):
            for reading in unescaped(layer):
                yield from _found(self._in_bytes, reading)
        yield from _found(self._spelled, letters_of(layer))
        for part in layer.parts if _PACKED.search(layer.text) else ():
            inflated = _inflated(layer.text[slice(*part)])
            if inflated:
                hits = _found(self._in_bytes, Layer(inflated, layer.name))
                yield from (_Hit(hit.form, layer, part) for hit in hits)


def unmarked(text: str) -> str:
    """Return ``text``, which a partner sent, changed a little where it looks like a mark.

    So a mark in the evidence is always one of ours, and no secret is put into a request where a partner asked for it.
    """
    return MARK.sub(r"#{\1}", text)


def _ordinary(text: str, known: str) -> bool:
    return text in known or _is_own(text)


def _ordinary_letters(text: str, known: str) -> bool:
    return text in known or _is_own_letters(text)


@lru_cache(maxsize=500)
def _is_own(text: str) -> bool:
    # All that the suite says is long; who certifies many partners with the same credentials asks the same each time.
    return text in own_words()


@lru_cache(maxsize=500)
def _is_own_letters(text: str) -> bool:
    return text in _own_letters()


@cache
def _own_letters() -> str:
    return "\n".join(letters(line) for line in own_words().splitlines())


def _found(forms: list[_Form], layer: Layer) -> Iterator[_Hit]:
    for form in forms:
        if form.text in layer.text:
            yield _Hit(form, layer)


def _exact_forms(name: str, value: str) -> Iterator[_Form]:
    yield _Form(name, value, "", _Kind.EXACT)
    if " " in value:
        yield _Form(name, value.replace(" ", "+"), "", _Kind.EXACT)
    yield _Form(name, value[::-1], "backwards", _Kind.EXACT)
    mangled = value.encode().decode("latin-1")
    if mangled != value:
        yield _Form(name, mangled, "as UTF-8 read as Latin-1", _Kind.EXACT)


def _byte_forms(name: str, value: str) -> Iterator[_Form]:
    """Yield what the bytes of ``value`` are as Latin-1, in each encoding, those of 16 and 32 bits without their NULs."""
    codes = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    for spelled, encoding in ((value, ""), (value[::-1], "backwards")):
        data = [spelled.encode(code).decode("latin-1").replace("\x00", "") for code in codes]
        yield from (_Form(name, text, encoding, _Kind.BYTES) for text in (spelled, *data) if len(text) >= MIN_LENGTH)
        if not encoding:
            yield from (_Form(name, text[::-1], "backwards", _Kind.BYTES) for text in data if len(text) >= MIN_LENGTH)


def _spelled_forms(name: str, value: str) -> Iterator[_Form]:
    text = letters(value)
    if len(text) < _MIN_LETTERS or len(set(text)) <= _VARIED:
        return
    yield _Form(name, text, "in another spelling", _Kind.SPELLED)
    yield _Form(name, text[::-1], "in another spelling, backwards", _Kind.SPELLED)
    yield _Form(name, letters(codecs.encode(value, "rot13")), "in ROT13", _Kind.SPELLED)


def _mark(value: str) -> str:
    """Return a piece of ``value`` that no format escapes."""
    return max(re.findall(r"[A-Za-z0-9]+", value), key=len, default="")


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Return ``text`` with the spans replaced; of those that overlap, all is replaced by the name of the first."""
    pieces, last = list[str](), 0
    name, begin, end = "", -1, -1
    for start, stop, secret in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            if end > begin:
                pieces += [text[last:begin], f"${{{name}}}"]
                last = end
            name, begin, end = secret, start, stop
        else:
            end = max(end, stop)
    if end > begin:
        pieces += [text[last:begin], f"${{{name}}}"]
        last = end
    return "".join((*pieces, text[last:]))


def _inflated(text: str) -> str:
    """Return what is deflated or gzipped in ``text``, whose characters are bytes, from its beginning; bounded."""
    if not _PACKED.match(text):
        return ""
    try:
        data = zlib.decompressobj(47).decompress(text[:_MAX_INFLATED].encode("latin-1"), _MAX_INFLATED)
    except zlib.error:
        return ""
    return data.decode("latin-1")


def _opaque(match: re.Match[str]) -> str:
    run = match[0]
    mixed = (any(map(str.isupper, run)), any(map(str.islower, run)), any(map(str.isdigit, run)))
    if not all(mixed) or len(set(run)) < 24:
        # A path, a name or a row of signs can be read.
        return run
    return f"{OPAQUE}{len(run)} characters, SHA-256 {hashlib.sha256(run.encode()).hexdigest()[:16]}}}"


def _distinctive(value: str, known: str) -> bool:
    if _ordinary(value.lower(), known) or len(set(value.lower())) < _VARIED:
        return False
    return len(value) >= MIN_LENGTH or (len(value) >= _ORDINARY and re.fullmatch(r"[0-9a-fA-F-]*", value) is None)
