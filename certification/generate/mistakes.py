"""Mistakes that Databricks never makes: bodies that are not JSON, wrong fields, wrong credentials, look-alike domains."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from certification.config.partner import PartnerConfig
from certification.contract.fields import fields
from certification.contract.operations import OPERATIONS
from certification.contract.versions import required_fields
from certification.generate.amounts import AMOUNTS, some
from certification.generate.plan import Examples, Plan

ALL_CREDENTIALS = (
    "absent", "wrong-password", "wrong-user", "suffix", "long-suffix", "blank-suffix", "ascii-only", "question-marks", "prefix", "first-half", "other-case", "user-case", "empty",
    "empty-password", "swapped", "no-colon", "not-base64", "not-utf8", "scheme-only", "bearer",
)  # fmt: skip
COMMON_CREDENTIALS = ("absent", "wrong-password", "wrong-user", "suffix", "prefix", "empty", "not-base64", "bearer")
"""What partners stumble over most; an operation that uses the same check as connect need not be tried with all."""

MALFORMED_CREDENTIALS = frozenset({"no-colon", "not-base64", "not-utf8", "scheme-only"})
"""Those that are no credentials at all: refusing them as a bad request is as right as refusing them as wrong."""

Broken = Callable[[str], tuple[str, str]]

BROKEN: dict[str, Broken] = {
    "empty": lambda _text: ("", "utf-8"),
    "blank": lambda _text: (" ", "utf-8"),
    "truncated": lambda text: (text[: len(text) // 2], "utf-8"),
    "without its last brace": lambda text: (text[:-1], "utf-8"),
    "plain text": lambda _text: ("connect", "utf-8"),
    "a comma too many": lambda text: (f"{text[:-1]},}}", "utf-8"),
    "single quotes": lambda _text: ("{'user_info': {}}", "utf-8"),
    "XML": lambda _text: ("<connect/>", "utf-8"),
    "a form": lambda _text: ("hostname=a&port=443", "utf-8"),
    "followed by more": lambda text: (f"{text} more", "utf-8"),
    "not UTF-8": lambda text: (text.replace('"first_name":"', '"first_name":"\u00e9\u00ff'), "latin-1"),
    "UTF-16": lambda text: (text, "utf-16"),
}
SURELY_BROKEN = frozenset(
    {"empty", "truncated", "without its last brace", "plain text", "a comma too many", "single quotes", "XML", "a form"}
)
"""Those that no parser may take for JSON; about the others parsers are known to differ, so ruling 13 on wrong fields holds."""

Mistake = dict[str, Any]

UNTRIED = {"connect-request": ("connection_id",), "user-info": ("auth",)}
"""Fields that a first connect does not have, or that the partner is free not to look at."""

NOT_OBJECTS: tuple[Any, ...] = ([], "text", None, 42, True, [{}])
WRONG_VALUES: dict[str, tuple[Any, ...]] = {
    "string": (12345, ["a"], {"a": 1}, True),
    "integer": ("12345", "not a number", 1.5, [1], True, 10**30),
    "boolean": ("maybe", 17, [True], {"a": 1}),
    "object": ("text", [1], 42, True),
}


GROUP = 12
"""So many mistakes are tried in one execution; a failing one is found out by making the list shorter."""


def _wrong_fields(operation: str) -> Callable[[PartnerConfig, int, str], Plan]:
    def plan(config: PartnerConfig, seed: int, profile: str) -> Plan:
        every = for_operation(operation, config, seed, profile)
        return Plan([{"mistakes": every[start : start + GROUP]} for start in range(0, len(every), GROUP)])

    return plan


def _wrong_credentials(operation: str) -> Callable[[PartnerConfig, int, str], Plan]:
    def plan(_config: PartnerConfig, _seed: int, profile: str) -> Plan:
        count = AMOUNTS[profile].credentials if operation == "connect" else AMOUNTS[profile].credentials_elsewhere
        few = count is not None and count <= len(COMMON_CREDENTIALS)
        return Plan([{"credentials": some(COMMON_CREDENTIALS if few else ALL_CREDENTIALS, count)}])

    return plan


def _broken(_config: PartnerConfig, _seed: int, profile: str) -> Plan:
    return Plan([{"body": name} for name in some(list(BROKEN), AMOUNTS[profile].bodies)])


broken_bodies = Examples("N100", _broken)

wrong_fields = {
    operation: Examples(case, _wrong_fields(operation))
    for operation, case in {
        "connect": "N110",
        "delete_connection": "N120",
        "test_connection": "N130",
        "delete_account": "N140",
        "expire_account": "N150",
    }.items()
}
"""Operation -> examples of wrong fields in its request."""

wrong_credentials = {
    operation: Examples(case, _wrong_credentials(operation))
    for operation, case in {
        "connect": "A100",
        "delete_connection": "A110",
        "test_connection": "A120",
        "delete_account": "A130",
        "expire_account": "A140",
        "list_connectors": "A150",
    }.items()
}
"""Operation -> examples of wrong credentials."""

NEGATIVE = (broken_bodies, *wrong_fields.values(), *wrong_credentials.values())


def for_operation(operation: str, config: PartnerConfig, seed: int, profile: str) -> list[Mistake]:
    """Return the mistakes to try on ``operation``; the thorough profile tries every wrong type of every field."""
    schema = OPERATIONS[operation].request_schema or ""
    found: list[Mistake] = [
        {"kind": "not an object", "to": value} for value in NOT_OBJECTS[: 3 if operation != "connect" else None]
    ]
    found.append({"kind": "missing", "at": [], "to": {}})
    for path, required, types in _fields(schema, config):
        if required:
            found.append({"kind": "missing", "at": path})
            found.append({"kind": "null", "at": path, "to": None})
        wrong = [value for value in WRONG_VALUES[types[0]] if not (isinstance(value, bool) and "boolean" in types)]
        count = AMOUNTS[profile].wrong_types or len(wrong)
        # The first is what software stumbles over most: a number for text, text for a number. The seed turns the others.
        first, rest = wrong[0], wrong[1:]
        start = (seed + len(path[-1])) % len(rest)
        chosen = [first, *(rest[(start + turn) % len(rest)] for turn in range(count - 1))]
        found += [{"kind": "wrong type", "at": path, "to": value} for value in chosen]
    if operation == "connect":
        found += [
            {"kind": "wrong value", "at": ["cloud_provider"], "to": "moon"},
            {"kind": "wrong value", "at": ["user_info", "email"], "to": "not an address"},
        ]
    return some(found, AMOUNTS[profile].mistakes)


def _fields(
    schema: str, config: PartnerConfig, prefix: tuple[str, ...] = ()
) -> list[tuple[list[str], bool, tuple[str, ...]]]:
    """Return place, whether it is required, and types of each field that a partner of this config knows."""
    required = required_fields(schema, config.api_version)
    rows: list[tuple[list[str], bool, tuple[str, ...]]] = []
    for field in fields(schema).values():
        foreign = field.auth_option and field.auth_option not in config.auth_options
        if field.name in UNTRIED.get(schema, ()) or foreign or not config.has(field.since):
            continue
        rows.append(([*prefix, field.name], field.name in required, field.types))
        if field.model == "user-info" and schema == "connect-request":
            rows += _fields(field.model, config, (*prefix, field.name))
    return rows


def apply(body: dict[str, Any], mistake: Mistake) -> Any:
    """Return ``body`` with ``mistake`` made in it."""
    if "at" not in mistake or not mistake["at"]:
        return mistake["to"]
    wrong = copy.deepcopy(body)
    place = wrong
    for name in mistake["at"][:-1]:
        place = place[name]
    name = mistake["at"][-1]
    if mistake["kind"] == "missing":
        place.pop(name, None)
    else:
        place[name] = mistake["to"]
    return wrong


def look_alikes(company: str) -> list[tuple[str, bool]]:
    """Return domains that resemble the test domains, each with whether it is surely another one.

    Case, blanks around and a dot at the end may be tidied up by a partner that knows domain names: then it is the test
    domain after all.  Such a domain may be refused or accepted, but must be survived.
    """
    return [
        (f"not{'databricks-test.com'}", True),
        (f"evil-{'databricks-test.com'}", True),
        (f"databricks-test.com.{company}", True),
        (f"databricks-test.com@{company}", True),
        ("databricks-testXcom.example", True),
        ("databricks-testxcom", True),
        ("databricks_test.com", True),
        ("databricks-test.co", True),
        ("databricks-test.com.au", True),
        ("databricks-test.org", True),
        ("databricks-tests.com", True),
        ("databrickstest.com", True),
        ("databricks.com", True),
        ("d\u0430tabricks-test.com", True),
        ("databr\u0131cks-test.com", True),
        (f"{company}\ndatabricks-test.com", True),
        (f"{company} databricks-test.com", True),
        ("DATABRICKS-TEST.COM", False),
        (" databricks-test.com ", False),
        ("databricks-test.com.", False),
        ("", False),
    ]
