"""Whatever the suite tries is in the domain that it says it draws from; what it does not try is not."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certification.cases.catalogue import catalogue
from certification.config.partner import PartnerConfig, check_config, trial_config
from certification.generate import values
from certification.generate.domain import Choice, Labelled, below, letters, one_of
from certification.generate.draw import draw_many
from certification.generate.membership import EXAMPLES, contains, count

HOOKS = {
    "connect_path": "/c",
    "delete_connection_path": "/d",
    "test_connection_path": "/t",
    "delete_account_path": "/a",
    "expire_account_path": "/e",
    "get_connectors_path": "/l",
}
CONFIGS = {
    "plain": {},
    "everything": {"endpoints": HOOKS, "category": "INGEST"},
    "one cloud, old, OAuth": {"api_version": "2.0.1", "supported_clouds": ["gcp"], "auth_options": ["AUTH_OAUTH_U2M"]},
}


def config(name: str) -> PartnerConfig:
    return check_config({**trial_config("https://api.acorn.com").raw, **CONFIGS[name]}, "x")


def test_each_case_with_shapes_is_known_by_its_id() -> None:
    assert {case.id: case.shapes for case in catalogue().values() if case.shapes} == EXAMPLES


@pytest.mark.parametrize(
    ("name", "profile"),
    [*((name, "standard") for name in CONFIGS), ("everything", "quick"), ("everything", "thorough")],
)
@pytest.mark.parametrize("case", EXAMPLES)
def test_what_is_tried_is_in_the_domain(case: str, name: str, profile: str) -> None:
    partner = config(name)
    shapes = EXAMPLES[case](partner, 77, profile)
    few, many = count(case, partner, profile, seed=77)
    assert few <= len(shapes) <= many
    for number, shape in enumerate(shapes):
        assert contains(case, partner, profile, shape, seed=77, number=number) == "", shape
    assert contains(case, partner, profile, shapes[-1], seed=77) == ""


def altered(value: Any) -> Iterator[Any]:
    """Values that differ from ``value`` in one place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield {"another" if name == key else name: other for name, other in value.items()}
            for other in altered(inner):
                yield {**value, key: other}
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield value[:place] + value[place + 1 :]
            for other in altered(inner):
                yield [*value[:place], other, *value[place + 1 :]]
        yield [*value, ["connect", 0]]
    elif isinstance(value, str):
        yield f"{value}\u0416\u4e00"
        yield 5
    elif isinstance(value, bool | int):
        yield str(value)
        yield {"instead": value}
    else:
        yield "something"


@pytest.mark.parametrize("case", EXAMPLES)
def test_what_is_not_tried_is_outside_the_domain(case: str) -> None:
    partner = config("everything")
    for number, shape in enumerate(EXAMPLES[case](partner, 1, "standard")):
        before = copy.deepcopy(shape)
        # A drawn shape that lacks one of its fields is a drawn shape as well.
        smaller = [{name: inner for name, inner in shape.items() if name != key} for key in shape]
        for other in altered(shape):
            allowed = number >= len(EXAMPLES[case].plan(partner, 1, "standard").laid_out) and other in smaller
            assert allowed or contains(case, partner, "standard", other, seed=1, number=number), other
        assert shape == before
    assert contains(case, partner, "standard", {"unheard": 1}, seed=1)
    assert contains(case, partner, "standard", [], seed=1)
    many = count(case, partner, "standard", seed=1)[1]
    assert contains(case, partner, "standard", shape, seed=1, number=many) == f"there are only {many} examples"


def test_cases_without_examples_have_the_plain_one() -> None:
    assert contains("P100", config("plain"), "standard", {}, number=0) == ""
    assert contains("P100", config("plain"), "standard", {"first_name": "x"}, number=0)
    assert contains("P100", config("plain"), "standard", {}, number=1)


def test_a_program_breaks_off_where_a_step_is_not_open() -> None:
    partner = config("everything")
    program = EXAMPLES["S100"](partner, 3, "standard")[-1]["program"]
    for wrong in (
        ["sign in", 99],
        ["delete a deleted one", 0],
        ["connect", 0, 9, 0],
        ["connect", True, 0, 0],
        ["dance"],
        [],
    ):
        assert contains("S100", partner, "standard", {"program": [wrong, *program[1:]]}), wrong
    assert contains("S100", partner, "standard", {"program": program[:-1]})


KINDS = {
    "names": values.names(),
    "emails": values.emails(),
    "catalogs": values.catalogs(),
    **values.destinations(),
}


@pytest.mark.parametrize(("table", "kind"), [(table, kind) for table, kinds in KINDS.items() for kind in kinds])
def test_every_drawn_text_is_of_its_kind(table: str, kind: str) -> None:
    texts = KINDS[table][kind]
    drawn = draw_many(texts.strategy, 5, 12, simplest=True)
    assert drawn
    assert all(texts.contains(text) for text in drawn)
    assert not texts.contains("\u2603 no kind has this")
    assert not texts.contains(5)


def test_domains_tell_values_apart_by_type() -> None:
    assert Choice([True, "a"]).contains(True)
    assert not Choice([True, "a"]).contains(1)
    labelled = Labelled({"one": one_of("x")})
    assert labelled.contains({"kind": "one", "value": "x"})
    assert not labelled.contains({"kind": "two", "value": "x"})
    assert not labelled.contains({"kind": ["one"], "value": "x"})
    assert not labelled.contains({"kind": "one", "value": "x", "more": 1})
    assert not letters("ab", 1, 1).within("<", ">").contains("<ab>")
    assert not letters("ab", 0, 3).within("aa", "aa").contains("aaa")


def test_large_numbers_are_drawn_in_small_choices() -> None:
    drawn = draw_many(below(10_000), 3, 300)
    assert max(drawn) < 10_000
    assert len({number // 100 for number in drawn}) > 50
    with pytest.raises(ValueError, match="at most 100"):
        one_of(*map(str, range(101)))


DRAW = """
from certification.generate import values
from certification.generate.domain import below, letters
from certification.generate.draw import draw_many
for strategy in (values.all_names().strategy, letters("ABCXYZ").strategy, below(10_000)):
    print(draw_many(strategy, 9, 100))
"""


def test_the_same_seed_gives_the_same_values_whatever_else_is_loaded(tmp_path: Path) -> None:
    # Hypothesis takes to the constants in the source of modules that are loaded.
    texts = ", ".join(f"'{one}{other}'" for one in "ABCXYZ" for other in "ABCXYZ")
    numbers = ", ".join(str(number) for number in range(100, 10_000, 11))
    (tmp_path / "local_module.py").write_text(f"NUMBERS = [{numbers}]\nTEXTS = [{texts}]", encoding="utf-8")

    def drawn(before: str) -> str:
        command = [sys.executable, "-c", before + DRAW]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True).stdout

    alone = drawn("")
    assert len(alone) > 2_000
    assert drawn("import local_module") == alone
    assert [path.name for path in tmp_path.iterdir() if path.name != "__pycache__"] == ["local_module.py"]


@pytest.mark.parametrize(
    ("locale", "script"),
    [
        ("en_US", "LATIN"), ("de_DE", "LATIN"), ("ru_RU", "CYRILLIC"), ("el_GR", "GREEK"), ("ar_AA", "ARABIC"),
        ("he_IL", "HEBREW"), ("hi_IN", "DEVANAGARI"), ("zh_CN", "CJK"), ("ja_JP", "CJK"), ("ko_KR", "HANGUL"),
    ],
)  # fmt: skip
def test_every_name_that_can_be_drawn_is_told_by_its_script(locale: str, script: str) -> None:
    """Whoever verifies an honest run must know all of them: 佐々木 repeats its sign with one that no script owns."""
    from importlib import import_module

    from certification.generate.values import _name

    provider = import_module(f"faker.providers.person.{locale}").Provider
    names = {str(name) for name in provider.last_names}
    holds = _name(locale, "last_name", script).holds
    assert len(names) > 40
    assert [name for name in sorted(names) if not holds(name)] == []
