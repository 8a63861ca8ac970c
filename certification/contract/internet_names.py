"""Host names and e-mail addresses that can exist: RFC 1035 and RFC 1123 for names, RFC 5321 for addresses.

What the suite makes up is held to them (a partner may refuse an address that cannot exist), and so is the config.
"""

from __future__ import annotations

import ipaddress
import re

MAX_LABEL = 63
MAX_HOST = 253
"""Longest name in text: RFC 1035 allows 255 octets with the length of each label and of the root."""
MAX_LOCAL_PART = 64
MAX_ADDRESS = 254
"""Longest address: RFC 5321 allows a path of 256 octets with its angle brackets."""

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")


def host_problem(name: str) -> str:
    """Return why ``name`` can be no host name or IP address, in words that follow it; empty when it can be one."""
    if is_ip_address(name):
        return ""
    if not name:
        return "is empty"
    if len(name) > MAX_HOST:
        return f"has {len(name)} characters, a host name has at most {MAX_HOST}"
    for label in name.split("."):
        if not label:
            return "has an empty part between its dots"
        if len(label) > MAX_LABEL:
            return f"has a part of {len(label)} characters, at most {MAX_LABEL} can exist"
        if not _LABEL.fullmatch(label):
            return "may hold only letters, digits, hyphens and dots"
    return ""


def address_problem(address: str) -> str:
    """Return why ``address`` can be no e-mail address, in words that follow it; empty when it can be one."""
    local, mark, domain = address.rpartition("@")
    if not mark:
        return "has no @"
    if len(address) > MAX_ADDRESS:
        return f"has {len(address)} characters, an address has at most {MAX_ADDRESS}"
    if not 1 <= len(local) <= MAX_LOCAL_PART:
        return f"has {len(local)} characters before the @, between 1 and {MAX_LOCAL_PART} can be there"
    if not all(_ATOM.fullmatch(atom) for atom in local.split(".")):
        return "has a part before the @ that would need quotes"
    problem = host_problem(domain)
    return f"has a domain that {problem}" if problem else ""


def is_ip_address(name: str) -> bool:
    """Return whether ``name`` is an IPv4 or IPv6 address, the latter with or without brackets."""
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def is_private_address(name: str) -> bool:
    """Return whether ``name`` is an IP address that is not reached from the Internet."""
    return is_ip_address(name) and not ipaddress.ip_address(name.removeprefix("[").removesuffix("]")).is_global


def is_local(host: str) -> bool:
    """Return whether only this machine or network reaches ``host``, or nobody does."""
    return (
        host == "localhost"
        or host.endswith((".localhost", ".local", ".internal", ".test", ".example", ".invalid"))
        or is_private_address(host)
        or "." not in host
    )


def is_this_machine(host: str) -> bool:
    """Return whether ``host`` is a name of this machine."""
    return host in {"localhost", "127.0.0.1", "::1"}
