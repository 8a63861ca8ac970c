"""The catalogue of correct variants: none of them may be found at fault."""

from __future__ import annotations

from certification.reference.catalogue import Variant
from certification.reference.variants import accounts, behaviours, forms, kinds, redirects

VARIANTS: tuple[Variant, ...] = (
    forms.VARIANTS + redirects.VARIANTS + accounts.VARIANTS + behaviours.VARIANTS + kinds.VARIANTS
)
