"""Usual causes, chosen by what was observed: the requirement, the detail of the cause, the operation, what came back.

The first row that fits speaks.  Where no row fits and the requirement has no cause that is right for all its details,
nothing is said: a wrong hint costs more than none.
"""

from __future__ import annotations

from dataclasses import dataclass

from certification.contract.requirements import REQUIREMENTS
from certification.evidence.observation import Observation

STATUS_404 = "status 404"
CRASH = "status 5"


@dataclass(frozen=True, slots=True)
class Hint:
    """A usual cause of what was observed; empty conditions always hold."""

    requirement: str
    text: str
    detail: str = ""
    """Beginning of the cause's detail."""
    subject: str = ""
    actual: str = ""
    """Part of what came back."""

    def fits(self, seen: Observation) -> bool:
        """Return whether it is about what was observed."""
        return (
            self.requirement in {seen.requirement, ""}
            and seen.detail.startswith(self.detail)
            and self.subject in {seen.subject, ""}
            and self.actual in seen.actual
        )


USER_STATUS = "Choose new for a user whom you have not seen, existing for one whom you have, not_applicable where you don't keep users."
ACCOUNT_STATUS = "Choose new for a company that you have not seen, active for one that you have, expired when its trial has ended; there is no existing."
REDIRECT_VALUE = "Choose create_trial for somebody new, sign_in for a known user, purchase_product after expiry, contact_admin where an admin has to let the user in."
RESOURCE_STATUS = "Choose resources_deleted when it is gone now, resources_pending_deletion when it will be, deletion_acknowledged when nothing was done, user_unauthorized when the user may not."
NO_CONTENT = "Frameworks answer 204 by themselves to a handler that returns nothing: set the status to 200."
CREATED = "Frameworks answer 201 by themselves to a POST: set the status of this operation to 200."
UNCAUGHT = "An exception that nothing catches: look at the partner's log for this request, and answer general_error or what the case calls for."

HINTS: tuple[Hint, ...] = (
    # No answer
    Hint("answer-arrives", "A worker hangs on this request, or waits for something else; look at the log at the time of the call.", "timeout"),
    Hint("answer-arrives", "The process crashed on this request, or a gateway in front of it cut the connection; look at its log at the time of the call.", "reset"),
    Hint("answer-arrives", "The service was not reachable at that moment: it was restarting, or its queue of new connections was full.", "connect"),
    Hint("answer-arrives", "What answered does not speak HTTP as it should; a handler that writes to the socket itself is the usual cause.", "protocol"),
    Hint("endpoint-there", "The method of delete-connection changed from DELETE to POST in August 2023 (ruling 1): is the route still registered for DELETE? Otherwise the config names another path than the server.", subject="delete_connection"),
    Hint("endpoint-there", "delete-account is a DELETE with a JSON body; some gateways refuse that. Otherwise the route is missing, or the config names another path.", subject="delete_account"),
    Hint("endpoint-there", "expire-account is a PUT. Otherwise the route is missing, or the config names another path.", subject="expire_account"),
    # Form
    Hint("connection-model", "An empty text is no id: make the id before the answer is written.", "/connection_id minLength"),
    Hint("connection-model", "An empty text is no address: a setting or template is empty. Leave an optional field out instead.", "/oauth_redirect_uri minLength"),
    Hint("connection-model", "An empty text is no address: a setting or template is empty in this deployment.", "/redirect_uri minLength"),
    Hint("connection-model", "An address that was never set is sent as null or as another type: look where it is filled in.", "/redirect_uri type"),
    Hint("connection-model", "connection_id is text: put the number of your database in quotes.", "/connection_id type"),
    Hint("connection-model", USER_STATUS, "/user_status enum"),
    Hint("connection-model", ACCOUNT_STATUS, "/account_status enum"),
    Hint("connection-model", REDIRECT_VALUE, "/redirect_value enum"),
    Hint("connection-model", "configured_resources is true or false, without quotes.", "/configured_resources type"),
    Hint("connection-model", "Leave no required field out: some serializers drop what is false, null or empty, some write other names.", "/"),
    Hint("connection-id-rule", "A first connect that configured something returns the id under which later calls name the connection.", "missing"),
    Hint("connection-id-rule", "Where nothing was configured there is no id: leave the field out.", "needless"),
    Hint("sign-in-configures-nothing", "A sign-in makes nothing: leave connection_id out; the answer of the first connect is reused.", "connection_id"),
    Hint("sign-in-configures-nothing", "A sign-in makes nothing: answer configured_resources false and leave connection_id out; the answer of the first connect is reused.", "configured_resources and"),
    Hint("sign-in-configures-nothing", "A sign-in makes nothing: answer configured_resources false; the answer of the first connect is reused.", "configured_resources"),
    Hint("delete-connection", "Work that is done later is 200 with resources_pending_deletion.", "status 202"),
    Hint("delete-connection", "The credentials that may connect may delete as well: grant it, or answer 200 with user_unauthorized where only this user may not.", "status 403"),
    Hint("delete-connection", "The connection is looked up by user, company or a rounded number instead of its id.", STATUS_404),
    Hint("delete-connection", RESOURCE_STATUS, "/resource_status enum"),
    Hint("delete-connection", "Since API version 2.1.0 the answer of delete-connection says what became of the resources.", "/resource_status required"),
    Hint("delete-connection", "The method of delete-connection changed from DELETE to POST in August 2023 (ruling 1).", "status 405"),
    Hint("delete-connection", "delete-connection carries cloud_provider, databricks_organization_id and user_info today, whatever the version (ruling 16): accept them.", "status 400"),
    Hint("test-connection", "test-connection carries cloud_provider and databricks_organization_id today, whatever the version (ruling 16): accept them.", "status 400"),
    Hint("test-connection", "The connection is looked up by user, company or a rounded number instead of its id.", "status 404"),
    Hint("test-connection", "Wait for the tests and answer with their results.", "status 202"),
    Hint("test-connection", "Every test ended without an outcome: was it run?", "UNKNOWN"),
    Hint("test-connection", "The statuses are PASS, FAIL and UNKNOWN; SUCCESS and FAILED stand in prose only (ruling 4).", "/test_results/*/status enum"),
    Hint("test-connection", "Compare the results with the model: test_results is a list of objects with test_name and status.", "/"),
    Hint("error-model", "display_message and debugging_message are text.", "/display_message"),
    Hint("error-model", "display_message and debugging_message are text.", "/debugging_message"),
    Hint("error-model", "An error is 400, 401, 404 or 500 in this API; choose the one that the case calls for.", "status"),
    Hint("error-model", "The framework refuses with a text or page of its own before your handler runs: register an error handler for authentication.", "401"),
    Hint("error-model", "The framework's own page for requests that it cannot read: register an error handler for validation and parsing.", "400"),
    Hint("error-model", "The framework's own page for unknown paths or records: answer an ErrorResponse instead.", "404"),
    Hint("error-model", "The framework's own page for an exception that nothing caught: register an error handler that answers general_error.", "5"),
    Hint("error-model", "The reasons are unauthorized, bad_request, account_not_found, connection_not_found and general_error.", "/error_reason enum"),
    Hint("body-readable", "Write the body as UTF-8 without a byte order mark.", "the body begins with"),
    Hint("body-readable", "The body is in another encoding than UTF-8, or compressed without a Content-Encoding that says so.", "the body is not UTF-8"),
    Hint("body-readable", "Content-Encoding names a compression that was not used, or was used twice; a gateway often rewrites one of the two.", "the body cannot be"),
    Hint("body-readable", "The connection was closed in the middle: a timeout or a limit of a proxy, or a Content-Length that does not fit.", "the connection broke"),
    Hint("body-readable", "The answer is far longer than any that the API has: is it the right one?", "long"),
    Hint("body-json", "The status is right, the body was left out: return the object from the handler.", actual="the text is empty"),
    Hint("body-json", "The answer is a list: put it, or its only entry, into the one object that the model names.", actual="[{"),
    Hint("body-json", "Text was put together or printed instead of serialized, or stands twice in the answer.", actual='"'),
    Hint("body-json", "An HTML page where JSON was expected: the request did not reach the handler, or it crashed.", actual="<"),
    Hint("error-model", "Errors have fields of another model: error_reason, display_message and debugging_message stand at the top.", "/error_reason required"),
    Hint("content-type", "Set Content-Type: application/json on success; text/html and text/plain are common defaults.", "2xx"),
    # Statuses that frameworks choose by themselves
    Hint("", NO_CONTENT, "status 204"),
    Hint("sign-in", CREATED, "status 201"),
    Hint("new-user-action", CREATED, "status 201"),
    Hint("delete-connection", CREATED, "status 201"),
    Hint("test-connection", CREATED, "status 201"),
    # Connecting
    Hint("first-connect", "The credentials were refused for this request: characters beyond ASCII in them are UTF-8.", "status 401"),
    Hint("first-connect", "Something refuses the request before or beside your handler: a firewall that takes a value for an attack, a filter of user agents, a limit or a permission.", "status 403"),
    Hint("first-connect", "A first connect needs nothing that was there before: do not look the user or the company up and refuse when they are missing.", STATUS_404),
    Hint("first-connect", "Accept application/json with and without a charset.", "status 415"),
    Hint("first-connect", "A gateway gave up before the answer was there, or the service was overloaded or restarting.", "status 503"),
    Hint("first-connect", "A gateway gave up before the answer was there.", "status 504"),
    Hint("first-connect", "A queue answers before the work is done: answer when the connection is configured, with the Connection.", "status 202"),
    Hint("first-connect", "A validator knows fewer values than the API has: see which field the answer complains about.", "status 4"),
    Hint("first-connect", "A column that is too narrow, a type that is too small, or a value that nobody expected; see the log for this request.", CRASH),
    Hint("sign-in", "The connection is not found again: its id was cut or changed on the way into the database, or state is kept in one process of several.", STATUS_404),
    Hint("sign-in", "State is kept in a cookie or session that Databricks does not send back.", "status 401"),
    Hint("sign-in", "A user who may not sign in is 404 account_not_found; an expired one is sent to purchase_product with 200.", "status 403"),
    Hint("sign-in", UNCAUGHT, CRASH),
    Hint("models-tolerant", "A validator has a closed list of fields or values: let it ignore what it does not know.", "status 4"),
    Hint("models-tolerant", "An optional field is used without asking whether it is there, or its value does not fit its column.", CRASH),
    Hint("headers-accepted", "The Content-Type is compared as a whole string, or the language is looked up in a table without a fallback.", "status"),
    Hint("connect-after-delete", "A unique key still holds the deleted record.", "status"),
    Hint("new-is-new", "The status is a constant, the user is saved before the look-up or left behind by a refused call, or found by something that others share: a part of an address or domain, a rounded number, the workspace.", "user_status and"),
    Hint("new-is-new", "The user is looked up by something that others share: a cut e-mail address, a rounded number, the workspace.", "user_status"),
    Hint("new-is-new", "A company that was never seen has no trial that could have ended: treat a missing trial as none.", "account_status", actual='"expired"'),
    Hint("new-is-new", "The status is a constant, the company is saved before the look-up, or found by something that others share: a part of the domain, the workspace, a rounded number.", "account_status"),
    Hint("redirect-answers", "The host does not exist, or nothing listens there: publish the page, or correct the URL.", "connect"),
    Hint("redirect-answers", "The page needs a session that a user who comes from Databricks does not have.", "status 401"),
    Hint("redirect-answers", "The page refuses who has no session, or a filter in front of it whoever does not look like a browser.", "status 403"),
    Hint("redirect-answers", "There is no page at that address; or a value in it was not escaped and cut the address short.", STATUS_404),
    Hint("redirect-answers", "The page crashes; a value in its address that it does not expect is the usual cause.", CRASH),
    Hint("redirect-answers", "The host is an address that this suite does not visit: it is private, and the partner is not there.", "refused-address"),
    Hint("redirect-answers", "The page did not answer in time.", "timeout"),
    # Not there
    Hint("unknown-connection", "The connection_id is not looked at: the connection is found by workspace or user.", "status 2"),
    Hint("unknown-connection", "Looking up an id that does not exist ends in an exception: ask whether a record was found.", CRASH),
    Hint("unknown-connection", "The user or account is looked up before the connection: an id that does not exist is connection_not_found.", "reason account_not_found"),
    Hint("delete-unknown", "The number of deleted records is not looked at: none means connection_not_found.", "status 2"),
    Hint("delete-unknown", "An id that does not exist is 404 connection_not_found, whoever asks.", "reason"),
    Hint("delete-unknown", "An id that does not exist is 404 connection_not_found, not another error.", "status 4"),
    Hint("delete-unknown", "Deleting what does not exist ends in an exception: ask whether a record was found.", CRASH),
    Hint("test-unknown", "The id is not looked up before the test.", "status 2"),
    Hint("test-unknown", "Looking up an id that does not exist ends in an exception: ask whether a record was found.", CRASH),
    Hint("deleted-is-gone", "A deleted connection is 404 connection_not_found, not another reason.", "reason"),
    Hint("deleted-is-gone", "Looking up what was deleted ends in an exception: ask whether a record was found.", CRASH),
    Hint("deleted-is-gone", "A deleted connection is 404 connection_not_found, not another error.", "status 4"),
    Hint("test-deleted", "A deleted connection is 404 connection_not_found, or a result FAIL.", "reason"),
    Hint("test-deleted", "Looking up what was deleted ends in an exception: ask whether a record was found.", CRASH),
    Hint("deleted-is-gone", "A mark of deletion is set that this look-up does not read, or a cache still has the connection.", "status 2"),
    Hint("test-deleted", "A mark of deletion is set that the test does not read, or a cache still has the connection.", "no FAIL"),
    # Reach
    Hint("workspaces-separate", "Another connection, or a demo, replaced this one: they are stored by user, company or a rounded number instead of the id.", STATUS_404),
    Hint("delete-reach", "The deletion goes by user, company or workspace instead of the id; this connection went with another.", STATUS_404),
    Hint("delete-account-reach", "The domain is compared by its beginning or end, or the deletion goes by workspace; somebody else's connection went too.", STATUS_404),
    Hint("delete-account-reach", "Somebody else's user went with the account: the domain is compared by its beginning or end, or users go by workspace.", "user_status changes"),
    Hint("delete-account", "Connections are removed, users are not: the same user is still known.", "user_status"),
    Hint("delete-account", "Users and connections are removed, the record of the company is not: it still counts as active.", "account_status"),
    Hint("delete-account", "The mark of expiry is kept apart from the user and outlives it.", "expiry kept"),
    Hint("delete-account", "A proxy on the way drops the body of a DELETE or refuses it; or an id does not fit its type.", "status 400", "delete_account"),
    Hint("delete-account", "Databricks' credentials may not call the test hook: allow it where the suite runs.", "status 403", "delete_account"),
    Hint("delete-account", "The deletion fails, often for a record that still points at the account; see the log.", CRASH, "delete_account"),
    Hint("delete-account", "The account's connections are left out of the deletion, a cache still has them, or the workspace is found by a rounded number.", "status 2"),
    Hint("expire-account", "What expire-account stored is not looked at here; or it stored nothing, or expired somebody else.", "account_status"),
    Hint("expire-account", "account_status is right, but where the user is sent does not depend on it.", "redirect_value"),
    Hint("expire-account", "The user is not found: by a number that others have in another cloud, or before the account was made.", STATUS_404, "expire_account"),
    Hint("expire-account", "Expiring who has expired already is done all the same: 200.", "status 409", "expire_account"),
    Hint("expire-account", "Answer when it is done, with 200.", "status 202", "expire_account"),
    Hint("expire-account", UNCAUGHT, CRASH),
    Hint("expire-account", "A value is refused that Databricks may send: 0 is an id too, and ids go up to 2^63.", "status 400", "expire_account"),
    Hint("expire-account", "An expired user who connects again is still expired (ruling 24): answer 200 or 201 with a Connection.", "status 4"),
    Hint("expire-reach", "The trial is kept with the account although trial_type says user, or the other way round; users are found by a rounded number; or the status has nothing to do with the user.", "second user"),
    Hint("expire-reach", "The expiry reached another company: it goes by workspace, a part of the domain, a rounded number, or one that is unique within one cloud only.", "somebody else"),
    Hint("hooks-test-domains-only", "The domain is compared by its beginning, its end or a pattern with unescaped dots: compare it as a whole.", "acted"),
    Hint("hooks-test-domains-only", "A domain that is no test domain is refused before anybody is looked up: 400 bad_request.", "status 4"),
    Hint("hooks-test-domains-only", "A domain that is no test domain is refused with the reason bad_request.", "reason"),
    Hint("hooks-test-domains-only", UNCAUGHT, CRASH),
    Hint("redirect-value", "Somebody new is taken for a known user: the user is saved before the look-up, left behind by a call that was refused, or found by something that others share, such as a rounded number.", "sign_in"),
    Hint("bad-request-refused", "The parser forgives: set it to strict, and to UTF-8 only.", "accepted body"),
    Hint("bad-request-refused", "Look at each field before it is used; first_name and last_name may be empty, and optional fields may be missing or null.", "accepted"),
    Hint("bad-request-refused", "Such a request is 400 bad_request: look at its fields before anything is looked up.", "status 4"),
    Hint("new-user-action", "A colleague's connection exists: who has no account there is account_not_found.", "reason"),
    Hint("new-user-action", "The config's new_user_action and the product disagree about new colleagues; or this one is taken for somebody known.", "user_status and"),
    Hint("new-user-action", "A new colleague is taken for somebody known: users are found by something that others share, such as a cut address, the company or a rounded number.", "user_status", actual='"existing"'),
    Hint("new-user-action", "The config's new_user_action and the product disagree about what a new colleague meets: correct the one that is wrong.", "user_status"),
    Hint("new-user-action", "The config's new_user_action and the product disagree about where a new colleague is sent: correct the one that is wrong.", "redirect_value"),
    # Who may call
    Hint("credentials-required", "The check is missing on this route, or compares only part of the credentials.", "let in"),
    Hint("credentials-required", "Something is looked up before the credentials are: check them first.", STATUS_404),
    Hint("credentials-required", "The body is read and checked before the credentials are: check them first.", "status 400"),
    Hint("credentials-required", "Credentials that cannot be read end in an exception.", CRASH),
    Hint("credentials-required", "Wrong credentials are 401 unauthorized; 403 is for those who are known and may not.", "status 403"),
    Hint("credentials-required", "A login page answers instead of the API: switch the form login off for these paths.", "status 30"),
    Hint("bad-json-refused", "The JSON parser's exception is not caught.", CRASH),
    Hint("bad-json-refused", "A body that cannot be read is taken for an empty one: let the parser refuse it.", "status 2"),
    Hint("bad-json-refused", "The framework refuses unreadable bodies with another status: answer 400 bad_request.", "status 4"),
    Hint("bad-request-survived", "A gateway in front gave up: its limit for the size of a request, or the process behind it ended.", "status 502"),
    Hint("bad-request-survived", "A missing or wrong field is used without a check; the exception is not caught.", CRASH),
    Hint("connectors", "A GET has no body: accept it with and without a Content-Type.", "status 415"),
    Hint("connectors", "Compare the list with the model: connectors is a list of objects with identifier, name and type (source or target).", "/"),
    Hint("connectors", "The list is read from a table that is empty in this deployment.", "empty"),
    Hint("connectors", "An empty pagination_token asks for the first page; a token goes back as it was given, and works each time. A GET may name a Content-Type though it has no body.", "status 400"),
    Hint("connectors-paging", "The same connector is in the data twice.", "doubled"),
    Hint("connectors-paging", "Leave pagination_token out on the last page.", "empty token"),
    Hint("connectors-paging", "Pages overlap: the rows have no order, or the next page begins where the last one ended.", "page repeats"),
    Hint("connectors-paging", "The token is ignored, or points at the page that it came with.", "token repeats"),
    Hint("connectors-paging", "A token is given though nothing follows.", "empty page"),
    Hint("redirect-absolute", "The base address of the web application is missing from the configuration.", "redirect_uri: it has no scheme"),
    Hint("redirect-absolute", "Text of the request gets into the URL unescaped, or the URL is put together by hand.", "redirect_uri: it holds"),
    Hint("redirect-absolute", "Only http and https addresses open in a browser tab.", "redirect_uri: its scheme"),
    Hint("redirect-absolute", "What stands before an @ is no host: the browser goes to what stands behind it.", "redirect_uri: user information"),
    Hint("new-user-action", "The config's new_user_action and the product disagree about what a new colleague meets: correct the one that is wrong."),
    Hint("redirect-absolute", "Write the host in plain ASCII, as it is resolved.", "redirect_uri: the host"),
    Hint("redirect-absolute", "The URL is put together by hand, and a part of it is missing."),
    Hint("sign-in-manual", "With require_manual_signup a sign-in before the sign-up is 404 with account_not_found or connection_not_found. Is it meant to be true in the config?"),
    Hint("delete-account-reach", "Workspaces are compared by a rounded or shortened number.", "neighbouring number"),
    Hint("answers-steady", "Several processes or replicas with a state of their own, or a counter.", "status"),
    Hint("concurrent", "A variable shared between requests, or a check and an insert that are not one transaction.", "status"),
    # Whatever the requirement
    Hint("bad-request-survived", "A missing or wrong field is used without a check; the exception is not caught.", CRASH),
    Hint("", UNCAUGHT, CRASH),
    Hint("", "The operation is answered by a page of the server: the route is missing, or its method or path differ from the config's.", "no endpoint"),
)  # fmt: skip
"""From the particular to the general; the first that fits is shown."""


def hint_for(seen: Observation) -> str:
    """Return the usual cause of what was observed; empty when none is known to be right."""
    for hint in HINTS:
        if hint.fits(seen):
            return hint.text
    requirement = REQUIREMENTS[seen.requirement]
    return requirement.hint
