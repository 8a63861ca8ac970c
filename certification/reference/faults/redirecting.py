"""Faults in redirects: hosts outside the allow-list in every disguise, broken addresses, pages that do not open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import CONNECT, Change, answers, is_first, is_sign_in, of

if TYPE_CHECKING:
    from collections.abc import Callable

    from certification.reference.messages import Answer, Call

HOSTS = "redirect-hosts"
PAGES = "redirect-pages"
EVIL = "evil.example"


def _turn(function: Callable[[str], str]) -> Change:
    """Return the change of the redirect by ``function``."""

    def change(_call: Call, answer: Answer) -> None:
        answer.content["redirect_uri"] = function(answer.content["redirect_uri"])

    return change


def _at(authority: Callable[[str, str], str]) -> Change:
    """Return the change of what stands between the slashes, from host and port."""

    def function(address: str) -> str:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{authority(parts.hostname or '', port)}{parts.path}?{parts.query}"

    return _turn(function)


def _with_port(address: str, port: int) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=f"{parts.hostname}:{port}").geturl()


def _workspace(call: Call, answer: Answer) -> None:
    answer.content["redirect_uri"] = call.body["workspace_url"]


def _workspace_host(call: Call, answer: Answer) -> None:
    answer.content["redirect_uri"] = f"https://{call.body['hostname']}/app/sign-in"


def _mail_domain(call: Call, answer: Answer) -> None:
    domain = call.body["user_info"]["email"].rpartition("@")[2]
    answer.content["redirect_uri"] = f"https://{domain}/partner/sign-in"


def _host(name: str, title: str, change: Change) -> Fault:
    return Fault(f"redirect-{name}", HOSTS, title, (answers(change, of(CONNECT)),))


def _only(name: str, title: str, change: Change, when: Any) -> Fault:
    return Fault(f"redirect-{name}", HOSTS, title, (answers(change, when),))


def _address(name: str, title: str, change: Change) -> Fault:
    return Fault(f"redirect-{name}", PAGES, title, (answers(change, of(CONNECT)),))


FAULTS = (
    _host(
        "other-host", "The redirect leads to a host that is not allow-listed.", _at(lambda _host, port: f"{EVIL}{port}")
    ),
    _only(
        "other-host-on-sign-in",
        "A sign-in leads to another host.",
        _at(lambda _host, port: f"{EVIL}{port}"),
        is_sign_in,
    ),
    _only(
        "other-host-on-first",
        "A first connect leads to another host.",
        _at(lambda _host, port: f"{EVIL}{port}"),
        is_first,
    ),
    _host(
        "host-as-user",
        "The allowed host is the user info in front of another.",
        _at(lambda host, _port: f"{host}@{EVIL}"),
    ),
    _host(
        "host-as-password",
        "The allowed host and port are user and password.",
        _at(lambda host, port: f"{host}{port}@{EVIL}"),
    ),
    _host(
        "host-as-subdomain", "Another host begins with the allowed one.", _at(lambda host, port: f"{host}.{EVIL}{port}")
    ),
    _host("host-as-ending", "Another host ends like the allowed one.", _at(lambda host, port: f"evil{host}{port}")),
    _host(
        "host-with-hyphen", "Another host contains the allowed one.", _at(lambda host, port: f"x-{host}-x.{EVIL}{port}")
    ),
    _host("backslash", "A backslash hides another host.", _at(lambda host, port: f"{EVIL}\\@{host}{port}")),
    _host(
        "backslash-behind", "A backslash stands behind another host.", _at(lambda host, port: f"{EVIL}\\.{host}{port}")
    ),
    _host(
        "encoded-host", "Another host is hidden by an escaped slash.", _at(lambda host, port: f"{EVIL}%2F.{host}{port}")
    ),
    _host(
        "wide-host", "Another host is hidden by a wide solidus.", _at(lambda host, port: f"{EVIL}\uff0f.{host}{port}")
    ),
    _host(
        "wide-stop",
        "A wide full stop makes another host of the allowed one.",
        _at(lambda host, _port: f"{host}\u3002{EVIL}"),
    ),
    _host(
        "look-alike",
        "A letter of the host is Cyrillic.",
        _at(lambda host, port: f"{host.replace('o', chr(0x43E)).replace('1', chr(0x661))}{port}"),
    ),
    _host("number-host", "The host is another address in decimal.", _at(lambda _host, _port: "3232235777")),
    _host("metadata-host", "The redirect leads to a link-local address.", _at(lambda _host, _port: "169.254.169.254")),
    _host("javascript", "The redirect is a script.", _turn(lambda _address: "javascript:location='/app'")),
    _host("data", "The redirect is a page in itself.", _turn(lambda _address: "data:text/html,<h1>Welcome</h1>")),
    _host(
        "ftp",
        "The redirect has the scheme of another application.",
        _turn(lambda address: address.replace("http", "partner", 1)),
    ),
    _host("scheme-relative", "The redirect has no scheme.", _turn(lambda address: address.partition(":")[2])),
    _host("workspace", "The redirect leads back to the address in the request.", _workspace),
    _host("workspace-host", "The redirect leads to the host in the request.", _workspace_host),
    _host("mail-domain", "The redirect leads to the domain of the user's address.", _mail_domain),
    _address("relative", "The redirect is a path.", _turn(lambda address: "/" + address.split("/", 3)[3])),
    _address("empty", "The redirect is empty.", _turn(lambda _address: "")),
    _address("padded", "The redirect stands between blanks.", _turn(lambda address: f" {address} ")),
    _address("with-line-break", "The redirect ends with a line break.", _turn(lambda address: f"{address}\n")),
    _address(
        "without-slashes",
        "A slash is lost between scheme and host.",
        _turn(lambda address: address.replace("//", "/", 1)),
    ),
    _address(
        "template",
        "The template's placeholder was never filled in.",
        _turn(lambda address: address.replace("127.0.0.1", "${HOST}").replace("localhost", "${HOST}")),
    ),
    _address("undefined", "A variable that was never set is the redirect.", _turn(lambda _address: "undefined/app")),
    _address(
        "closed-port",
        "The redirect names the port of the development server.",
        _turn(lambda address: _with_port(address, 1)),
    ),
    _address(
        "page-unrouted",
        "The redirect leads to a route that was renamed.",
        _turn(lambda address: address.replace("/app/", "/application/", 1)),
    ),
)
