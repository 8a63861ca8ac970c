"""What each generated case tries: one of every kind first, so that nothing is left to luck, then drawn ones.

What is sent never depends on the API version of the partner (ruling 16), only on what its config calls for.
"""

from __future__ import annotations

from typing import Any

from certification.config.partner import PartnerConfig
from certification.contract.fields import fields
from certification.contract.operations import OPERATIONS
from certification.databricks.requests import ABSENT, TOKEN_FORM, destination
from certification.generate import values
from certification.generate.amounts import AMOUNTS
from certification.generate.domain import Choice, Domain, Fields, kinds_of
from certification.generate.plan import Examples, Pattern, Plan, limited

BY_CLOUD = ("cloud_provider_region", "destination_location")
"""Fields whose values depend on the cloud."""


def _names(_config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Two kinds of names at once: the first name of one, the last name of another."""
    each = values.all_names().each()
    half = (len(each) + 1) // 2
    patterns: list[Pattern] = [
        {"first_name": first, "last_name": last}
        for first, last in zip(each[:half], [*each[half:], *each], strict=False)
    ]
    # Every kind in the other place as well: first and last name are often two columns of different make.
    patterns += [{"first_name": pattern["last_name"], "last_name": pattern["first_name"]} for pattern in patterns]
    drawn = Fields({"first_name": values.all_names(), "last_name": values.all_names()})
    return Plan(limited(patterns, profile), drawn, AMOUNTS[profile].drawn)


def _addresses(_config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """One kind of address at a time."""
    return Plan(limited([{"email": kind} for kind in values.all_emails().each()], profile))


def _twins(_config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Pairs of addresses that must not be taken for one."""
    return Plan(limited([{"twins": name} for name in values.TWINS], profile))


def _ids(_config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Each range of ids, with each kind of neighbour."""
    # Zero has a case of its own: there is one workspace 0, which two examples must not use at the same time.
    patterns: list[Pattern] = []
    for place, kind in enumerate(values.ID_KINDS):
        for turn, distance in enumerate(values.NEIGHBOURS):
            if values.ID_KINDS[kind][1] + values.NEIGHBOURS[distance] >= 2**63:
                continue
            if profile == "thorough" or turn == place % 2 or kind in {"above 2^53", "just below 2^63"}:
                patterns.append({"workspace_id": kind, "user_id": kind, "distance": distance})
    return Plan(limited(patterns, profile))


def _clouds(config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Each supported cloud with its regions, and the same numbers in two clouds."""
    count = 6 if profile == "thorough" else 3
    regions: list[Pattern] = [
        {"cloud": cloud, "cloud_provider_region": region}
        for cloud in config.clouds
        for region in values.REGIONS[cloud][:count]
    ]
    pairs: list[Pattern] = [
        {"cloud": one, "other_cloud": other} for one in config.clouds for other in config.clouds if one < other
    ]
    long_host: list[Pattern] = [] if config.workspace_detail else [{"hostname": "long"}]
    return Plan(limited([*pairs, *long_host, *regions], profile))


def _places(config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Catalog names and destination locations of every kind, and the fields that are reserved."""
    catalogs: list[Pattern] = [{"catalog_name": kind} for kind in values.all_catalogs().each()]
    targets: list[Pattern] = [
        {"cloud": cloud, "destination_location": kind}
        for cloud in config.clouds
        for kind in values.all_destinations(cloud).each()
    ]
    patterns: list[Pattern] = []
    for place in range(max(len(catalogs), len(targets))):
        catalog = catalogs[place] if place < len(catalogs) else {}
        patterns.append(catalog | (targets[place] if place < len(targets) else {}))
    reserved: list[Pattern] = [
        {"database_name": "my_database", "data_source_connector": "Oracle"},
        {"data_source_connector": "Amazon S3", "database_name": "default"},
    ]
    return Plan(limited([*patterns, *reserved], profile))


def _optional_fields(config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Each optional field absent on its own, all absent, all there, and drawn combinations."""
    present = _varying(config)
    model = fields("connect-request")
    absent: list[Pattern] = [{name: ABSENT for name in present if not model[name].required}]
    # What a plain request carries is left out on its own as well; the others are left out there anyway.
    absent += [{name: ABSENT} for name in absent[0] if model[name].plain or name == "cloud_provider_region"]
    patterns = [*absent, {name: options[0] for name, options in present.items()}]
    patterns += [{name: option} for name, options in present.items() for option in options]
    drawn = {name: _with_absence(name, options) for name, options in present.items()}
    return Plan(_token_forms(config) + limited(patterns, profile), Fields(drawn), 2 * AMOUNTS[profile].drawn)


def _token_forms(config: PartnerConfig) -> list[Pattern]:
    """Return both ways to say that there is no token (ruling 22), for the partners that get none."""
    return [] if config.sends_token else [{TOKEN_FORM: "null"}, {TOKEN_FORM: "absent"}]


def _varying(config: PartnerConfig) -> dict[str, list[Any]]:
    """Return the fields of a ConnectRequest that vary by themselves, each with values that Databricks could send."""
    cloud = config.clouds[0]
    by_cloud = dict(zip(BY_CLOUD, ([values.REGIONS[cloud][0]], [destination(cloud, "a")]), strict=True))
    return {
        name: list(field.examples) for name, field in fields("connect-request").items() if field.examples
    } | by_cloud


def _with_absence(name: str, options: list[Any]) -> Choice:
    return Choice(options if fields("connect-request")[name].required else [ABSENT, *options])


def _headers(_config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Both content types with languages of every form."""
    patterns: list[Pattern] = [
        {"content_type": values.CONTENT_TYPES[place % 2], "language": language}
        for place, language in enumerate(values.LANGUAGES)
    ]
    return Plan(limited(patterns, profile))


def _everything(config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Drawn from all fields at once."""
    varying = {name: options for name, options in _varying(config).items() if name not in BY_CLOUD}
    drawn: dict[str, Domain] = {
        **{name: _with_absence(name, options) for name, options in varying.items()},
        "catalog_name": values.all_catalogs(),
        "first_name": values.all_names(),
        "last_name": values.all_names(),
        "email": values.all_emails(),
        "workspace_id": kinds_of(values.ID_KINDS),
        "user_id": kinds_of(values.ID_KINDS),
        "cloud": Choice(config.clouds),
        "language": Choice(values.LANGUAGES),
        "content_type": Choice(values.CONTENT_TYPES),
    }
    return Plan([], Fields(drawn, at_least=3), AMOUNTS[profile].everything)


def _companies(_config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Domains that resemble another company's."""
    return Plan(limited([{"domain": kind} for kind in values.SIMILAR_COMPANIES], profile))


def _unknown_fields(config: PartnerConfig, _seed: int, _profile: str) -> Plan:
    """Unknown fields in each request of a connection."""
    tried = [name for name, row in OPERATIONS.items() if name == "connect" or row.names_connection]
    return Plan([{"operation": name} for name in tried if config.offers(name)])


names = Examples("G100", _names)
addresses = Examples("G110", _addresses)
twins = Examples("G115", _twins)
ids = Examples("G120", _ids)
clouds = Examples("G130", _clouds)
places = Examples("G140", _places)
optional_fields = Examples("G150", _optional_fields)
headers = Examples("G160", _headers)
everything = Examples("G170", _everything)
companies = Examples("G180", _companies)
unknown_fields = Examples("G190", _unknown_fields)

GENERATED = (
    names, addresses, twins, ids, clouds, places, optional_fields, headers, everything, companies, unknown_fields,
)  # fmt: skip
