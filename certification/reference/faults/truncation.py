"""Faults with what is cut: columns, keys and hashes that take the first so many characters and silently drop the rest.

A database that truncates without an error, a hash of 72 bytes, a column for a label where a name may stand.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import CONNECT, Condition, crashes
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

FAMILY = "truncation"

WIDTHS = {
    20: "An old column holds 20 characters",
    30: "A column holds 30 characters",
    50: "A column holds 50 characters",
    64: "A key holds 64 characters",
    72: "A hash takes 72 bytes",
    100: "A column holds 100 characters",
}
LOCATION_COLUMN = 255
KEPT = 40
LOCAL_COLUMN = 30


def _user(name: str, title: str, cut: Callable[[str], str]) -> Fault:
    """Return a partner that knows users by what ``cut`` leaves of their address."""

    class CutUser(Partner):
        def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
            return (cloud, cut(email.lower()))

    return Fault(f"email-{name}", FAMILY, title, (CutUser,))


def _company(name: str, title: str, cut: Callable[[str], str]) -> Fault:
    class CutCompany(Partner):
        def company_at(self, domain: str) -> str:
            return cut(domain)

    return Fault(f"company-{name}", FAMILY, title, (CutCompany,))


def _cut_local(email: str) -> str:
    local, _, domain = email.rpartition("@")
    return f"{local[:LOCAL_COLUMN]}@{domain}"


def _longer(field: str, width: int) -> Condition:
    return lambda call: call.operation is CONNECT and len(str(call.body.get(field, ""))) > width


FAULTS = (
    *(
        _user(f"cut-at-{width}", f"{why}: addresses that begin alike are one user.", operator.itemgetter(slice(width)))
        for width, why in WIDTHS.items()
    ),
    _user("keeps-its-end", "The last 40 characters of an address are kept.", lambda email: email[-KEPT:]),
    _user("local-part-cut", "The name in front of the @ is cut at 30 characters.", _cut_local),
    _company("cut-at-20", "A company's domain is cut at 20 characters.", lambda domain: domain[:20]),
    _company("cut-at-30", "A company's domain is cut at 30 characters.", lambda domain: domain[:30]),
    _company("cut-at-64", "A company's domain is cut at 64 characters.", lambda domain: domain[:64]),
    _company("keeps-its-end", "The last 12 characters of a company's domain are kept.", lambda domain: domain[-12:]),
    Fault(
        "location-short-column",
        FAMILY,
        "A location of more than 255 characters breaks its column.",
        (crashes(_longer("destination_location", LOCATION_COLUMN)),),
    ),
)
