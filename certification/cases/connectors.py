"""The pages of the connector list, asked for twice.

Source: Test cases, P900; ruling 8.
"""

from __future__ import annotations

from certification.cases.case import Case, ingest
from certification.cases.play import Play
from certification.checks import bad_requests, connectors
from certification.databricks.actions import Options
from certification.evidence.steps import When


def connector_pages(play: Play) -> None:
    """First page with and without the token, each page twice."""
    first = play.list_connectors("", connectors.page, when=When.FIRST_PAGE)
    without = play.list_connectors(
        None,
        lambda answer: connectors.page(answer, "connectors-without-token"),
        when=When.FIRST_PAGE_WITHOUT_TOKEN,
    )
    play.add(connectors.same_page(first, without))
    again = play.list_connectors("", connectors.page, when=When.FIRST_PAGE_AGAIN)
    play.add(connectors.same_page(first, again))
    token = connectors.next_token(first)
    if token is not None:
        second = play.list_connectors(token, connectors.page, when=When.NEXT_PAGE)
        repeat = play.list_connectors(token, connectors.page, when=When.NEXT_PAGE_AGAIN)
        play.add(connectors.same_page(second, repeat))
    play.list_connectors(play.ids.token("token", 16), bad_requests.survived, when=When.UNKNOWN_TOKEN)
    play.list_connectors(
        "",
        lambda answer: connectors.page(answer, "headers-accepted"),
        when=When.FIRST_PAGE_OTHER_LANGUAGE,
        options=Options(language="ja-JP", content_type="application/json"),
    )


CONNECTORS = (
    Case(
        "L100",
        "Pages of connectors asked for twice",
        "connectors",
        "The first page with an empty token, without one, again, and in another language; the second page twice → the same pages. A token that was never given → no crash.",
        "Test cases · P900; ruling 8",
        ("connectors-steady", "connectors-without-token", "connectors", "bad-request-survived"),
        connector_pages,
        ingest,
        weight=7,
    ),
)
