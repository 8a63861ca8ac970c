"""No correct partner is accused of anything, however unusual it is."""

from __future__ import annotations

import pytest
from groups import groups

from certification.accuracy.certify import certify
from certification.accuracy.partners import reference_partner
from certification.reference import VARIANTS, Variant


def test_the_catalogue_of_variants_is_rich():
    assert len(VARIANTS) >= 30


@pytest.mark.parametrize("group", groups(), ids=lambda group: "+".join(variant.name for variant in group))
def test_partner_that_is_unusual_in_several_ways_is_not_accused(group: list[Variant]):
    with reference_partner(variants=[variant.name for variant in group]) as partner:
        outcome = certify(partner, profile="quick", looks_again=False)
    said = [f"{finding.case} {finding.level}: {finding.shown.seen.message}" for finding in outcome.findings]
    assert not outcome.at("must"), said
    assert not outcome.at("should") or group[0].advisories, said
    assert not outcome.having("blocked", "error"), outcome.having("blocked", "error")


@pytest.mark.parametrize("variant", ["status-201", "gzip"])
def test_correct_partner_is_not_accused_in_the_standard_profile(variant: str):
    with reference_partner(variants=[variant]) as partner:
        outcome = certify(partner)
    assert not outcome.findings
    assert outcome.requests <= 1_800
