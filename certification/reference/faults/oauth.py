"""Faults that show with certain auth options, or in partners that name an older API version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    DELETE,
    TEST,
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
        "old-version-refuses-newer-fields",
        VERSIONS,
        "A partner of version 2.0.1 refuses the fields that came later.",
        (refuses(_has("databricks_jdbc_url")),),
        BASE_VERSION,
    ),
    Fault(
        "old-version-breaks-on-region",
        VERSIONS,
        "A partner of version 2.0.4 breaks on cloud_provider_region.",
        (crashes(_has("cloud_provider_region")),),
        OLD_VERSION,
    ),
    Fault(
        "old-version-refuses-workspace",
        VERSIONS,
        "A partner of version 2.0.4 refuses the workspace in delete-connection.",
        (refuses(lambda call: call.operation is DELETE and "databricks_organization_id" in call.body),),
        OLD_VERSION,
    ),
    Fault(
        "old-version-breaks-on-tested-workspace",
        VERSIONS,
        "A partner of version 2.0.1 breaks on the workspace in test-connection.",
        (crashes(lambda call: call.operation is TEST and "databricks_organization_id" in call.body),),
        BASE_VERSION,
    ),
    Fault(
        "old-version-refuses-secret",
        VERSIONS,
        "A partner of version 2.1.1 refuses the secret that its own auth_options call for.",
        (refuses(_has("service_principal_oauth_secret")),),
        {**M2M, "api_version": "2.1.1"},
    ),
)
