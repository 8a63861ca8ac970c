"""``partner-connect ux`` with a browser that shows pages made by hand: what is written, said, and kept out of both."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jsonschema
import partners
import pytest
from page_making import DATABRICKS, EMAIL, GO, PASSWORD, TERMS, TITLE, a_field, a_page, landing, words
from running import ROOT

from certification.browser.driver import PageStopped, Stop
from certification.browser.page import Page
from certification.cli import main, ux
from certification.foundation.typed_json import from_json
from certification.usability.record import Result

TOKEN = "tok-9f83ab27c1d4e6"


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@dataclass
class Shown:
    """A browser that shows one page after the other, each as soon as a button is pressed."""

    pages: list[Page]
    width: int
    height: int
    name: str = "chrome 1"
    at: int = 0
    typed: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        if "broken" in self.pages[0].title:
            raise PageStopped(Stop.UNREACHABLE, f"net::ERR_FAILED at {address}")

    def page(self) -> Page:
        return replace(self.pages[self.at], width=self.width, scroll_width=self.width)

    def fill(self, number: int, text: str) -> None:
        del number
        self.typed.append(text)

    def press(self, number: int) -> None:
        if number == len([*self.pages[self.at].fields, *self.pages[self.at].controls, *self.pages[self.at].texts]) - 1:
            self.at = min(self.at + 1, len(self.pages) - 1)

    def picture(self) -> bytes:
        return png(self.width, 60)

    def marked(self, picture: bytes, marks: object) -> bytes:
        assert marks
        return picture

    def complaints(self) -> tuple[()]:
        return ()


@dataclass
class Ran:
    status: int
    out: str
    err: str
    folder: Path
    typed: list[str]

    @property
    def result(self) -> Result:
        return from_json(Result, json.loads((self.folder / "result.json").read_text(encoding="utf-8")))

    def everything(self) -> str:
        texts = [
            path.read_text(encoding="utf-8") for path in self.folder.rglob("*") if path.suffix in {".json", ".html"}
        ]
        return "\n".join([self.out, self.err, *texts, *map(str, self.folder.rglob("*"))])


class Quick:
    """A clock on which nothing takes long."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def look(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    partner: partners.Partner,
    good_config: dict[str, Any],
) -> Any:
    partner.first_connect = lambda call: _with_token(partner.connected(call))
    partner.sign_in = lambda call: _with_token(partner.signed_in(call))

    def run(*pages: Page, arguments: tuple[str, ...] = ()) -> Ran:
        typed: list[str] = []

        @contextmanager
        def opened(windows: Any, width: int, height: int) -> Iterator[Shown]:
            windows.name = "chrome 1"
            yield Shown(list(pages), width, height, typed=typed)

        monkeypatch.setattr(ux._Windows, "opened", opened)  # noqa: SLF001 - the browser is what is replaced
        monkeypatch.setattr(ux, "time", Quick())
        config = tmp_path / "partner.json"
        config.write_text(
            json.dumps({**good_config, "base_url": partner.url, "hostnames": ["127.0.0.1"]}), encoding="utf-8"
        )
        status = main(["ux", str(config), "-o", str(tmp_path / "ux"), *arguments])
        said = capsys.readouterr()
        return Ran(status, said.out, said.err, tmp_path / "ux", typed)

    return run


def _with_token(answer: partners.Answer) -> partners.Answer:
    if answer.status == 200:
        answer.body["redirect_uri"] += f"?ticket={TOKEN}&next=/u/{TOKEN}"
    return answer


def here(page: Page, host: str = "127.0.0.1") -> Page:
    return replace(page, address=f"http://{host}/start?ticket={TOKEN}")


def sign_up_for(*more: Any) -> Page:
    return here(a_page(TITLE, replace(EMAIL, value=""), PASSWORD, *more, TERMS, GO))


HOME = here(landing(DATABRICKS, words("Getting started guide")))


def test_the_result_is_written_and_nothing_that_opens_a_door_is_in_it(look: Any) -> None:
    ran = look(sign_up_for(words(f"Your key: {TOKEN}"), a_field(f"Company {TOKEN}")), HOME)
    assert ran.status == 1
    by = {each.id: each for each in ran.result.statements}
    assert str(by["U110"].state) == "violated"
    assert "The form asks for what starting a trial does not need: company." in " ".join(ran.out.split())
    password = next(text for text in ran.typed if "@" not in text)
    for secret in (TOKEN, password, partners.PASSWORD):
        assert secret not in ran.everything()
    assert ran.result.visits[0].sights[0].address == "http://127.0.0.1/start?ticket={…}"


def test_the_result_fits_its_schema_and_the_report_its_pictures(look: Any) -> None:
    ran = look(sign_up_for(), HOME)
    schema = json.loads((ROOT / "schemas" / "ux-result.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads((ran.folder / "result.json").read_text(encoding="utf-8")), schema)
    report = (ran.folder / "report.html").read_text(encoding="utf-8")
    pictures = list((ran.folder / "pictures").glob("*.png"))
    assert len(pictures) == sum(len(visit.sights) for visit in ran.result.visits)
    assert report.count("data:image/png") == len(pictures)
    assert 'id="U120"' in report


def test_hostile_words_of_a_page_are_shown_as_words(look: Any) -> None:
    ran = look(sign_up_for(a_field("<script>alert(1)</script>\x1b[2J company")), replace(HOME, title="</style><b>"))
    report = (ran.folder / "report.html").read_text(encoding="utf-8")
    assert "<script>" not in report
    assert "</style><b>" not in report
    assert "\x1b" not in ran.everything()


def test_an_earlier_result_is_replaced_and_another_folder_left_alone(look: Any, tmp_path: Path) -> None:
    ran = look(HOME)
    (ran.folder / "pictures" / "old.png").write_bytes(b"x")
    assert look(HOME).status == 0
    assert not (ran.folder / "pictures" / "old.png").exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("x", encoding="utf-8")
    refused = look(HOME, arguments=("-o", str(other)))
    assert refused.status == 4
    assert "holds other files" in refused.err


def test_pages_that_cannot_be_opened_leave_everything_unjudged(look: Any) -> None:
    ran = look(here(a_page(title="broken")))
    assert ran.status == 3
    assert "The page could not be opened" in ran.out
    assert TOKEN not in ran.everything()


def test_a_way_to_another_host_ends_there(look: Any) -> None:
    ran = look(sign_up_for(), here(a_page(EMAIL, PASSWORD, GO), host="evil.example"))
    first = ran.result.visits[0]
    assert (str(first.end), first.detail) == ("outside", "evil.example")
    assert [sight.address.split("/")[2] for sight in first.sights] == ["127.0.0.1"]


def test_an_identity_provider_stops_the_walk_and_is_named(look: Any) -> None:
    ran = look(here(a_page(EMAIL, PASSWORD, GO), host="accounts.google.com"))
    assert str(ran.result.visits[0].end) == "identity provider"
    assert "Only an account of an identity provider leads on (accounts.google.com)." in " ".join(ran.out.split())


def test_a_form_that_sends_elsewhere_is_not_sent(look: Any) -> None:
    page = sign_up_for()
    forms = tuple(replace(form, action="https://evil.example/take") for form in page.forms)
    ran = look(replace(page, forms=forms), HOME)
    assert str(ran.result.visits[0].end) == "outside"
    assert ran.typed == []


def test_a_page_that_is_never_ready_is_late(look: Any) -> None:
    ran = look(sign_up_for(), here(a_page(words("We are preparing your workspace", heading=True), busy=True)))
    assert str(ran.result.visits[0].end) == "late"
    assert "U300" in {each.id for each in ran.result.statements if str(each.state) == "violated"}


def test_a_redirect_to_another_host_is_not_opened(look: Any, partner: partners.Partner) -> None:
    partner.first_connect = lambda call: _leading_to("https://evil.example/", partner.connected(call))
    ran = look(HOME)
    assert ran.status == 4
    assert "holds no redirect_uri that may be opened" in ran.err


def _leading_to(address: str, answer: partners.Answer) -> partners.Answer:
    answer.body["redirect_uri"] = address
    return answer
