"""The catalogue of page variants: none of them may be accused of anything."""

from __future__ import annotations

from certification.reference.product.catalogue import PageVariant
from certification.reference.product.variants import landing, others, signing_up

_MODULES = (signing_up, landing, others)

PAGE_VARIANTS: tuple[PageVariant, ...] = tuple(variant for module in _MODULES for variant in module.VARIANTS)
