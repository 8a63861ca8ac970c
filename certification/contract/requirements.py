"""The clauses of the contract that the suite holds a partner to: what is required, how strictly, and where it stands.

Every finding names one of these; the requirement matrix of the report and ``partner-connect requirements`` list them
all.  A clause that no case can test says why.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Requirement:
    """One clause: ``level`` is ``must`` or ``should``; ``hint`` names the usual cause when it is broken."""

    id: str
    level: str
    clause: str
    source: str
    hint: str = ""
    security: bool = False
    untested: str = ""
    """Why no case tests the clause; empty for a tested one."""
    needs: str = ""
    """What a partner must have, or do, for the clause to be looked at; empty where every run looks at it."""
    shared: bool = False
    """Whether what all operations share decides it (the framework's error handler, the authentication): one cause."""
    rests_on: tuple[str, ...] = ()
    """Requirements that explain the same failure more plainly: broken there in the same way, it is a consequence here."""


_R = Requirement

REQUIREMENTS: dict[str, Requirement] = {
    entry.id: entry
    for entry in (
        # Any answer
        _R(
            "answer-arrives",
            "must",
            "Every call is answered within 60 seconds.",
            "API · Endpoints",
            "The process crashed, a worker hangs, or a gateway cut the connection; look at the partner's log at the time of the call.",
        ),
        _R(
            "answer-in-time",
            "should",
            "An answer takes less than 10 seconds: a user is waiting for it.",
            "API · Who calls whom",
            "Set up what takes long after answering, or keep environments warm.",
        ),
        _R(
            "answer-direct",
            "must",
            "The API answers at the configured path itself, without a redirect.",
            "API · Endpoints",
            "A missing or surplus slash at the end, or http instead of https, makes most frameworks and gateways redirect; a redirected POST loses its body.",
            shared=True,
        ),
        _R(
            "endpoint-there",
            "must",
            "An endpoint that the config names is there.",
            "Ruling 19",
            "The route is missing in this deployment, or the config names another path or method.",
        ),
        _R(
            "body-readable",
            "must",
            "The body of an answer can be read: compressed as it says, complete, UTF-8, at most one million bytes.",
            "API · Headers",
            shared=True,
        ),
        _R(
            "body-json",
            "must",
            "The body of an answer is one JSON object.",
            "API · Models",
            shared=True,
        ),
        _R(
            "body-unambiguous",
            "should",
            "No key stands twice in a JSON object, and no string holds half a character.",
            "API · Models",
            "JSON put together by hand, or text cut in the middle of a character.",
            shared=True,
        ),
        _R(
            "content-type",
            "must",
            "An answer with a JSON body carries Content-Type: application/json (parameters allowed).",
            "API · Headers",
            "Set the header in the framework; text/plain and text/html are common defaults.",
            shared=True,
        ),
        _R(
            "null-as-absent",
            "should",
            "Optional fields of an answer without a value are left out rather than null.",
            "Ruling 6",
            "Tell the JSON serializer to leave out null fields.",
            shared=True,
        ),
        _R(
            "models-tolerant",
            "must",
            "A partner accepts every field, mandatory and optional, known and unknown, and ignores those it has no use for.",
            "API · What connect means",
            "The JSON deserializer fails on unknown properties, or a validator has a closed list.",
            shared=True,
            rests_on=("first-connect", "sign-in", "delete-connection", "test-connection"),
        ),
        _R(
            "headers-accepted",
            "must",
            "Both forms of Content-Type, and any valid language in Accept-Language, are accepted.",
            "API · Headers",
            "The Content-Type is compared as a whole string, or the language is looked up in a table without a fallback.",
            shared=True,
            rests_on=("first-connect", "sign-in", "delete-connection", "test-connection"),
        ),
        # Errors
        _R(
            "error-model",
            "must",
            "Every error is an ErrorResponse with a reason that exists.",
            "API · ErrorResponse",
            shared=True,
        ),
        _R(
            "error-reason-fits",
            "must",
            "The error_reason goes with the status: 400 bad_request, 401 unauthorized, 404 account_not_found or connection_not_found, 500 general_error.",
            "API · Endpoints",
            "The reason is a constant, or the status is chosen elsewhere.",
            shared=True,
        ),
        # First connect
        _R(
            "first-connect",
            "must",
            "A first connect is answered with 200 or 201 and a Connection.",
            "API · Endpoints; Test cases · A valid new connection",
        ),
        _R(
            "connection-model",
            "must",
            "The answer to connect is a Connection: all required fields, of the right type, values from their enums.",
            "API · Models · Connection",
        ),
        _R(
            "connection-id-rule",
            "must",
            "connection_id is there exactly when the partner configured a new connection.",
            "API · Models · Connection",
        ),
        _R(
            "resources-configured",
            "must",
            "A first connect configures the resources: configured_resources is true.",
            "Test cases · A valid new connection",
            "With false, Databricks deletes the warehouse, token and principal that it has just made.",
        ),
        _R(
            "redirect-value",
            "must",
            "redirect_value names the scenario that the case calls for.",
            "API · What connect means; Test cases",
            "The scenario is chosen by the wrong condition, such as the account's state instead of the user's.",
        ),
        _R(
            "new-is-new",
            "must",
            "For a user and a company that nobody has seen before, user_status and account_status are new (or not_applicable).",
            "Ruling 14",
            "The status is a constant, or the user or account is looked up by something that others share: a domain without its first label, a cut e-mail address, a workspace.",
        ),
        _R(
            "companies-by-whole-domain",
            "should",
            "Companies whose domains differ in the last labels only (acme.com, acme.org) are told apart.",
            "Ruling 27",
            "The company is looked up by the first label of the e-mail domain.",
            security=True,
            rests_on=("new-is-new",),
        ),
        _R(
            "redirect-absolute",
            "must",
            "redirect_uri is an absolute http or https URL without user information, tricks or blanks.",
            "API · Models · Connection",
            security=True,
        ),
        _R(
            "redirect-allowed",
            "must",
            "The host of redirect_uri is an allow-listed hostname, or a subdomain of one.",
            "Ruling 9",
            "Add the host to hostnames, or correct the URL; Databricks blocks all others.",
            security=True,
        ),
        _R(
            "redirect-answers",
            "must",
            "redirect_uri answers a plain GET with 2xx or 3xx.",
            "API · Models · Connection",
        ),
        _R(
            "redirect-arrives",
            "should",
            "The page behind redirect_uri is reached: its redirects do not lead in a circle.",
            "API · Models · Connection",
            "The page asks for a session or cookie that its own redirect does not make.",
        ),
        _R(
            "oauth-redirect",
            "must",
            "oauth_redirect_uri is there when auth_options has AUTH_OAUTH_U2M and the app is not published.",
            "API · Models · Connection",
            "Return the address at which your application begins the OAuth flow.",
            needs="auth_options with AUTH_OAUTH_U2M and an app that is not published",
        ),
        _R(
            "oauth-redirect-needless",
            "should",
            "oauth_redirect_uri is left out when nothing asks for it.",
            "API · Models · Connection",
            "Return it only for AUTH_OAUTH_U2M with an app that is not published.",
            needs="auth_options without AUTH_OAUTH_U2M, or a published app",
        ),
        _R(
            "connections-separate",
            "must",
            "Every first connect makes a connection of its own, with an id that no other has.",
            "API · What connect means; case P400",
            "The id is derived from the user, the e-mail address or the workspace, or an existing record is returned.",
        ),
        # Sign-in
        _R(
            "sign-in",
            "must",
            "A sign-in on an existing connection is answered with 200 and a Connection.",
            "Test cases · A valid sign-in",
        ),
        _R(
            "sign-in-configures-nothing",
            "must",
            "A sign-in configures nothing: configured_resources is false and there is no connection_id.",
            "Ruling 10",
        ),
        _R(
            "sign-in-manual",
            "must",
            "Where sign-up is by hand, a sign-in before it is 404 with account_not_found or connection_not_found.",
            "API · Manual sign-up",
            "require_manual_signup is true in the config: is that meant?",
            needs="require_manual_signup true in the config",
        ),
        _R(
            "known-user-existing",
            "should",
            "A user who has connected before is not called new on sign-in.",
            "Ruling 11",
            "The user is saved only when the sign-up page is completed, or an earlier demo or deletion changed what is known of them.",
        ),
        _R(
            "known-account-active",
            "should",
            "An account whose connection is being used is not called new.",
            "API · What connect means",
            "The account is looked up by the user instead of the company.",
        ),
        _R(
            "not-expired",
            "must",
            "An account that nobody expired is not reported as expired.",
            "API · What connect means",
            "The trial's end is computed with the wrong unit or zone, or another account was expired by mistake.",
        ),
        _R(
            "unknown-connection",
            "must",
            "A sign-in on a connection that does not exist is 404 connection_not_found.",
            "API · What connect means",
            "The connection_id is not looked at, or is found by workspace or user.",
            rests_on=("sign-in",),
        ),
        _R(
            "new-user-action",
            "must",
            "A new user on an established connection is treated as new_user_action says.",
            "API · New users on an established connection",
            rests_on=("sign-in", "new-is-new"),
        ),
        _R(
            "answers-steady",
            "must",
            "The same sign-in gives the same answer as long as nothing changes.",
            "API · What connect means",
            rests_on=("sign-in",),
        ),
        _R(
            "connection-independent",
            "must",
            "State belongs to the connection_id, not to a TCP connection or a cookie.",
            "API · Who calls whom",
            "A session cookie or a per-connection variable holds what the database should.",
            rests_on=("sign-in",),
        ),
        # Deletion
        _R(
            "delete-connection",
            "must",
            "delete-connection of an existing connection answers 200 with a resource_status.",
            "API · Models · DeleteConnectionResponse",
        ),
        _R(
            "deleted-is-gone",
            "must",
            "After resources_deleted, the connection is unknown: 404 connection_not_found.",
            "Ruling 7; cases P402, P801",
            rests_on=("unknown-connection",),
        ),
        _R(
            "delete-unknown",
            "must",
            "delete-connection of an unknown or already deleted id is 404 connection_not_found.",
            "API · What connect means",
            rests_on=("delete-connection",),
        ),
        _R(
            "delete-reach",
            "must",
            "delete-connection acts on that one connection: every other still works.",
            "API · What connect means",
            "The deletion goes by user, company or workspace instead of the id.",
            rests_on=("sign-in", "workspaces-separate"),
        ),
        _R(
            "deletion-place-checked",
            "should",
            "delete-connection with the right id and another workspace or cloud does not delete.",
            "Ruling 23",
            "The connection is found by its id alone.",
        ),
        _R(
            "connect-after-delete",
            "must",
            "After a deletion a first connect works as before.",
            "Case P401",
            "A unique key still holds the deleted record.",
            rests_on=("first-connect",),
        ),
        _R(
            "workspaces-separate",
            "must",
            "Each workspace has its own connection; making one leaves those of other workspaces and clouds alone.",
            "API · What connect means; case P600",
            "Connections are stored by user or company, or workspace ids are narrowed to 32 bits or to a floating-point number.",
            rests_on=("sign-in", "first-connect"),
        ),
        # Authentication
        _R(
            "credentials-required",
            "must",
            "A call without the right credentials is 401 unauthorized, on every endpoint.",
            "API · Headers and authentication",
            "The check is missing on one route, runs after the body was read, or compares only part of the credentials.",
            security=True,
            shared=True,
        ),
        _R(
            "refused-without-effect",
            "must",
            "A call that is refused for its credentials has changed nothing.",
            "API · Headers and authentication",
            "The work is done before the credentials are looked at, or what refuses stands behind what works.",
            security=True,
            rests_on=("first-connect", "sign-in"),
        ),
        _R(
            "credentials-first",
            "should",
            "Credentials are looked at before the body is.",
            "API · Headers and authentication",
            "The body is parsed or validated before the authentication runs: strangers learn what a right request looks like.",
            security=True,
            shared=True,
        ),
        _R(
            "scheme-any-case",
            "should",
            "The scheme of the Authorization header is read in any case (RFC 9110).",
            "API · Headers and authentication",
            "The header is compared with the prefix 'Basic ' letter by letter.",
            shared=True,
        ),
        # Bad requests
        _R(
            "bad-json-refused",
            "must",
            "A body that is not JSON is refused with 400.",
            "Ruling 13",
            shared=True,
        ),
        _R(
            "bad-request-survived",
            "must",
            "A request with a missing or wrong field is answered in order: never a 5xx, always an ErrorResponse.",
            "Ruling 13",
            "A missing field is used without a check, or the framework's validation error is passed on as it is.",
            shared=True,
        ),
        _R(
            "bad-request-refused",
            "should",
            "A request with a missing or wrong field is refused with 400.",
            "Ruling 13",
            "Databricks never sends one; accepting it is allowed, but hides mistakes.",
            shared=True,
        ),
        _R(
            "method-checked",
            "should",
            "A method that the endpoint does not have is not treated as the right one.",
            "API · Endpoints",
            "One handler answers all methods.",
        ),
        # Test hooks
        _R(
            "delete-account",
            "must",
            "delete-account of a test domain answers 200 and removes all its users and connections in that workspace.",
            "API · Test hooks; cases P403, P404",
            rests_on=("unknown-connection", "deleted-is-gone", "new-is-new"),
        ),
        _R(
            "delete-account-reach",
            "must",
            "delete-account leaves every other domain alone; it reaches either the named workspace only, or all of its domain everywhere.",
            "API · Test hooks; ruling 17",
            "The domain is compared by its beginning or end, or workspaces by a part of their number.",
            rests_on=("sign-in", "workspaces-separate"),
        ),
        _R(
            "hooks-test-domains-only",
            "must",
            "The test hooks refuse every domain but databricks-test.com and databricks-demo.com (and their subdomains) with 400 bad_request.",
            "API · Test hooks; case P405",
            security=True,
            shared=True,
        ),
        _R(
            "expire-account",
            "must",
            "expire-account of a user of a test domain answers 200; the user's sign-in then shows account_status expired and redirect_value purchase_product.",
            "API · Trials; case P501",
            rests_on=("sign-in", "new-is-new"),
        ),
        _R(
            "expire-reach",
            "must",
            "Expiry reaches as far as trial_type says and no further.",
            "API · Trials; case P502",
            "The trial is stored with the account although it belongs to the user, or the other way round.",
            rests_on=("sign-in", "workspaces-separate"),
        ),
        # Test connection
        _R(
            "test-connection",
            "must",
            "test-connection answers 200 with results that are PASS or FAIL, each with a name.",
            "API · ConnectionTestResult; ruling 4; case P800",
        ),
        _R(
            "test-results-there",
            "should",
            "test-connection reports at least one test.",
            "Case P800",
            "Name what was tested, such as reaching the workspace or reading a catalog.",
        ),
        _R(
            "test-unknown",
            "must",
            "test-connection of a connection that never existed is 404 connection_not_found, or 200 with a result FAIL.",
            "API · Endpoints; ruling 18",
            "The id is not looked up.",
            rests_on=("test-connection",),
        ),
        _R(
            "test-deleted",
            "must",
            "test-connection of a deleted connection is 404 connection_not_found, or 200 with at least one result FAIL.",
            "Case P801; ruling 18",
            rests_on=("deleted-is-gone",),
        ),
        # Demo
        _R(
            "demo-always-new",
            "must",
            "With the demo flag every first connect is the new-trial flow: create_trial, new, new, a fresh connection.",
            "API · What connect means; case P700",
            "The user or account is looked up before the flag.",
            rests_on=("first-connect",),
        ),
        # Connectors
        _R(
            "connectors",
            "must",
            "The connector list answers 200 with pages of valid connectors and is not empty.",
            "API · ConnectorResponse; case P900; ruling 8",
        ),
        _R(
            "connectors-paging",
            "must",
            "Pages end, differ and follow the token; the last has none.",
            "Case P900",
        ),
        _R(
            "connectors-without-token",
            "should",
            "A first request without pagination_token works.",
            "Ruling 8",
            "The parameter is declared as required.",
            rests_on=("connectors",),
        ),
        _R(
            "connectors-known",
            "should",
            "Connector identifiers are on Databricks' list.",
            "Ruling 15",
            "Compare with the official list of identifiers.",
        ),
        _R(
            "connectors-steady",
            "must",
            "The same page asked for twice is the same.",
            "Case P900",
            "The list has no order of its own; sort it.",
            rests_on=("connectors",),
        ),
        # Concurrency
        _R(
            "concurrent",
            "must",
            "Requests at the same time are answered as if they came one after the other.",
            "API · What connect means",
            "A variable shared between requests, or a check and an insert that are not one transaction.",
            rests_on=("first-connect", "sign-in", "delete-connection"),
        ),
        _R(
            "double-click",
            "should",
            "The same first connect several times at once gives valid connections, separate from each other.",
            "Ruling 20",
            "A check and an insert that are not one transaction; a unique key that the second insert breaks.",
            rests_on=("first-connect", "sign-in"),
        ),
        _R(
            "late-body-read",
            "should",
            "A body that arrives in a later packet than its headers is read all the same.",
            "Ruling 25",
            "The body is read once, before it has arrived; request logging that consumes it is a known cause.",
        ),
        # Security
        _R(
            "secrets-kept",
            "must",
            "Tokens, OAuth secrets and passwords never come back: not in a redirect, a body, a header or an error.",
            "API · ErrorResponse; good practice",
            "The request is echoed into a message or a URL. Whatever was shown has to be rotated.",
            security=True,
            shared=True,
        ),
        _R(
            "secrets-debugging",
            "should",
            "A debugging_message holds no token, secret or password: Databricks logs it.",
            "Ruling 21",
            "A validator or an exception echoes the request's fields into its message.",
            security=True,
            shared=True,
        ),
        _R(
            "others-data-kept",
            "must",
            "An answer holds no data of another company.",
            "API · What connect means",
            "A cache with too small a key, a variable shared between requests.",
            security=True,
            shared=True,
        ),
        _R(
            "internals-kept",
            "must",
            "Answers show no stack trace, SQL or debug page.",
            "API · ErrorResponse: display_message is shown to users",
            "Switch the debug mode off and catch unknown exceptions with a general_error.",
            security=True,
            shared=True,
        ),
        _R(
            "internals-debugging",
            "should",
            "A debugging_message is a sentence, not a stack trace.",
            "API · ErrorResponse",
            "It is logged at Databricks: leave out paths, code and SQL.",
            security=True,
            shared=True,
        ),
        # Config
        _R(
            "config-valid",
            "must",
            "The partner config is complete, all its values exist, and it asks for at least one permission.",
            "API · Partner config",
            "",
        ),
        # Beyond a test from outside
        _R(
            "retries",
            "must",
            "On a 500 from connect or delete-connection Databricks tries three more times.",
            "API · Endpoints",
            untested="This is Databricks' behaviour, not the partner's; the suite does not retry, so that no fault is hidden.",
        ),
        _R(
            "resources-used",
            "must",
            "The product works through the connection (Unity Catalog and Hive metastore).",
            "Cases P200, P201",
            untested="Needs a person with both products; see the manual cases.",
        ),
        _R(
            "account-not-found",
            "must",
            "A partner that wants one workspace per user answers 404 account_not_found for a user without an account.",
            "API · What connect means",
            needs="a partner that answers a known connection's colleague with 404",
        ),
        _R(
            "display-message",
            "must",
            "display_message is shown to the user on 404 and 500 only.",
            "API · ErrorResponse",
            untested="This is what Databricks does with the text; that it is text is part of error-model.",
        ),
    )
}
