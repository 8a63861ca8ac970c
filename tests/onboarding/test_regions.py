"""Regions from a file that somebody wrote, and the usual ones."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from certification.foundation.errors import CannotStart
from certification.onboarding.regions import USUAL, Region, read_regions, usual_regions

LISTED = (Region("eu-west-1"), Region("us-east-1", date(2027, 2, 25)), Region("East US (2)"))


@pytest.mark.parametrize(
    "text",
    [
        "# ours\neu-west-1\n\nus-east-1  2027-02-25   # set\nEast US (2)\n",
        "\ufeffeu-west-1\r\nus-east-1 2027-02-25\r\nEast US (2)",
        json.dumps(["eu-west-1", "us-east-1 2027-02-25", "East US (2)"]),
    ],
    ids=["lines", "Windows", "JSON"],
)
def test_forms_of_a_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / "regions"
    path.write_text(text, encoding="utf-8", newline="")
    assert read_regions(path) == LISTED


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file lists no region."),
        (b"[]", "the file lists no region."),
        (b"a\nb\nA\n", "the region a stands in it twice."),
        (b"a 2027-02-30\n", "line 1: '2027-02-30' is no day that exists"),
        (b"a\n\x1b[2J\n", "line 2: expected the name of a region"),
        (b"x" * 61, "expected the name of a region, at most 60"),
        (b'{"regions": ["a"]}', "the file should hold a list, it holds an object of 1."),
        (b"[1, null]", "/1: expected the name of a region, found None."),
        (b'["a"', "the file is not JSON"),
        (b"[" * 50_000, "the file is not JSON"),
        (b"a\n" * 201, "the file lists more than 200 regions."),
        (b"a" * 100_001, "the file has more than 100,000 bytes."),
        (b"\xff\xfe", "the file is not UTF-8 (byte 0)."),
    ],
)
def test_what_is_wrong_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "regions"
    path.write_bytes(content)
    with pytest.raises(CannotStart) as caught:
        read_regions(path)
    assert said in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_every_problem_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "regions"
    path.write_text("<b>\nfine\n-\nb 2027-13-01\n")
    with pytest.raises(CannotStart) as caught:
        read_regions(path)
    assert [problem.where for problem in caught.value.problems] == [f"{path}, line {number}" for number in (1, 3, 4)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(CannotStart, match="the file cannot be read"):
            read_regions(path)


def test_usual_regions_are_those_of_the_clouds() -> None:
    assert [region.name for region in usual_regions(["azure"])] == list(USUAL["azure"])
    both = [region.name for region in usual_regions(["gcp", "aws"])]
    assert both[:3] == ["aws us-west-2", "gcp us-central1", "aws us-east-1"]
    assert len(both) == 10
