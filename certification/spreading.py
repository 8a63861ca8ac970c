"""Spread the cases over the processes of pytest-xdist; loads only where that is used."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # xdist ships no types

from certification.case import SHARED_DOMAIN
from certification.catalogue import catalogue


class KeepTogether(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """Hands out case by case, but the cases that share a test domain as one piece to one worker.

    xdist's own groups are not used: they reach the scheduler as a suffix of the node id, which pytest 9.2 does not keep.
    """

    def _split_scope(self, nodeid: str) -> str:
        case = catalogue().get(nodeid.rpartition("::")[2])
        return SHARED_DOMAIN if case is not None and case.shared_domain else nodeid
