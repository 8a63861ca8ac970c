"""Faults that show with certain auth options or with older API versions only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    Condition,
    answers,
    crashes,
    drop,
    is_first,
    is_sign_in,
    of,
    put,
    refuses,
    user_of,
)

if TYPE_CHECKING:
    from certification.reference.messages import Call

OAUTH = "oauth"
VERSIONS = "versions"

M2M = {"auth_options": ["AUTH_OAUTH_M2M"]}
U2M = {"auth_options": ["AUTH_PAT", "AUTH_OAUTH_U2M"]}
OAUTH_ONLY = {"auth_options": ["AUTH_OAUTH_U2M"]}
BASE_VERSION = {"api_version": "2.0.1"}
OLD_VERSION = {"api_version": "2.0.4"}


def _without_token(call: Call) -> bool:
    return is_first(call) and not user_of(call)["auth"].get("personal_access_token")


def _null_token(call: Call) -> bool:
    auth = user_of(call).get("auth", {})
    return "personal_access_token" in auth and auth["personal_access_token"] is None


def _absent_token(call: Call) -> bool:
    return is_first(call) and "personal_access_token" not in user_of(call)["auth"]


def _has(field: str) -> Condition:
    return lambda call: call.operation is CONNECT and field in call.body


def _lacks(field: str) -> Condition:
    return lambda call: is_first(call) and field not in call.body


def _u2m(name: str, title: str, part: type) -> Fault:
    return Fault(f"oauth-{name}", OAUTH, title, (part,), U2M)


FAULTS = (
    _u2m("redirect-missing", "The oauth_redirect_uri is never sent.", answers(drop("oauth_redirect_uri"), of(CONNECT))),
    _u2m("redirect-empty", "The oauth_redirect_uri is empty.", answers(put(oauth_redirect_uri=""), of(CONNECT))),
    _u2m("redirect-null", "The oauth_redirect_uri is null.", answers(put(oauth_redirect_uri=None), of(CONNECT))),
    _u2m(
        "redirect-relative", "The oauth_redirect_uri is a path.", answers(put(oauth_redirect_uri="/oauth"), of(CONNECT))
    ),
    _u2m("redirect-first-only", "A sign-in lacks oauth_redirect_uri.", answers(drop("oauth_redirect_uri"), is_sign_in)),
    _u2m("app-id-refused", "The oauth_u2m_app_id is refused.", refuses(_has("oauth_u2m_app_id"))),
    Fault(
        "oauth-token-needed", OAUTH, "A token is wanted though the partner takes none.", (refuses(_without_token),), M2M
    ),
    Fault("oauth-null-token-breaks", OAUTH, "A null token breaks the partner.", (crashes(_null_token),), M2M),
    Fault("oauth-absent-token-breaks", OAUTH, "An absent token breaks the partner.", (crashes(_absent_token),), M2M),
    Fault(
        "oauth-secret-refused",
        OAUTH,
        "The secret of the service principal is refused.",
        (refuses(_has("service_principal_oauth_secret")),),
        M2M,
    ),
    Fault(
        "oauth-only-token-needed",
        OAUTH,
        "A partner with OAuth for users alone breaks without a token.",
        (crashes(_without_token),),
        OAUTH_ONLY,
    ),
    Fault(
        "old-version-needs-catalog",
        VERSIONS,
        "A partner of version 2.0.1 wants catalog_name.",
        (refuses(_lacks("catalog_name")),),
        BASE_VERSION,
    ),
    Fault(
        "old-version-needs-databricks-jdbc",
        VERSIONS,
        "A partner of version 2.0.1 breaks without databricks_jdbc_url.",
        (crashes(_lacks("databricks_jdbc_url")),),
        BASE_VERSION,
    ),
    Fault(
        "old-version-needs-region",
        VERSIONS,
        "A partner of version 2.0.4 wants a region.",
        (refuses(_lacks("cloud_provider_region")),),
        OLD_VERSION,
    ),
    Fault(
        "old-version-needs-scope",
        VERSIONS,
        "A partner of version 2.0.4 breaks without a scope.",
        (crashes(_lacks("connection_scope")),),
        OLD_VERSION,
    ),
)
