"""What ``verify`` says about edits of the page, and what it cannot notice without a signature."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from forging import Record, broken, forge, left_open

from certification.review.verify import Result, verify

# The page


def _page_text(text: str) -> str:
    return text.replace("Reference Partner</", "Another Partner</", 1)


def _page_script(text: str) -> str:
    return text.replace("</body>", "<script>document.title = 'x'</script></body>")


def _page_style(text: str) -> str:
    return text.replace("</head>", "<style>.failed { display: none }</style></head>", 1)


def _page_overlay(text: str) -> str:
    """A whole screen of praise over the report, as another version of pytest-html might have written it."""
    overlay = '<div style="position:fixed;inset:0;background:#fff;z-index:9999;font-size:9vw">CONFORMANT</div>'
    return re.sub(r"(pytest-html</a>\s+v)[0-9.]+", r"\g<1>3.2.1", text).replace("</body>", f"{overlay}</body>")


def _page_row(text: str) -> str:
    return text.replace("Passed", "Failed", 1)


def _page_second_blob(text: str) -> str:
    return text.replace("</body>", '<div data-jsonblob="{}"></div></body>')


PAGES: dict[str, Callable[[str], str]] = {
    "visible text": _page_text,
    "script": _page_script,
    "style": _page_style,
    "row of the table": _page_row,
    "second data": _page_second_blob,
    "something beside the page": lambda text: text + "<p>Approved</p>",
}


@pytest.mark.parametrize("name", PAGES)
def test_edit_of_the_page_alone_is_noticed(name: str, small: Path) -> None:
    page = small / "report.html"
    before = page.read_text(encoding="utf-8")
    after = PAGES[name](before)
    assert after != before
    page.write_text(after, encoding="utf-8")
    assert "outputs: report.html: " in broken(verify(small))


def test_page_of_a_claimed_other_version_of_pytest_html_never_holds(small: Path) -> None:
    page = small / "report.html"
    before = page.read_text(encoding="utf-8")
    page.write_text(_page_overlay(before), encoding="utf-8")
    outcome = verify(small)
    assert outcome.result is not Result.HOLDS
    assert "3.2.1" in left_open(outcome)


# What needs a signature, and what a signature gives


def test_good_run_of_another_partner_is_not_noticed_without_a_signature(good: Path) -> None:
    """The honest limit: evidence of another partner's good run, under this partner's address, holds."""

    def moved(found: list[Record]) -> None:
        old, new = found[0]["url"], "https://api.other.example"
        for record in found:
            if record["type"] == "exchange" and record["request"]["operation"] != "redirect":
                record["request"]["url"] = record["request"]["url"].replace(old, new)
        found[0]["url"] = new

    forge(good, moved)
    outcome = verify(good)
    assert outcome.holds, broken(outcome)


def test_times_that_are_moved_together_are_not_noticed_without_a_signature(small: Path) -> None:
    def earlier(found: list[Record]) -> None:
        for record in found:
            for key in ("started", "finished"):
                if key in record:
                    record[key] = "2024" + record[key][4:]

    forge(small, earlier)
    outcome = verify(small)
    assert outcome.holds, broken(outcome)


def test_faster_answers_are_not_noticed_without_a_signature(small: Path) -> None:
    def faster(found: list[Record]) -> None:
        for record in found:
            if record["type"] == "exchange":
                record["seconds"] /= 4

    forge(small, faster)
    assert verify(small).holds


def test_other_library_versions_do_not_matter(small: Path) -> None:
    """Whether a shape can have been drawn is asked, whatever drew it."""

    def older(found: list[Record]) -> None:
        found[0]["suite"] |= {"python": "3.13.9", "libraries": {"hypothesis": "6.100.0", "faker": "9.9"}}

    forge(small, older)
    outcome = verify(small)
    assert outcome.result is Result.HOLDS, broken(outcome) + left_open(outcome)


def test_another_challenge_is_noticed(small: Path) -> None:
    assert verify(small, challenge="review-17").holds
    outcome = verify(small, challenge="review-18")
    assert "the run was made with the challenge 'review-17', not with 'review-18'" in broken(outcome)
