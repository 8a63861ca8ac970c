from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from typing import Any

import pytest
from reference_databricks import PASSWORD, USER
from reference_dialogue import Dialogue, DiffersError
from reference_dialogue_kinds import KINDS

from certification.reference import FAULTS, Fault, create_app, default_config, overridden


@cache
def correct_dialogue(family: str, config: str) -> list[list[Any]]:
    notes = []
    for script in KINDS[family]:
        settings = json.loads(config)
        talk = Dialogue(create_app(settings, USER, PASSWORD), settings)
        asyncio.run(script(talk))
        notes.append(talk.noted)
    return notes


def differs(fault: Fault) -> bool:
    config = overridden(default_config(), [fault])
    expected = correct_dialogue(fault.family, json.dumps(config))
    for script, notes in zip(KINDS[fault.family], expected, strict=True):
        talk = Dialogue(create_app(config, USER, PASSWORD, [fault.name]), config, notes)
        try:
            asyncio.run(script(talk))
        except DiffersError:
            return True
    return False


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_shows_in_the_dialogue_of_its_family(fault: Fault) -> None:
    assert differs(fault)


def test_correct_partner_repeats_its_dialogues() -> None:
    config = json.dumps(default_config())
    for family in KINDS:
        expected = correct_dialogue(family, config)
        assert correct_dialogue.__wrapped__(family, config) == expected


def test_names_are_distinct_and_readable() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names))
    assert len(names) >= 120
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


def test_titles_are_sentences() -> None:
    assert all(fault.title[0].isupper() and fault.title.endswith(".") for fault in FAULTS)
