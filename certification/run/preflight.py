"""Before any case: whether this is the right address, whether it answers, whether these are the right credentials.

Source: what users of such suites suffer from most, their own configuration found late.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from certification.cases.play import Play
from certification.config.partner import PartnerConfig
from certification.databricks.actions import Partner
from certification.databricks.context import Context
from certification.evidence.exchange import Exchange
from certification.evidence.steps import Act, When
from certification.foundation.errors import CannotProceed, Problem, SuiteFault

CASE = "preflight"
NO_CONNECTION = "00000000-0000-4000-8000-000000000000"


def address_problems(url: str, source: str = "--partner-url") -> list[Problem]:
    """Return why ``url``, which ``source`` gave, cannot be the address of an API; empty when it can."""
    where = f"{source}={url}" if source.startswith("--") else f"{source} {url}"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return [
            Problem(
                where,
                f"this is not a URL ({error}).",
                "Give it as https://api.partner.example or https://host:port/prefix.",
            )
        ]
    if parts.scheme not in {"http", "https"}:
        rest = url.partition("://")[2] or url
        scheme = "http" if rest.startswith(("127.0.0.1", "localhost")) else "https"
        return [Problem(where, "the URL has no scheme http or https.", f"Did you mean {scheme}://{rest}?")]
    if not host:
        return [Problem(where, "the URL names no host.", "Give it as https://api.partner.example.")]
    if parts.username or parts.password:
        return [
            Problem(
                source,
                "the URL holds a user name or password, which would end up in reports.",
                "Take them out; credentials come from BASIC_USER and BASIC_PASSWORD.",
            )
        ]
    if parts.query or parts.fragment:
        return [
            Problem(
                where,
                "the URL has a query or fragment.",
                "Give the base address only; paths come from the config's endpoints.",
            )
        ]
    try:
        socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return [
            Problem(
                where,
                f"the host name {host!r} cannot be resolved ({error}).",
                "Check its spelling, and whether this machine needs a VPN to see it.",
            )
        ]
    return []


def without_credentials(url: str) -> str:
    """Return ``url`` without a user name and password, so that it can stand in a report."""
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}"


def credential_problems(environment: dict[str, str], config: PartnerConfig | None) -> list[Problem]:
    """Return which credentials are missing from ``environment``."""
    problems = []
    for name, what in (
        ("BASIC_USER", "the user name that Databricks sends"),
        ("BASIC_PASSWORD", "the password that Databricks sends"),
    ):
        if not environment.get(name):
            problems.append(
                Problem(
                    f"environment variable {name}",
                    "it is not set (or empty).",
                    f"Set it to {what} to your API: export {name}=…  No option takes a credential.",
                )
            )
    if ":" in environment.get("BASIC_USER", ""):
        problems.append(
            Problem(
                "environment variable BASIC_USER",
                "the user name holds a colon, which Basic authentication cannot carry.",
                "Choose another user name; only the password may hold a colon.",
            )
        )
    for name in ("BASIC_USER", "BASIC_PASSWORD", "PAT_TOKEN"):
        value = environment.get(name, "")
        if any(ord(character) < 32 or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in value):
            problems.append(
                Problem(
                    f"environment variable {name}",
                    "it holds a control character or is not UTF-8; a line break at the end is the usual one.",
                    "Set it again without it.",
                )
            )
    if config is not None and config.workspace_detail and config.sends_token and not environment.get("PAT_TOKEN"):
        problems.append(
            Problem(
                "environment variable PAT_TOKEN",
                "it is not set, but the config names a real workspace (test_workspace_detail).",
                "Set it to a personal access token of that workspace: your product will use it to connect.",
            )
        )
    return problems


def call_problems(context: Context, partner: Partner) -> list[Problem]:
    """Call the partner once or twice and return what shows that no case could succeed; empty when cases can begin."""
    play = Play(context, partner, CASE, "1")
    person = play.person()
    target = f"{context.url.rstrip('/')}{context.config.path('connect')}"
    try:
        probe = play.call(play.actions.connect(Act.SIGN_IN, person, NO_CONNECTION, When.PROBE))
        problem = _unreachable(probe, target)
        if problem is None and _suspicious(probe):
            second = play.call(play.actions.connect(Act.FIRST_CONNECT, person, None, When.PROBE))
            play.made.remember(second, person)
            problem = _unreachable(second, target) or _refused(second, target)
    except CannotProceed:
        said = "the partner kept answering 429 Too Many Requests."
        return [Problem(target, said, "Wait a while, or ask for a higher limit for the certification.")]
    except SuiteFault as fault:
        return [Problem("this machine", f"{fault}.", "Nothing was found out about the partner.")]
    finally:
        play.clean_up()
    return [problem] if problem else []


def _suspicious(probe: Exchange) -> bool:
    """Whether the answer might mean wrong credentials or a wrong path; only a first connect can tell."""
    response = probe.response
    if response is None:
        return True
    is_error = isinstance(response.json, dict) and "error_reason" in response.json
    return response.status in {401, 403} or (response.status in {404, 405, 501} and not is_error)


def _unreachable(probe: Exchange, target: str) -> Problem | None:
    failure, response = probe.failure, probe.response
    if failure is not None:
        return _no_answer(probe, target, failure.kind, failure.message)
    if response is not None and response.status in {301, 302, 303, 307, 308}:
        where = response.header("location") or "nowhere"
        return Problem(
            target,
            f"POST was redirected ({response.status}) to {where[:200]}.",
            "Databricks does not follow redirects. Use the final address as --partner-url (and base_url), with https and with or without the slash at the end as your server wants it.",
        )
    return None


def _no_answer(probe: Exchange, target: str, kind: str, message: str) -> Problem:
    parts = urlsplit(target)
    match kind:
        case "timeout":
            return Problem(
                target,
                f"POST got no answer within {round(probe.seconds, 1):g} s.",
                "The address resolves; is the service up, and does a firewall let this machine in?",
            )
        case "tls":
            return Problem(
                target,
                f"the TLS handshake failed: {message}.",
                "The certificate must be valid for this host and its chain complete: check the expiry date and the intermediate certificates. For a private authority, set SSL_CERT_FILE.",
            )
        case "connect":
            return Problem(
                target,
                f"the connection to {parts.hostname}:{parts.port or ('443' if parts.scheme == 'https' else '80')} failed: {message}.",
                "Is the service running, is the port right, and does a firewall let this machine in?",
            )
        case "protocol":
            hint = (
                "Something else than an HTTP server listens there; is it https instead of http?"
                if parts.scheme == "http"
                else "Something else than an HTTPS server listens there."
            )
            return Problem(target, f"what came back is not HTTP: {message}.", hint)
        case _:
            return Problem(
                target,
                f"the connection was closed before an answer came: {message}.",
                "Look at the server's log; a TLS port that is called with http behaves like this.",
            )


def _refused(probe: Exchange, target: str) -> Problem | None:
    response = probe.response
    if response is None or not _suspicious(probe):
        return None
    if response.status in {401, 403}:
        return Problem(
            target,
            f"the credentials were refused: POST answered {response.status}.",
            "Check BASIC_USER and BASIC_PASSWORD: quotes or a line break that got into the variable, or the credentials of another environment.",
        )
    kind = response.media_type or "no Content-Type"
    return Problem(
        target,
        f"there is no connect endpoint: POST answered {response.status} with {kind}.",
        "Check the path: base address of --partner-url plus endpoints.connect_path of the config.",
    )


def is_loopback(url: str) -> bool:
    """Return whether ``url`` names this machine by address or as localhost."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
