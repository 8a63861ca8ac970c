"""The rulings: what is certified where Databricks' own documents disagree, or leave something open.

A requirement names a ruling in its source; whoever meets it has to be able to read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RULINGS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "delete-connection is a POST. Early text of version 2.1 says DELETE, the OpenAPI file since August 2023 says POST.",
        2: "The cloud is called gcp. The gpc of the OpenAPI file is a typing error.",
        3: "user_unauthorized stands only in the prose; it is accepted as a resource_status.",
        4: "The status of a test result is PASS, FAIL or UNKNOWN, as the OpenAPI file says; the SUCCESS and FAILED of the prose are not certified.",
        5: "account_status is never existing; that it is in one example is an error.",
        6: "An optional field of an answer that is there as null counts as left out; leaving it out is better.",
        7: "A sign-in after a deletion must be 404 connection_not_found only where the partner said resources_deleted; with the other statuses the connection may go on existing.",
        8: "Databricks asks for the first page of connectors with pagination_token= (empty); that must work. A first request without the parameter should work as well.",
        9: "The host of a redirect is equal to an entry of hostnames, or a subdomain of one. That it merely contains one is not enough: partner.com.evil.example would pass.",
        10: "A sign-in answers configured_resources false: the prose says that the value is ignored, Databricks' own tests require false.",
        11: "A known user who is called new on a sign-in is advice: Databricks' own tests let it pass.",
        12: "The test hooks may take subdomains of the two test domains, as the documents' own example does; they need not.",
        13: "Databricks never sends a malformed request. What is no JSON must be refused with 400. For a missing field, or one of the wrong type, 400 is right and a 2xx is advice; a 5xx, or anything that is not an ErrorResponse, is a failure.",
        14: "For a brand-new user and company, existing, active and expired are wrong; not_applicable is fine.",
        15: "A connector identifier outside the official list is advice.",
        16: "There is one Databricks, and it sends today's requests to every partner, whatever its api_version; a partner ignores fields that it does not know. The version decides only what is asked of the partner.",
        17: "Whether delete-account reaches other workspaces and clouds of the same domain is left open. Other domains are never touched, and what the named workspace has is gone.",
        18: "test-connection of a deleted connection answers 404 connection_not_found, or 200 with at least one result FAIL; both are right.",
        19: "A hook that the config names and the server does not have is one finding; what depends on it cannot be tried.",
        20: "Different users at once must work. The same first connect twice at once (a double click) is in no document: what comes of it is advice. Demo requests at once need not work.",
        21: "A redirect, a successful body or a header that carries the token, the OAuth secret or the password is a failure: browsers, logs and referrers see it. In the debugging_message of an error it is advice: Databricks logs that field.",
        22: "Without AUTH_PAT, personal_access_token is null or left out; both occur and must be accepted.",
        23: "delete-connection with the right id and another workspace or cloud is about another connection; deleting all the same is advice.",
        24: "A first connect after expiry may lead to purchase_product or create_trial and configure something or not; its account_status is expired.",
        25: "A body that arrives in a later packet than its headers is ordinary HTTP. Databricks sends requests in one piece, so a partner that fails on it gets advice, once.",
        26: "Every request of Databricks carries all four headers, also the GET of the connectors, which has a Content-Type and no body.",
        27: "Who is a company is the partner's business: that acme.com and acme.org are one is advice with a security mark, that quite different domains are one is a failure.",
        28: "service_principal_id may be empty: no service principal was made. Ids are any int64 that is not negative, 0 included.",
    }
)
"""Number of a ruling -> what is certified, and why."""

_NAMED = re.compile(r"(?i)\bruling (\d{1,3})\b")


def rulings_in(source: str) -> list[tuple[int, str]]:
    """Return number and text of each ruling that the ``source`` of a requirement names."""
    numbers = dict.fromkeys(int(number) for number in _NAMED.findall(source))
    return [(number, RULINGS[number]) for number in numbers if number in RULINGS]
