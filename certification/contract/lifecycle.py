"""The lifecycle of an onboarding as data: its stages, what each needs and from whom, and the four sign-offs.

Source: Partner Connect onboarding lifecycle; Onboarding validation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Mover(StrEnum):
    """Whose move something is."""

    PARTNER = "partner"
    DATABRICKS = "Databricks"
    """The team that looks after the partner."""
    ENGINEERING = "Databricks engineering"
    SOLUTION_ARCHITECT = "Databricks solution architect"
    PRODUCT = "Databricks product"


class Stage(StrEnum):
    """The stages, in their order."""

    PREREQUISITES = "prerequisites"
    SCHEDULING = "scheduling"
    GO_TO_MARKET = "go-to-market"
    UX_REVIEW = "ux-review"
    IMPLEMENTATION = "implementation"
    SELF_TEST = "self-test"
    SUBMISSION = "submission"
    PRODUCTION_TILE = "production-tile"
    VALIDATION = "validation"
    VIDEO_SESSION = "video-session"
    END_GAME = "end-game"
    MAINTENANCE = "maintenance"


PARALLEL: Final = frozenset({Stage.GO_TO_MARKET})
"""Goes on beside the others, until launch."""

TITLES: Final[Mapping[Stage, str]] = {
    Stage.PREREQUISITES: "Prerequisites",
    Stage.SCHEDULING: "Getting scheduled",
    Stage.GO_TO_MARKET: "Go-to-market",
    Stage.UX_REVIEW: "UX guidelines",
    Stage.IMPLEMENTATION: "Implementation",
    Stage.SELF_TEST: "Self-testing tile",
    Stage.SUBMISSION: "Submission",
    Stage.PRODUCTION_TILE: "Tile in one workspace",
    Stage.VALIDATION: "Validation",
    Stage.VIDEO_SESSION: "Video session",
    Stage.END_GAME: "Sign-offs and launch",
    Stage.MAINTENANCE: "Maintenance",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a stage needs."""

    id: str
    stage: Stage
    text: str
    mover: Mover
    derived: bool = False
    """Whether it follows from files that can be verified; otherwise a person declares it."""
    url: bool = False
    """Whether a declaration names an address."""
    declarable: bool = False
    """Whether a derived one may be declared instead."""


_P, _D = Mover.PARTNER, Mover.DATABRICKS

NEEDS: Final[Mapping[str, Need]] = {
    need.id: need
    for need in (
        Need("databricks-partner", Stage.PREREQUISITES, "is a Databricks partner", _P),
        Need("core-integration", Stage.PREREQUISITES, "has a validated core integration with Databricks", _P),
        Need("fit-assessed", Stage.SCHEDULING, "fit for Partner Connect assessed with Databricks", _D),
        Need("due-diligence", Stage.SCHEDULING, "technical due diligence form sent", _P),
        Need("engineering-committed", Stage.SCHEDULING, "engineering committed to the integration", _P),
        Need("kick-off", Stage.SCHEDULING, "technical kick-off held", _D),
        Need("quarter", Stage.SCHEDULING, "quarter chosen", _D),
        Need("agreement", Stage.GO_TO_MARKET, "partnership agreement (PPA) signed", _P),
        Need("mini-site", Stage.GO_TO_MARKET, "mini site online", _P, url=True),
        Need("directory-logo", Stage.GO_TO_MARKET, "Databricks logo in the partner's directory of partners", _P, url=True),
        Need("launch-blog", Stage.GO_TO_MARKET, "launch blog written", _P, url=True),
        Need("documentation", Stage.GO_TO_MARKET, "documentation of the integration online", _P, url=True),
        Need("ux-reviewed", Stage.UX_REVIEW, "UX guidelines reviewed with Databricks on mocks or a video", Mover.PRODUCT),
        Need("certified", Stage.IMPLEMENTATION, "API implemented and certified", _P, derived=True),
        Need("tile-tried", Stage.SELF_TEST, "self-testing tile tried", _P, derived=True, declarable=True),
        Need("submitted", Stage.SUBMISSION, "artifacts submitted, and complete", _P, derived=True),
        Need("tile-added", Stage.PRODUCTION_TILE, "tile added in one production workspace", Mover.ENGINEERING),
        Need("manual-cases", Stage.VALIDATION, "every applicable manual case executed", _P, derived=True),
        Need("video-session", Stage.VIDEO_SESSION, "video session held, its problems settled", Mover.ENGINEERING, derived=True),
        Need("sign-off-partner", Stage.END_GAME, "sign-off of the partner", _P, derived=True),
        Need("sign-off-engineering", Stage.END_GAME, "sign-off of Databricks engineering", Mover.ENGINEERING, derived=True),
        Need("sign-off-solution-architect", Stage.END_GAME, "sign-off of the solution architects", Mover.SOLUTION_ARCHITECT, derived=True),
        Need("sign-off-product", Stage.END_GAME, "sign-off of Databricks product", Mover.PRODUCT, derived=True),
        Need("agreement-confirmed", Stage.END_GAME, "signed agreement confirmed by Databricks", _D),
        Need("ga-agreed", Stage.END_GAME, "GA date agreed, at least a week ahead", _D, derived=True),
        Need("roll-out", Stage.END_GAME, "roll-out planned region by region in the week before GA", Mover.ENGINEERING, derived=True),
        Need("certificate-valid", Stage.MAINTENANCE, "certificate of record is of today's config and not due", _P, derived=True),
    )
}  # fmt: skip


class Subject(StrEnum):
    """What a sign-off is about; the values are the names of subjects in its statement."""

    BUNDLE = "certification.zip/manifest.json"
    CONFIG = "partner.json"
    """The digest of the config as canonical JSON: sorted keys, no blanks."""
    ATTESTATIONS = "attestations.json"
    UX = "ux/result.json"
    VIDEO_SESSIONS = "onboarding.json/video_sessions"
    """The digest of the list as canonical JSON."""


@dataclass(frozen=True, slots=True)
class Role:
    """One of the four who sign off."""

    id: str
    title: str
    of_what: str
    mover: Mover
    rests_on: tuple[Subject, ...]
    optional: tuple[Subject, ...] = ()
    """Signed where it is there."""
    needs: tuple[str, ...] = ()
    """What must be done before it can be given."""


ROLES: Final[Mapping[str, Role]] = {
    role.id: role
    for role in (
        Role("partner", "the partner", "API tests green, each applicable manual case executed", _P,
             (Subject.BUNDLE, Subject.CONFIG, Subject.ATTESTATIONS), needs=("certified", "manual-cases")),
        Role("engineering", "Databricks engineering", "the integration works in every use case", Mover.ENGINEERING,
             (Subject.BUNDLE, Subject.CONFIG, Subject.ATTESTATIONS, Subject.VIDEO_SESSIONS),
             needs=("certified", "manual-cases", "video-session")),
        Role("solution-architect", "Databricks solution architects", "the core integration works with the permissions that Partner Connect sets up",
             Mover.SOLUTION_ARCHITECT, (Subject.BUNDLE, Subject.CONFIG, Subject.ATTESTATIONS), needs=("certified", "manual-cases")),
        Role("product", "Databricks product", "usability for somebody new to the product", Mover.PRODUCT,
             (Subject.BUNDLE, Subject.CONFIG), (Subject.UX,), needs=("certified", "ux-reviewed")),
    )
}  # fmt: skip
