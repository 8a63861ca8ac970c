"""Spread the cases over the processes of pytest-xdist; loads only where that is used."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # xdist ships no types

from certification.cases.case import SHARED_DOMAIN
from certification.cases.catalogue import catalogue

ENOUGH = 2
"""Cases that wait at a worker, so that it never runs dry while it is given more."""


class KeepTogether(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """Hands out case by case, but the cases that share a test domain as one piece to one worker.

    xdist's own groups are not used: they reach the scheduler as a suffix of the node id, which pytest 9.2 does not keep.
    """

    def _split_scope(self, nodeid: str) -> str:
        case = catalogue().get(nodeid.rpartition("::")[2])
        return SHARED_DOMAIN if case is not None and case.shared_domain else nodeid

    def remove_node(self, node: Any) -> Any:
        """Give what a dead worker left to the others, except for the case that it was running.

        Played again, that case would send the same users once more to a partner that may have seen them.
        """
        workload = self.assigned_work[node]
        pending = ((scope, name) for scope, unit in workload.items() for name, done in unit.items() if not done)
        scope, crashed = next(pending, (None, None))
        if crashed is not None:
            del workload[scope][crashed]
            if not workload[scope]:
                del workload[scope]
        super().remove_node(node)
        return crashed

    def _reschedule(self, node: Any) -> None:
        """Give ``node`` work until it has enough to go on with, or nothing is left.

        A worker keeps its last case back until it gets another or is told to stop.  What xdist gives at a time may be a
        piece that a dead worker had done already, or a single case for a fresh worker: either would wait for ever.
        """
        if node.shutting_down:
            return
        if not self.workqueue:
            node.shutdown()
            return
        while self.workqueue and self._pending_of(self.assigned_work[node]) <= ENOUGH:
            self._assign_work_unit(node)
