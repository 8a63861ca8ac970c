"""Sign-offs: what each of the four signed, and whether it still counts.

A sign-off is an in-toto statement in an envelope (see :mod:`certification.signatures`).  Its subjects are the digests of what it
rests on: when one of them is another today, it is stale.  All sign-offs stay in their folder; of each person the newest counts.
Whoever can write into the folder can write any name into an unsigned one, so that nothing takes the place of what somebody
signed but what the same key, or a key that the policy names for this person, signed later.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from certification.contract.lifecycle import ROLES, Role, Subject
from certification.foundation.days import day_of_moment
from certification.foundation.errors import BadEvidence, CannotStart, Problem
from certification.foundation.people import each_once, same_person
from certification.foundation.reason import Reason
from certification.foundation.safe_text import visible
from certification.foundation.typed_json import Form, MismatchError, from_json, to_json
from certification.foundation.whole_files import write_new
from certification.signatures.envelope import Checked, Outcome, check, make_envelope, read_envelope
from certification.signatures.keys import CannotSign, SigningKey
from certification.signatures.policy import Policy, Rule, read_policy
from certification.signatures.statement import SIGN_OFF, Statement, statement, subject

MAX_FILES: Final = 500
_NAME: Final = re.compile(r"[a-z-]{3,30}-\d{4}-\d\d-\d\d-\d{1,3}\.json")

Line = Annotated[str, Form(r"[^\x00-\x1f]{1,200}", "one line of up to 200 characters")]
Words = Annotated[str, Form(r"(?s:.{0,2000})", "a text of up to 2,000 characters")]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says: the predicate of a sign-off."""

    role: Annotated[str, Form("|".join(ROLES), "one of the four roles")]
    decision: Literal["given", "refused", "withdrawn"]
    by: Line
    organisation: Line
    on: Line
    """ISO 8601, in UTC."""
    words: Words
    reason: Words
    """Why it is refused or withdrawn."""
    partner: Line
    run: Line
    """The run of the bundle."""
    verdict: Line
    suite: Line


@dataclass(frozen=True)
class SignOff:
    """A sign-off as it was found in its file."""

    file: str
    decision: Decision
    statement: Statement
    signatures: tuple[Checked, ...]
    broken: tuple[Reason, ...]
    """What is wrong with it, whatever it is about; empty for a good one."""

    @property
    def moment(self) -> datetime:
        """When it was made; the beginning of time where it names no moment."""
        return _moment(self.decision.on) or datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Standing:
    """Where the sign-off of a role stands."""

    role: Role
    state: Literal["given", "missing", "refused", "withdrawn", "stale", "invalid", "too-few"]
    by: tuple[SignOff, ...]
    """Those that decide, the newest last."""
    reasons: tuple[Reason, ...]
    signed: Literal["by policy", "signed", "unsigned", ""]
    """By keys that the policy names; by keys that nobody vouches for; not at all."""


def new_sign_off(decision: Decision, digests: Mapping[Subject, str], keys: Sequence[SigningKey]) -> bytes:
    """Return the envelope of ``decision`` about what its role rests on, with the ``digests`` of today.

    Raises :class:`CannotStart` for what is missing, and :class:`CannotSign`.
    """
    role = ROLES[decision.role]
    wrong = _unfit(decision)
    if wrong:
        raise CannotStart([Problem("sign-off", f"{wrong}.", "Write names and words as plain text.")])
    missing = [each for each in role.rests_on if each not in digests]
    if missing and decision.decision == "given":
        raise CannotStart(
            [
                Problem(
                    "sign-off",
                    f"{each} is not there, and {role.title} signs it.",
                    "Make it first: partner-connect onboarding status says how.",
                )
                for each in missing
            ]
        )
    signed = [each for each in (*role.rests_on, *role.optional) if each in digests]
    if not signed:
        raise CannotStart(
            [Problem("sign-off", "there is nothing yet that could be signed or refused.", "Certify the API first.")]
        )
    subjects = [subject(each, digests[each]) for each in signed]
    return make_envelope(statement(subjects, SIGN_OFF, to_json(decision)), keys)


def _unfit(decision: Decision) -> str:
    """Return what keeps ``decision`` from being one, whatever it says; empty for nothing."""
    try:
        from_json(Decision, to_json(decision))
    except MismatchError as error:
        return f"what it states, field {error.where or '/'} {error.what}"
    for name in ("by", "organisation", "partner"):
        text = getattr(decision, name)
        if not text.strip() or visible(text) != text:
            return f"its field {name} is blank, or holds something that cannot be seen"
    return ""


def after_all(found: Sequence[SignOff], now: datetime) -> datetime:
    """Return ``now``, or a second after the newest of what was ``found``: clocks differ, and what is said last counts."""
    now = now.replace(microsecond=0)
    later = [each.moment for each in found if not each.broken and each.moment >= now]
    return max(later) + timedelta(seconds=1) if later else now


def keep(folder: Path, role: str, day: date, envelope: bytes) -> Path:
    """Write ``envelope`` under a name of its own into ``folder``; nothing is ever written over.  Raises :class:`CannotStart`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            path = folder / f"{role}-{day}-{number}.json"
            if write_new(path, envelope):
                return path
    except OSError as error:
        what = f"the sign-off cannot be written ({error.strerror})."
        raise CannotStart([Problem(str(folder), what, "Check the folder and its permissions.")]) from None
    raise CannotStart([Problem(str(folder), "it holds a thousand sign-offs of one day.", "Name another folder.")])


def policy_in(path: Path) -> Policy | None:
    """Return the policy in the file at ``path``; None where there is none.  Raises :class:`CannotStart`, :class:`CannotSign`."""
    # A link that leads nowhere is no leave to do without.
    return read_policy(path, tuple(ROLES)) if os.path.lexists(path) else None


def sign_offs_in(folder: Path, policy: Policy | None, partner: str, today: date) -> tuple[list[SignOff], list[Reason]]:
    """Return the sign-offs in ``folder``, the oldest first, and what is wrong with files that are none.

    Raises :class:`CannotSign` when something is signed and the libraries are missing.
    """
    found, odd = list[SignOff](), list[Reason]()
    try:
        names = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return [], []
    except OSError as error:
        why = f"the folder cannot be read ({error.strerror})"
        return [], [Reason("sign-off-damaged", {"file": folder.name, "why": why})]
    for name in names[:MAX_FILES]:
        if name.startswith("."):
            continue
        path = folder / name
        if path.is_symlink() or not path.is_file() or not _NAME.fullmatch(name):
            odd.append(Reason("no-sign-off", {"file": name[:80]}))
            continue
        try:
            found.append(_read(path, policy, partner, today))
        except BadEvidence as error:
            odd.append(Reason("sign-off-damaged", {"file": name, "why": str(error)[:300]}))
    if len(names) > MAX_FILES:
        odd.append(Reason("too-many-sign-offs", {"most": MAX_FILES}))
    # Of two of one moment the one that is against it counts.
    return sorted(found, key=lambda each: (each.moment, each.decision.decision != "given")), odd


def _read(path: Path, policy: Policy | None, partner: str, today: date) -> SignOff:
    envelope = read_envelope(path)
    said = envelope.statement()
    if said.predicate_type != SIGN_OFF:
        message = f"it states something else than a sign-off: {said.predicate_type[:80]!a}"
        raise BadEvidence(message)
    try:
        decision = from_json(Decision, dict(said.predicate))
    except MismatchError as error:
        message = f"what it states, field {error.where or '/'} {error.what}"
        raise BadEvidence(message) from None
    wrong = _unfit(decision)
    if wrong:
        raise BadEvidence(wrong)
    signatures = tuple(check(envelope, policy.keys() if policy else [])) if envelope.signatures else ()
    broken = [
        Reason("signature-invalid", {"key": each.keyid, "why": each.why or "it carries no key"})
        for each in signatures
        if each.outcome is not Outcome.VALID
    ]
    if decision.partner != partner:
        broken.append(Reason("of-another-partner", {"partner": decision.partner}))
    if not path.name.startswith(f"{decision.role}-"):
        broken.append(Reason("file-of-another-role", {"role": decision.role}))
    day = day_of_moment(decision.on)
    if day is None or (day - today).days > 1:
        broken.append(Reason("from-the-future", {"on": decision.on[:40]}))
    if decision.decision != "given" and not decision.reason.strip():
        broken.append(Reason("no-reason", {}))
    return SignOff(path.name, decision, said, signatures, tuple(broken))


def standing(role: Role, found: Sequence[SignOff], policy: Policy | None, digests: Mapping[Subject, str]) -> Standing:
    """Return where the sign-off of ``role`` stands, of all that were ``found``, with the ``digests`` of today."""
    mine = [each for each in found if each.decision.role == role.id]
    invalid = [each for each in mine if each.broken]
    good = _newest_of_each([each for each in mine if not each.broken], policy.rules.get(role.id) if policy else None)
    if not good:
        if invalid:
            return Standing(role, "invalid", (invalid[-1],), invalid[-1].broken, "")
        return Standing(role, "missing", (), (), "")
    against = [each for each in good if each.decision.decision != "given"]
    if against:
        last = against[-1]
        why = Reason(last.decision.decision, {"by": last.decision.by, "why": last.decision.reason[:300]})
        return Standing(role, last.decision.decision, (last,), (why,), _signed([last], policy, role))
    fresh = [each for each in good if not _stale(each, role, digests)]
    if not fresh:
        last = good[-1]
        return Standing(role, "stale", (last,), tuple(_stale(last, role, digests)), _signed([last], policy, role))
    return _by_policy(role, fresh, policy)


def _newest_of_each(found: Sequence[SignOff], rule: Rule | None) -> list[SignOff]:
    kept: list[SignOff] = []
    for each in found:
        kept = [
            other
            for other in kept
            if not (same_person(other.decision.by, each.decision.by) and _takes_the_place(each, other, rule))
        ]
        kept.append(each)
    return kept


def _takes_the_place(new: SignOff, old: SignOff, rule: Rule | None) -> bool:
    """Return whether ``new`` says instead of ``old`` what its person decides."""
    if rule is not None and _is_own(new, _vouched(new, rule)):
        return True
    if rule is not None and _is_own(old, _vouched(old, rule)):
        return False
    keys = {each.keyid for each in old.signatures}
    return not keys or not keys.isdisjoint(each.keyid for each in new.signatures)


def broken_beside(found: Sequence[SignOff], standings: Sequence[Standing]) -> list[Reason]:
    """Return why sign-offs do not count that no standing is about: a refusal that was edited must not go unnoticed."""
    shown = {each.file for standing in standings for each in standing.by}
    return [
        Reason("sign-off-broken", {"file": each.file, "because": reason.code, **reason.facts})
        for each in found
        if each.file not in shown
        for reason in each.broken[:1]
    ]


def _stale(sign_off: SignOff, role: Role, digests: Mapping[Subject, str]) -> list[Reason]:
    """Return which subjects are others today than when it was signed."""
    found = []
    for each in role.rests_on:
        signed = sign_off.statement.digest_of(each)
        if signed is None:
            found.append(Reason("does-not-name", {"what": each}))
        elif each not in digests:
            found.append(Reason("gone", {"what": each}))
        elif signed != digests[each]:
            found.append(Reason("changed", {"what": each}))
    for each in role.optional:
        signed = sign_off.statement.digest_of(each)
        if each in digests and signed != digests[each]:
            found.append(Reason("changed" if signed else "does-not-name", {"what": each}))
    return found


def _by_policy(role: Role, good: Sequence[SignOff], policy: Policy | None) -> Standing:
    rule = policy.rules.get(role.id) if policy else None
    if rule is None:
        return Standing(role, "given", tuple(good), (), _signed(good, policy, role))
    named = [(each, _vouched(each, rule)) for each in good]
    allowed = [each for each, people in named if people and _is_own(each, people)]
    people = each_once(name for each, names in named if each in allowed for name in names)
    if len(people) >= rule.needed:
        return Standing(role, "given", tuple(allowed), (), "by policy")
    strangers = [each for each in good if each not in allowed]
    reasons = [
        Reason("not-by-policy" if each.signatures else "not-signed", {"by": each.decision.by}) for each in strangers
    ]
    if allowed or not strangers:
        reasons.append(Reason("too-few", {"have": len(people), "need": rule.needed}))
    return Standing(
        role, "too-few", tuple(good), tuple(reasons), "by policy" if allowed else _signed(good, policy, role)
    )


def _is_own(sign_off: SignOff, people: Sequence[str]) -> bool:
    """Return whether the one who is named signed it, and not only a colleague's key."""
    return any(same_person(name, sign_off.decision.by) for name in people)


def _vouched(sign_off: SignOff, rule: Rule) -> tuple[str, ...]:
    """Return whose keys signed it, of those who may sign."""
    return rule.people(each.keyid for each in sign_off.signatures if each.trusted)


def _signed(found: Sequence[SignOff], policy: Policy | None, role: Role) -> Literal["by policy", "signed", "unsigned"]:
    rule = policy.rules.get(role.id) if policy else None
    if rule is not None and all(_is_own(each, _vouched(each, rule)) for each in found):
        return "by policy"
    return "signed" if all(each.signatures for each in found) else "unsigned"


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def moment_text(now: datetime) -> str:
    """Return ``now`` (in UTC) as a sign-off writes it."""
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


__all__ = [
    "CannotSign",
    "Decision",
    "SignOff",
    "Standing",
    "after_all",
    "broken_beside",
    "keep",
    "moment_text",
    "new_sign_off",
    "policy_in",
    "sign_offs_in",
    "standing",
]
