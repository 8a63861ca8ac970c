"""No correct partner is accused of anything, however unusual it is."""

from __future__ import annotations

import pytest

from certification.accuracy.certify import certify
from certification.accuracy.partners import reference_partner
from certification.reference import VARIANTS, Variant


def test_the_catalogue_of_variants_is_rich():
    assert len(VARIANTS) >= 30


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_correct_partner_is_not_accused(variant: Variant):
    with reference_partner(variants=[variant.name]) as partner:
        outcome = certify(partner, profile="quick")
    said = [f"{finding.case} {finding.level}: {finding.shown.seen.message}" for finding in outcome.findings]
    assert not outcome.at("must"), said
    assert not outcome.at("should") or variant.advisories, said
    assert not outcome.having("blocked", "error"), outcome.having("blocked", "error")


@pytest.mark.parametrize("variant", ["status-201", "gzip"])
def test_correct_partner_is_not_accused_in_the_standard_profile(variant: str):
    with reference_partner(variants=[variant]) as partner:
        outcome = certify(partner)
    assert not outcome.findings
    assert outcome.requests <= 1_800
