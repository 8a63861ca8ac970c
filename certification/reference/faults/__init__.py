"""The catalogue of faults, by family."""

from __future__ import annotations

from certification.reference.catalogue import Fault

FAULTS: tuple[Fault, ...] = ()
