"""The page as text: the same again from the same evidence, bounded, and different when it was touched."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from report_builder import HOSTILE, Build, build

from certification.foundation.errors import BadEvidence
from certification.foundation.safe_text import visible
from certification.report.build import build_report
from certification.report.html import Differences, differences, page, render
from certification.report.html import evidence_summary as survey

Built = Callable[..., tuple[Path, dict[str, Any]]]


def test_the_same_evidence_gives_the_same_page(built: Built) -> None:
    folder, report = built(failing={"P100": "first-connect"})
    first = render(report, folder)
    assert render(build_report(folder), folder) == first
    assert page(report, folder) == (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_lists_everything_in_order(built: Built) -> None:
    folder, _ = built(failing={"P100": "first-connect"})
    places = [
        render(build_report(folder), folder).index(f'id="{name}"')
        for name in (
            "certificate",
            "findings",
            "cards",
            "requirements",
            "cases",
            "latency",
            "manual",
            "notes",
            "evidence",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("Not conformant", "Conformant"),
        ("<b>1</b> required finding", "<b>0</b> required finding"),
        ('data-verdict="failed"', 'data-verdict="passed"'),
        ("P100 is answered badly", "P100 is answered well"),
        ('data-calls="', 'data-calls="1'),
        ("certification::P100", "certification::P101"),
        ("</style>", "#verdict { display: none } </style>"),
        ("<footer>", "<footer><script>1</script>"),
        ("</body>", "<p>Conformant</p></body>"),
        ('<h1 id="title">', '<h1 id="title" onclick="alert(1)">'),
        ("<!-- certification report -->", "<!-- certification report --><!-- certification report -->"),
        ("<!-- end of the certification report -->", ""),
    ],
)
def test_a_touched_page_is_told_from_the_real_one(built: Built, was: str, becomes: str) -> None:
    folder, report = built(failing={"P100": "first-connect"})
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert differences(text, report, folder) == Differences()
    touched = text.replace(was, becomes, 1)
    assert touched != text
    assert differences(touched, report, folder).broken


def test_the_frame_of_another_version_is_not_compared_and_not_called_forged(built: Built) -> None:
    folder, report = built(failing={"P100": "first-connect"})
    text = (folder / "report.html").read_text(encoding="utf-8")
    other = text.replace(f"v{version('pytest-html')}</p>", "v4.0.0</p>").replace("<h2>Summary</h2>", "<h2>Sum</h2>")
    found = differences(other, report, folder)
    assert found.broken == ()
    assert "made by pytest-html 4.0.0" in found.unknown
    assert "pip install pytest-html==4.0.0" in found.unknown
    assert differences(other.replace("Not conformant", "Conformant"), report, folder).broken


def test_evidence_in_the_page_is_compared_by_content(built: Built) -> None:
    import base64
    import zlib

    folder, report = built()
    text = (folder / "report.html").read_text(encoding="utf-8")
    packed = re.search(r"(?<=>)[A-Za-z0-9+/=]{200,}(?=</script>)", text)
    assert packed
    lines = zlib.decompress(base64.b64decode(packed[0]))
    same = base64.b64encode(zlib.compress(lines, 1)).decode()
    assert same != packed[0]
    assert differences(text.replace(packed[0], same), report, folder) == Differences()
    other = base64.b64encode(zlib.compress(lines.replace(b"sign-in", b"sign-up", 1))).decode()
    assert differences(text.replace(packed[0], other), report, folder).broken
    assert differences(text.replace(packed[0], "AAAA"), report, folder).broken


def test_all_that_a_partner_sends_is_escaped(tmp_path: Path) -> None:
    report = build(tmp_path / "report", name=HOSTILE, text=HOSTILE, failing={"P100": "first-connect"})
    text = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert report["findings"]
    for bad in (
        "<script>window",
        "<img src=x",
        "<svg onload",
        'href="javascript',
        "\x00",
        "\x1b",
        "\u202e",
        "]]> \\x00<",
    ):
        assert bad not in text
    assert text.count("<!-- end of the certification report -->") == 1
    assert "\\u202e" in text


def test_the_page_is_bounded_however_long_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "MAX_UNPACKED", 40_000)
    report = build(tmp_path / "report", calls=40)
    text = render(report, tmp_path / "report")
    found = re.search(r"The first ([\d,]+) of ([\d,]+) recorded calls", text)
    assert found
    carried, total = (int(number.replace(",", "")) for number in found.groups())
    assert 0 < carried < total == report["run"]["requests"]
    packed = re.search(r'data-calls="(\d+)">([A-Za-z0-9+/=]*)<', text)
    assert packed
    assert int(packed[1]) == carried
    assert len(packed[2]) < 40_000
    assert differences(page(report, tmp_path / "report"), report, tmp_path / "report") == Differences()


def test_calls_in_cards_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from certification.report.html import findings

    monkeypatch.setattr(findings, "MAX_CALLS", 1_000)
    failing = dict.fromkeys(("P100", "P402", "E100", "P300"), "first-connect")
    report = build(tmp_path / "report", failing=failing)
    text = render(report, tmp_path / "report")
    assert "the call is in report.json and in the evidence" in text
    assert all(f'id="finding-{finding["id"]}"' in text for finding in report["findings"])


def test_memory_does_not_grow_with_the_run(tmp_path: Path) -> None:
    def peak(name: str, calls: int) -> int:
        folder = tmp_path / name
        report = build(folder, calls=calls)
        tracemalloc.start()
        render(report, folder)
        result = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return result

    short, long = peak("short", 5), peak("long", 50)
    assert long < short + 3_000_000


def test_what_has_no_characters_for_it_is_made_visible() -> None:
    assert visible("a\u202eb\x00c\ud800d\re\r\nf\tg") == "a\\u202eb\\x00c\\ud800d\\x0de\nf\tg"
    assert visible("Ünïcode 名前 😀") == "Ünïcode 名前 😀"
    assert visible("\U000e0001") == "\\U000e0001"


def test_garbled_evidence_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    making = Build(tmp_path / "report")
    making.cases()
    report = making.finish()
    file = tmp_path / "report" / "evidence" / "main.jsonl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"headers":[[', '"headers":[5,[', 1), encoding="utf-8")
    with pytest.raises(BadEvidence, match="record of an exchange"):
        render(report, tmp_path / "report")


def test_a_run_without_an_end_has_a_page(tmp_path: Path) -> None:
    making = Build(tmp_path / "report")
    making.cases(only={"P100", "P300"})
    making.recorder.close()
    making.folder.close()
    report = build_report(tmp_path / "report")
    text = page(report, tmp_path / "report")
    assert "The run was stopped before its end." in text
    assert "never finished" in text
