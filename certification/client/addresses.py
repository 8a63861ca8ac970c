"""Which addresses may be visited for a partner: public ones, and those where the partner itself lives.

A redirect_uri comes from the partner, and so does each ``Location`` behind it: without this guard a partner could let the
machine of the suite call its neighbours (server-side request forgery).  What is public stands in a table of our own, after
the registries of IANA for special purposes, and does not change with the version of Python.
"""

from __future__ import annotations

import ipaddress
import socket

from certification.foundation.errors import SuiteFault
from certification.foundation.exhaustion import is_exhausted

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC_4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        ),
    )
)
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
"""All that is routed.  Outside are loopback, link-local, site-local, multicast, and every form of an embedded IPv4
address: ``::a.b.c.d``, ``::ffff:a.b.c.d``, ``64:ff9b::a.b.c.d``."""
_NOT_PUBLIC_6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # assignments of the IETF; Teredo, which embeds an IPv4 address, is one
            "2001:db8::/32",
            "2002::/16",  # 6to4 embeds an IPv4 address
            "3fff::/20",
        ),
    )
)
_EMBEDDING = tuple(
    (ipaddress.IPv6Network(network), shift)
    for network, shift in (("::ffff:0:0/96", 0), ("::/96", 0), ("64:ff9b::/96", 0), ("2002::/16", 80))
)
"""Networks whose addresses lead to an IPv4 address, and how many bits stand behind it."""


class RefusedAddressError(Exception):
    """The URL leads to an address that this suite does not visit; the message names it."""


class AddressGuard:
    """Decides which addresses may be visited for the partner at ``host``."""

    def __init__(self, host: str) -> None:
        """Look nothing up yet."""
        self._host = host
        self._own: frozenset[Address] = frozenset()

    def check(self, host: str) -> list[str]:
        """Return the addresses of ``host``, all of which may be visited; none when it has no address.

        Connect to one of these and not to the name: a second look-up may lead elsewhere.  Raises RefusedAddressError
        when one of them may not be visited, whatever the others are.
        """
        found = addresses_of(host)
        for text in found:
            address = ipaddress.ip_address(text)
            if not is_public(address) and not self._is_own(address):
                message = f"{host} is {text}, which is not a public address, and the partner is not there"
                raise RefusedAddressError(message)
        return found

    def _is_own(self, address: Address) -> bool:
        if not self._own:
            # Not kept while empty: a look-up that failed once must not lock the partner's own pages out for good.
            self._own = frozenset(ipaddress.ip_address(text) for text in addresses_of(self._host))
        real = embedded(address)
        return bool({address, real} & self._own) or (real.is_loopback and any(own.is_loopback for own in self._own))


def is_public(address: Address) -> bool:
    """Return whether ``address`` is one that anybody on the internet can reach."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)


def embedded(address: Address) -> Address:
    """Return the IPv4 address that ``address`` leads to, or ``address`` itself."""
    if isinstance(address, ipaddress.IPv6Address) and int(address) > 1:
        for network, shift in _EMBEDDING:
            if address in network:
                return ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return address


def addresses_of(host: str) -> list[str]:
    """Return the addresses of ``host`` as the resolver of this machine gives them, each once; none when it knows none."""
    if host.lower().rstrip(".").endswith(".localhost"):
        # Browsers take these names for this machine (RFC 6761) whatever the resolver says.
        host = "localhost"
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if is_exhausted(error):
            message = f"this machine has no file descriptors or memory left to look {host} up"
            raise SuiteFault(message) from error
        return []
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
