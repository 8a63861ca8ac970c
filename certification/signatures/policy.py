"""``sign-off-policy.json``: who may sign for which role, and how many of them are needed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from certification.foundation.errors import CannotStart, Problem
from certification.foundation.people import each_once
from certification.foundation.safe_text import clip
from certification.foundation.strict_json import parse
from certification.signatures.keys import CannotSign, PublicKey, public_key

POLICY_FORMAT: Final = 1
MAX_BYTES: Final = 500_000
MAX_SIGNERS: Final = 100
FIELDS: Final = ("$schema", "$comment", "format", "roles")
_ROLE_FIELDS: Final = ("$comment", "needed", "signers")
_SIGNER_FIELDS: Final = ("$comment", "name", "organisation", "key")


@dataclass(frozen=True)
class Signer:
    """A person who may sign."""

    name: str
    organisation: str
    key: PublicKey


@dataclass(frozen=True)
class Rule:
    """Who may sign for a role."""

    needed: int
    """How many different people."""
    signers: tuple[Signer, ...]

    def people(self, keyids: Iterable[str]) -> tuple[str, ...]:
        """Return the names of those whose keys are among ``keyids``, each once, however many keys they have."""
        wanted = set(keyids)
        return each_once(signer.name for signer in self.signers if signer.key.keyid in wanted)


@dataclass(frozen=True)
class Policy:
    """The rules by role; a role without one accepts anybody, and says so."""

    rules: Mapping[str, Rule]

    def keys(self) -> list[PublicKey]:
        """Return all keys that may sign for anything."""
        return [signer.key for rule in self.rules.values() for signer in rule.signers]


def read_policy(path: Path, roles: Sequence[str]) -> Policy:
    """Return the policy in the file at ``path`` over these ``roles``; raises :class:`CannotStart` with all that is wrong.

    Raises :class:`CannotSign` when the libraries for keys are missing.
    """
    raw = _read(path)
    problems: list[Problem] = []
    rules: dict[str, Rule] = {}
    where = str(path)
    problems += _unknown(raw, FIELDS, where, "")
    if raw.get("format") != POLICY_FORMAT:
        problems.append(
            _problem(where, "/format", f"should be {POLICY_FORMAT}.", "Write it, or use the suite that wrote the file.")
        )
    given = raw.get("roles")
    if not isinstance(given, dict):
        problems.append(
            _problem(where, "/roles", "is missing or no object.", f"Name who may sign for {', '.join(roles)}.")
        )
        given = {}
    for role, value in given.items():
        place = f"/roles/{clip(role, 40)}"
        if role not in roles:
            problems.append(
                _problem(where, place, "is no role.", f"{_nearest(role, roles)}Roles are {', '.join(roles)}.")
            )
            continue
        rule, wrong = _rule(value, where, place)
        problems += wrong
        if rule is not None:
            rules[role] = rule
    if problems:
        raise CannotStart(problems)
    return Policy(rules)


def _rule(value: Any, where: str, place: str) -> tuple[Rule | None, list[Problem]]:
    if not isinstance(value, dict):
        return None, [_problem(where, place, "is no object.", 'Write {"needed": 1, "signers": […]}.')]
    problems = list(_unknown(value, _ROLE_FIELDS, where, place))
    signers: list[Signer] = []
    given = value.get("signers")
    if not isinstance(given, list) or not 0 < len(given) <= MAX_SIGNERS:
        problems.append(
            _problem(where, f"{place}/signers", f"is no list of 1 to {MAX_SIGNERS} people.", "Name who may sign.")
        )
        given = []
    for number, each in enumerate(given):
        signer, wrong = _signer(each, where, f"{place}/signers/{number}")
        problems += wrong
        if signer is not None:
            if any(signer.key.keyid == other.key.keyid for other in signers):
                problems.append(
                    _problem(
                        where,
                        f"{place}/signers/{number}/key",
                        "is the key of somebody else, too.",
                        "Each person has a key of their own.",
                    )
                )
            signers.append(signer)
    needed, people = value.get("needed", 1), len(each_once(signer.name for signer in signers))
    if not isinstance(needed, int) or isinstance(needed, bool) or needed < 1:
        problems.append(
            _problem(where, f"{place}/needed", "is no number from 1.", "Say how many different people must sign.")
        )
    elif needed > max(1, people) and not problems:
        problems.append(
            _problem(
                where,
                f"{place}/needed",
                f"asks for {needed} people, and {people} may sign.",
                "Name more signers, or ask for fewer.",
            )
        )
    return (None if problems else Rule(needed, tuple(signers))), problems


def _signer(value: Any, where: str, place: str) -> tuple[Signer | None, list[Problem]]:
    if not isinstance(value, dict):
        return None, [_problem(where, place, "is no object.", 'Write {"name": …, "organisation": …, "key": …}.')]
    problems = list(_unknown(value, _SIGNER_FIELDS, where, place))
    for field in ("name", "organisation", "key"):
        text = value.get(field)
        if not isinstance(text, str) or not text.strip() or len(text) > 5_000:
            problems.append(_problem(where, f"{place}/{field}", "is missing or no text.", "Write it."))
    if problems:
        return None, problems
    try:
        key = public_key(value["key"])
    except CannotSign as error:
        if "not installed" in str(error):
            raise
        remedy = "Give the line of the .pub file of an SSH key, or the text of a PEM key."
        return None, [_problem(where, f"{place}/key", f"cannot be used: {error}.", remedy)]
    return Signer(" ".join(value["name"].split()), value["organisation"].strip(), key), []


def _unknown(value: dict[str, Any], fields: Sequence[str], where: str, place: str) -> Iterator[Problem]:
    for name in value.keys() - set(fields):
        remedy = f"{_nearest(name, fields)}Fields are {', '.join(fields)}."
        yield _problem(where, f"{place}/{clip(name, 40)}", "is no field of a policy.", remedy)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}? " if near else ""


def _problem(where: str, place: str, what: str, remedy: str) -> Problem:
    return Problem(f"{where}, field {place}", what, remedy)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _stop(path, f"cannot be read ({error.strerror}).") from None
    if len(data) > MAX_BYTES:
        raise _stop(path, f"has more than {MAX_BYTES:,} bytes.")
    try:
        parsed = parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _stop(path, "is not UTF-8.") from None
    wrong = parsed.error or next(iter(parsed.irregularities), "")
    if wrong or not isinstance(parsed.value, dict):
        raise _stop(path, f"is not JSON: {wrong}." if wrong else "holds no object.")
    return parsed.value


def _stop(path: Path, what: str) -> CannotStart:
    remedy = 'A policy looks like {"format": 1, "roles": {"partner": {"needed": 1, "signers": [{"name": …, "organisation": …, "key": …}]}}}.'
    return CannotStart([Problem(str(path), what, remedy)])
