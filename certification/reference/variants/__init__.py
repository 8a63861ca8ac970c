"""The catalogue of correct variants: none of them may be found at fault."""

from __future__ import annotations

from certification.reference.catalogue import Variant
from certification.reference.variants import accounts, behaviours, forms, kinds, redirects, rulings

_MODULES = (forms, redirects, accounts, behaviours, rulings, kinds)

VARIANTS: tuple[Variant, ...] = tuple(variant for module in _MODULES for variant in module.VARIANTS)
