"""The bundled reference partner: a complete, correct and strict implementation of the partner's side.

It shares nothing with the suite's checks but the JSON Schemas, so that no mistake hides on both sides. Importing this
package costs next to nothing; the server's libraries load with the first use of a name below.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from certification.reference.assembly import create_app, find_entries, find_page_entries
    from certification.reference.catalogue import Fault, UnknownNameError, Variant, overridden
    from certification.reference.faults import FAULTS
    from certification.reference.product.catalogue import PageFault, PageVariant
    from certification.reference.product.faults import PAGE_FAULTS
    from certification.reference.product.variants import PAGE_VARIANTS
    from certification.reference.settings import ConfigError, default_config
    from certification.reference.variants import VARIANTS

__all__ = [
    "FAULTS",
    "PAGE_FAULTS",
    "PAGE_VARIANTS",
    "VARIANTS",
    "ConfigError",
    "Fault",
    "PageFault",
    "PageVariant",
    "UnknownNameError",
    "Variant",
    "create_app",
    "default_config",
    "find_entries",
    "find_page_entries",
    "overridden",
]


def __getattr__(name: str) -> Any:
    homes = {
        "assembly": ("create_app", "find_entries", "find_page_entries"),
        "catalogue": ("Fault", "UnknownNameError", "Variant", "overridden"),
        "faults": ("FAULTS",),
        "product.catalogue": ("PageFault", "PageVariant"),
        "product.faults": ("PAGE_FAULTS",),
        "product.variants": ("PAGE_VARIANTS",),
        "settings": ("ConfigError", "default_config"),
        "variants": ("VARIANTS",),
    }
    for module, names in homes.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
