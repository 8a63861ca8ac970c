"""What strangers write is read with bounds: JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.foundation.strict_json import MAX_DEPTH, parse

# JSON

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@settings(deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_json_is_read_as_it_was_written(value: Any, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001 - drawn
    parsed = parse(json.dumps(value, ensure_ascii=ascii_only, indent=indent))
    assert (parsed.value, parsed.error) == (value, "")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    parsed = parse(text)
    try:
        expected = json.loads(text, parse_constant=_no_constant)
    except ValueError:
        assert parsed.error
        assert parsed.value is None
    else:
        assert parsed.value == expected


def _no_constant(name: str) -> None:
    raise ValueError(name)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("NaN", "NaN is not JSON"),
        ('{"a": Infinity}', "Infinity is not JSON"),
        ("-Infinity", "-Infinity is not JSON"),
        ("[" * 10_000 + "]" * 10_000, "nested more than 100 levels deep"),
        ("[" * 10_000_000, "nested more than 100 levels deep"),
        ("1" * 5_000, "more than 400 digits"),
        ("", "the text is empty"),
        ("{} {}", "text follows after the JSON value: {} (line 1, column 4)"),
        ("{'a': 1}", "a key stands in single quotes"),
    ],
)
def test_what_is_not_json_says_why(text: str, error: str) -> None:
    parsed = parse(text)
    assert error in parsed.error
    assert parsed.value is None


def test_what_looks_deep_inside_a_string_is_not() -> None:
    assert parse(json.dumps("[" * 1000 + '"{')).error == ""
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).error == ""


def test_irregularities_are_named_beside_the_value() -> None:
    parsed = parse('{"a": 1, "a": 2, "b": "\\ud800", "c": {"a": 1, "x": 1, "x": 2}}')
    assert parsed.value == {"a": 2, "b": "\ud800", "c": {"a": 1, "x": 2}}
    assert parsed.irregularities == (
        "the key 'x' stands twice in one object",
        "the key 'a' stands twice in one object",
        "a string holds half of a surrogate pair",
    )


def test_integers_keep_every_digit() -> None:
    assert parse("9223372036854775807").value == 2**63 - 1
