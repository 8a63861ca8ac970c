from __future__ import annotations

import asyncio

import pytest
from reference_databricks import PASSWORD, USER
from reference_walk import Walk

from certification.reference import VARIANTS, Variant, create_app, default_config, overridden


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_variant_is_correct(variant: Variant) -> None:
    config = overridden(default_config(), [variant])
    app = create_app(config, USER, PASSWORD, variants=[variant.name])
    asyncio.run(Walk(app, config, variant).everything())


def test_correct_partner_is_correct() -> None:
    config = default_config()
    asyncio.run(Walk(create_app(config, USER, PASSWORD), config).everything())


def test_there_are_enough_variants_with_names_of_their_own() -> None:
    names = [variant.name for variant in VARIANTS]
    assert len(names) == len(set(names)) >= 36
