"""Every fault of the catalogue is found by the case that should find it."""

from __future__ import annotations

import pytest
from breaking import BREAKS
from hint_table import read, row

from certification.accuracy.certify import certify
from certification.accuracy.partners import reference_partner
from certification.cases.catalogue import catalogue
from certification.reference import FAULTS, Fault
from certification.reference.faults.found_by import ADVISED, MISSED

HINTED = read()
UNKNOWN = {fault.name for fault in FAULTS if fault.found_by not in catalogue()}


def test_every_fault_names_the_case_that_finds_it():
    assert not UNKNOWN


def test_the_catalogue_of_faults_is_rich():
    assert len(FAULTS) >= 100
    assert len({fault.found_by for fault in FAULTS}) >= 30


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.name not in MISSED], ids=lambda fault: fault.name)
def test_fault_is_found_by_its_case(fault: Fault):
    with reference_partner(faults=[fault.name]) as partner:
        outcome = certify(partner, cases=[fault.found_by], looks_again=False)
    level = "should" if fault.name in ADVISED else "must"
    assert outcome.at(level), (fault.title, outcome.results)
    assert {name for name, breaker in BREAKS.items() if breaker == fault.name} <= outcome.broken
    # What is said about it was read by a person once: see hint_table.py.
    assert row(fault, outcome) == HINTED[fault.name]
    verdict = "passed" if fault.name in ADVISED else "failed"
    assert [result.verdict for result in outcome.results] == [verdict], fault.title
