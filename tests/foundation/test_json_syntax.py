"""Why a text is no JSON: in words of our own, at the right place, in linear time."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from growth import assert_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.foundation.json_syntax import syntax_problem
from certification.foundation.strict_json import parse

PROBLEMS = {
    "": "the text is empty",
    " \n": "the text is empty",
    "NaN": "NaN is not JSON (line 1, column 1)",
    "[-Infinity]": "-Infinity is not JSON (line 1, column 2)",
    '{"a": True}': "True is not JSON (line 1, column 7)",
    "nul": "nul is not JSON (line 1, column 1)",
    "<html>": "it begins with <, as HTML and XML do (line 1, column 1)",
    "{} {}": "text follows after the JSON value: {} (line 1, column 4)",
    '{"a": 1,\n "b": 2,\n}': "there is a comma too many (line 3, column 1)",
    "[1, 2,]": "there is a comma too many (line 1, column 7)",
    "[,1]": "there is a comma too many (line 1, column 2)",
    '{"a" 1}': "a colon is missing after a key (line 1, column 6)",
    '{"a":}': "a value is missing (line 1, column 6)",
    '{"a": 1 "b": 2}': 'a comma is missing before "b": 2} (line 1, column 9)',
    "{'a': 1}": "a key stands in single quotes instead of double ones (line 1, column 2)",
    "['a']": "a string stands in single quotes instead of double ones (line 1, column 2)",
    "{a: 1}": "a key without double quotes: a: 1} (line 1, column 2)",
    "[1}": "a } closes what was opened with [ (line 1, column 3)",
    "]": "a ] closes nothing (line 1, column 1)",
    '{"a": [1, 2': "the text ends too early: a list is not closed (line 1, column 12)",
    '{"a": "b': "a string is not closed (line 1, column 7)",
    '"\\u12': "a string is not closed (line 1, column 1)",
    '"a\nb"': "a string holds a line break that is not escaped (line 1, column 3)",
    '"\x01"': "a string holds the control character U+0001 that is not escaped (line 1, column 2)",
    '"\\x41"': "a string holds \\x, which is no escape of JSON (line 1, column 2)",
    "01": "a number that JSON does not have: 01 (line 1, column 1)",
    "[1.]": "a number that JSON does not have: 1.] (line 1, column 2)",
    "+1": "a number that JSON does not have: +1 (line 1, column 1)",
    "[1, // one\n2]": "there is a comment, which JSON does not have (line 1, column 5)",
    "\ufeff{}": "it begins with a byte order mark (line 1, column 1)",
    "[\u202e]": "this is no value: \\u202e] (line 1, column 2)",
    "[" * 101: "it is nested more than 100 levels deep (line 1, column 101)",
    "1" * 401: "it holds a number of more than 400 digits (line 1, column 1)",
}


@pytest.mark.parametrize("text", PROBLEMS, ids=range(len(PROBLEMS)))
def test_what_is_wrong_is_said_in_our_own_words(text: str) -> None:
    assert parse(text).error == PROBLEMS[text]


PIECES = st.sampled_from(
    [*"[]{},:\"'\\/-+.019eE \n\tau", '"a"', "true", "null", "1.5e-3", "\\u12", "\x01", "é", "\ud800"]
)


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_what_passes_is_exactly_what_a_parser_reads(text: str) -> None:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        assert syntax_problem(text) is not None
    else:
        assert syntax_problem(text) is None


HOSTILE: dict[str, Callable[[int], str]] = {
    "an unclosed string of escaped quotes": lambda n: '"' + '\\"' * n,
    "an unclosed string of backslashes": lambda n: '{"a": "' + "\\" * (2 * n),
    "many unclosed strings": lambda n: '"a" ' * n,
    "a list of strings": lambda n: "[" + '"a",' * n,
    "an object of objects": lambda n: '{"a":[' + '{"a":1},' * n,
    "digits": lambda n: "1" * n,
    "digits with points": lambda n: "[" + "1.5," * n,
    "blanks": lambda n: "[" + " " * n + "1" + " " * n,
    "lines": lambda n: "[\n" * 50 + "\n" * n + "x",
    "brackets": lambda n: "[" * n,
    "letters": lambda n: "a" * n,
    "dollars": lambda n: "-" + "$" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_time_grows_with_the_length_only(name: str) -> None:
    assert_linear(parse, HOSTILE[name], 2_000)
