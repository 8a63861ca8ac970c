"""The cover page of a submission in a real browser: wide, narrow, dark, printed, and with hostile words in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from submitting import DAY, config, connected, everything, explained, looked, redirected, scenarios, written_images

from certification.submission.completeness import completeness
from certification.submission.cover import cover
from certification.submission.explanations import Explanations
from certification.submission.facts import Attested, Leak, Looked, ManualCase, Outside

HOSTILE = '"><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">\u202e'


def page(folder: Path, seen: Looked) -> Path:
    """Write the cover page of what was looked at."""
    (folder / "images").mkdir(exist_ok=True)
    written_images(folder / "images")
    (folder / "partner.json").write_text("{}")
    target = folder / "cover.html"
    target.write_text(cover(folder, seen, completeness(seen)), encoding="utf-8")
    return target


def incomplete(name: str = "Acorn BI", words: str = "It serves pictures.") -> Looked:
    """As much as can be wrong."""
    own = config(name=name, hostnames=["acorn.com", "cdn.acorn-static.com", "localhost"], description_blurb=words)
    return looked(
        config=own,
        explanations=Explanations(
            1, (explained("hostname", "localhost", words), explained("scenario", "demo-connects", words))
        ),
        scenarios=scenarios(
            [
                each
                for each in everything()
                if "purchase" not in each.response.body and 'demo": true' not in each.request.body
            ],
            own,
        ),  # type: ignore[union-attr]
        attested=Attested(
            (
                ManualCase("M100", "passed", optional=False),
                ManualCase("M101", "failed", optional=False, reason=words),
                ManualCase("M200", "missing", optional=False),
            )
        ),
        outside=Outside(DAY, None, credentials=True),
        leaks=(Leak("certification.zip: evidence/main.jsonl", "json-web-token", by_hand=False),),
    )


def contrast(browser: Any, selector: str) -> float:
    """How far the text of an element stands out against what is behind it, as WCAG counts it."""
    script = """
      const rgb = text => (text.match(/[0-9.]+/g) || [0, 0, 0, 0]).map(Number)
      const light = parts => {
        const [r, g, b] = parts.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
      }
      let it = document.querySelector(arguments[0])
      const front = light(rgb(getComputedStyle(it).color))
      let behind = rgb(getComputedStyle(it).backgroundColor)
      while (behind[3] === 0 && it.parentElement) { it = it.parentElement; behind = rgb(getComputedStyle(it).backgroundColor) }
      const [low, high] = [front, light(behind)].sort((a, b) => a - b)
      return (high + 0.05) / (low + 0.05)
    """
    return float(browser.run(script, selector))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_and_can_be_read(browser: Any, width: int, tmp_path: Path) -> None:
    target = page(tmp_path, incomplete(words="a-very-long-word-without-any-blank-" * 8))
    for dark in (False, True):
        browser.look(width=width, dark=dark)
        browser.open(target)
        assert browser.complaints() == []
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
        assert browser.find("#verdict").text == "✗\nNot complete"
        for selector in (
            "#verdict",
            "dt",
            "dd.good",
            ".soft",
            ".rule-bad .outcome",
            ".rule-warn .mark",
            ".word-bad",
            "code",
            "a",
        ):
            assert contrast(browser, selector) >= 4.5, (selector, dark)
        assert [url for url in browser.requests() if not url.startswith(("file:", "data:"))] == []
    # What failed is named before everything else; each rule opens on demand.
    assert browser.run("return [...document.querySelectorAll('section')].map(each => each.id)")[:3] == [
        "missing",
        "advice",
        "tile",
    ]
    assert len(browser.all("#missing .card")) == 2
    assert not browser.find("#hostnames-used .facts").is_displayed()
    browser.find("#hostnames-used summary").click()
    assert "cdn.acorn-static.com is allowed" in browser.find("#hostnames-used .facts").text


def test_the_page_prints_on_a_few_sheets(browser: Any, tmp_path: Path) -> None:
    browser.open(page(tmp_path, looked()))
    assert browser.find("#verdict").text == "✓\nComplete"
    assert browser.run("return document.querySelectorAll('.logo img, .icon').length") == 2
    assert browser.run("return [...document.images].every(each => each.naturalWidth > 0)")
    assert len(re.findall(rb"/Type\s*/Page\b", browser.pdf())) <= 3


def test_nothing_that_a_partner_writes_is_run(browser: Any, tmp_path: Path) -> None:
    seen = incomplete(name="Acorn " + HOSTILE, words=HOSTILE)
    answer = redirected(f"https://acorn.com/{HOSTILE}?{HOSTILE}#{HOSTILE}", HOSTILE, HOSTILE)
    seen = replace(seen, scenarios=scenarios([*everything(), connected(answer)], seen.config))
    target = page(tmp_path, seen)
    (tmp_path / "images" / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="420" height="100" onload="window.hacked = 1"><script>parent.hacked = 1</script></svg>'
    )
    target.write_text(cover(tmp_path, seen, completeness(seen)), encoding="utf-8")
    browser.open(target)
    assert browser.run("return window.hacked") is None
    assert browser.run("return document.querySelectorAll('script, iframe, form, [onerror], [onload]').length") == 0
    assert browser.run("return document.images.length") == 2
    assert [url for url in browser.requests() if not url.startswith(("file:", "data:"))] == []
    assert "\\u202e" in browser.find("h1").text
