"""Checks on the URL that a user's browser is sent to.  Source: API specification, Models; ruling 9."""

from __future__ import annotations

import re

from certification.checks.answers import arrived
from certification.config.partner import PartnerConfig, host_of
from certification.contract.validation import show
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation, violation
from certification.foundation.urls import UrlError, read_url

_SUSPICIOUS = re.compile(r"[\x00-\x20\x7f\\<>\"]")


def redirect_target(exchange: Exchange, config: PartnerConfig, field: str, value: object) -> list[Violation]:
    """Hold the URL in ``field`` of an answer to being absolute, plain, and on an allow-listed host."""
    if not isinstance(value, str) or not value:
        return []  # the model says so already
    problem = url_problem(value)
    if problem:
        return [
            violation(
                exchange,
                "redirect-absolute",
                f"{exchange.kind}: {field} is no plain absolute URL: {problem}.",
                "an absolute https URL",
                show(value),
                f"{field}: {problem.split(':')[0]}",
            )
        ]
    host = read_url(value).host.rstrip(".")
    if not allowed(host, config):
        return [
            violation(
                exchange,
                "redirect-allowed",
                f"{exchange.kind}: the host of {field} is not allow-listed.",
                f"one of {', '.join(config.hostnames)}, or a subdomain",
                f"{host} in {show(value)}",
                field,
            )
        ]
    return []


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


def redirect_page(exchange: Exchange) -> list[Violation]:
    """Hold the answer to a plain GET of a redirect_uri to 2xx or 3xx."""
    if exchange.response is None:
        missing = arrived(exchange)
        return [
            violation(
                exchange,
                "redirect-answers",
                f"{exchange.kind}: the page did not answer.",
                "2xx or 3xx",
                missing[0].actual,
                missing[0].detail,
            )
        ]
    status = exchange.response.status
    if 200 <= status < 400:
        return []
    return [
        violation(
            exchange,
            "redirect-answers",
            f"{exchange.kind}: the page answered {status}.",
            "2xx or 3xx",
            f"status {status} from {exchange.request.url[:200]}",
            f"status {status}",
        )
    ]
