"""Other correct lists of connectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Variant
from certification.reference.connectors import CONNECTORS as LISTED
from certification.reference.connectors import Pager
from certification.reference.faults.tools import CONNECTORS, Change, answers, convert, header, of
from certification.reference.messages import Answer, Call, Json
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from certification.reference.settings import Settings

LONG_TOKEN = 1000


class OnePage(Partner):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.pager = Pager(size=len(LISTED))


class ManyPages(Partner):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.pager = Pager(size=1)


class OneConnector(Partner):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.pager = Pager(LISTED[:1])


class MarkedTokens(Partner):
    """Has tokens with characters that mean something in a query."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        for number, token in enumerate(self.pager.tokens[1:], 1):
            marked = f"page+{number}/&=#? %2B=="
            self.pager.tokens[number] = marked
            self.pager.pages[marked] = self.pager.pages.pop(token)


class LongTokens(Partner):
    """Has tokens that carry the state of a cursor, as JSON."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        for number, token in enumerate(self.pager.tokens[1:], 1):
            long = f'{{"page":{number},"cursor":"{token * (LONG_TOKEN // len(token))}"}}'
            self.pager.tokens[number] = long
            self.pager.pages[long] = self.pager.pages.pop(token)


class NumberedPages(Partner):
    """Has page numbers for tokens, as text."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        for number, token in enumerate(self.pager.tokens[1:], 1):
            self.pager.tokens[number] = str(number)
            self.pager.pages[str(number)] = self.pager.pages.pop(token)


class SourceAndTarget(Partner):
    """Lists a connector as a source and again as a target."""

    async def list_connectors(self, call: Call) -> Answer:
        answer = await super().list_connectors(call)
        rows = answer.content["connectors"]
        both = [{**row, "type": kind} for row in rows for kind in ("source", "target")]
        return Answer(200, {**answer.content, "connectors": both})


def _variant(name: str, title: str, part: Any, advisories: str = "") -> Variant:
    return Variant(f"connectors-{name}", title, (part,), {}, advisories)


def _lists(function: Any) -> Any:
    return answers(convert("connectors", function), of(CONNECTORS))


def _decorated(rows: list[Json]) -> list[Json]:
    return [{**row, "logo": f"https://cdn.partner.example/{row['identifier']}.svg", "tier": None} for row in rows]


def _headers(**headers: str) -> Change:
    def change(call: Call, answer: Answer) -> None:
        for name, value in headers.items():
            header(name.replace("_", "-"), value)(call, answer)

    return change


VARIANTS = (
    _variant("one-page", "All connectors stand on one page.", OnePage),
    _variant("many-pages", "Each page has one connector.", ManyPages),
    _variant("single", "There is one connector.", OneConnector),
    _variant("marked-tokens", "Tokens hold characters that a query has to escape.", MarkedTokens),
    _variant(
        "bare",
        "Connectors have no description.",
        _lists(lambda rows: [{key: row[key] for key in ("identifier", "name", "type")} for row in rows]),
    ),
    _variant(
        "own",
        "Connectors have identifiers that the official list lacks.",
        _lists(lambda rows: [{**row, "identifier": f"own_{row['identifier']}"} for row in rows]),
        "ruling 15",
    ),
    _variant("long-tokens", "Tokens are JSON of a thousand characters.", LongTokens),
    _variant("numbered-pages", "Tokens are page numbers.", NumberedPages),
    _variant("source-and-target", "A connector is listed once as source and once as target.", SourceAndTarget),
    _variant("extra-fields", "Connectors have fields that the model lacks.", _lists(_decorated)),
    _variant(
        "cacheable",
        "The list may be cached for an hour.",
        answers(_headers(cache_control="public, max-age=3600", etag='"v7"', vary="Accept-Encoding"), of(CONNECTORS)),
    ),
)
