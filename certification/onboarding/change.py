"""Changes after launch: which kinds there are, and what one touches.

One table says for each kind which fields of the config it may touch and what should be looked at again for it.  What of the
config really changed is compared with that of the certificate of record, so that nothing changes under another name.
Source: Lifecycle, maintenance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from certification.cases.case import Case
from certification.cases.catalogue import catalogue, tested_by
from certification.config.partner import PartnerConfig
from certification.contract.law import clause_digest
from certification.contract.lifecycle import ROLES, Subject
from certification.contract.operations import OPERATIONS
from certification.contract.requirements import REQUIREMENTS
from certification.contract.statements import STATEMENTS
from certification.review.reach import REACH, SERVICE, changed_fields

SHOWN: Final = ("$schema", "description_blurb", "logo_file", "icon_file")
"""Fields that any kind may touch: people and editors read them, and no request."""

_PAGES: Final = ("sign_up_page", "privacy_policy", "terms_of_service")
_PATHS: Final = tuple(f"endpoints/{row.config_key}" for row in OPERATIONS.values())

_ALL_BY_HAND: Final = tuple(case.id for case in catalogue().values() if case.manual)
_LANDING: Final = tuple(name for name in _ALL_BY_HAND if name not in {"M200", "M201"})
"""Manual cases in which somebody lands on a page of the partner."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change."""

    id: str
    what: str
    fields: tuple[str, ...] = ()
    """Fields of the config that it may touch, beside :data:`SHOWN`."""
    everything: bool = False
    """Whether it may be felt in every case, whatever changed in the config."""
    requirements: tuple[str, ...] = ()
    """Requirements that it bears on by itself, whatever changed in the config."""
    statements: tuple[str, ...] = ()
    """Usability statements to look at again."""
    manual: tuple[str, ...] = ()
    """Manual cases to execute again, also where the attestations still fit."""
    roles: tuple[str, ...] = ()
    """Whose sign-off it bears on."""


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.id: kind
        for kind in (
            Kind(
                "credentials",
                "other credentials, which Databricks must be given, too",
                requirements=("credentials-required", "refused-without-effect", "credentials-first", "scheme-any-case"),
                manual=("M100", "M300"),
                roles=("partner", "engineering"),
            ),
            Kind(
                "hostname",
                "another host of the API or of its pages",
                fields=("base_url", "hostnames", *_PAGES, *_PATHS),
                requirements=(
                    "answer-direct", "redirect-absolute", "redirect-allowed", "redirect-answers", "redirect-arrives",
                ),
                statements=tuple(STATEMENTS),
                manual=_LANDING,
                roles=("partner", "engineering", "product"),
            ),
            Kind(
                "cloud",
                "a cloud more or less",
                fields=("supported_clouds", "resources_to_provision", "hostnames", "test_workspace_detail"),
                requirements=("workspaces-separate", "first-connect", "sign-in"),
                statements=("U220", "U230", "U300"),
                manual=("M100", "M101", "M200", "M201", "M600"),
                roles=("partner", "engineering", "solution-architect"),
            ),
            Kind(
                "feature",
                "something that the integration can do now: Unity Catalog, OAuth, the demo, trials, a test hook",
                fields=(
                    "name", "category", "resources_to_provision", "new_user_action", "data_permissions", "object_permissions",
                    "require_manual_signup", "trial_type", "supports_demo", "auth_options", "is_published_app",
                    "allow_editable_email", *_PATHS,
                ),
                everything=True,
                statements=tuple(STATEMENTS),
                manual=_ALL_BY_HAND,
                roles=tuple(ROLES),
            ),
            Kind(
                "api-version",
                "another version of the API",
                # What came with a version, or is owed since.
                fields=(
                    "api_version", "data_permissions", "auth_options", "is_published_app", "endpoints/delete_connection_path",
                ),
                manual=("M200", "M400", "M401", "M402"),
                roles=("partner", "engineering", "solution-architect"),
            ),
            Kind(
                "fix",
                "a repair, or a new release without another declaration",
                fields=_PAGES,
                everything=True,
                roles=("partner",),
            ),
        )
    }
)  # fmt: skip
"""Id -> kind."""


@dataclass(frozen=True)
class Touched:
    """What a change touches."""

    fields: tuple[str, ...]
    """Fields of the config that changed since the certificate of record."""
    foreign: Mapping[str, tuple[str, ...]]
    """Field that changed and belongs to none of the kinds -> the kinds that it belongs to."""
    everything: bool
    """Whether no case can be left out."""
    requirements: tuple[str, ...]
    cases: tuple[str, ...]
    """Cases that a narrowed run would have run."""
    applicable: int
    """Number of automated cases that apply to the partner."""
    statements: tuple[str, ...]
    manual: tuple[str, ...]
    """Manual cases that apply and should be executed again."""
    roles: tuple[str, ...]
    """Whose sign-off it bears on."""

    @property
    def selection(self) -> str:
        """What ``pytest -k`` would have been given for it; empty where nothing could have been left out."""
        return "" if self.everything else " or ".join(self.cases)


def touched(kinds: Sequence[Kind], old: Mapping[str, Any], new: PartnerConfig) -> Touched:
    """Return what a change of ``kinds`` touches, the config having been ``old`` and being ``new``."""
    fields = changed_fields(old, new.raw)
    reaches = [REACH[name] for name in fields if name in REACH]
    everything = any(kind.everything for kind in kinds) or any(reach.everything for reach in reaches)
    versions = (str(old.get("api_version")), new.api_version)
    chosen = {
        *(name for kind in kinds for name in kind.requirements),
        *(name for reach in reaches for name in reach.requirements),
        *(name for name in REQUIREMENTS if clause_digest(name, versions[0]) != clause_digest(name, versions[1])),
    }
    requirements = tuple(name for name in REQUIREMENTS if everything or name in chosen)
    applying = [case for case in catalogue().values() if not case.manual and case.applies(new) is None]
    operations = {name for reach in reaches for name in reach.operations}
    named = {
        *(case for reach in reaches for case in reach.cases),
        *(case for name in requirements for case in tested_by()[name]),
    }
    cases = tuple(case.id for case in applying if everything or case.id in named or _is_about(case, operations, new))
    manual = {name for kind in kinds for name in kind.manual}
    return Touched(
        fields,
        {name: _owners(name) for name in fields if name in REACH and not any(_may_touch(kind, name) for kind in kinds)},
        everything,
        requirements,
        cases,
        len(applying),
        _in_order(STATEMENTS, (name for kind in kinds for name in kind.statements)),
        tuple(name for name in _ALL_BY_HAND if name in manual and catalogue()[name].applies(new) is None),
        _in_order(ROLES, (name for kind in kinds for name in kind.roles)),
    )


def stale_roles(*, config_changed: bool) -> tuple[str, ...]:
    """Return the roles whose sign-offs are stale once a new bundle, and perhaps another config, takes the place of the old."""
    gone = {Subject.BUNDLE, *([Subject.CONFIG] if config_changed else [])}
    return tuple(role.id for role in ROLES.values() if gone & {*role.rests_on, *role.optional})


def _may_touch(kind: Kind, field: str) -> bool:
    return field in kind.fields or field in SHOWN


def _owners(field: str) -> tuple[str, ...]:
    return tuple(kind.id for kind in KINDS.values() if _may_touch(kind, field))


def _is_about(case: Case, operations: Iterable[str], config: PartnerConfig) -> bool:
    """Return whether ``case`` applies only because the config offers one of ``operations``."""
    paths = config.raw["endpoints"]
    for name in operations:
        row = OPERATIONS.get(name)
        if name == SERVICE or row is None or row.config_key not in paths:
            continue
        without = {key: path for key, path in paths.items() if key != row.config_key}
        if case.applies(PartnerConfig({**config.raw, "endpoints": without})) is not None:
            return True
    return False


def _in_order(known: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    chosen = set(names)
    return tuple(name for name in known if name in chosen)
