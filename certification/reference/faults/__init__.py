"""The catalogue of faults: each module holds one or a few families of mistakes that real teams make."""

from __future__ import annotations

from dataclasses import replace

from certification.reference.catalogue import Fault
from certification.reference.faults import (
    absent,
    answers,
    authentication,
    caching,
    clouds,
    colleagues,
    connecting,
    defaults,
    deleting,
    demo,
    echo,
    expired,
    falsy,
    fields,
    gateways,
    hook_domains,
    hook_expiry,
    hook_reach,
    listing,
    malformed,
    manual,
    numbers,
    oauth,
    order,
    pages,
    precision,
    redirecting,
    remembering,
    repeats,
    secrecy,
    signing_in,
    steadiness,
    testing,
    texts,
    truncation,
    wire,
)
from certification.reference.faults.found_by import FOUND_BY

_MODULES = (
    answers,
    wire,
    gateways,
    connecting,
    signing_in,
    manual,
    deleting,
    numbers,
    precision,
    falsy,
    truncation,
    texts,
    fields,
    oauth,
    authentication,
    order,
    malformed,
    hook_domains,
    hook_reach,
    hook_expiry,
    clouds,
    colleagues,
    expired,
    absent,
    repeats,
    defaults,
    secrecy,
    echo,
    redirecting,
    pages,
    caching,
    steadiness,
    listing,
    demo,
    remembering,
    testing,
)

FAULTS: tuple[Fault, ...] = tuple(
    replace(fault, found_by=FOUND_BY.get(fault.name, "")) for module in _MODULES for fault in module.FAULTS
)
