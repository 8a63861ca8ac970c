"""Puts a partner together: config, credentials, and the faults and variants asked for by name."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault, Part, UnknownNameError, Variant, assemble
from certification.reference.faults import FAULTS
from certification.reference.http import build_app
from certification.reference.product.faults import PAGE_FAULTS
from certification.reference.product.product import Product
from certification.reference.product.variants import PAGE_VARIANTS
from certification.reference.settings import read_settings
from certification.reference.variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp

    from certification.reference.product.catalogue import PageFault, PageVariant


def create_app(
    config: Mapping[str, Any],
    user: str,
    password: str,
    faults: Sequence[str] = (),
    variants: Sequence[str] = (),
    *,
    page_faults: Sequence[str] = (),
    page_variants: Sequence[str] = (),
    redirect_host: str | None = None,
) -> ASGIApp:
    """Return a partner that behaves as ``config`` says, apart from the named ``faults`` and ``variants``.

    ``page_faults`` and ``page_variants`` are those of the product that its redirects open.

    Raises ``ConfigError`` for a config that can't be served and ``UnknownNameError`` for a name that the catalogue
    lacks. The config is served as it stands; ``overridden`` adds what a fault or variant needs it to say.
    """
    settings = read_settings(config, redirect_host)
    entries = find_entries(faults, variants)
    parts: list[Part] = [part for entry in entries for part in entry.parts]
    pages = find_page_entries(page_faults, page_variants)
    parts += [part for page in pages for part in page.parts]
    if any(page.clock for page in pages):
        parts.append(type("WithClock", (Product,), {"clock_shown": True}))
    front, gateways = assemble(parts, settings, user, password)
    app = build_app(front)
    for gateway in gateways:
        app = gateway(app)
    return app


def find_entries(faults: Sequence[str], variants: Sequence[str]) -> list[Fault | Variant]:
    """Return the catalogue's entries of these names, faults first."""
    known_faults = {fault.name: fault for fault in FAULTS}
    known_variants = {variant.name: variant for variant in VARIANTS}
    found: list[Fault | Variant] = [_find("fault", name, known_faults) for name in faults]
    found += [_find("variant", name, known_variants) for name in variants]
    return found


def find_page_entries(faults: Sequence[str], variants: Sequence[str]) -> list[PageFault | PageVariant]:
    """Return the entries of these names in the catalogue of the product's pages, faults first."""
    known_faults = {fault.name: fault for fault in PAGE_FAULTS}
    known_variants = {variant.name: variant for variant in PAGE_VARIANTS}
    found: list[PageFault | PageVariant] = [_find("page fault", name, known_faults) for name in faults]
    found += [_find("page variant", name, known_variants) for name in variants]
    return found


def _find(kind: str, name: str, known: Mapping[str, Any]) -> Any:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3)
    hint = f" (did you mean {', '.join(near)}?)" if near else ""
    raise UnknownNameError(f"there is no {kind} named {name!r}{hint}; --list shows all names")
