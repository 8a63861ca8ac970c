"""The catalogue of correct variants: none of them may be found at fault."""

from __future__ import annotations

from certification.reference.catalogue import Variant
from certification.reference.variants import (
    accounts,
    behaviours,
    forms,
    ids,
    kinds,
    lifecycle,
    lists,
    pages,
    redirects,
    rulings,
    transport,
    validating,
)

_MODULES = (
    forms,
    ids,
    transport,
    redirects,
    pages,
    accounts,
    behaviours,
    lifecycle,
    rulings,
    lists,
    validating,
    kinds,
)

VARIANTS: tuple[Variant, ...] = tuple(variant for module in _MODULES for variant in module.VARIANTS)
