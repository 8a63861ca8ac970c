"""Who answers a call: the partner, under the limits of the run, or the tape of what it answered."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from certification.client.client import Caller
from certification.evidence.exchange import Exchange
from certification.evidence.recorder import Recorder
from certification.evidence.steps import Act
from certification.foundation.errors import CannotProceed, OutOfBudget

PATIENCE = 3
"""So many calls in a row without an answer, and an endpoint is left alone for the rest of the run."""

MAX_WAITS = 6
MAX_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Limits:
    """What the run may do to the partner."""

    max_requests: int | None = None
    rate: float | None = None
    """Requests per second of this process, or None for as fast as the partner answers."""


class RequestCount:
    """Counts the requests of all processes of a run: each appends one byte to a shared file."""

    def __init__(self, path: Path) -> None:
        """Open ``path``, which is made when it is missing."""
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self) -> int:
        """Count one request; returns how many there are now."""
        os.write(self._file, b".")
        return os.fstat(self._file).st_size

    def total(self) -> int:
        """Return how many requests were counted."""
        return os.fstat(self._file).st_size

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


class Patience:
    """Knows which endpoints have stopped answering.  ``verify`` keeps one too, fed from the record."""

    def __init__(self) -> None:
        """Begin with endpoints that are believed to answer."""
        self._silent: dict[tuple[str, bool], int] = {}

    def check(self, plan: Exchange) -> None:
        """Raise CannotProceed when the endpoint of ``plan`` is left alone."""
        patience = 1 if plan.act is Act.CLEAN_UP else PATIENCE
        if self._silent.get(_place(plan), 0) >= patience:
            # Clean-up is not judged, so that its silence is counted apart.
            raise CannotProceed("silent", operation=plan.request.operation.replace("_", "-"), times=patience)

    def note(self, exchange: Exchange) -> None:
        """Note whether ``exchange`` was answered."""
        place = _place(exchange)
        silent = exchange.failure is not None and exchange.failure.kind in {"timeout", "connect"}
        self._silent[place] = self._silent.get(place, 0) + 1 if silent else 0


class LiveStage:
    """Sends each call to the partner and records it.

    ``sleep`` and ``clock`` can be replaced in tests.
    """

    def __init__(
        self,
        caller: Caller,
        recorder: Recorder,
        limits: Limits,
        count: RequestCount,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is sent yet."""
        self._caller, self._recorder, self._limits, self._count = caller, recorder, limits, count
        self._sleep, self._clock = sleep, clock
        self._patience = Patience()
        self._next = 0.0
        self._lock = threading.Lock()

    def send(self, plan: Exchange) -> Exchange:
        """Return ``plan`` with the partner's answer, recorded; obeys the limits, and waits when the partner says 429."""
        self._patience.check(plan)
        waited = 0.0
        for attempt in range(MAX_WAITS):
            self._take_turn()
            exchange = self._caller.send(plan)
            wait = _retry_after(exchange) if exchange.status == 429 else 0.0
            again = wait > 0 and attempt < MAX_WAITS - 1 and waited + wait <= MAX_WAIT_SECONDS
            exchange = replace(exchange, throttled=again, raw=exchange.raw)
            self._recorder.write(exchange.to_record())
            if not again:
                break
            self._sleep(wait)
            waited += wait
        self._patience.note(exchange)
        return exchange

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Send all ``plans`` at the same moment, each in a thread of its own."""
        barrier = threading.Barrier(len(plans))

        def one(plan: Exchange) -> Exchange:
            barrier.wait()
            return self._caller.send(plan)

        for plan in plans:
            self._patience.check(plan)
            self._take_turn()
        with ThreadPoolExecutor(len(plans)) as pool:
            answers = list(pool.map(one, plans))
        return [self._settled(plan, answer) for plan, answer in zip(plans, answers, strict=True)]

    def _settled(self, plan: Exchange, answer: Exchange) -> Exchange:
        """Record ``answer``; where the partner asked to come again later, do so, one after the other."""
        wait = _retry_after(answer) if answer.status == 429 else 0.0
        self._recorder.write(replace(answer, throttled=wait > 0).to_record())
        if wait > 0:
            self._sleep(wait)
            return self.send(plan)
        self._patience.note(answer)
        return answer

    def _take_turn(self) -> None:
        limits = self._limits
        if limits.max_requests is not None and self._count.total() >= limits.max_requests:
            raise OutOfBudget(limits.max_requests)
        if limits.rate is not None:
            with self._lock:
                now = self._clock()
                wait = self._next - now
                self._next = max(now, self._next) + 1.0 / limits.rate
            if wait > 0:
                self._sleep(wait)
        self._count.add()


class TapeStage:
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


def _place(exchange: Exchange) -> tuple[str, bool]:
    return exchange.request.operation, exchange.act is Act.CLEAN_UP


def _retry_after(exchange: Exchange) -> float:
    """Return the seconds that a 429 asks to wait; one second when it does not say."""
    text = (exchange.response.header("retry-after") if exchange.response else None) or "1"
    try:
        return min(max(float(text), 0.05), MAX_WAIT_SECONDS)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 1.0
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.05), MAX_WAIT_SECONDS)
