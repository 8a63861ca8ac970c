"""What a named fault and a named variant are, and how their parts change the correct partner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from starlette.types import ASGIApp

from certification.reference.front import Front
from certification.reference.partner import Partner
from certification.reference.product.product import Product

if TYPE_CHECKING:
    from collections.abc import Iterable

    from certification.reference.settings import Settings

# A part replaces steps of the partner or of its pages, stations of the front desk, or wraps the finished application as a
# gateway does.
Part = type[Partner] | type[Front] | type[Product] | Callable[[ASGIApp], ASGIApp]


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake that a real team makes: exactly one behaviour differs from the correct partner.

    ``config`` holds what the partner config must say for the mistake to show (None removes a key); ``found_by`` names
    the case that finds it. ``wire`` says that it shows only in bytes on a connection, so that a socket is needed.
    """

    name: str
    family: str
    title: str
    parts: tuple[Part, ...] = field(repr=False)
    config: Mapping[str, Any] = field(default_factory=dict)
    found_by: str = ""
    wire: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One other way to be a correct partner.

    ``config`` as with a fault; ``advisories`` names the ruling under which an advisory is legitimate, if any is;
    ``http_version`` is what the server writes into its status lines; ``wire`` as with a fault.
    """

    name: str
    title: str
    parts: tuple[Part, ...] = field(default=(), repr=False)
    config: Mapping[str, Any] = field(default_factory=dict)
    advisories: str = ""
    http_version: str = "1.1"
    wire: bool = False


class Configured(Protocol):
    """An entry of a catalogue that may need the partner config to say something."""

    @property
    def config(self) -> Mapping[str, Any]:
        """Return what it must say; None removes a key."""


class UnknownNameError(ValueError):
    """A fault or variant that the catalogue doesn't have."""


def overridden(config: Mapping[str, Any], entries: Iterable[Configured]) -> dict[str, Any]:
    """Return ``config`` with what ``entries`` need it to say; objects are merged key by key, None removes a key."""
    result = dict(config)
    for entry in entries:
        result = _merged(result, entry.config)
    return result


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = _merged(result[key], value)
        else:
            result[key] = value
    return result


def assemble(parts: Iterable[Part], settings: Settings, user: str, password: str) -> tuple[Front, list[Any]]:
    """Return a front desk changed by ``parts``, and the gateways among them that go around the application."""
    partners: list[type[Partner]] = []
    fronts: list[type[Front]] = []
    products: list[type[Product]] = []
    gateways: list[Any] = []
    for part in parts:
        if isinstance(part, type) and issubclass(part, Partner):
            partners.append(part)
        elif isinstance(part, type) and issubclass(part, Front):
            fronts.append(part)
        elif isinstance(part, type) and issubclass(part, Product):
            products.append(part)
        else:
            gateways.append(part)
    partner_class: type[Partner] = type("AssembledPartner", (*partners, Partner), {})
    front_class: type[Front] = type("AssembledFront", (*fronts, Front), {})
    partner = partner_class(settings)
    if products:
        product_class: type[Product] = type("AssembledProduct", (*products, Product), {})
        partner.product = product_class(settings, partner.store.signed_up)
    return front_class(partner, user, password), gateways
