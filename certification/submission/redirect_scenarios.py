"""The redirect scenarios of a partner: what the evidence shows, and what the config makes possible besides.

Source: API specification, What connect means; Lifecycle, Submission ("please enumerate the scenarios and corresponding
URLs").  Only answers to requests that Databricks sends count; what is not observed says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from certification.config.partner import PartnerConfig
from certification.config.url_shapes import Seen, Shapes, own_tokens
from certification.contract.schema_files import read_schema
from certification.evidence.exchange import Exchange
from certification.evidence.steps import Act, When
from certification.foundation.typed_json import Form, OneOf
from certification.submission.possible_scenarios import ExpectedScenario, expected_scenarios

SCENARIOS_FORMAT: Final = 1
MOST_CASES = 12
MOST_URLS = 40
MOST_SCENARIOS = 200

NEVER_SENT = frozenset(
    {
        When.WRONG_CREDENTIALS,
        When.WRONG_CREDENTIALS_UNKNOWN,
        When.WRONG_CREDENTIALS_WRONG_BODY,
        When.UNKNOWN_ID,
        When.ODD_ID,
        When.UNKNOWN_ID_CONNECTED_WORKSPACE,
        When.NOT_JSON,
        When.DOUBTFUL_JSON,
        When.WRONG_FIELD,
        When.UNUSABLE_ID,
        When.WRONG_METHOD,
        When.WITHOUT_USER_INFO,
        When.PROBE,
    }
)
"""Circumstances of requests that Databricks never sends, or of the suite's own first call."""

OTHER = "other"
"""What stands for a value that the contract does not have: it is the partner's own text, and not repeated here."""

Code = Annotated[str, Form(r"[a-z][a-z0-9_-]{0,59}|", "a code")]


@dataclass(frozen=True, slots=True)
class UrlSeen:
    """The shape of one redirect, and how often it was seen."""

    url: str
    """With identifiers and tokens cut out; empty when the answer held no URL of the web."""
    host: str
    hostname: str
    """The config's hostname that covers it; empty when none does."""
    times: int


@dataclass(frozen=True, slots=True)
class Observed:
    """What the partner answered again and again: one status, one account, one redirect value."""

    id: Annotated[str, Form(r"S[1-9][0-9]{0,3}", "S and a number")]
    act: Annotated[str, OneOf(("first-connect", "sign-in"))]
    demo: bool
    status: int
    """HTTP status of the answers."""
    user_status: Code
    account_status: Code
    configured: Annotated[str, OneOf(("yes", "no", ""))]
    """Whether the partner kept the resources."""
    redirect_value: Code
    error_reason: Code
    """Instead of a redirect: why Databricks shows an error."""
    times: int
    people: int
    """Test users to whom it happened."""
    circumstances: tuple[str, ...]
    cases: tuple[str, ...]
    """The first cases in which it was seen."""
    more_cases: int
    urls: tuple[UrlSeen, ...]
    oauth_urls: tuple[UrlSeen, ...]


@dataclass(frozen=True, slots=True)
class Possible:
    """A scenario that the config makes possible, and whether it was observed."""

    id: Annotated[str, Form(r"[a-z][a-z-]{2,59}", "a name")]
    observed: tuple[str, ...]
    """Ids of what was observed of it."""
    because: Annotated[str, OneOf(("", "by-hand", "no-hook", "case", "otherwise"))]
    """Why nothing was: only a person can bring it about, the config lacks the test hook, its cases were not played to their
    end, or the partner answered something else."""
    what: str
    """The missing config key, or the cases with what came of them."""


@dataclass(frozen=True, slots=True)
class RedirectScenarios:
    """All redirect scenarios of one run."""

    format: int
    run: str
    observed: tuple[Observed, ...]
    possible: tuple[Possible, ...]


@dataclass(frozen=True, slots=True)
class _Key:
    act: Act
    demo: bool
    status: int
    user_status: str
    account_status: str
    configured: str
    redirect_value: str
    error_reason: str


@dataclass
class _Group:
    redirects: list[Seen] = field(default_factory=list)
    oauth: list[Seen] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    whens: Counter[When] = field(default_factory=Counter)
    cases: dict[str, None] = field(default_factory=dict)


def redirect_scenarios(
    config: PartnerConfig, run: str, exchanges: Iterable[Exchange], verdicts: Mapping[str, str]
) -> RedirectScenarios:
    """Return the scenarios that ``exchanges`` of the run show; ``verdicts`` says what came of its cases.

    The same evidence gives the same scenarios.
    """
    groups: dict[_Key, _Group] = {}
    own: dict[str, frozenset[str]] = {}
    for exchange in exchanges:
        person = f"{exchange.case}/{exchange.execution}"
        own[person] = own.get(person, frozenset()) | own_tokens(exchange.request.json) | _made(exchange)
        key = _key(exchange)
        if key is not None and (key in groups or len(groups) < MOST_SCENARIOS):
            _enter(groups.setdefault(key, _Group()), exchange, person)
    ordered = sorted(groups.items(), key=lambda item: _order(item[0]))
    redirects = {_name(key, part): each for key, group in ordered for part, each in _redirects(group)}
    shapes = Shapes(config, own, redirects)
    observed = tuple(_observed(number, key, group, shapes) for number, (key, group) in enumerate(ordered, 1))
    seen = [(each.id, key, group) for each, (key, group) in zip(observed, ordered, strict=True)]
    possible = tuple(_possible(expected, seen, config, verdicts) for expected in expected_scenarios(config))
    return RedirectScenarios(SCENARIOS_FORMAT, run, observed, possible)


def _key(exchange: Exchange) -> _Key | None:
    """Return which scenario an answer belongs to; None when Databricks would never get it."""
    request, response = exchange.request, exchange.response
    sent = request.operation == "connect" and exchange.act in {Act.FIRST_CONNECT, Act.SIGN_IN}
    if not sent or exchange.when in NEVER_SENT or request.authorization != "good" or response is None:
        return None
    body, answer = request.json, exchange.answer
    demo = isinstance(body, dict) and body.get("demo") is True
    if 200 <= response.status < 300 and isinstance(answer.get("redirect_uri"), str):
        kept = answer.get("configured_resources")
        return _Key(
            exchange.act,
            demo,
            response.status,
            _known(answer, "user_status"),
            _known(answer, "account_status"),
            "yes" if kept is True else "no" if kept is False else "",
            _known(answer, "redirect_value"),
            "",
        )
    reason = _known(answer, "error_reason", "error-response")
    return _Key(exchange.act, demo, response.status, "", "", "", "", reason) if response.status in {404, 500} else None


def _known(answer: dict[str, Any], name: str, model: str = "connection") -> str:
    """Return the value of a field when the contract has it."""
    value = answer.get(name)
    if value is None:
        return ""
    return value if value in read_schema(model)["properties"][name]["enum"] else OTHER


def _made(exchange: Exchange) -> frozenset[str]:
    """Return the tokens of the connection's id in an answer."""
    return own_tokens(exchange.answer.get("connection_id"))


def _enter(group: _Group, exchange: Exchange, person: str) -> None:
    answer = exchange.answer
    group.people.add(person)
    group.whens[exchange.when] += 1
    group.cases[exchange.case] = None
    for name, found in (("redirect_uri", group.redirects), ("oauth_redirect_uri", group.oauth)):
        value = answer.get(name)
        if isinstance(value, str) and not _refuses(exchange):
            found.append(Seen(value, person))


def _refuses(exchange: Exchange) -> bool:
    """Return whether an answer sends nobody anywhere."""
    return exchange.status is None or exchange.status >= 300


def _order(key: _Key) -> tuple[Any, ...]:
    acts = [Act.FIRST_CONNECT, Act.SIGN_IN]
    statuses = ["new", "existing", "not_applicable", "active", "expired", OTHER, ""]
    return (
        key.status >= 300,
        key.demo,
        acts.index(key.act),
        statuses.index(key.user_status),
        statuses.index(key.account_status),
        key.status,
        key.configured,
        key.redirect_value,
        key.error_reason,
    )


def _redirects(group: _Group) -> list[tuple[str, list[Seen]]]:
    return [("redirect", group.redirects), ("oauth", group.oauth)]


def _name(key: _Key, part: str) -> str:
    return f"{part} {key}"


def _observed(number: int, key: _Key, group: _Group, shapes: Shapes) -> Observed:
    cases = sorted(group.cases)
    return Observed(
        f"S{number}",
        key.act.value,
        key.demo,
        key.status,
        key.user_status,
        key.account_status,
        key.configured,
        key.redirect_value,
        key.error_reason,
        sum(group.whens.values()),
        len(group.people),
        tuple(sorted(when.value for when in group.whens)),
        tuple(cases[:MOST_CASES]),
        max(0, len(cases) - MOST_CASES),
        *(_urls(_name(key, part), redirects, shapes) for part, redirects in _redirects(group)),
    )


def _urls(scenario: str, redirects: list[Seen], shapes: Shapes) -> tuple[UrlSeen, ...]:
    found: Counter[tuple[str, str, str]] = Counter()
    for seen in redirects:
        shape = shapes.shape(scenario, seen.url)
        found[(shape.url, shape.host, shape.entry) if shape else ("", "", "")] += 1
    often = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(UrlSeen(*shape, times) for shape, times in often[:MOST_URLS])


def _possible(
    expected: ExpectedScenario,
    seen: list[tuple[str, _Key, _Group]],
    config: PartnerConfig,
    verdicts: Mapping[str, str],
) -> Possible:
    ids = tuple(
        name
        for name, key, group in seen
        if (key.act, key.demo) == (expected.act, expected.demo)
        and not expected.whens.isdisjoint(group.whens)
        and (key.redirect_value in expected.values or key.error_reason in expected.errors)
        and (not expected.oauth or group.oauth)
    )
    if ids:
        return Possible(expected.id, ids, "", "")
    if expected.by_hand:
        return Possible(expected.id, (), "by-hand", "")
    missing = expected.hook if expected.hook and not config.raw["endpoints"].get(expected.hook) else ""
    if missing:
        return Possible(expected.id, (), "no-hook", missing)
    came = {case: verdicts.get(case, "missing") for case in expected.cases}
    because = "otherwise" if came and all(verdict in {"passed", "failed"} for verdict in came.values()) else "case"
    return Possible(expected.id, (), because, ", ".join(f"{case} {verdict}" for case, verdict in came.items()))
