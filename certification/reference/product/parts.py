"""Building blocks of page faults and variants: small changes to a product, each made into a part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from certification.reference.product.product import Product

if TYPE_CHECKING:
    from certification.reference.product.forms import Field
    from certification.reference.product.visit import Visit


def shows(**templates: str) -> type[Product]:
    """Return a product that uses other templates: the name without its ending, and the path of the one instead."""
    paths = {f"{name}.html": path for name, path in templates.items()}

    class Shows(Product):
        def template(self, name: str) -> str:
            return paths.get(name) or super().template(name)

    return Shows


def speaks(language: str) -> type[Product]:
    """Return a product in another language."""
    return type("Speaks", (Product,), {"language": language})


def having(**attributes: Any) -> type[Product]:
    """Return a product with other values of its settings, such as ``labelling``."""
    unknown = [name for name in attributes if not hasattr(Product, name)]
    if unknown:
        raise AttributeError(unknown[0])
    return type("Having", (Product,), attributes)


def asks(*fields: Field, before: str = "terms") -> type[Product]:
    """Return a product whose sign-up form also has ``fields``, in front of the field called ``before``."""

    class Asks(Product):
        def fields(self, visit: Visit) -> list[Field]:
            asked = super().fields(visit)
            place = next((number for number, one in enumerate(asked) if one.name == before), len(asked))
            return [*asked[:place], *fields, *asked[place:]]

    return Asks


def changes(name: str, **values: Any) -> type[Product]:
    """Return a product whose field ``name``, of sign-up and sign-in, has other properties."""

    class Changes(Product):
        def fields(self, visit: Visit) -> list[Field]:
            return [replace(one, **values) if one.name == name else one for one in super().fields(visit)]

    return Changes
