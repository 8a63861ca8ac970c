"""What depends on which field of the config: the table names every field, and what cases really read."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any

import pytest

from certification.accuracy.partners import PATIENCE_SECONDS, reference_partner
from certification.cases.catalogue import catalogue
from certification.client.partner import open_partner
from certification.config.partner import PartnerConfig
from certification.contract.requirements import REQUIREMENTS
from certification.contract.schema_files import read_schema
from certification.databricks.context import Context
from certification.review.reach import REACH, changed_fields
from certification.run.reference_process import reference_config
from certification.run.runner import Runner

BY_REQUIREMENT = {"api_version", "hostnames", "is_published_app"}
"""Read by nearly every case, and only to hold an answer to one requirement (or, for the version, to what its digest says)."""

ANSWERED_OTHERWISE = {
    "trial and invitation": ({"trial_type": "user", "new_user_action": "invite"}, ("P302", "H150", "G115")),
    "no trial, by hand": ({"trial_type": None, "require_manual_signup": True}, ("P501", "H130", "T130", "P300")),
    "demo and connectors": ({"category": "INGEST", "supports_demo": True}, ("P700", "A170", "P900", "G190", "P800")),
}


class Read(dict[str, Any]):
    """An object of a config that notes what is read of it."""

    def __init__(self, values: dict[str, Any], seen: set[str], above: str = "") -> None:
        super().__init__(values)
        self.seen, self.above = seen, above

    def __getitem__(self, key: str) -> Any:
        self.seen.add(self.above + key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.seen.add(self.above + key)
        return super().get(key, default)


def fields_of(rule: dict[str, Any], above: str = "") -> set[str]:
    names = {f"{above}{name}" for name in rule["properties"]}
    return (names - {"endpoints"}) | {f"endpoints/{name}" for name in rule["properties"]["endpoints"]["properties"]}


def test_every_field_of_a_config_is_in_the_table() -> None:
    assert set(REACH) == fields_of(read_schema("partner-config"))


def test_the_table_names_only_what_there_is() -> None:
    assert {name for reach in REACH.values() for name in reach.requirements} <= REQUIREMENTS.keys()
    assert {name for reach in REACH.values() for name in reach.cases} <= catalogue().keys()


@pytest.mark.parametrize(("more", "cases"), ANSWERED_OTHERWISE.values(), ids=ANSWERED_OTHERWISE)
def test_what_a_case_reads_reaches_it(more: dict[str, Any], cases: tuple[str, ...], tmp_path: Path) -> None:
    raw = {key: value for key, value in {**reference_config().raw, **more}.items() if value is not None}
    missed = {}
    with reference_partner(raw) as partner:
        seen = set[str]()
        noted = Read(partner.config.raw, seen)
        dict.__setitem__(noted, "endpoints", Read(partner.config.raw["endpoints"], seen, "endpoints/"))
        config = PartnerConfig(noted)
        with open_partner(
            config, partner.url, partner.credentials, tmp_path, seconds=PATIENCE_SECONDS, transport=partner.transport
        ) as opened:
            context = Context(secrets.token_hex(8), 1, "quick", partner.url, config, opened.alike)
            runner = Runner(context, opened.live, opened.recorder, time.monotonic, looks_again=False)
            for name in cases:
                seen.clear()
                runner.run(catalogue()[name])
                assert seen >= {"endpoints"}
                unread = {field for field in seen - BY_REQUIREMENT - {"endpoints"} if not reaches(field, name)}
                missed |= {name: unread} if unread else {}
    assert missed == {}


def reaches(field: str, case: str) -> bool:
    reach = REACH[field]
    return reach.everything or bool(reach.operations) or case in reach.cases


def test_fields_that_changed() -> None:
    old = {"name": "A", "supports_demo": True, "endpoints": {"connect_path": "/a", "test_connection_path": "/t"}}
    new = {"supports_demo": 1, "endpoints": {"connect_path": "/b"}, "mine": [], "name": "A"}
    assert changed_fields(old, new) == (
        "endpoints/connect_path",
        "endpoints/test_connection_path",
        "supports_demo",
        "mine",
    )
    assert changed_fields(old, dict(reversed(old.items()))) == ()
    assert len(changed_fields({}, {str(number): 1 for number in range(10_000)})) == 40
