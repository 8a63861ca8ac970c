"""The catalogue of faults: each module holds one or a few families of mistakes that real teams make."""

from __future__ import annotations

from dataclasses import replace

from certification.reference.catalogue import Fault
from certification.reference.faults import (
    answers,
    authentication,
    connecting,
    deleting,
    fields,
    hooks,
    listing,
    malformed,
    numbers,
    oauth,
    redirecting,
    remembering,
    secrecy,
    signing_in,
    texts,
    wire,
)
from certification.reference.faults.found_by import FOUND_BY

_MODULES = (
    answers,
    wire,
    connecting,
    signing_in,
    deleting,
    numbers,
    texts,
    fields,
    oauth,
    authentication,
    malformed,
    hooks,
    secrecy,
    redirecting,
    remembering,
    listing,
)

FAULTS: tuple[Fault, ...] = tuple(
    replace(fault, found_by=FOUND_BY.get(fault.name, "")) for module in _MODULES for fault in module.FAULTS
)
