"""The page as text: the same again from the same evidence, bounded, and different when it was touched."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from report_builder import HOSTILE, Build, build

from certification.contract.validation import schema_errors
from certification.evidence.records import Earlier, KnownFinding, record_of
from certification.foundation.errors import BadEvidence
from certification.foundation.safe_text import visible
from certification.report.build import build_report
from certification.report.html import Differences, differences, findings, page, render
from certification.report.html import evidence_summary as survey
from certification.report.html.body import Fields, body_lines, fields_of, lacking, quotes_in

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
            "finding-F1",
            "cases",
            "requirements",
            "manual",
            "latency",
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
    _nothing_is_live(text)
    assert "\\u202e" in text


def _nothing_is_live(text: str) -> None:
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


def test_every_text_of_a_report_is_escaped_wherever_it_stands(built: Built) -> None:
    folder, report = built(failing=dict.fromkeys(("P100", "P402", "P300"), "first-connect"))
    report = report | {
        "since": {"fixed": ["a"], "new": ["b"], "run": "c"},
        "readiness": [{"code": "d", "text": "e"}],
    }
    report["findings"][0]["places"] = [{"case": "P100", "step": "f", "matters": {"g": "h"}, "count": 2}]
    report["findings"][0]["consequences"] = [{"requirement": "i", "message": "j", "cases": ["k"]}]
    report["verdict"] = "conformant_with_advisories"
    quiet = render(report, folder)
    text = render(_hostile(report), folder)
    _nothing_is_live(text)
    tags = re.compile(r"<[a-z][a-z0-9]*\b")
    assert Counter(tags.findall(text)) == Counter(tags.findall(quiet))
    shown = text.count("window.hacked = 1")
    assert shown > 150


def _hostile(value: Any, key: str = "") -> Any:
    """The same report with a hostile end on every text that decides nothing about the shape of the page."""
    if isinstance(value, dict):
        return {name: _hostile(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_hostile(each, key) for each in value]
    if value and isinstance(value, str) and key not in {"verdict", "outcome", "level", "subject", "category", "body"}:
        return value + HOSTILE
    return value


def test_templates_have_no_way_around_escaping() -> None:
    for path in files("certification.report.html").joinpath("templates").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*(safe|forceescape)|autoescape|Markup| style=| on[a-z]+=", text), path.name


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
    monkeypatch.setattr(findings, "MAX_CALLS", 500)
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
    with pytest.raises(BadEvidence, match=r"record .exchange., field /request/headers"):
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


BODY = '{"redirect_uri":"https://a.example","statuses":[{"name":"x","status":"GOOD"}],"n":1.50,"connection_id":7}'


@pytest.mark.parametrize(
    ("detail", "texts", "marked"),
    [
        ("/connection_id type", (), ['  "connection_id": 7']),
        ("/statuses/*/status enum", (), ['      "status": "GOOD"']),
        (
            "/statuses type",
            (),
            ['  "statuses": [', "    {", '      "name": "x",', '      "status": "GOOD"', "    }", "  ],"],
        ),
        ("status 404", ("connect answered 404.", "status 200"), []),
        ("", ("sign-in: a connection_id came back.", "no connection_id"), ['  "connection_id": 7']),
        ("", ("the wrong reason", "error_reason unauthorized"), []),
    ],
)
def test_the_field_that_a_finding_is_about_is_marked(detail: str, texts: tuple[str, ...], marked: list[str]) -> None:
    lines = body_lines(BODY, fields_of(detail, *texts), 10_000)
    assert [line.text for line in lines if line.marked] == marked


def test_what_a_finding_quotes_is_marked_where_no_field_is_named() -> None:
    body = "<pre>Traceback (most recent call last):\n  File x\n</pre>"
    quoting = Fields(quotes=quotes_in('"Traceback (most recent call last)"'))
    assert [line.marked for line in body_lines(body, quoting, 1000)] == [True, False, False]
    assert [
        line.text
        for line in body_lines(BODY, Fields(names=frozenset({"n"}), quotes=("https://a",)), 1000)
        if line.marked
    ] == ['  "n": 1.50,']
    assert quotes_in('"short" and none') == ()


def test_a_body_is_indented_without_changing_what_it_says() -> None:
    lines = [line.text for line in body_lines(BODY, Fields(), 10_000)]
    assert '  "n": 1.50,' in lines
    assert json.loads("\n".join(lines)) == json.loads(BODY)
    for body in ("not JSON\nat all", '{"a": 1, "a": 2}', '"text"', "7"):
        assert "\n".join(line.text for line in body_lines(body, Fields(), 10_000)) == body
    assert [line.text for line in body_lines(BODY, Fields(), 20)] == ["{", "…"]
    assert body_lines("", Fields(), 10) == []


def test_a_field_that_is_not_there_is_named() -> None:
    assert lacking(BODY, fields_of("/user_status required")) == ["user_status"]
    assert lacking(BODY, fields_of("/connection_id type")) == []
    assert lacking("no JSON", fields_of("/user_status required")) == []


def test_what_a_submission_lacks_is_taken_from_the_config_itself(tmp_path: Path) -> None:
    report = build(tmp_path / "report")
    # Whatever a run recorded: the config of these runs names addresses that nobody else can reach.
    assert {"base-url-local", "page-local"} <= {lack["code"] for lack in report["readiness"]}
    text = page(report, tmp_path / "report")
    assert "Not ready to submit" in text
    assert "base_url is on 127.0.0.1" in text
    report = build(tmp_path / "bad", failing={"P100": "first-connect"})
    assert "Not ready to submit" not in page(report, tmp_path / "bad")


def test_what_changed_since_the_run_before_stands_on_top(tmp_path: Path) -> None:
    making = Build(tmp_path / "report")
    gone = KnownFinding(("sign-in", "connect", "cause of P300"), "sign-in: P300 is answered badly")
    same = KnownFinding(("first-connect", "connect", "cause of P100"), "sign-in: P100 is answered badly")
    making.write(record_of(Earlier("before", "not_conformant", (gone, same))))
    making.cases(failing={"P100": "first-connect", "P400": "first-connect"})
    report = making.finish()
    assert report["since"]["fixed"] == [gone.message]
    assert report["since"]["new"] == ["F2 sign-in: P400 is answered badly"]
    assert schema_errors("report", report) == []
    text = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Since the run before: 1 fixed, 1 new" in text
    assert text.index('id="since"') < text.index('id="findings"')


def test_a_narrowed_run_is_not_compared(tmp_path: Path) -> None:
    making = Build(tmp_path / "report")
    making.write(record_of(Earlier("before", "not_conformant", ())))
    making.cases(failing={"P100": "first-connect"})
    assert "since" not in making.finish(narrowed_by=("-k P100",))
