"""What ``verify`` says about edits of the page, and what it cannot notice without a signature."""

from __future__ import annotations

from pathlib import Path

import pytest
from forging import Record, broken, forge

from certification.review.verify import verify

# The page


def _page_text(text: str) -> str:
    return text.replace("Reference Partner</", "Another Partner</", 1)


def _page_script(text: str) -> str:
    return text.replace("</body>", "<script>document.title = 'x'</script></body>")


def _page_style(text: str) -> str:
    return text.replace("</head>", "<style>.failed { display: none }</style></head>", 1)


def _page_row(text: str) -> str:
    return text.replace("&#34;result&#34;: &#34;Passed&#34;", "&#34;result&#34;: &#34;Failed&#34;", 1)


def _page_environment(text: str) -> str:
    return text.replace(
        "&#34;environment&#34;: {",
        "&#34;environment&#34;: {&#34;x&#34;: &#34;&lt;img src=x onerror=alert(1)&gt;&#34;, ",
        1,
    )


def _page_second_blob(text: str) -> str:
    return text.replace("</body>", '<div data-jsonblob="{}"></div></body>')


PAGES = {
    "visible text": (_page_text, "the page is not the one that the evidence gives, first at line"),
    "script": (_page_script, "the page is not the one that the evidence gives, first at line"),
    "style": (_page_style, "the page is not the one that the evidence gives, first at line"),
    "row of the table": (_page_row, "of the page's table is not the one that the evidence gives"),
    "markup in the environment": (_page_environment, "the page's data differs in environment"),
    "second data": (_page_second_blob, "the data of its table not once"),
}


@pytest.mark.parametrize("name", PAGES)
def test_edit_of_the_page_alone_is_noticed(name: str, small: Path) -> None:
    edit, says = PAGES[name]
    page = small / "report.html"
    before = page.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before
    page.write_text(after, encoding="utf-8")
    assert says in broken(verify(small))


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


def test_other_library_versions_leave_the_shapes_unchecked_and_say_so(small: Path) -> None:
    def older(found: list[Record]) -> None:
        found[0]["suite"]["libraries"]["hypothesis"] = "6.100.0"

    forge(small, older)
    outcome = verify(small)
    assert outcome.holds, broken(outcome)
    left = [text for point in outcome.points for text in point.open]
    assert any("hypothesis 6.100.0 (here" in text for text in left)


def test_another_challenge_is_noticed(small: Path) -> None:
    assert verify(small, challenge="review-17").holds
    outcome = verify(small, challenge="review-18")
    assert "the run was made with the challenge 'review-17', not with 'review-18'" in broken(outcome)
