"""Faults with optional fields, with values that other clouds and customers have, and with request headers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import CONNECT, Condition, blocks, crashes, error, html, is_first, refuses
from certification.reference.front import Front
from certification.reference.validation import known_fields

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from certification.reference.messages import Answer, Call

FAMILY = "optional-fields"
HEADERS = "headers"

CLUSTER = {"resources_to_provision": [{"resource_type": "InteractiveCluster"}, {"resource_type": "PAT"}]}
AWS_HYPHENS = 2
LOCATION = {
    "resources_to_provision": [
        {"resource_type": "SqlEndpoint"},
        {"resource_type": "PAT"},
        {"resource_type": "DestLocation"},
    ],
}


def _lacks(field: str) -> Condition:
    return lambda call: is_first(call) and field not in call.body


def _has(field: str) -> Condition:
    return lambda call: call.operation is CONNECT and field in call.body


def _where(field: str, test: Callable[[Any], bool]) -> Condition:
    return lambda call: call.operation is CONNECT and field in call.body and test(call.body[field])


def _is(field: str, value: object) -> Condition:
    return _where(field, lambda actual: actual == value)


def _odd_cluster(call: Call) -> bool:
    return "-" in str(call.body.get("cluster_id", ""))


def _odd_location(location: str) -> bool:
    return urlsplit(location).scheme not in {"s3", "abfss"}


def _unknown(call: Call) -> bool:
    if call.operation is not CONNECT:
        return False
    return bool(set(call.body) - known_fields("connect-request"))


def _language(call: Call) -> str:
    return call.headers.get("accept-language", "en-US")


def _media_type(call: Call) -> str:
    return call.headers.get("content-type", "")


def _optional(name: str, title: str, part: type) -> Fault:
    return Fault(name, FAMILY, title, (part,))


class Translated(Front):
    """Answers in the user's language, enums and all."""

    async def respond(self, call: Call) -> Answer:
        answer = await super().respond(call)
        if (
            not _language(call).startswith("en")
            and isinstance(answer.content, dict)
            and "user_status" in answer.content
        ):
            answer.content["user_status"] = {"new": "nouveau", "existing": "existant"}.get(
                answer.content["user_status"], ""
            )
        return answer


MISSING = (
    Fault(
        "needs-http-path",
        FAMILY,
        "A cluster has no http_path, and that breaks the partner.",
        (crashes(_lacks("http_path")),),
        CLUSTER,
    ),
    Fault(
        "needs-jdbc-url",
        FAMILY,
        "A cluster has no jdbc_url, and that is refused.",
        (refuses(_lacks("jdbc_url")),),
        CLUSTER,
    ),
    Fault(
        "needs-warehouse",
        FAMILY,
        "Only SQL warehouses are supported, whatever the config says.",
        (refuses(_is("is_sql_endpoint", value=False)),),
        CLUSTER,
    ),
    Fault(
        "needs-hexadecimal-cluster", FAMILY, "A cluster id with hyphens is refused.", (refuses(_odd_cluster),), CLUSTER
    ),
    _optional("needs-catalog", "A request without catalog_name breaks the partner.", crashes(_lacks("catalog_name"))),
    _optional(
        "needs-service-principal",
        "A request without service_principal_id breaks the partner.",
        crashes(_lacks("service_principal_id")),
    ),
    _optional("needs-scope", "A request without connection_scope is refused.", refuses(_lacks("connection_scope"))),
    _optional(
        "needs-region", "A request without cloud_provider_region is refused.", refuses(_lacks("cloud_provider_region"))
    ),
    Fault(
        "needs-location",
        FAMILY,
        "A request without destination_location breaks the partner.",
        (crashes(_lacks("destination_location")),),
        LOCATION,
    ),
)

PRESENT = (
    _optional("refuses-unknown-fields", "A field that the model lacks is refused.", refuses(_unknown)),
    _optional(
        "refuses-service-principal",
        "A service principal is refused, as the partner has no use for it.",
        refuses(_has("service_principal_id")),
    ),
    _optional(
        "refuses-database-name", "The reserved database_name breaks the partner.", crashes(_has("database_name"))
    ),
    _optional(
        "refuses-data-source",
        "The reserved data_source_connector breaks the partner.",
        crashes(_has("data_source_connector")),
    ),
    _optional("refuses-location", "A destination_location is refused.", refuses(_has("destination_location"))),
    _optional("refuses-free-trial", "A free-trial workspace is refused.", refuses(_is("is_free_trial", value=True))),
    _optional("refuses-user-scope", "The scope user is refused.", refuses(_is("connection_scope", "user"))),
    _optional(
        "refuses-workspace-scope",
        "The scope workspace breaks the partner.",
        crashes(_is("connection_scope", "workspace")),
    ),
    _optional(
        "refuses-gcp",
        "Google's cloud is known as gpc, as the OpenAPI file has it.",
        refuses(_is("cloud_provider", "gcp")),
    ),
    _optional("refuses-azure", "Azure breaks a switch without that case.", crashes(_is("cloud_provider", "azure"))),
    _optional(
        "refuses-other-regions",
        "Regions outside the United States are refused.",
        refuses(_where("cloud_provider_region", lambda region: "us" not in region)),
    ),
    _optional(
        "refuses-other-region-forms",
        "A region that is not spelled as AWS spells its own is refused.",
        refuses(_where("cloud_provider_region", lambda region: region.count("-") < AWS_HYPHENS)),
    ),
    _optional(
        "refuses-azure-hosts",
        "Only hosts under cloud.databricks.com are accepted.",
        refuses(_where("hostname", lambda host: not host.endswith(".cloud.databricks.com"))),
    ),
    _optional(
        "refuses-gs-locations",
        "A location under gs:// is refused.",
        refuses(_where("destination_location", _odd_location)),
    ),
    _optional(
        "breaks-on-abfss",
        "The @ in an abfss:// location breaks a parser.",
        crashes(_where("destination_location", lambda location: "@" in location)),
    ),
    _optional(
        "breaks-on-catalog-hyphen",
        "A hyphen in the catalog name breaks an unquoted statement.",
        crashes(_where("catalog_name", lambda name: "-" in name)),
    ),
    _optional(
        "breaks-on-catalog-space",
        "A space in the catalog name breaks an unquoted statement.",
        crashes(_where("catalog_name", lambda name: " " in name)),
    ),
    _optional(
        "breaks-on-catalog-dot",
        "A dot splits the catalog name.",
        crashes(_where("catalog_name", lambda name: "." in name)),
    ),
    _optional(
        "breaks-on-catalog-backtick",
        "A backtick ends the quoted catalog name.",
        crashes(_where("catalog_name", lambda name: "`" in name)),
    ),
    _optional(
        "refuses-catalog-letters",
        "A catalog name with other letters than ASCII is refused.",
        refuses(_where("catalog_name", lambda name: not name.isascii())),
    ),
    _optional(
        "refuses-hive-metastore", "The legacy metastore is refused.", refuses(_is("catalog_name", "hive_metastore"))
    ),
)

HEADER_FAULTS = (
    Fault(
        "charset-refused",
        HEADERS,
        "A Content-Type with charset is refused.",
        (blocks(lambda call: ";" in _media_type(call), html(415, "Unsupported media type")),),
    ),
    Fault(
        "charset-required",
        HEADERS,
        "A Content-Type without charset is refused.",
        (refuses(lambda call: _media_type(call) == "application/json"),),
    ),
    Fault(
        "language-other-breaks",
        HEADERS,
        "A language other than English has no texts and breaks the partner.",
        (crashes(lambda call: not _language(call).startswith("en")),),
    ),
    Fault(
        "language-without-region-breaks",
        HEADERS,
        "A language tag without region breaks a split.",
        (crashes(lambda call: "-" not in _language(call)),),
    ),
    Fault(
        "language-with-script-refused",
        HEADERS,
        "A language tag of three parts is refused.",
        (refuses(lambda call: _language(call).count("-") > 1),),
    ),
    Fault("language-translates-enums", HEADERS, "The enums are translated with everything else.", (Translated,)),
    Fault(
        "user-agent-refused",
        HEADERS,
        "A bot filter refuses the user agent databricks.",
        (blocks(lambda call: call.headers.get("user-agent") == "databricks", error(403, "unauthorized")),),
    ),
)

FAULTS = MISSING + PRESENT + HEADER_FAULTS
