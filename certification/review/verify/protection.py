"""What protects each field of each record against a forger who has the suite and makes everything else fit.

Anybody who edits a line without such care breaks the chain.  A test forges every field of this table and holds ``verify`` to
it; another holds the table to the records, so that a new field needs an answer here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Guard(StrEnum):
    """How a forged field is noticed."""

    REPLAY = "replay"
    """The script is played again in front of the record: another request, answer or step would have followed."""
    RECOMPUTED = "recomputed"
    """It follows from other records, and is compared with what follows."""
    ORDER = "order"
    """The suite writes records in a certain order and number."""
    CLOCK = "clock"
    """Moments follow each other and lie within the run."""
    OPEN = "not verified"
    """Nothing here can tell; a claim that is not the usual one leaves the report not verified."""
    SIGNATURE = "signature"
    """Nothing but a signature; the verdict does not depend on it, or it is the partner's word."""


_EXCHANGE: Final = {
    "case": Guard.ORDER,
    "execution": Guard.ORDER,
    "number": Guard.REPLAY,
    "act": Guard.REPLAY,
    "when": Guard.REPLAY,
    "request": Guard.REPLAY,
    "response": Guard.REPLAY,
    "failure": Guard.REPLAY,
    "started": Guard.CLOCK,
    "seconds": Guard.CLOCK,
    "throttled": Guard.REPLAY,
    "connection": Guard.SIGNATURE,
}

PROTECTION: Final[Mapping[str, Mapping[str, Guard]]] = {
    "Run": {
        "format": Guard.OPEN,
        "suite": Guard.OPEN,
        "id": Guard.REPLAY,
        # What a library draws is not drawn again; which mistakes are tried follows from the seed by a rule of our own.
        "seed": Guard.SIGNATURE,
        "profile": Guard.RECOMPUTED,
        "url": Guard.REPLAY,
        "config": Guard.REPLAY,
        "config_source": Guard.SIGNATURE,
        "trial": Guard.RECOMPUTED,
        "alike": Guard.OPEN,
        "challenge": Guard.RECOMPUTED,
        "started": Guard.CLOCK,
        "notes": Guard.SIGNATURE,
    },
    "Suite": {
        "name": Guard.ORDER,
        "version": Guard.OPEN,
        "catalogue": Guard.OPEN,
        "python": Guard.SIGNATURE,
        "libraries": Guard.SIGNATURE,
    },
    "Worker": {"name": Guard.ORDER},
    # These take something away from a run; whoever invents one harms their own report.
    "Obstacle": {"where": Guard.SIGNATURE, "what": Guard.SIGNATURE, "remedy": Guard.SIGNATURE},
    # Whoever invents a waiver gets a report that says so, with the name of whoever is said to have approved it.
    "Waiver": {
        "id": Guard.SIGNATURE,
        "requirement": Guard.SIGNATURE,
        "operation": Guard.SIGNATURE,
        "detail": Guard.SIGNATURE,
        "statement": Guard.RECOMPUTED,
        "reason": Guard.SIGNATURE,
        "asked": Guard.SIGNATURE,
        "approved": Guard.SIGNATURE,
        "until": Guard.SIGNATURE,
    },
    "Person": {"by": Guard.SIGNATURE, "organisation": Guard.SIGNATURE, "on": Guard.SIGNATURE},
    # A person's word: whoever invents one gets a report that names who is said to have said it.
    "People": {"run": Guard.RECOMPUTED},
    "Attested": {
        "id": Guard.SIGNATURE,
        "case": Guard.SIGNATURE,
        "round": Guard.SIGNATURE,
        "result": Guard.RECOMPUTED,
        "reason": Guard.SIGNATURE,
        "by": Guard.SIGNATURE,
        "organisation": Guard.SIGNATURE,
        "role": Guard.SIGNATURE,
        "on": Guard.SIGNATURE,
        "workspace": Guard.SIGNATURE,
        "browser": Guard.SIGNATURE,
        "words": Guard.SIGNATURE,
        "expectations": Guard.SIGNATURE,
        "pictures": Guard.SIGNATURE,
        "calls": Guard.SIGNATURE,
        "config": Guard.SIGNATURE,
        "suite": Guard.SIGNATURE,
    },
    "Expectation": {"text": Guard.SIGNATURE, "seen": Guard.RECOMPUTED, "reason": Guard.SIGNATURE},
    "Picture": {"file": Guard.SIGNATURE, "sha256": Guard.SIGNATURE, "size": Guard.SIGNATURE},
    "CallMade": {"step": Guard.SIGNATURE, "sha256": Guard.SIGNATURE},
    "Lack": {"code": Guard.SIGNATURE, "text": Guard.SIGNATURE},
    "Earlier": {"run": Guard.SIGNATURE, "verdict": Guard.SIGNATURE, "findings": Guard.SIGNATURE},
    "KnownFinding": {"cause": Guard.SIGNATURE, "message": Guard.SIGNATURE},
    "Selected": {"cases": Guard.RECOMPUTED},
    "Planned": {"case": Guard.ORDER, "examples": Guard.RECOMPUTED},
    "Begun": {"case": Guard.ORDER, "execution": Guard.ORDER, "purpose": Guard.ORDER, "shape": Guard.ORDER},
    "Exchange": _EXCHANGE,
    "Request": {
        "operation": Guard.REPLAY,
        "method": Guard.REPLAY,
        "url": Guard.REPLAY,
        "headers": Guard.REPLAY,
        "body": Guard.REPLAY,
        "authorization": Guard.REPLAY,
        "charset": Guard.REPLAY,
        "fresh_connection": Guard.REPLAY,
        "late_body": Guard.REPLAY,
    },
    # An answer is the partner's word: only what it contradicts can show that it is another one.
    "Response": {
        "status": Guard.REPLAY,
        "http_version": Guard.SIGNATURE,
        "headers": Guard.REPLAY,
        "body": Guard.RECOMPUTED,
        "size": Guard.RECOMPUTED,
        "digest": Guard.RECOMPUTED,
        "truncated": Guard.RECOMPUTED,
        "trouble": Guard.REPLAY,
        "leaks": Guard.RECOMPUTED,
    },
    "Leak": {"secret": Guard.RECOMPUTED, "encoding": Guard.REPLAY},
    "Failure": {"kind": Guard.REPLAY, "message": Guard.REPLAY},
    "Judgement": {
        "case": Guard.ORDER,
        "execution": Guard.ORDER,
        "purpose": Guard.ORDER,
        "of": Guard.ORDER,
        "shape": Guard.ORDER,
        "held": Guard.REPLAY,
        "observations": Guard.REPLAY,
        "end": Guard.REPLAY,
        "fired": Guard.REPLAY,
        "exchanges": Guard.REPLAY,
    },
    "Observation": {
        "requirement": Guard.REPLAY,
        "outcome": Guard.REPLAY,
        "subject": Guard.REPLAY,
        "detail": Guard.REPLAY,
        "evidence": Guard.REPLAY,
        "message": Guard.REPLAY,
        "expected": Guard.REPLAY,
        "actual": Guard.REPLAY,
    },
    "Ended": {"kind": Guard.REPLAY, "code": Guard.REPLAY, "facts": Guard.REPLAY},
    "Concluded": {
        "case": Guard.RECOMPUTED,
        "verdict": Guard.RECOMPUTED,
        "reason": Guard.RECOMPUTED,
        "facts": Guard.RECOMPUTED,
        "seconds": Guard.SIGNATURE,
    },
    # Whoever invents an interruption harms their own report; a run that lacks something cannot deny one.
    "End": {"finished": Guard.CLOCK, "narrowed_by": Guard.RECOMPUTED, "interrupted": Guard.SIGNATURE},
}
"""Class of a record, or of a part of one -> field -> what protects it."""
