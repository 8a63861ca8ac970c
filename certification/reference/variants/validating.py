"""Other correct ways to look at requests: more leniently, or as strictly as what Databricks sends allows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from certification.reference.catalogue import Variant
from certification.reference.faults.tools import CONNECT, user_of
from certification.reference.front import Front
from certification.reference.messages import Call, bad_request
from certification.reference.validation import first_error

if TYPE_CHECKING:
    from certification.reference.messages import Json

# What a lenient partner assumes where a request says nothing, or something else than was agreed.
ASSUMED: dict[str, Any] = {
    "hostname": "unknown.example",
    "port": 443,
    "workspace_url": "https://unknown.example/",
    "demo": False,
    "cloud_provider": "aws",
    "is_free_trial": False,
}
ASSUMED_USER: dict[str, Any] = {
    "email": "somebody@unknown.example",
    "first_name": "",
    "last_name": "",
    "databricks_user_id": 0,
    "databricks_organization_id": 0,
    "is_connection_established": False,
}


class Lenient(Front):
    """Assumes what a connect request lacks instead of refusing it."""

    def validate(self, call: Call) -> None:
        if call.operation is CONNECT and first_error("connect-request", call.body):
            call.body = _assumed(call.body)
            return
        super().validate(call)


def _assumed(body: Json) -> Json:
    user = body.get("user_info")
    whole = {**ASSUMED, **_sound(body, ASSUMED), "user_info": {**ASSUMED_USER, **_sound(user, ASSUMED_USER)}}
    workspace = body.get("workspace_id")
    whole["workspace_id"] = workspace if type(workspace) is int else 0
    whole["connection_id"] = str(body.get("connection_id"))
    return whole


def _sound(given: Any, assumed: Json) -> Json:
    if not isinstance(given, dict):
        return {}
    return {name: given[name] for name, value in assumed.items() if type(given.get(name)) is type(value)}


class Unsuspecting(Front):
    """Doesn't look at headers, nor at anything but the schema."""

    def check_headers(self, call: Call) -> None:
        pass

    def validate(self, call: Call) -> None:
        schema = call.operation.request_schema
        error = first_error(schema, call.body) if schema else ""
        if error:
            raise bad_request(error)


class ExactScheme(Front):
    """Knows the scheme as Basic and in no other spelling."""

    def credentials(self, call: Call) -> bytes:
        return super().credentials(call) if call.headers.get("authorization", "").startswith("Basic ") else b""


# RFC 1035, 2.3.1 and 2.3.4, with the digit in front that RFC 1123, 2.1 allows; RFC 5321, 4.1.2 and 4.5.3.1.
LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL_PART = re.compile(rf'{ATOM}(\.{ATOM})*|"([ !#-\[\]-~]|\\[ -~])*"')
LONGEST_LOCAL, LONGEST_DOMAIN, LONGEST_ADDRESS = 64, 253, 254
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
REGIONS = {
    "aws": re.compile(r"[a-z]{2}(-[a-z]+)+-\d"),
    "azure": re.compile(r"[a-z]+\d?"),
    "gcp": re.compile(r"[a-z]+-[a-z]+\d+"),
}
LOCATIONS = {"aws": "s3", "azure": "abfss", "gcp": "gs"}
HOSTS = {"aws": ".cloud.databricks.com", "azure": ".azuredatabricks.net", "gcp": ".gcp.databricks.com"}


def is_host(name: str) -> bool:
    """Tell whether ``name`` can be the name of a host."""
    return 0 < len(name) <= LONGEST_DOMAIN and all(LABEL.fullmatch(label) for label in name.split("."))


def is_address(email: str) -> bool:
    """Tell whether ``email`` can be the address of a mailbox."""
    local, _, domain = email.rpartition("@")
    fits = 0 < len(local) <= LONGEST_LOCAL and len(email) <= LONGEST_ADDRESS
    return fits and LOCAL_PART.fullmatch(local) is not None and is_host(domain) and "." in domain


class Suspicious(Front):
    """Looks at valid requests once more."""

    def validate(self, call: Call) -> None:
        super().validate(call)
        complaint = self.complaint(call)
        if complaint:
            raise bad_request(complaint)

    def complaint(self, call: Call) -> str:
        """Return what Databricks could not have meant, or nothing."""
        raise NotImplementedError


class Addresses(Suspicious):
    """Checks addresses and host names by the RFCs."""

    def complaint(self, call: Call) -> str:
        email = user_of(call).get("email", call.body.get("email"))
        if email is not None and not is_address(email):
            return "no mailbox can have this address"
        for name in ("hostname", "domain"):
            if name in call.body and not is_host(call.body[name]):
                return f"no host can have this {name}"
        return ""


class Consistent(Suspicious):
    """Checks that all that names the workspace names the same one."""

    def complaint(self, call: Call) -> str:
        body = call.body
        if call.operation is not CONNECT:
            return ""
        url = urlsplit(body["workspace_url"])
        if url.hostname != body["hostname"].lower() or parse_qs(url.query).get("o") != [str(body["workspace_id"])]:
            return "workspace_url names another workspace"
        authority, path = f"://{body['hostname']}:{body['port']}/", f";httpPath={body.get('http_path')}"
        urls = [body[name] for name in ("jdbc_url", "databricks_jdbc_url") if name in body]
        return "" if all(authority in one and path in one for one in urls) else "a JDBC URL names another workspace"


class OfOneCloud(Suspicious):
    """Checks that host, region and location are of the cloud that the request names."""

    def complaint(self, call: Call) -> str:
        body = call.body
        if call.operation is not CONNECT:
            return ""
        cloud = body["cloud_provider"]
        if not body["hostname"].endswith(HOSTS[cloud]):
            return "the host is of another cloud"
        region = body.get("cloud_provider_region")
        if region is not None and not REGIONS[cloud].fullmatch(region):
            return "the region is of another cloud"
        location = body.get("destination_location")
        return (
            ""
            if location is None or urlsplit(location).scheme == LOCATIONS[cloud]
            else "the location is of another cloud"
        )


class Languages(Suspicious):
    """Checks the language by the form of RFC 5646."""

    def complaint(self, call: Call) -> str:
        return "" if LANGUAGE.fullmatch(call.headers.get("accept-language", "")) else "no language tag"


class NotNegative(Suspicious):
    """Stores ids in unsigned columns (ruling 28)."""

    def complaint(self, call: Call) -> str:
        names = ("workspace_id", "databricks_organization_id", "databricks_user_id")
        values = [part[name] for part in (call.body, user_of(call)) for name in names if name in part]
        return "an id is negative" if any(value < 0 for value in values) else ""


def _variant(name: str, title: str, part: Any, advisories: str = "") -> Variant:
    return Variant(name, title, (part,), {}, advisories)


VARIANTS = (
    _variant("lenient", "What a connect request lacks is assumed.", Lenient, "ruling 13"),
    _variant("unsuspecting", "Headers and cross-field promises are not checked.", Unsuspecting),
    _variant("scheme-exact", "The scheme basic in lower case is refused.", ExactScheme, "lower-case scheme"),
    _variant("addresses-strict", "Addresses and hosts are checked by RFC 5321 and 1035.", Addresses),
    _variant("workspace-strict", "All that names the workspace must name the same one.", Consistent),
    _variant("cloud-strict", "Host, region and location must be of the cloud.", OfOneCloud),
    _variant("language-strict", "The language must have the form of a tag.", Languages),
    _variant("ids-not-negative", "Negative ids are refused.", NotNegative),
)
