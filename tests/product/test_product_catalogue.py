"""Every page fault and page variant: it renders, it differs, and whoever fills in the forms gets where the catalogue says."""

from __future__ import annotations

import re
from functools import cache

import pytest
from product_visitor import Visitor, product

from certification.reference import (
    PAGE_FAULTS,
    PAGE_VARIANTS,
    PageFault,
    PageVariant,
    UnknownNameError,
    find_page_entries,
)

STATEMENTS = (
    *("U100", "U110", "U120", "U130", "U140", "U150", "U160"),
    *("U200", "U210", "U220", "U230", "U240", "U300", "U310", "U400", "U410", "U420"),
)
PLAIN = PAGE_VARIANTS[0]
ENTRIES = (*PAGE_FAULTS, *PAGE_VARIANTS)


def steady(html: str) -> str:
    """The page without what is drawn for each visit."""
    return re.sub(r"ticket=[\w-]+", "ticket=T", html)


def walked(entry: PageFault | PageVariant) -> Visitor:
    kind = {"faults": [entry.name]} if isinstance(entry, PageFault) else {"variants": [entry.name]}
    with product(**kind, **entry.config) as visitor:
        visitor.walk(visitor.redirect_of(entry.scenario))
        if entry.scenario == "sign_in" and visitor.path.endswith("/home"):
            visitor.open("/app/sign-in")
    return visitor


@cache
def usual(scenario: str) -> str:
    config = {"new_user_action": "invite"} if scenario == "contact_admin" else {}
    return "".join(map(steady, walked(PageVariant("plain", "", scenario=scenario, config=config)).seen))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_each_entry_can_be_walked_and_is_not_the_usual_product(entry: PageFault | PageVariant) -> None:
    visitor = walked(entry)
    breaks = entry.name == "home-breaks"
    assert (visitor.answer.status_code == 500) == breaks
    if entry is not PLAIN:
        assert "".join(map(steady, visitor.seen)) != usual(entry.scenario)


LED = [
    variant
    for variant in PAGE_VARIANTS
    if not (variant.unreached or variant.scripted or variant.clock) and variant.scenario in {"create_trial", "sign_in"}
]


@pytest.mark.parametrize("variant", LED, ids=lambda variant: variant.name)
def test_a_variant_leads_whoever_fills_in_its_forms_to_the_connection(variant: PageVariant) -> None:
    with product(variants=[variant.name]) as visitor:
        visitor.walk(visitor.redirect_of(variant.scenario))
        page = visitor.page if not visitor.path.endswith("/callback") else visitor.open("/app/home")
    assert "organization" in page.text
    assert "ada@databricks-test.com" in page.text.lower()


def test_the_catalogue_is_large_and_its_names_are_clear() -> None:
    names = [entry.name for entry in ENTRIES]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)
    assert all(entry.title.endswith(".") for entry in ENTRIES)
    assert len(PAGE_FAULTS) >= 36
    assert len(PAGE_VARIANTS) >= 24


def test_every_entry_speaks_of_statements_of_the_guidelines_and_does_not_contradict_itself() -> None:
    for fault in PAGE_FAULTS:
        assert fault.violates
        assert set(fault.violates + fault.may + fault.unreached) <= set(STATEMENTS)
        assert not set(fault.violates) & set(fault.may + fault.unreached), fault.name
    for variant in PAGE_VARIANTS:
        assert set(variant.review + variant.unreached + variant.advice) <= set(STATEMENTS)
        assert bool(variant.unreached) == bool(variant.stopped_by), variant.name


def test_every_statement_that_a_browser_can_see_violated_has_a_fault() -> None:
    found = {statement for fault in PAGE_FAULTS for statement in fault.violates}
    # A tutorial and a pool are no duty: to lack one is advice at the most.
    assert found == set(STATEMENTS) - {"U240", "U310"}


def test_an_unknown_name_is_answered_with_a_near_one() -> None:
    with pytest.raises(UnknownNameError, match=r"no page fault named 'asks-compny' \(did you mean asks-company"):
        find_page_entries(["asks-compny"], [])
    with pytest.raises(UnknownNameError, match="no page variant named 'wizzard'"):
        find_page_entries([], ["wizzard"])
