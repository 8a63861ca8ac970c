"""The catalogue of faults: each module holds one or a few families of mistakes that real teams make."""

from __future__ import annotations

from dataclasses import replace

from certification.reference.catalogue import Fault
from certification.reference.faults import (
    answers,
    authentication,
    caching,
    connecting,
    deleting,
    fields,
    hook_domains,
    hook_expiry,
    hook_reach,
    listing,
    malformed,
    numbers,
    oauth,
    redirecting,
    secrecy,
    signing_in,
    steadiness,
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
    hook_domains,
    hook_reach,
    hook_expiry,
    secrecy,
    redirecting,
    caching,
    steadiness,
    listing,
)

FAULTS: tuple[Fault, ...] = tuple(
    replace(fault, found_by=FOUND_BY.get(fault.name, "")) for module in _MODULES for fault in module.FAULTS
)
