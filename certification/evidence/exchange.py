"""One request and what came back: the unit that is recorded and judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from certification.evidence.redaction import Leak
from certification.evidence.steps import Act, When
from certification.foundation.strict_json import Parsed, parse
from certification.foundation.typed_json import OneOf, from_json, to_json

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """What was sent, secrets as placeholders."""

    operation: str
    """Key of ``contract.operations.OPERATIONS``, or ``redirect`` for a plain GET of a redirect_uri."""
    method: str
    url: str
    headers: Headers
    body: str
    """Text of the body; a body that is not UTF-8 is shown as Latin-1, see ``charset``."""
    authorization: str = "good"
    """Name of the way in which the request authenticates (see ``authorization.py``)."""
    charset: Annotated[str, OneOf(("utf-8", "latin-1", "utf-16"))] = "utf-8"
    fresh_connection: bool = False
    late_body: bool = False
    """Whether the body left some time after the headers, on purpose."""

    @cached_property
    def json(self) -> Any:
        """The body as a value; None when it is not JSON."""
        return parse(self.body).value


@dataclass(frozen=True)
class Response:
    """What came back, secrets replaced and the body cut at the bound that is kept."""

    status: int
    http_version: str
    headers: Headers
    body: str
    size: int
    """Bytes of the whole decoded body, as far as it was read."""
    digest: str
    """SHA-256 of the whole body as kept before cutting, secrets replaced."""
    truncated: bool = False
    trouble: str = ""
    """What is wrong with the body as bytes: not UTF-8, broken compression, longer than the suite reads."""
    leaks: tuple[Leak, ...] = ()

    def header(self, name: str) -> str | None:
        """Return the first header called ``name``, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def media_type(self) -> str:
        """The media type of the body in lower case, without parameters; empty when the header is missing."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @cached_property
    def parsed(self) -> Parsed:
        """The body read as JSON."""
        return parse(self.body)

    @property
    def json(self) -> Any:
        """The body as a value; None when it is not JSON."""
        return self.parsed.value


@dataclass(frozen=True)
class Failure:
    """Why no answer came."""

    kind: str
    """``timeout``, ``connect``, ``tls``, ``reset``, ``protocol`` or ``refused-address``."""
    message: str


@dataclass(frozen=True)
class Exchange:
    """One call: where it belongs, what was sent, what came back, how long it took."""

    case: str
    execution: str
    number: int
    """Which call of its execution, counted from 1."""
    act: Act
    when: When
    request: Request
    response: Response | None
    failure: Failure | None = None
    started: str = ""
    """Moment of sending, ISO 8601 with time zone."""
    seconds: float = 0.0
    throttled: bool = False
    """True when the partner answered 429 and the same call was sent again afterwards."""
    connection: Annotated[str, OneOf(("", "new", "kept", "renewed"))] = ""
    """Over which TCP connection: ``new``, ``kept`` from an earlier call, or ``renewed``: the kept one was found closed before
    anything was written to it, and a new one was opened.  A request is never sent twice in one exchange."""
    raw: Any = field(default=None, compare=False, repr=False)
    """The answer's JSON before secrets were replaced; lives in memory only, for acting, never for judging."""

    @property
    def status(self) -> int | None:
        """Status of the answer, or None when there was none."""
        return self.response.status if self.response else None

    @property
    def answer(self) -> dict[str, Any]:
        """The answer when it is a JSON object, else an empty one; for acting, so secrets are in it.

        An answer that was too long to be kept is none: what was done with it could not be followed afterwards.
        """
        if self.response is not None and self.response.truncated:
            return {}
        value = self.raw if self.raw is not None else (self.response.json if self.response else None)
        return value if isinstance(value, dict) else {}

    def to_record(self) -> dict[str, Any]:
        """Return the exchange as a JSON-ready record."""
        return {"type": "exchange", **to_json(self)}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Exchange:
        """Return the exchange of a record; raises :class:`certification.foundation.typed_json.MismatchError`, a ValueError."""
        return from_json(cls, {name: value for name, value in record.items() if name != "type"})
