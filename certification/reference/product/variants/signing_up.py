"""Other correct ways to sign up."""

from __future__ import annotations

from certification.reference.product.catalogue import PageVariant
from certification.reference.product.parts import having, speaks

VARIANTS = (
    PageVariant("plain", "One page asks for e-mail, password and consent."),
    PageVariant("german", "The product is in German.", (speaks("de"),)),
    PageVariant("french", "The product is in French.", (speaks("fr"),)),
    PageVariant("japanese", "The product is in Japanese.", (speaks("ja"),)),
    PageVariant("dark", "The product is dark whatever the browser prefers.", (having(theme="dark"),)),
    PageVariant("floating-labels", "Labels float inside of the fields.", (having(labelling="floating"),)),
    PageVariant("labels-referred", "Labels are referred to by aria-labelledby.", (having(labelling="referred"),)),
)
