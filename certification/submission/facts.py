"""What was looked at for a rule of a submission, held or broken.  Words are made last, in :mod:`certification.submission.words`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from certification.config.images import Image
from certification.config.partner import PartnerConfig
from certification.review.manifest import Manifest
from certification.review.verify.outcome import Output
from certification.submission.explanations import Day, Explanations
from certification.submission.redirect_scenarios import RedirectScenarios


class Seen(StrEnum):
    """What came of one thing that was looked at."""

    HELD = "held"
    BROKEN = "broken"
    ADVICE = "advice"
    """Not as it should be in the end; it may be put right later, or is for a person to judge."""
    OPEN = "not looked at"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was looked at."""

    outcome: Seen
    code: str
    facts: Mapping[str, str | int]


def fact(outcome: Seen, code: str, **facts: str | int) -> Fact:
    """Return the fact that ``code`` names."""
    return Fact(outcome, code, facts)


def look(code: str, *, holds: bool, **facts: str | int) -> Fact:
    """Return the fact ``code`` when it holds, and ``code-not`` as broken when it does not."""
    return fact(Seen.HELD, code, **facts) if holds else fact(Seen.BROKEN, f"{code}-not", **facts)


@dataclass(frozen=True, slots=True)
class Picture:
    """Logo or icon."""

    field: str
    """``logo_file`` or ``icon_file``."""
    name: str
    """What the config calls it."""
    image: Image | None
    """What it is by its content; None when it is not there, or neither a PNG nor an SVG that tells its size."""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What a public page of the config answered."""

    field: str
    url: str
    problem: str
    """Empty when it answered with a page."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What was looked at outside of the files, once, when the submission was made; nobody can look again."""

    on: Day
    """The day on which it was looked at."""
    pages: tuple[PageAnswer, ...] | None
    """None when the pages were not opened."""
    credentials: bool
    """Whether credentials were in the environment, so that they could be looked for."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Something in a member that looks like a secret."""

    member: str
    kind: str
    by_hand: bool
    """Whether a person wrote the member, rather than the suite from what the partner answered."""


@dataclass(frozen=True, slots=True)
class ManualCase:
    """What the attestations say about a case that a person carries out."""

    case: str
    state: str
    """``passed``, ``failed``, ``not_applicable``, ``missing``, ``begun`` or ``stale``."""
    optional: bool
    reason: str = ""


@dataclass(frozen=True)
class Attested:
    """The attestations of a submission."""

    cases: tuple[ManualCase, ...] = ()
    problems: tuple[str, ...] = ()
    """What is wrong with the file or its pictures."""


@dataclass(frozen=True)
class Looked:
    """Everything that the rules look at."""

    config: PartnerConfig
    certificate: Output
    manifest: Manifest | None
    """The bundle's own; None when it cannot be read."""
    manifest_digest: str
    certified_config: str
    """Digest of the config in the bundle; empty when there is none."""
    report: Mapping[str, Any] | None
    """What follows from the evidence; None when nothing does."""
    pictures: tuple[Picture, ...]
    scenarios: RedirectScenarios | None
    explanations: Explanations
    attested: Attested | None
    """None when there are no attestations."""
    usability: bool
    """Whether there is a usability result."""
    outside: Outside
    leaks: tuple[Leak, ...] = field(default_factory=tuple)


def worst(found: Iterable[Fact]) -> Seen:
    """Return the outcome that decides among ``found``; held when there is nothing."""
    outcomes = {each.outcome for each in found}
    return next((each for each in (Seen.BROKEN, Seen.OPEN, Seen.ADVICE) if each in outcomes), Seen.HELD)
