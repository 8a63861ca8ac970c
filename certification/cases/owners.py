"""Which case tests a kind of step in its plainest form, and therefore reports what is wrong with it."""

from __future__ import annotations

from typing import Final

OWNERS: Final = {
    "first connect": "P100",
    "page of first connect": "P100",
    "sign-in": "P300",
    "page of sign-in": "P300",
    "new user's sign-in": "P302",
    "page of new user's sign-in": "P302",
    "repeated first connect": "P400",
    "delete-connection": "P401",
    "first connect after deletion": "P401",
    "sign-in after deletion": "P402",
    "delete-account": "P403",
    "first connect after delete-account": "P403",
    "sign-in after delete-account": "P404",
    "delete-account of another domain": "P405",
    "sign-in after a refused delete-account": "P405",
    "expire-account": "P501",
    "sign-in after expiry": "P501",
    "page of sign-in after expiry": "P501",
    "new user's sign-in after expiry": "P502",
    "first connect in a second workspace": "P600",
    "sign-in in the second workspace": "P600",
    "sign-in in the first workspace afterwards": "P600",
    "demo first connect": "P700",
    "second user's demo first connect": "P700",
    "repeated demo first connect": "P700",
    "demo sign-in": "P700",
    "test-connection": "P800",
    "test-connection after deletion": "P801",
    "first page of connectors": "P900",
    "next page of connectors": "P900",
    "first connect with a wrong password": "E100",
    "first connect with a cluster": "R100",
}
"""Kind of step -> id of the case."""
