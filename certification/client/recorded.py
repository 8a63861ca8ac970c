"""The partner as it was recorded: each call gets the answer that its record holds."""

from __future__ import annotations

from collections.abc import Iterable

from certification.evidence.exchange import Exchange
from certification.foundation.errors import CannotProceed


class RecordedPartner:
    """Answers calls from the recorded exchanges of one execution, and notes where a request is not the recorded one."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        """Keep the exchanges by step; of a throttled call only the last."""
        self._by_step = {exchange.number: exchange for exchange in exchanges if not exchange.throttled}
        self.differences: list[str] = []
        self.used: set[int] = set()

    def send(self, plan: Exchange) -> Exchange:
        """Return the recorded answer to ``plan``; raises CannotProceed where the record ends."""
        recorded = self._by_step.get(plan.number)
        if recorded is None:
            raise CannotProceed("record-ends")
        self.used.add(plan.number)
        if recorded.request != plan.request:
            self.differences.append(f"{plan.number}: the recorded request is not the one that the suite sends here")
        return recorded

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Return the recorded answers to ``plans``."""
        return [self.send(plan) for plan in plans]

    def unused(self) -> list[int]:
        """Return the steps of the record that the script never asked for."""
        return [step for step in self._by_step if step not in self.used]
