"""The page in a real browser: search, filter, links, print, phone, dark, no script, and nothing that a partner can run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report_builder import BIG, HOSTILE, Build
from selenium.webdriver.support.ui import Select, WebDriverWait
from waiving import waiver

from certification.report.html import page

Built = Callable[..., tuple[Path, dict[str, Any]]]

FAILING = {"P100": "first-connect", "P402": "deleted-is-gone", "E100": "credentials-required", "P300": "answer-in-time"}

CONTRAST = """
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b]
  .map((part) => part / 255)
  .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
for (const element of document.body.querySelectorAll("*")) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own || element.closest("svg, script, style, template") || !element.checkVisibility()) continue;
  const [one, two] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
  const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  if (ratio < 4.5) poor.push(`${element.tagName}.${element.className}: ${ratio.toFixed(2)} ${element.textContent.slice(0, 40)}`);
}
return poor;
"""


def visible(browser: Any, selector: str) -> list[str]:
    """The ids of the elements that are shown."""
    return browser.run(
        "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).map(e => e.id)", selector
    )


def unpack(browser: Any) -> None:
    browser.run("document.getElementById('evidence').open = true")
    browser.find("#pc-evidence button").click()
    WebDriverWait(browser.driver, 30).until(lambda _: browser.all("#pc-evidence-list > details"))


def test_the_page_opens_without_a_complaint_and_without_a_request(browser: Any, built: Built) -> None:
    folder, _ = built(failing=FAILING)
    browser.open(folder / "report.html")
    assert browser.complaints() == []
    assert [url for url in browser.requests() if not url.startswith(("file:", "data:"))] == []
    assert browser.find("#verdict").text.endswith("Not conformant")
    assert browser.run("return location.search") == ""
    assert not browser.find("#results-table").is_displayed()
    browser.find("#pc-frame").click()
    assert browser.find("#results-table").is_displayed()
    assert browser.run("return document.querySelectorAll('#results-table tbody').length") > 40


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_verdict_is_in_sight_and_nothing_overflows(browser: Any, built: Built, width: int, *, dark: bool) -> None:
    folder, _ = built(failing=FAILING)
    browser.look(width=width, dark=dark)
    browser.open(folder / "report.html")
    box = browser.find("#verdict").rect
    assert box["y"] + box["height"] < 300
    assert browser.find("#finding-F1 h3").rect["y"] < 900
    assert browser.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_text_has_enough_contrast(browser: Any, built: Built, *, dark: bool) -> None:
    folder, _ = built(failing=FAILING)
    browser.look(dark=dark)
    browser.open(folder / "report.html")
    browser.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert browser.run(CONTRAST) == []


def test_search_by_id_and_word(browser: Any, built: Built) -> None:
    folder, report = built(failing=FAILING)
    browser.open(folder / "report.html")
    assert not browser.find("#P402").is_displayed()
    words = browser.find("#pc-search input")
    words.send_keys("P402")
    assert visible(browser, "#cases tbody tr.pc-entry") == ["P402"]
    wanted = [f"finding-{each['id']}" for each in report["findings"] if each["case"] == "P402"]
    assert visible(browser, ".pc-card") == wanted
    assert "1 of 4 findings" in browser.find("#pc-search output").text
    browser.find("#pc-search button").click()
    WebDriverWait(browser.driver, 30).until(lambda _: browser.find("#pc-search output").text == "")
    assert len(visible(browser, ".pc-card")) == 4


def test_what_needs_nothing_is_folded_away_until_somebody_asks(browser: Any, built: Built) -> None:
    folder, report = built(failing=FAILING)
    browser.open(folder / "report.html")
    assert not browser.find("#cases table").is_displayed()
    browser.find("#cases > summary").click()
    failed = {case["id"] for case in report["cases"] if case["verdict"] == "failed"}
    assert set(visible(browser, "#cases tbody tr.pc-entry")) == failed
    # Each heading has a button of its own; each case stands once.
    button = browser.find("#cases .pc-unfold")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    assert len(visible(browser, "#cases tbody tr.pc-entry")) > len(failed)
    manual = [case["id"] for case in report["cases"] if case["verdict"] == "manual"]
    assert browser.run("return [...document.querySelectorAll('#manual li')].map(e => e.id)") == manual
    assert not set(manual) & set(browser.run("return [...document.querySelectorAll('#cases tr')].map(e => e.id)"))


def test_filter_by_verdict_and_endpoint(browser: Any, built: Built) -> None:
    folder, report = built(failing=FAILING)
    browser.open(folder / "report.html")
    verdict = Select(browser.find("#pc-search select[name=verdict]"))
    verdict.select_by_value("failed")
    assert set(visible(browser, "#cases tbody tr.pc-entry")) == {"P100", "P402", "E100"}
    verdict.select_by_value("manual")
    manual = {case["id"] for case in report["cases"] if case["verdict"] == "manual"}
    assert set(visible(browser, "#manual li")) == manual
    verdict.select_by_value("advisory")
    assert len(visible(browser, ".pc-card")) == 1
    verdict.select_by_value("")
    endpoint = Select(browser.find("#pc-search select[name=endpoint]"))
    endpoint.select_by_value("redirect")
    shown = visible(browser, "#cases tbody tr.pc-entry")
    assert "P100" in shown
    assert not manual & set(visible(browser, "#manual li"))


def test_a_finding_is_copied_as_text(browser: Any, built: Built) -> None:
    folder, _ = built(failing=FAILING)
    browser.open(folder / "report.html")
    # A page on disk may not be allowed to use the clipboard: what is copied is looked at on the way there.
    browser.run("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    browser.find("#finding-F1 .pc-copy").click()
    WebDriverWait(browser.driver, 30).until(lambda _: browser.find("#finding-F1 .pc-copy").text == "Copied")
    text = browser.run("return window.copied")
    assert text == browser.run("return document.getElementById('text-F1').textContent")
    for part in ("answered badly", "a good answer", "a bad answer", "curl"):
        assert part in text
    browser.run("navigator.clipboard.writeText = async () => { throw new Error('no') }")
    browser.find("#finding-F2 .pc-copy").click()
    WebDriverWait(browser.driver, 30).until(lambda _: "opied" in browser.find("#finding-F2 .pc-copy").text)
    assert browser.find("#text-F2").is_displayed()


def test_a_link_to_a_case_leads_there_even_when_it_is_filtered_away(browser: Any, built: Built) -> None:
    folder, _ = built(failing=FAILING)
    browser.open(folder / "report.html", "#P402")
    in_sight = "const box = document.getElementById('P402').getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight"
    assert browser.run(in_sight)
    browser.find("#pc-search input").send_keys("connectors")
    assert "P402" not in visible(browser, "#cases tbody tr")
    browser.run("location.hash = ''; location.hash = '#P402'")
    WebDriverWait(browser.driver, 30).until(lambda _: browser.run(in_sight))
    assert "P402" in visible(browser, "#cases tbody tr")


def test_every_link_inside_the_page_leads_somewhere(browser: Any, built: Built) -> None:
    folder, _ = built(failing=FAILING)
    browser.open(folder / "report.html")
    lost = browser.run(
        "return [...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1)).filter(id => !document.getElementById(id))"
    )
    assert lost == []
    assert (
        browser.run(
            "const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new Set(ids).size"
        )
        == 0
    )


def test_the_evidence_opens_on_demand_and_can_be_searched(browser: Any, built: Built) -> None:
    folder, report = built(failing=FAILING)
    browser.open(folder / "report.html")
    unpack(browser)
    total = report["run"]["requests"]
    assert f"of {total} that fit" in browser.find("#pc-evidence-search output").text
    browser.find("#pc-evidence-search button[name=on]").click()
    assert "calls 26 to 50" in browser.find("#pc-evidence-search output").text
    browser.find("#pc-evidence-search input").send_keys("P402 sign-in")
    assert "calls 1 to 1 of 1 that fit" in browser.find("#pc-evidence-search output").text
    browser.find("#pc-evidence-list summary").click()
    WebDriverWait(browser.driver, 30).until(lambda _: browser.all("#pc-evidence-list pre"))
    assert str(BIG) in browser.find("#pc-evidence-list").text
    assert browser.complaints() == []


def test_ids_beyond_what_javascript_counts_are_shown_exactly(browser: Any, built: Built) -> None:
    folder, _ = built(failing=FAILING)
    browser.open(folder / "report.html")
    assert str(BIG) in browser.find("#certificate").text
    assert str(BIG) in browser.find("#finding-F1").text


def test_verdict_findings_cases_and_matrix_need_no_script(browser: Any, built: Built) -> None:
    folder, _ = built(failing=FAILING)
    browser.look(script=False)
    browser.open(folder / "report.html")
    for selector in (
        "#verdict",
        "#finding-F1 .pc-expected",
        "#finding-F1 pre",
        "#cases summary",
        "#requirements summary",
        "#latency summary",
    ):
        assert browser.find(selector).is_displayed(), selector
    browser.open(folder / "report.html", "#P402")
    assert browser.find("#P402").is_displayed()
    assert browser.find("#P300").is_displayed()
    for selector in ("#pc-search", "#results-table", "#pc-evidence button", ".controls", ".pc-copy", ".pc-unfold"):
        assert not browser.find(selector).is_displayed(), selector


def sheets(browser: Any) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", browser.pdf()))


def certificate_height(browser: Any) -> float:
    """Millimetres of the certificate on paper; what is left of A4, and of the lower American sheet, is 253 mm."""
    browser.command("Emulation.setEmulatedMedia", media="print")
    # The width of A4 less the margins.
    browser.command("Emulation.setDeviceMetricsOverride", width=695, height=900, deviceScaleFactor=1, mobile=False)
    height = browser.find("#certificate").rect["height"] / 96 * 25.4
    browser.command("Emulation.setEmulatedMedia", media="")
    return height


def test_a_run_without_findings_prints_as_one_sheet(browser: Any, built: Built) -> None:
    folder, _ = built(name="A partner with a rather long name " * 4)
    browser.open(folder / "report.html")
    assert sheets(browser) == 1
    assert 200 < certificate_height(browser) < 253
    # What somebody opened is printed, too.
    browser.run("document.getElementById('requirements').open = true")
    assert sheets(browser) > 1


def test_findings_follow_the_certificate_on_sheets_of_their_own(browser: Any, built: Built) -> None:
    folder, _ = built(failing={"P100": "first-connect"})
    browser.open(folder / "report.html")
    assert sheets(browser) == 2
    browser.look(script=False)
    browser.open(folder / "report.html")
    assert sheets(browser) == 2
    browser.command("Emulation.setEmulatedMedia", media="print")
    assert browser.run("return document.querySelector('#certificate-more .pc-digests').checkVisibility()")
    assert not browser.find("#requirements").is_displayed()
    browser.command("Emulation.setEmulatedMedia", media="")


def test_a_certificate_with_everything_that_is_bounded_still_fits(browser: Any, tmp_path: Path) -> None:
    making = Build(tmp_path / "report", text="a remark of many words " * 40)
    making.cases(failing=FAILING)
    making.finish(narrowed_by=tuple(f"--option-{number}" for number in range(100)))
    browser.look()
    browser.open(tmp_path / "report" / "report.html")
    assert sheets(browser) > 3
    assert certificate_height(browser) < 253
    # The same, conformant: what a submission lacks stands there as well, and everything that is waived.
    report = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    report |= {
        "verdict": "conformant_with_waivers",
        "readiness": [{"code": "x", "text": "a remark of words " * 20}] * 9,
    }
    report["validity"] = {"until": "2027-03-01", "ends": "waiver", "waiver": "W" * 40}
    person = {"by": "Somebody with a long name " * 4, "organisation": "An organisation " * 6, "on": "2026-01-01"}
    wide = waiver(
        id="W" * 40, detail="a cause of words " * 30, reason="many words " * 50, asked=person, approved=person
    )
    report["waivers"] = [{**wide, "state": "used", "findings": ["F1", "F2"] * 20}] * 9
    report["without_waivers"] = {"verdict": "not_conformant", "headline": "Not conformant: many words " * 20}
    (tmp_path / "conformant.html").write_text(page(report, tmp_path / "report"), encoding="utf-8")
    browser.look()
    browser.open(tmp_path / "conformant.html")
    for selector in ("#readiness", "#waivers", "#validity", "#limits", "#sign-offs"):
        assert browser.find(selector).is_displayed(), selector
    assert certificate_height(browser) < 253


WAIVED = {
    "waivers": (waiver(until="2026-08-30"), waiver("delete-reach", id="W2", until="2027-01-30")),
    "failing": {"P300": "sign-in", "P402": "delete-reach", "P600": "answer-in-time"},
}


@pytest.mark.parametrize("width", [390, 1280])
def test_a_certificate_with_waivers_says_so_first_and_prints_as_one_sheet(
    browser: Any, built: Built, width: int
) -> None:
    folder, _ = built(**WAIVED)
    browser.look(width=width)
    browser.open(folder / "report.html")
    verdict = browser.find("#verdict")
    assert verdict.text.endswith("Conformant only with waivers")
    assert verdict.rect["y"] + verdict.rect["height"] < 300
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.find("#waivers a").get_attribute("href").endswith("#finding-F1")
    assert "Without them: Not conformant: 2 things to repair" in browser.find("#waivers").text
    assert "2026-08-30, when waiver W1 ends" in browser.find("#validity").text
    browser.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert browser.run(CONTRAST) == []
    if width == 1280:
        assert certificate_height(browser) < 253


def test_nothing_that_a_partner_sends_is_run(browser: Any, tmp_path: Path) -> None:
    for name, text in (("report", HOSTILE), ("quiet", "")):
        making = Build(tmp_path / name, name="Partner " + text, text=text)
        person = {"by": "Ann " + text, "organisation": "Acorn " + text, "on": "2026-01-01"}
        making.waive(waiver("first-connect", reason="so " + text, asked=person, approved=person))
        making.cases(failing=dict.fromkeys(("P100", "P402", "E100"), "first-connect"))
        making.finish()
    count = "return [...document.querySelectorAll('script, style, img, svg, a[href^=javascript], form, iframe, [onload], [onerror]')].length"
    counts = []
    for name in ("report", "quiet"):
        browser.open(tmp_path / name / "report.html")
        browser.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
        unpack(browser)
        browser.find("#pc-evidence-search input").send_keys("sign-in")
        browser.run("document.querySelectorAll('#pc-evidence-list details').forEach(each => { each.open = true })")
        WebDriverWait(browser.driver, 30).until(lambda _: browser.all("#pc-evidence-list pre"))
        browser.find("#pc-frame").click()
        browser.find("#show_all_details").click()
        assert browser.run("return window.hacked") is None
        assert browser.complaints() == []
        assert [url for url in browser.requests() if not url.startswith(("file:", "data:", "blob:"))] == []
        counts.append(browser.run(count))
    assert counts[0] == counts[1]


def test_a_run_that_could_not_start_says_what_to_do(browser: Any, tmp_path: Path) -> None:
    making = Build(tmp_path / "report")
    making.problem("http://127.0.0.1:9/connect")
    making.finish()
    browser.open(tmp_path / "report" / "report.html")
    text = browser.find("#certificate").text
    assert "Incomplete" in text
    assert "http://127.0.0.1:9/connect: nobody answers.\nStart the service." in text
    assert browser.complaints() == []
