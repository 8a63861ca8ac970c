"""Verify the sign-offs of an onboarding: signatures, roles, how many signed, and that what was signed is what is there today."""

from __future__ import annotations

import json
from pathlib import Path

from certification.onboarding.record import MAX_BYTES
from certification.onboarding.sign_off import Standing
from certification.onboarding.status import Status
from certification.onboarding.words import reason_words, signed_words
from certification.review.verify.outcome import Verification

KEYS = ({"format", "partner"}, {"declarations", "launch", "certificates", "video_sessions", "files"})


def is_onboarding(path: Path) -> bool:
    """Return whether the file at ``path`` looks like an ``onboarding.json``, right or wrong."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES or path.suffix != ".json":
            return False
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return path.name == "onboarding.json"
    return isinstance(value, dict) and KEYS[0] <= value.keys() and bool(KEYS[1] & value.keys())


def verified(status: Status) -> Verification:
    """Return what holds of the sign-offs in ``status``.

    A role that has not signed yet leaves the whole *not verified*; one whose sign-off does not count any more contradicts it.
    """
    certified = status.facts.certified
    outcome = Verification(kind="onboarding", partner=status.onboarding.partner, verdict=certified.verdict)
    outcome.run = certified.manifest.run.id if certified.manifest else ""
    point = outcome.point("certificate", "the bundle verifies, is complete, and is of today's config")
    for reason in certified.against:
        where = point.leave_open if reason.code in {"bundle-missing", "bundle-unverified"} else point.add
        where([reason_words(reason)])
    for standing in status.standings:
        _role(standing, outcome)
    others = outcome.point("other files", "nothing in the folder of the sign-offs is anything else")
    others.add(
        reason_words(reason)
        for reason in status.remarks
        if reason.code in {"no-sign-off", "sign-off-damaged", "sign-off-broken", "too-many-sign-offs"}
    )
    return outcome


def _role(standing: Standing, outcome: Verification) -> None:
    point = outcome.point(f"sign-off of {standing.role.title}")
    who = ", ".join(
        f"{each.decision.by} ({each.decision.organisation}), {each.decision.on[:10]}" for each in standing.by
    )
    if standing.state == "given":
        point.holds = f"given by {who}; {signed_words(standing.signed)}; about what is there today"
        if standing.signed != "by policy":
            point.notes.append("whether they may sign was not checked: no sign-off-policy.json names who may")
    elif standing.state == "missing":
        point.leave_open(["there is none yet"])
    else:
        point.add(f"{standing.state}: {reason_words(reason)}" for reason in standing.reasons)
