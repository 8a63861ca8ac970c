"""The catalogue of page faults: each is one thing that real products do to a user who comes through the tile."""

from __future__ import annotations

from certification.reference.product.catalogue import PageFault
from certification.reference.product.faults import (
    afterwards,
    asking,
    configuring,
    emails,
    landing,
    others,
    paying,
    technical,
    waiting,
)

_MODULES = (asking, paying, emails, afterwards, landing, configuring, waiting, technical, others)

PAGE_FAULTS: tuple[PageFault, ...] = tuple(fault for module in _MODULES for fault in module.FAULTS)
