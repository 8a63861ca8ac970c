"""Faults of hooks that the config names and the server does not have (ruling 19)."""

from __future__ import annotations

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECTORS,
    DELETE,
    EXPIRE,
    RESET,
    TEST,
    Change,
    blocks,
    html,
    of,
    status,
)

FAMILY = "absent"

HOOKS = {
    "delete-connection": DELETE,
    "test-connection": TEST,
    "delete-account": RESET,
    "expire-account": EXPIRE,
    "connectors": CONNECTORS,
}

NOT_FOUND_PAGE = html(404, "Not Found")
START_PAGE = html(200, "Partner")
NOT_IMPLEMENTED = status(501, {"message": "not implemented"})
ROUTER = status(404, {"detail": "Not Found"})


def _absent(kind: str, title: str, change: Change) -> tuple[Fault, ...]:
    """Return one fault for each hook, which the server meets with ``change``."""
    return tuple(
        Fault(f"absent-{name}{kind}", FAMILY, title.format(name=name), (blocks(of(operation), change),))
        for name, operation in HOOKS.items()
    )


FAULTS = (
    *_absent("", "The server has no {name}: a page says 404.", NOT_FOUND_PAGE),
    *_absent("-router", "The server has no {name}: the framework's JSON says 404.", ROUTER),
    *_absent("-start-page", "The server has no {name}: every unknown path gets the start page.", START_PAGE),
    *_absent("-yet", "The server has no {name} yet and answers 501.", NOT_IMPLEMENTED),
)
