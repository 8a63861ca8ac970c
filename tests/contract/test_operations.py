"""The table of operations says what the schemas say, and every other table of operations follows from it."""

from __future__ import annotations

import pytest

from certification.config.partner import trial_config
from certification.contract.operations import ERROR_REASONS, OPERATIONS, Kind
from certification.contract.requirements import REQUIREMENTS
from certification.contract.schema_files import read_schema, schema_names


def test_each_operation_has_its_path_and_its_schemas() -> None:
    paths = read_schema("partner-config")["properties"]["endpoints"]["properties"]
    assert list(paths) == [row.config_key for row in OPERATIONS.values()]
    for row in OPERATIONS.values():
        assert paths[row.config_key]["description"].startswith(f"{row.method} {row.title}")
        assert {row.request_schema, row.answer_schema} - {None} <= set(schema_names())
        assert row.default_path.startswith("/")
        assert (row.answer_schema is None) == (row.answer_requirement is None)
        assert {row.answer_requirement} - {None} <= REQUIREMENTS.keys()


def test_reasons_are_those_of_the_error_model() -> None:
    listed = read_schema("error-response")["properties"]["error_reason"]["enum"]
    assert {reason for reasons in ERROR_REASONS.values() for reason in reasons} == set(listed)


def test_what_a_request_names_stands_in_its_schema() -> None:
    for row in OPERATIONS.values():
        required = read_schema(row.request_schema)["required"] if row.request_schema else []
        assert row.names_connection == ("connection_id" in required)
        assert row.names_account == (not row.names_connection and row.name != "connect" and bool(required))


@pytest.mark.parametrize(
    ("name", "version", "category", "owed"),
    [
        ("connect", "2.0.0", "ML", True),
        ("delete_connection", "2.0.5", "ML", False),
        ("delete_connection", "2.1.0", "ML", True),
        ("list_connectors", "2.2.1", "ML", False),
        ("list_connectors", "2.0.0", "INGEST", True),
        ("expire_account", "2.2.1", "INGEST", False),
    ],
)
def test_what_a_partner_owes_depends_on_its_version_and_category(
    name: str, version: str, category: str, *, owed: bool
) -> None:
    assert OPERATIONS[name].owed(version, category) is owed


def test_nothing_is_asked_of_a_body_before_its_model_came() -> None:
    assert OPERATIONS["delete_connection"].answer_model("2.0.5") is None
    assert OPERATIONS["delete_connection"].answer_model("2.1.0") == "delete-connection-response"
    assert OPERATIONS["connect"].answer_model("2.0.0") == "connection"
    assert OPERATIONS["delete_account"].answer_model("2.2.1") is None


def test_a_trial_run_tries_what_every_partner_owes() -> None:
    required = {row.config_key: row.default_path for row in OPERATIONS.values() if row.kind is Kind.REQUIRED}
    assert trial_config("https://partner.example").raw["endpoints"] == required
