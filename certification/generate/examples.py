"""Which shapes each generated case tries: one of every kind first, so that nothing is left to luck, then drawn ones."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

from certification.config.partner import PartnerConfig
from certification.contract.fields import fields
from certification.contract.operations import OPERATIONS
from certification.databricks.requests import ABSENT, TOKEN_FORM, destination
from certification.generate import values
from certification.generate.draw import draw_many
from certification.generate.shape import Shape

EXTRA = {"quick": 0, "standard": 1, "thorough": 4}
"""How many drawn shapes follow the systematic ones, as a multiple of a case's unit."""

QUICK_LIMIT = 6
"""So many shapes of a case does the quick profile try."""


def seed_for(case: str, seed: int) -> int:
    """Return the seed of one case: cases do not shift each other's shapes."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{case}".encode()).digest()[:4], "big")


def limited(shapes: list[Shape], profile: str) -> list[Shape]:
    """Return ``shapes``, or for the quick profile a few of them, spread evenly."""
    if profile != "quick" or len(shapes) <= QUICK_LIMIT:
        return shapes
    step = len(shapes) / QUICK_LIMIT
    return [shapes[int(place * step)] for place in range(QUICK_LIMIT)]


def _drawn(fields: dict[str, st.SearchStrategy[Any]], case: str, seed: int, profile: str, unit: int) -> list[Shape]:
    count = unit * EXTRA[profile]
    if not count:
        return []
    strategy = st.fixed_dictionaries({}, optional=fields).filter(bool)
    return draw_many(strategy, seed_for(f"{case}/drawn", seed), count)


def names(_config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
    """Two kinds of names at once: the first name of one, the last name of another."""
    each = values.one_of_each(values.names(), seed_for("G100", seed))
    half = (len(each) + 1) // 2
    shapes = [
        {"first_name": first, "last_name": last}
        for first, last in zip(each[:half], [*each[half:], *each], strict=False)
    ]
    # Every kind in the other place as well: first and last name are often two columns of different make.
    shapes += [{"first_name": shape["last_name"], "last_name": shape["first_name"]} for shape in shapes]
    kind = values.of_kind(values.names())
    return limited(shapes, profile) + _drawn({"first_name": kind, "last_name": kind}, "G100", seed, profile, 1)


def addresses(_config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
    """One kind of address at a time."""
    each = values.one_of_each(values.emails(), seed_for("G110", seed))
    return limited([{"email": value} for value in each], profile)


def twins(_config: PartnerConfig, _seed: int, profile: str) -> list[Shape]:
    """Pairs of addresses that must not be taken for one."""
    return limited([{"twins": name} for name in values.TWINS], profile)


def ids(_config: PartnerConfig, _seed: int, profile: str) -> list[Shape]:
    """Each range of ids, with each kind of neighbour."""
    kinds = [kind for kind in values.ID_KINDS if kind != values.ZERO]
    distances = list(values.NEIGHBOURS)
    shapes: list[Shape] = [{"user_id": values.ZERO}, {"workspace_id": values.ZERO}]
    for place, kind in enumerate(kinds):
        for turn, distance in enumerate(distances):
            if values.ID_KINDS[kind][1] + values.NEIGHBOURS[distance] >= 2**63:
                continue
            if profile == "thorough" or turn == place % 2 or kind in {"above 2^53", "just below 2^63"}:
                shapes.append({"workspace_id": kind, "user_id": kind, "distance": distance})
    return limited(shapes, profile)


def clouds(config: PartnerConfig, _seed: int, profile: str) -> list[Shape]:
    """Each supported cloud with its regions, and the same numbers in two clouds."""
    count = 6 if profile == "thorough" else 3
    shapes: list[Shape] = [
        {"cloud": cloud, "cloud_provider_region": region}
        for cloud in config.clouds
        for region in values.REGIONS[cloud][:count]
    ]
    pairs: list[Shape] = [
        {"cloud": one, "other_cloud": other} for one in config.clouds for other in config.clouds if one < other
    ]
    return limited([*pairs, *shapes], profile)


def places(config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
    """Catalog names and destination locations of every kind, and the fields that are reserved."""
    catalogs = values.one_of_each(values.catalogs(), seed_for("G140", seed))
    targets = [
        {"cloud": cloud, "destination_location": value}
        for cloud in config.clouds
        for value in values.one_of_each(values.destinations()[cloud], seed_for(f"G140/{cloud}", seed))
    ]
    catalog_shapes: list[Shape] = [{"catalog_name": value} for value in catalogs]
    shapes: list[Shape] = []
    for place in range(max(len(catalog_shapes), len(targets))):
        shape: Shape = {}
        if place < len(catalog_shapes):
            shape |= catalog_shapes[place]
        if place < len(targets):
            shape |= targets[place]
        shapes.append(shape)
    reserved: list[Shape] = [
        {"database_name": "my_database", "data_source_connector": "Oracle"},
        {"data_source_connector": "Amazon S3", "database_name": "default"},
    ]
    return limited([*shapes, *reserved], profile)


def optional_fields(config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
    """Each optional field absent on its own, all absent, all there, and drawn combinations."""
    present = _optional(config)
    model = fields("connect-request")
    absent: list[Shape] = [{name: ABSENT for name in present if not model[name].required}]
    # What a plain request carries is left out on its own as well; the others are left out there anyway.
    absent += [{name: ABSENT} for name in absent[0] if model[name].plain or name == "cloud_provider_region"]
    shapes = [*_token_forms(config), *absent, {name: options[0] for name, options in present.items()}]
    shapes += [{name: option} for name, options in present.items() for option in options]
    drawn: dict[str, st.SearchStrategy[Any]] = {
        name: st.sampled_from(options if model[name].required else [ABSENT, *options])
        for name, options in present.items()
    }
    return limited(shapes, profile) + _drawn(drawn, "G150", seed, profile, 2)


def _token_forms(config: PartnerConfig) -> list[Shape]:
    """Return both ways to say that there is no token (ruling 22), for the partners that get none."""
    return [] if config.sends_token else [{TOKEN_FORM: "null"}, {TOKEN_FORM: "absent"}]


def _optional(config: PartnerConfig) -> dict[str, list[Any]]:
    """Return the fields of a ConnectRequest that vary by themselves, each with values that Databricks could send."""
    cloud = config.clouds[0]
    fixed = {name: list(field.examples) for name, field in fields("connect-request").items() if field.examples}
    return fixed | {
        "cloud_provider_region": [values.REGIONS[cloud][0]],
        "destination_location": [destination(cloud, "a")],
    }


def headers(_config: PartnerConfig, _seed: int, profile: str) -> list[Shape]:
    """Both content types with languages of every form."""
    shapes: list[Shape] = [
        {"content_type": values.CONTENT_TYPES[place % 2], "language": language}
        for place, language in enumerate(values.LANGUAGES)
    ]
    return limited(shapes, profile)


def everything(config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
    """Drawn from all fields at once."""
    cloud = st.sampled_from(config.clouds)
    optional: dict[str, st.SearchStrategy[Any]] = {
        name: st.sampled_from([ABSENT, *options])
        for name, options in _optional(config).items()
        if name not in {"is_free_trial", "cloud_provider_region", "destination_location"}
    }
    drawn: dict[str, st.SearchStrategy[Any]] = {
        **optional,
        "catalog_name": values.of_kind(values.catalogs()),
        "is_free_trial": st.booleans(),
        "first_name": values.of_kind(values.names()),
        "last_name": values.of_kind(values.names()),
        "email": values.of_kind(values.emails()),
        "workspace_id": st.sampled_from(sorted(values.ID_KINDS.keys() - {values.ZERO})),
        "user_id": st.sampled_from(sorted(values.ID_KINDS.keys() - {values.ZERO})),
        "cloud": cloud,
        "language": st.sampled_from(values.LANGUAGES),
        "content_type": st.sampled_from(values.CONTENT_TYPES),
    }
    count = {"quick": 4, "standard": 10, "thorough": 80}[profile]
    strategy = st.fixed_dictionaries({}, optional=drawn).filter(lambda shape: len(shape) > 2)
    return draw_many(strategy, seed_for("G170", seed), count)


def companies(_config: PartnerConfig, _seed: int, profile: str) -> list[Shape]:
    """Domains that resemble another company's."""
    return limited(
        [
            {"domain": kind}
            for kind in (
                "longer",
                "same first label",
                "hyphenated",
                "long common beginning",
                "same ending",
                "same local part",
                *values.COMMON_BEGINNINGS,
            )
        ],
        profile,
    )


def unknown_fields(config: PartnerConfig, _seed: int, _profile: str) -> list[Shape]:
    """Add a field that no version has, to each request."""
    return [
        {"operation": name}
        for name, row in OPERATIONS.items()
        if config.offers(name) and (name == "connect" or row.names_connection)
    ]
