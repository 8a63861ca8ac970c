"""What a correct partner does for each operation, in small steps that read like the API documentation."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from certification.reference.connectors import Pager
from certification.reference.identity import Identity
from certification.reference.messages import Answer, Refusal, account_not_found, bad_request, connection_not_found
from certification.reference.operations import Operation
from certification.reference.product.guest import guest_of
from certification.reference.product.product import Product
from certification.reference.state import Connection, Place, Store, Visitor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from certification.reference.messages import Call, Json
    from certification.reference.settings import Settings

TEST_DOMAINS = ("databricks-test.com", "databricks-demo.com")


class Partner(Identity):
    """A partner that keeps its accounts in memory; every step is a method of its own, so that it can be replaced."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store()
        self.product = Product(settings, self.store.signed_up)
        self.pager = Pager()

    async def answer(self, call: Call) -> Answer:
        """Return the answer to a valid ``call``; raise ``Refusal`` where the API documents an error."""
        match call.operation:
            case Operation.CONNECT:
                return await self.connect(call)
            case Operation.DELETE_CONNECTION:
                return await self.delete_connection(call)
            case Operation.TEST_CONNECTION:
                return await self.test_connection(call)
            case Operation.DELETE_ACCOUNT:
                return await self.delete_account(call)
            case Operation.EXPIRE_ACCOUNT:
                return await self.expire_account(call)
            case Operation.LIST_CONNECTORS:
                return await self.list_connectors(call)

    # Connect

    async def connect(self, call: Call) -> Answer:
        """Configure a connection, or sign the user in on the one that the request names."""
        visitor = self.visitor(call)
        if call.body["user_info"]["is_connection_established"]:
            return self.sign_in(call, visitor)
        if self.is_demo(call):
            return self.connect_demo(call, visitor)
        return self.first_connect(call, visitor)

    def is_demo(self, call: Call) -> bool:
        """Tell whether the request asks for the demo flow of a partner that has one."""
        return self.settings.supports_demo and bool(call.body["demo"])

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        """Configure a new, separate connection, whether or not the workspace has one already."""
        user, account = self.user_status(visitor), self.account_status(visitor)
        connection = self.open_connection(call, visitor)
        self.store.remember(visitor)
        scenario = self.first_scenario(user, account)
        return self.connected(call, visitor, scenario, user, account, connection)

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        """Run the new-trial flow, however often the same user, company or workspace comes back."""
        connection = self.open_connection(call, visitor, demo=True)
        return self.connected(call, visitor, "create_trial", "new", "new", connection)

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        """Keep the Databricks resources of the request as a new connection."""
        connection = Connection(self.new_connection_id(call), visitor.place, visitor.company, visitor, demo)
        self.store.connections[connection.id] = connection
        return connection

    def new_connection_id(self, call: Call) -> str:
        """Return an id that no connection ever had."""
        del call
        return str(uuid.uuid4())

    def user_status(self, visitor: Visitor) -> str:
        """Tell whether this partner has seen the user."""
        return "existing" if self.store.knows_user(visitor.user) else "new"

    def account_status(self, visitor: Visitor) -> str:
        """Tell whether this partner has seen the company, and whether its trial is over."""
        if self.is_expired(visitor):
            return "expired"
        known = self.store.knows_company(visitor.company) or self.store.knows_user(visitor.user)
        return "active" if known else "new"

    def is_expired(self, visitor: Visitor) -> bool:
        """Tell whether the trial that ``visitor`` takes part in has been expired."""
        seats, companies = self.store.expired_seats, self.store.expired_companies
        return visitor.seat in seats or (visitor.place, visitor.company) in companies

    def first_scenario(self, user: str, account: str) -> str:
        """Return where a first connect leads: the scenario table of the API documentation."""
        if account == "expired":
            return "purchase_product" if user == "existing" else "create_trial"
        return "create_trial" if account == "new" else "sign_in"

    # Sign-in

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        """Sign the user in on an existing connection; nothing is configured (API documentation, ruling 10)."""
        connection = self.find(call.body["connection_id"], visitor.place)
        self.check_signed_up(visitor)
        if not self.is_known(visitor, connection):
            return self.meet_new_user(call, visitor, connection)
        user, account = "existing", self.account_of(visitor, connection)
        self.join(visitor, connection)
        scenario = "purchase_product" if account == "expired" else "sign_in"
        return self.connected(call, visitor, scenario, user, account)

    def find(self, connection_id: str, place: Place | None) -> Connection:
        """Return the connection; one of another workspace does not exist for this one."""
        connection = self.store.connections.get(connection_id)
        if connection is None or (place is not None and connection.place != place):
            raise connection_not_found()
        return connection

    def check_signed_up(self, visitor: Visitor) -> None:
        """Refuse a user who has yet to sign up by hand, where the config asks for that."""
        if self.settings.manual_signup and visitor.user not in self.store.signed_up:
            raise account_not_found("the user has to sign up by hand first")

    def is_known(self, visitor: Visitor, connection: Connection) -> bool:
        """Tell whether the user has an account, which a demo connection's owner has on that connection only."""
        return self.store.knows_user(visitor.user) or (connection.demo and connection.owner.user == visitor.user)

    def account_of(self, visitor: Visitor, connection: Connection) -> str:
        """Return the status of the account that owns the connection, as this user meets it."""
        expired = self.is_expired(visitor) or self.is_company_expired(connection)
        return "expired" if expired else "active"

    def is_company_expired(self, connection: Connection) -> bool:
        """Tell whether the trial of the whole account that owns the connection is over."""
        return (connection.place, connection.company) in self.store.expired_companies

    def join(self, visitor: Visitor, connection: Connection) -> None:
        """Make the user a member of the connection's workspace; demo accounts stay apart."""
        if not connection.demo:
            self.store.remember(visitor)

    def meet_new_user(self, call: Call, visitor: Visitor, connection: Connection) -> Answer:
        """Treat a new user on an established connection as the config's ``new_user_action`` says."""
        account = self.account_of(visitor, connection)
        match self.settings.new_user_action:
            case "auto_add":
                self.join(visitor, connection)
                return self.connected(call, visitor, self.added_scenario(account), "new", account)
            case "invite":
                return self.connected(call, visitor, "contact_admin", "not_applicable", account)
            case "not_found":
                raise account_not_found("the user has no account and is not added")
            case _:
                raise Refusal(500, "general_error", "new users can't be added", "We could not add you. Please retry.")

    def added_scenario(self, account: str) -> str:
        """Return where an added user goes; create_trial fits both rules that meet in an expired account."""
        return "create_trial" if account == "expired" else "sign_in"

    def connected(
        self,
        call: Call,
        visitor: Visitor,
        scenario: str,
        user: str,
        account: str,
        connection: Connection | None = None,
    ) -> Answer:
        """Return the Connection model; with ``connection`` it was configured by this very request."""
        content: dict[str, Any] = {
            "redirect_uri": self.product.tickets.address(scenario, visitor, guest_of(call), call.server_port),
            "redirect_value": scenario,
            "user_status": user,
            "account_status": account,
            "configured_resources": connection is not None,
        }
        if connection is not None:
            content["connection_id"] = connection.id
        if self.settings.needs_oauth_redirect:
            content["oauth_redirect_uri"] = self.product.tickets.oauth_address(call.server_port)
        return Answer(200, content)

    # Connections

    async def delete_connection(self, call: Call) -> Answer:
        """Delete exactly the connection that the request names."""
        connection = self.find(call.body["connection_id"], self.place_of(call.body))
        self.store.drop(self.deleted_with(connection))
        return Answer(200, {"resource_status": "resources_deleted"})

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        """Return what goes when ``connection`` is deleted: itself."""
        return [connection]

    async def test_connection(self, call: Call) -> Answer:
        """Report on the connection; the reference partner reaches every Databricks workspace."""
        self.find(call.body["connection_id"], self.place_of(call.body))
        return Answer(200, {"test_results": self.test_results()})

    def test_results(self) -> list[Json]:
        """Return the checks made on a connection (API documentation, ruling 4)."""
        return [
            {"test_name": "Reach the workspace", "status": "PASS", "message": "The workspace answered."},
            {"test_name": "Read with the credential", "status": "PASS"},
        ]

    async def list_connectors(self, call: Call) -> Answer:
        """Return one page of connectors."""
        return Answer(200, self.pager.page(call.query.get("pagination_token", "")))

    # Test hooks

    def is_test_domain(self, domain: str) -> bool:
        """Tell whether test hooks may touch ``domain``: a test domain or a subdomain of one (ruling 12)."""
        return any(domain == test or domain.endswith(f".{test}") for test in TEST_DOMAINS)

    def check_test_domain(self, domain: str) -> None:
        """Refuse a hook on any other domain, so that nobody can reset a real customer with it."""
        if not self.is_test_domain(domain):
            raise bad_request(f"only {' and '.join(TEST_DOMAINS)} may be reset")

    async def delete_account(self, call: Call) -> Answer:
        """Remove a test company's users and connections from one workspace; nothing to remove is fine (ruling 17)."""
        domain = call.body["domain"].lower()
        self.check_test_domain(domain)
        place = self.place(call.body["cloud_provider"], call.body["databricks_organization_id"])
        self.remove_account(self.company_at(domain), place)
        return Answer(200, {})

    def remove_account(self, company: str, place: Place) -> None:
        """Forget the company's users in the workspace and drop their connections there."""
        self.store.drop(self.connections_of(company, place))
        for member in self.store.members_of(company, place):
            self.store.forget(member)
        self.store.expired_companies.discard((place, company))

    def connections_of(self, company: str, place: Place) -> list[Connection]:
        """Return the company's connections in the workspace."""
        everything = self.store.connections.values()
        return [connection for connection in everything if (connection.company, connection.place) == (company, place)]

    async def expire_account(self, call: Call) -> Answer:
        """End the trial of a test user, or of the whole account when trials belong to accounts."""
        body = call.body
        self.check_test_domain(self.domain_of(body["email"]))
        user = self.user_key(body["email"], body["databricks_user_id"], body["cloud_provider"])
        place = self.place(body["cloud_provider"], body["databricks_organization_id"])
        visitor = self.store.members.get((place, user))
        # The id alone could be a real customer's: the user must belong to the test company as well.
        if visitor is None or visitor.company != self.company_of(body["email"]):
            raise account_not_found("no such user in this workspace")
        self.expire(visitor)
        return Answer(200, {})

    def expire(self, visitor: Visitor) -> None:
        """End the trial that ``visitor`` takes part in, as far as ``trial_type`` says."""
        if self.settings.trial_type == "account":
            self.store.expired_companies.add((visitor.place, visitor.company))
        else:
            self.store.expired_seats.add(visitor.seat)
