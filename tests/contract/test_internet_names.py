"""Names and addresses that can exist, by RFC 1035 and RFC 5321."""

from __future__ import annotations

import pytest

from certification.contract.internet_names import address_problem, host_problem

LONGEST_HOST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])


@pytest.mark.parametrize(
    "name", ["acorn.com", "localhost", "10.0.0.1", "::1", "[::1]", "xn--bcher-kva.de", "a" * 63, LONGEST_HOST]
)
def test_names_that_can_exist(name: str) -> None:
    assert host_problem(name) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is empty"),
        ("a..b", "empty part"),
        (".acorn.com", "empty part"),
        ("a" * 64 + ".com", "a part of 64 characters"),
        (f"e.{LONGEST_HOST}", "at most 253"),
        ("acorn_bi.com", "only letters, digits, hyphens"),
        ("-acorn.com", "only letters, digits, hyphens"),
        ("acorn.com\n", "only letters, digits, hyphens"),
        ("bücher.de", "only letters, digits, hyphens"),
        ("acorn.com:443", "only letters, digits, hyphens"),
    ],
)
def test_names_that_cannot_exist(name: str, said: str) -> None:
    assert said in host_problem(name)


@pytest.mark.parametrize(
    "address", ["a@b.com", "a.b+c@d.e", "o'neil@acorn.com", "!#$%&'*+/=?^_`{|}~-@a.com", "a" * 64 + "@b.com"]
)
def test_addresses_that_can_exist(address: str) -> None:
    assert address_problem(address) == ""


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("acorn.com", "has no @"),
        ("@acorn.com", "0 characters before the @"),
        ("a" * 65 + "@acorn.com", "65 characters before the @"),
        (f"a@{LONGEST_HOST}", "at most 254"),
        ("a..b@acorn.com", "would need quotes"),
        (".a@acorn.com", "would need quotes"),
        ("a b@acorn.com", "would need quotes"),
        ("a@" + "a" * 64 + ".com", "a domain that has a part of 64 characters"),
    ],
)
def test_addresses_that_cannot_exist(address: str, said: str) -> None:
    assert said in address_problem(address)
