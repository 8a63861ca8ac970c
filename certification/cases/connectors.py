"""The pages of the connector list, asked for twice.

Source: Test cases, P900; ruling 8.
"""

from __future__ import annotations

from certification.cases.case import Case, both
from certification.cases.play import Play
from certification.cases.scenarios import ingest
from certification.checks import bad_requests
from certification.checks import connectors as connector_list


def connector_pages(play: Play) -> None:
    """First page with and without the token, each page twice."""
    first = play.list_connectors("", connector_list.page, kind="first page of connectors")
    without = play.list_connectors(
        None,
        lambda answer: connector_list.page(answer, "connectors-without-token"),
        kind="first page of connectors without a token",
    )
    play.judge(without, connector_list.same_page(first, without))
    again = play.list_connectors("", connector_list.page, kind="first page of connectors again")
    play.judge(again, connector_list.same_page(first, again))
    token = connector_list.next_token(first)
    if token is not None:
        second = play.list_connectors(token, connector_list.page, kind="next page of connectors")
        repeat = play.list_connectors(token, connector_list.page, kind="next page of connectors again")
        play.judge(repeat, connector_list.same_page(second, repeat))
    unknown = play.ids.token("token", 16)
    kind = "page of connectors with a token that was never given"
    play.list_connectors(unknown, bad_requests.survived, kind=kind)
    kind = "first page of connectors in another language"
    play.list_connectors("", connector_list.page, kind=kind, language="ja-JP")


CONNECTORS = (
    Case(
        "L100",
        "Pages of connectors asked for twice",
        "connectors",
        "The first page with an empty token, without one, again, and in another language; the second page twice → the same pages. A token that was never given → no crash.",
        "Test cases · P900; ruling 8",
        ("connectors-steady", "connectors-without-token", "connectors", "bad-request-survived"),
        connector_pages,
        both(ingest),
        weight=7,
    ),
)
