"""The partner that is there: each call is sent under the limits of the run, and recorded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from certification.client.client import Client
from certification.client.pacing import MAX_WAITS, Limits, Patience, RequestCount, Waiting
from certification.evidence.exchange import Exchange
from certification.evidence.recorder import Recorder
from certification.foundation.errors import OutOfBudget, SuiteFault


class LivePartner:
    """Sends each call to the partner and records it.

    ``sleep`` and ``clock`` can be replaced in tests.
    """

    def __init__(
        self,
        client: Client,
        recorder: Recorder,
        limits: Limits,
        count: RequestCount,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is sent yet."""
        self._client, self._recorder, self._limits, self._count = client, recorder, limits, count
        self._sleep, self._clock = sleep, clock
        self._patience, self._waiting = Patience(), Waiting()
        self._next = 0.0
        self._lock = threading.Lock()

    def send(self, plan: Exchange) -> Exchange:
        """Return ``plan`` with the partner's answer, recorded; obeys the limits, and waits when the partner says 429.

        Each attempt is recorded; all but the last are marked as throttled.
        """
        self._patience.check(plan)
        waited = 0.0
        for attempt in range(MAX_WAITS):
            self._take_turn()
            exchange = self._client.send(plan)
            wait = self._waiting.granted(exchange, waited) if attempt < MAX_WAITS - 1 else 0.0
            exchange = replace(exchange, throttled=wait > 0, raw=exchange.raw)
            self._recorder.write(exchange.to_record())
            if wait == 0:
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
            return self._client.send(plan)

        for plan in plans:
            self._patience.check(plan)
            self._take_turn()
        with ThreadPoolExecutor(len(plans)) as pool:
            try:
                calls = [pool.submit(one, plan) for plan in plans]
            except RuntimeError as error:
                barrier.abort()
                message = f"this machine has no threads left for {len(plans)} calls at once"
                raise SuiteFault(message) from error
        # Each answer is recorded before a fault of this machine in another call ends the script.
        settled = [
            self._settled(plan, call.result()) for plan, call in zip(plans, calls, strict=True) if not call.exception()
        ]
        for call in calls:
            call.result()
        return settled

    def _settled(self, plan: Exchange, answer: Exchange) -> Exchange:
        """Record ``answer``; where the partner asked to come again later, do so, one after the other."""
        wait = self._waiting.granted(answer)
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
