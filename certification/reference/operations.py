"""The six operations of the Partner Connect API, as the partner serves them."""

from __future__ import annotations

from enum import Enum


class Operation(Enum):
    """One operation: key of its path in the config, method, and schema of its request body (API documentation)."""

    CONNECT = ("connect_path", "POST", "connect-request")
    DELETE_CONNECTION = ("delete_connection_path", "POST", "delete-connection-request")
    TEST_CONNECTION = ("test_connection_path", "POST", "connection-info")
    DELETE_ACCOUNT = ("delete_account_path", "DELETE", "account-info")
    EXPIRE_ACCOUNT = ("expire_account_path", "PUT", "account-user-info")
    LIST_CONNECTORS = ("get_connectors_path", "GET", None)

    def __init__(self, config_key: str, method: str, request_schema: str | None) -> None:
        self.config_key = config_key
        self.method = method
        self.request_schema = request_schema
