"""``onboarding.json``: everything that is wrong with it at once, and nothing of it lost when a command writes it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from certification.foundation.errors import CannotStart
from certification.foundation.whole_files import held
from certification.onboarding.record import MAX_PROBLEMS, read_onboarding
from certification.onboarding.writing import change_onboarding

TODAY = date(2027, 1, 12)
WHO = {"by": "Ann Lee", "organisation": "Acorn"}


def written(folder: Path, content: Any) -> Path:
    path = folder / "onboarding.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps({"format": 1, "partner": "Acorn BI", **content})
        path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(CannotStart) as caught:
        read_onboarding(path, TODAY)
    assert all(problem.remedy for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not JSON"),
        (b"[]", "holds no object"),
        (b"\xff", "is not UTF-8"),
        (b"x" * 2_000_001, "more than 2,000,000 bytes"),
        ('{"format": 1, "format": 1, "partner": "A"}', "twice"),
        ('{\n// mine\n"format": 1}', 'JSON has no comments; write "$comment"'),
        ("<<<<<<< mine\n{}\n=======\n{}\n>>>>>>> theirs\n", "merge conflict"),
        ('{"format": 2, "partner": "A"}', "the version of the suite that wrote it"),
        ('{"name": "Acorn"}', "/format: expected the field is there"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_file_that_is_none(content: str | bytes, says: str, tmp_path: Path) -> None:
    assert says in " ".join(problems(written(tmp_path, content)))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "partner-connect onboarding init" in problems(tmp_path / "onboarding.json")[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"declaration": []}, "/declaration: there is no such field. Did you mean declarations?"),
        ({"declarations": [{"need": "mini-sit", **WHO, "on": "2027-01-01"}]}, "Did you mean mini-site?"),
        ({"declarations": [{"need": "certified", **WHO, "on": "2027-01-01"}]}, "It follows from files, and nobody can declare it."),
        ({"declarations": [{"need": "kick-off", **WHO, "on": "2027-02-30"}]}, '/declarations/0/on: "2027-02-30" is no day'),
        ({"declarations": [{"need": "kick-off", **WHO, "on": "1.2.2027"}]}, "expected a day such as 2027-03-02"),
        ({"declarations": [{"need": "kick-off", **WHO, "on": "2027-01-14"}]}, "is still to come; today is 2027-01-12"),
        ({"declarations": [{"need": "kick-off", "by": "Ann", "on": "2027-01-01"}]}, "/declarations/0/organisation: expected the field is there"),
        ({"declarations": [{"need": "mini-site", **WHO, "on": "2027-01-01"}]}, "/declarations/0/url"),
        ({"declarations": {}}, "/declarations: expected array"),
        ({"files": {"bundle": "../other.zip"}}, "/files/bundle: expected a path below the folder"),
        ({"files": {"bundle": "/etc/passwd"}}, "/files/bundle: expected a path below the folder"),
        ({"files": {"config": "a\0b"}}, "/files/config: expected a path below the folder"),
        ({"files": {"bundles": "x.zip"}}, "Did you mean bundle?"),
        ({"launch": {"agreed": "2027-01-01", "ga": "0001-01-01"}}, "/launch/ga: 0001-01-01 is no day of an onboarding"),
        ({"launch": {"agreed": "2027-01-01", "ga": "9999-12-31"}}, "/launch/ga: 9999-12-31 is no day of an onboarding"),
        ({"launch": {"agreed": "2027-01-01"}}, "/launch/ga: expected the field is there"),
        ({"certificates": [{"kind": "first"}]}, "/certificates/0/manifest"),
        ({"video_sessions": [{"on": "2027-01-01", **WHO, "problems": [{"id": "V1", "what": "x"}] * 2}]}, 'two problems are called "V1"'),
        ({"waivers": [{"id": "W1"}]}, "/waivers/0"),
        ({"partner": ""}, "/partner: expected a string that is not empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_field_and_remedy(content: dict[str, Any], says: str, tmp_path: Path) -> None:
    assert says in " ".join(problems(written(tmp_path, content)))


def test_everything_is_said_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, {"partner": 1, "files": {"bundles": "x"}, "launch": {}, "declarations": [{"need": 1}]})
    found = problems(path)
    assert len(found) >= 6
    assert {"/partner", "/files/bundles", "/launch/ga", "/declarations/0/by"} <= {
        text.partition("field ")[2].partition(":")[0] for text in found
    }


def test_a_flood_of_problems_is_cut(tmp_path: Path) -> None:
    found = problems(written(tmp_path, {"declarations": [{"need": 1}] * 500}))
    assert MAX_PROBLEMS < len(found) < 2 * MAX_PROBLEMS
    assert "problems more" in found[-1]


HAND_WRITTEN = """{
\t"$comment": ["kept by Ann", "ask her first"],
\t"partner": "Acorn BI",
\t"format": 1,
\t"declarations": [
\t\t{"$comment": "by phone", "need": "kick-off", "by": "Ann Lee", "organisation": "Acorn", "on": "2027-01-05"}
\t],
\t"files": {"$comment": "all in one place"}
}
"""


def declare(raw: dict[str, Any]) -> None:
    raw["declarations"].append({"need": "quarter", **WHO, "on": "2027-01-06", "words": "Q1 — é"})


def test_what_people_wrote_survives_a_write(tmp_path: Path) -> None:
    path = written(tmp_path, HAND_WRITTEN)
    after = change_onboarding(path, declare, TODAY)
    assert after.declared("quarter") is not None
    text = path.read_text(encoding="utf-8")
    value = json.loads(text)
    assert list(value) == ["$comment", "partner", "format", "declarations", "files"]
    assert value["$comment"] == ["kept by Ann", "ask her first"]
    assert value["declarations"][0]["$comment"] == "by phone"
    assert '\n\t"partner"' in text
    assert "Q1 — é" in text
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["onboarding.json"]


def test_somebody_else_who_saved_meanwhile_loses_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, HAND_WRITTEN)

    def meanwhile(raw: dict[str, Any]) -> None:
        path.write_text(HAND_WRITTEN.replace("Acorn BI", "Acorn Business"), encoding="utf-8")
        declare(raw)

    with pytest.raises(CannotStart, match="was changed meanwhile; nothing was written"):
        change_onboarding(path, meanwhile, TODAY)
    assert "Acorn Business" in path.read_text(encoding="utf-8")


def test_a_change_that_would_make_it_wrong_is_not_written(tmp_path: Path) -> None:
    path = written(tmp_path, HAND_WRITTEN)

    def wrong(raw: dict[str, Any]) -> None:
        raw["declarations"].append({"need": "nothing"})

    with pytest.raises(CannotStart, match=r"/declarations/1"):
        change_onboarding(path, wrong, TODAY)
    assert path.read_text(encoding="utf-8") == HAND_WRITTEN


def test_a_link_stays_one_and_what_it_leads_to_is_changed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    real = written(tmp_path / "kept", {"declarations": []})
    real.chmod(0o600)
    link = tmp_path / "onboarding.json"
    link.symlink_to(real)
    change_onboarding(link, declare, TODAY)
    assert link.is_symlink()
    assert "quarter" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o600, "who may read it stays as it was"
    assert [path.name for path in real.parent.iterdir() if path.name.endswith(".part")] == []


def test_another_command_that_holds_the_file_for_ever_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("certification.foundation.whole_files.PATIENCE_SECONDS", 0)
    path = written(tmp_path, {"declarations": []})
    before = path.read_bytes()
    with held(path), pytest.raises(CannotStart, match="another command holds it"):
        change_onboarding(path, declare, TODAY)
    assert path.read_bytes() == before


def test_a_lock_that_is_a_link_leads_nowhere(tmp_path: Path) -> None:
    path = written(tmp_path, {"declarations": []})
    (tmp_path / ".onboarding.json.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotStart, match="it is as it was"):
        change_onboarding(path, declare, TODAY)
    assert not (tmp_path / "elsewhere").exists()
