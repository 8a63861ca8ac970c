"""However much a partner says, the files of a run stay bounded, and so does the memory that making them takes."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from certification.evidence.exchange import Exchange, Request, Response
from certification.evidence.folder import ReportFolder
from certification.evidence.recorder import Recorder
from certification.evidence.redaction import Redactor
from certification.evidence.steps import Act, When
from certification.report import har

TOKEN = "dapi9f3c71e0b7a24d5588aa41"


def evidence(folder: Path, answers: list[str]) -> Path:
    (folder / "evidence").mkdir(parents=True)
    recorder = Recorder(folder / "evidence" / "main.jsonl")
    for number, body in enumerate(answers, 1):
        request = Request("connect", "POST", "http://h/connect?a=1&b=%20#x", (("Content-Type", "a/b"),), "{}")
        response = Response(200, "HTTP/1.1", (("Content-Type", "application/json"),), body, len(body), "")
        exchange = Exchange("P100", "1", number, Act.FIRST_CONNECT, When.PLAIN, request, response)
        recorder.write(exchange.to_record())
    recorder.close()
    return folder


def entries(folder: Path) -> list[dict[str, Any]]:
    har.write_har(folder, folder / "evidence.har")
    return json.loads((folder / "evidence.har").read_text(encoding="utf-8"))["log"]["entries"]


def test_a_body_in_the_har_is_bounded_and_says_so(tmp_path: Path) -> None:
    long, short = entries(evidence(tmp_path, ["x" * 200_000, "{}"]))
    assert long["response"]["content"]["text"] == "x" * har.MAX_BODY
    assert long["response"]["content"]["size"] == 200_000
    assert "the first 32,768 of 200,000 characters" in long["response"]["content"]["comment"]
    assert short["response"]["content"]["text"] == "{}"
    assert short["request"]["queryString"] == [{"name": "a", "value": "1"}, {"name": "b", "value": " "}]


def test_all_bodies_of_the_har_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har, "MAX_BODIES", 100_000)
    found = entries(evidence(tmp_path, ["x" * 40_000] * 20))
    sizes = [len(entry["response"]["content"]["text"]) for entry in found]
    assert sizes == [har.MAX_BODY] * 4 + [har.MAX_BEGINNING] * 16


def test_making_and_sealing_a_report_hold_one_exchange_at_a_time(tmp_path: Path) -> None:
    folder = ReportFolder(evidence(tmp_path / "report", ["ü" * 200_000] * 40))
    size = (folder.evidence / "main.jsonl").stat().st_size
    assert size > 40_000_000
    tracemalloc.start()
    har.write_har(folder.path, folder.har)
    folder.seal(Redactor({"PAT_TOKEN": TOKEN}), folder.html)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size / 2
    assert folder.har.stat().st_size < 12_000_000


def test_a_secret_in_one_line_of_a_long_file_is_cleaned_there(tmp_path: Path) -> None:
    folder = ReportFolder(tmp_path)
    folder.har.write_text(f'{{"a":"{"x" * 50}"}}\n' * 1_000 + f'{{"b":"{TOKEN}"}}\n', encoding="utf-8")
    folder.seal(Redactor({"PAT_TOKEN": TOKEN}), folder.html)
    lines = folder.har.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1_001
    assert lines[-1] == '{"b":"${PAT_TOKEN}"}'


def test_values_of_records_are_cleaned_and_keys_are_not(tmp_path: Path) -> None:
    redactor = Redactor({"PAT_TOKEN": TOKEN})
    recorder = Recorder(tmp_path / "main.jsonl", lambda text: redactor.redact(text)[0])
    recorder.write({"type": "judgement", TOKEN: [{"message": f"no {TOKEN}", "n": 1}]})
    recorder.close()
    record = json.loads((tmp_path / "main.jsonl").read_text(encoding="utf-8"))
    assert record[TOKEN] == [{"message": "no ${PAT_TOKEN}", "n": 1}]
