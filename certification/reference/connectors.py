"""The connector list of the reference partner, cut into pages whose tokens are opaque."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from certification.reference.messages import Json, bad_request

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_SIZE = 5

# Identifiers from Databricks' official list, with what a user reads beside them.
CONNECTORS: tuple[Json, ...] = tuple(
    {"identifier": identifier, "name": name, "type": kind, "description": f"{name}, as a {kind}."}
    for identifier, name, kind in (
        ("airtable", "Airtable", "source"),
        ("amazon_redshift", "Amazon Redshift", "source"),
        ("amazon_s3", "Amazon S3", "source"),
        ("amplitude", "Amplitude", "source"),
        ("anaplan", "Anaplan", "source"),
        ("apache_kafka", "Apache Kafka", "source"),
        ("apple_search_ads", "Apple Search Ads", "source"),
        ("appsflyer", "AppsFlyer", "source"),
        ("asana", "Asana", "source"),
        ("aurora_mysql", "Aurora MySQL", "source"),
        ("aurora_postgres", "Aurora Postgres", "source"),
        ("aws_cloudtrail", "AWS CloudTrail", "source"),
        ("adobe_analytics", "Adobe Analytics", "target"),
        ("amazon_rds_for_oracle", "Amazon RDS for Oracle", "target"),
    )
)


class Pager:
    """Serves one list page by page; a token is random, belongs to one page, and never expires."""

    def __init__(self, connectors: Sequence[Json] = CONNECTORS, size: int = PAGE_SIZE) -> None:
        pages = [list(connectors[start : start + size]) for start in range(0, len(connectors), size)]
        self.tokens = ["", *(secrets.token_urlsafe(12) for _ in pages[1:])]
        self.pages = dict(zip(self.tokens, pages, strict=True))

    def page(self, token: str) -> Json:
        """Return the ConnectorResponse of ``token``; empty means the first page (API documentation, ruling 8)."""
        if token not in self.pages:
            raise bad_request("pagination_token names no page")
        position = self.tokens.index(token) + 1
        content: Json = {"connectors": self.pages[token]}
        if position < len(self.tokens):
            content["pagination_token"] = self.tokens[position]
        return content
