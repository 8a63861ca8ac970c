"""Checks on the URL that a user's browser is sent to.  Source: API specification, Models; ruling 9."""

from __future__ import annotations

import re
from collections.abc import Sequence

from certification.config.hostnames import host_of
from certification.config.partner import PartnerConfig
from certification.contract.validation import show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation, broken, held, look
from certification.foundation.urls import UrlError, read_url

_SUSPICIOUS = re.compile(r"[\x00-\x20\x7f\\<>\"]")


def redirect_target(exchange: Exchange, config: PartnerConfig, field: str, value: object) -> list[Observation]:
    """Hold the URL in ``field`` of an answer to being absolute, plain, and on an allow-listed host."""
    if not isinstance(value, str) or not value:
        return []  # the model says so already
    problem = url_problem(value)
    if problem:
        return [
            broken(
                exchange,
                "redirect-absolute",
                f"{field} is no plain absolute URL: {problem}.",
                expected="an absolute https URL",
                actual=show(value),
                detail=f"{field}: {problem.split(':')[0]}",
            )
        ]
    host = read_url(value).host.rstrip(".")
    return [
        held(exchange, "redirect-absolute"),
        look(
            exchange,
            "redirect-allowed",
            allowed(host, config),
            f"the host of {field} is not allow-listed.",
            expected=f"one of {', '.join(config.hostnames)}, or a subdomain",
            actual=f"{host} in {show(value)}",
            detail=field,
        ),
    ]


def allowed_target(value: object, config: PartnerConfig) -> bool:
    """Return whether ``value`` is a URL that the suite may open: plain, absolute, and on an allow-listed host."""
    if not isinstance(value, str) or not value or url_problem(value):
        return False
    return allowed(read_url(value).host.rstrip("."), config)


def url_problem(url: str) -> str:
    """Return why a browser would not, or not surely, open ``url`` where it seems to lead; empty for a plain URL."""
    if _SUSPICIOUS.search(url):
        return "it holds a blank, a control character, a backslash, a quote or an angle bracket"
    try:
        parts = read_url(url)
    except UrlError as error:
        return f"it {error}"
    if not parts.web:
        return f"its scheme is {parts.scheme}"
    if not parts.host:
        return "it names no host"
    if parts.userinfo is not None:
        return "user information stands before the host"
    if not parts.host.isascii():
        return "the host is encoded or not ASCII"
    return ""


def allowed(host: str, config: PartnerConfig) -> bool:
    """Return whether ``host`` is one of the config's hostnames or a subdomain of one (ruling 9)."""
    names = [host_of(name).rstrip(".") for name in config.hostnames]
    return any(host == name or host.endswith(f".{name}") for name in names)


def redirect_page(exchange: Exchange) -> list[Observation]:
    """Hold the answer to a plain GET of a redirect_uri to 2xx or 3xx."""
    if exchange.response is None:
        failure = exchange.failure
        kind, said = (failure.kind, failure.message) if failure else ("nothing", "no answer")
        return [
            broken(
                exchange,
                "redirect-answers",
                "the page did not answer.",
                expected="2xx or 3xx",
                actual=f"{kind}: {said}",
                detail=kind,
            )
        ]
    status = exchange.response.status
    return [
        look(
            exchange,
            "redirect-answers",
            200 <= status < 400,
            f"the page answered {status}.",
            expected="2xx or 3xx",
            actual=f"status {status} from {exchange.request.url[:200]}",
            detail=f"status {status}",
        )
    ]


def redirect_walk(pages: Sequence[Exchange], end: str) -> list[Observation]:
    """Hold the pages behind a redirect_uri to leading somewhere; ``end`` is how following them ended.

    The first must answer 2xx or 3xx; where that leads is the partner's business, and a circle is worth advice.
    """
    if not pages:
        return []
    first = redirect_page(pages[0])
    if not 300 <= (pages[0].status or 0) < 400:
        return first
    arrived = look(
        pages[-1],
        "redirect-arrives",
        end != "loop",
        "the page redirects in a circle, or on and on.",
        expected="a page after a few redirects at most",
        actual=f"{len(pages)} redirects without an end, the last from {pages[-1].request.url[:200]}",
        detail="circle",
    )
    return [*first, arrived]
