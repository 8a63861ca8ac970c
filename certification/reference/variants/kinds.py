"""Every kind of partner config, each served by the correct partner as it is."""

from __future__ import annotations

from typing import Any

from certification.reference.catalogue import Variant
from certification.reference.faults.tools import CONNECT, answers, of, put

WAREHOUSE = {"resource_type": "SqlEndpoint"}
CLUSTER = {"resource_type": "InteractiveCluster"}
LOCATION = {"resource_type": "DestLocation"}
TOKEN = {"resource_type": "PAT"}

NO_HOOKS = {"test_connection_path": None, "delete_account_path": None, "expire_account_path": None}
JDBC = "organization.cloud.databricks.com:443/default"
HTTP_PATH = "/sql/1.0/endpoints/44a1419108002906"


def _kind(name: str, title: str, **config: Any) -> Variant:
    return Variant(name, title, (), config)


def _version(version: str) -> Variant:
    return _kind(f"version-{version}", f"The partner implements version {version}.", api_version=version)


VARIANTS = (
    _kind("invite", "New users are invited.", new_user_action="invite"),
    _kind("not-found", "New users are not found.", new_user_action="not_found"),
    _kind("error", "New users are an error.", new_user_action="error"),
    _kind("manual-sign-up", "Users sign up by hand.", require_manual_signup=True),
    _kind(
        "manual-and-invite",
        "Users sign up by hand or are invited.",
        require_manual_signup=True,
        new_user_action="invite",
    ),
    _kind("trial-account", "Trials belong to accounts.", trial_type="account"),
    _kind(
        "trial-account-invite",
        "Trials belong to accounts, new users are invited.",
        trial_type="account",
        new_user_action="invite",
    ),
    _kind("trial-user-not-found", "Trials belong to users, new users are not found.", new_user_action="not_found"),
    _kind("no-trial", "There are no trials to expire.", trial_type=None, endpoints={"expire_account_path": None}),
    _kind("no-demo", "There is no demo flow.", supports_demo=None),
    _kind("auth-pat", "The token is the only way in, and the config says so.", auth_options=["AUTH_PAT"]),
    _kind("auth-m2m", "A service principal signs in by OAuth.", auth_options=["AUTH_OAUTH_M2M"]),
    _kind(
        "auth-u2m",
        "Users sign in by OAuth, with an app that is not published.",
        auth_options=["AUTH_PAT", "AUTH_OAUTH_U2M"],
    ),
    _kind(
        "auth-u2m-only",
        "Users sign in by OAuth and no other way.",
        auth_options=["AUTH_OAUTH_U2M"],
        is_published_app=False,
    ),
    _kind(
        "auth-u2m-published",
        "Users sign in by OAuth, with a published app.",
        auth_options=["AUTH_PAT", "AUTH_OAUTH_U2M"],
        is_published_app=True,
    ),
    _kind("auth-both-oauth", "Both kinds of OAuth.", auth_options=["AUTH_OAUTH_M2M", "AUTH_OAUTH_U2M"]),
    Variant(
        "auth-u2m-published-redirect",
        "The OAuth redirect is sent though the app is published.",
        (answers(put(oauth_redirect_uri="http://localhost/app/oauth-callback"), of(CONNECT)),),
        {"auth_options": ["AUTH_PAT", "AUTH_OAUTH_U2M"], "is_published_app": True},
        "Connection, oauth_redirect_uri",
    ),
    _kind("cluster", "A cluster is provisioned.", resources_to_provision=[CLUSTER, TOKEN]),
    _kind(
        "cluster-and-warehouse",
        "A cluster or a warehouse is provisioned.",
        resources_to_provision=[CLUSTER, WAREHOUSE, TOKEN],
    ),
    _kind("location", "A destination is provisioned.", resources_to_provision=[WAREHOUSE, TOKEN, LOCATION]),
    _kind("token-only", "Nothing but a token is provisioned.", resources_to_provision=[TOKEN]),
    _kind("nothing-provisioned", "Nothing is provisioned.", resources_to_provision=[]),
    _kind("no-hooks", "There are no test hooks.", endpoints=NO_HOOKS, trial_type=None),
    _kind(
        "no-connectors",
        "The category has no connector list.",
        category="BI_AND_VIZ",
        endpoints={"get_connectors_path": None},
    ),
    _kind("one-cloud", "One cloud is supported.", supported_clouds=["azure"]),
    _kind(
        "least",
        "The least that a partner can offer.",
        category="ML",
        supports_demo=None,
        trial_type=None,
        endpoints={**NO_HOOKS, "get_connectors_path": None},
    ),
    _kind("prefixed", "The API lives under a path.", base_url="http://localhost/partner-connect/v2"),
    _kind("base-slash", "The base URL ends with a slash.", base_url="http://localhost/"),
    _kind(
        "other-paths",
        "Operations share paths and differ in methods.",
        endpoints={
            "connect_path": "/v2/connections",
            "delete_connection_path": "/v2/connections/delete",
            "test_connection_path": "/v2/connections/test/",
            "delete_account_path": "/v2/accounts",
            "expire_account_path": "/v2/accounts",
            "get_connectors_path": "/v2/connections",
        },
    ),
    _kind(
        "workspace-detail",
        "Requests name a real workspace.",
        test_workspace_detail={
            "hostname": "organization.cloud.databricks.com",
            "port": 443,
            "jdbc_url": f"jdbc:spark://{JDBC};transportMode=http;ssl=1;AuthMech=3;httpPath={HTTP_PATH};",
            "databricks_jdbc_url": f"jdbc:databricks://{JDBC};httpPath={HTTP_PATH};",
            "http_path": HTTP_PATH,
            "cluster_id": "44a1419108002906",
        },
    ),
    *(
        _version(version)
        for version in ("2.0.0", "2.0.1", "2.0.2", "2.0.3", "2.0.4", "2.0.5", "2.1.0", "2.1.1", "2.2.1")
    ),
)
