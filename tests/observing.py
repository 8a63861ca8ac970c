"""Executions made by hand, for tests of what follows from them."""

from __future__ import annotations

from typing import Any

from certification.cases.case import Case
from certification.evidence.observation import Observation, Outcome
from certification.foundation.reason import Reason
from certification.run.judge import End, EndKind, Execution, Purpose

CASE = Case("T100", "A case", "create", "steps", "clause", ("first-connect",), lambda _play: None)


def broken(
    requirement: str = "first-connect", detail: str = "status 500", subject: str = "connect", call: int = 1
) -> Observation:
    """A look at ``requirement`` that did not hold."""
    message = f"{requirement} is broken."
    return Observation(requirement, Outcome.BROKEN, subject, detail, f"call:{call}", message, "this", "that")


def played(ident: str = "1", *observations: Observation, case: str = "T100", **fields: Any) -> Execution:
    """An execution of two calls that observed ``observations``."""
    purpose = Purpose(fields.pop("purpose", "example"))
    return Execution(case, ident, purpose, fields.pop("shape", {}), observations=observations, exchanges=2, **fields)


def ended(kind: str, code: str = "", **facts: str | int) -> End:
    """How an execution ended."""
    return End(EndKind(kind), Reason(code, facts) if code else None)
