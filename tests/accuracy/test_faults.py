"""Every fault of the catalogue is found by the case that should find it."""

from __future__ import annotations

import pytest

from certification.catalogue import catalogue
from certification.reference import FAULTS, Fault

UNKNOWN = {fault.name for fault in FAULTS if fault.found_by not in catalogue()}


def test_every_fault_names_the_case_that_finds_it():
    assert not UNKNOWN


def test_the_catalogue_of_faults_is_rich():
    assert len(FAULTS) >= 100
    assert len({fault.found_by for fault in FAULTS}) >= 30


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_found_by_its_case(fault: Fault, partners):
    outcome = partners.certify(fault=fault.name, cases=[fault.found_by])
    required = [f"{finding.case}: {finding.violation.message}" for finding in outcome.at("must")]
    assert [result.verdict for result in outcome.results] == ["failed"], (fault.title, outcome.results)
    assert required
