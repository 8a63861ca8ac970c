"""The catalogue of correct variants."""

from __future__ import annotations

from certification.reference.catalogue import Variant

VARIANTS: tuple[Variant, ...] = ()
