"""What stands in the way of a run: one clear paragraph for each problem, exit status 4, and a report all the same."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from partners import Answer, Gate, Partner, Wire, reset, write_config
from running import Outcome

Certify = Callable[..., Outcome]


def stopped(outcome: Outcome, *sayings: str) -> None:
    """Hold a run to having stopped for these reasons before any case, in words and with a report."""
    text = outcome.one_line()
    assert outcome.status == 4, outcome.text
    assert "Traceback" not in outcome.text
    assert "INTERNALERROR" not in outcome.text
    for saying in sayings:
        assert saying in text
    report = outcome.report
    assert report["verdict"] == "incomplete"
    assert report["exit_status"] == 4
    assert report["findings"] == []
    assert report["counts"]["failed"] == 0
    said = " ".join("{where}: {what} {remedy}".format(**problem) for problem in report["run"]["problems"])
    for saying in sayings:
        assert saying in said
    assert (outcome.folder / "report.html").is_file()


# Credentials


def test_missing_credentials_are_named_all_at_once(
    certify: Certify, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BASIC_USER")
    monkeypatch.setenv("BASIC_PASSWORD", "")
    outcome = certify(f"--partner-url={partner.url}")
    stopped(outcome, "environment variable BASIC_USER: it is not set", "environment variable BASIC_PASSWORD")
    assert partner.calls == []


def test_refused_credentials_are_no_failed_case(
    certify: Certify, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASIC_PASSWORD", "mistaken password")
    outcome = certify(f"--partner-url={partner.url}")
    stopped(outcome, "the credentials were refused: POST answered 401", "Check BASIC_USER and BASIC_PASSWORD")
    assert len(partner.calls) == 2
    assert "mistaken password" not in outcome.text


def test_credentials_that_http_cannot_carry_are_refused(
    certify: Certify, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASIC_USER", "with:colon")
    monkeypatch.setenv("BASIC_PASSWORD", "line break at the end\n")
    stopped(certify(f"--partner-url={partner.url}"), "holds a colon", "a line break at the end is the usual one")


def test_a_real_workspace_needs_its_token(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    detail = {
        "hostname": "w.cloud.databricks.com",
        "port": 443,
        "jdbc_url": "jdbc:spark://w",
        "databricks_jdbc_url": "jdbc:databricks://w",
        "http_path": "/sql/1",
        "cluster_id": "1",
    }
    write_config(pytester.path / "partner.json", {**good_config, "test_workspace_detail": detail})
    stopped(certify(f"--partner-url={partner.url}"), "environment variable PAT_TOKEN", "test_workspace_detail")


# The config file


def config_problem(certify: Certify, partner: Partner, *sayings: str) -> Outcome:
    outcome = certify(f"--partner-url={partner.url}", "--partner-config=own.json")
    stopped(outcome, *sayings)
    assert partner.calls == []
    return outcome


def test_a_missing_config_names_the_file(certify: Certify, partner: Partner) -> None:
    config_problem(certify, partner, "own.json: there is no such file", "partner-connect init")


def test_a_folder_is_no_config(certify: Certify, partner: Partner, pytester: pytest.Pytester) -> None:
    (pytester.path / "own.json").mkdir()
    config_problem(certify, partner, "this is a folder, not a file")


@pytest.mark.parametrize(
    ("content", "saying"),
    [
        (b"{'name': 'single quotes'}", "the file is not JSON: a key stands in single quotes"),
        (b"", "the file is not JSON"),
        (b'{"name": NaN}', "NaN is not JSON"),
        (b"[" * 5000 + b"]" * 5000, "nested more than 100 levels deep"),
        (b'{"name": "\xe9"}', "not UTF-8 (byte 10 is 0xe9)"),
        (b'["a list"]', "does not hold a JSON object"),
        (b" " * 1_000_001, "more than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_config_says_what_it_is(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, content: bytes, saying: str
) -> None:
    (pytester.path / "own.json").write_bytes(content)
    config_problem(certify, partner, saying)


def test_all_wrong_fields_are_reported_at_once(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    config = {
        **good_config,
        "category": "SPREADSHEETS",
        "supported_clouds": ["aws", "ibm"],
        "hostnames": "partner.example",
        "new_user_action": None,
        "supports_demo": "yes",
    }
    del config["name"]
    write_config(pytester.path / "own.json", config)
    outcome = config_problem(
        certify,
        partner,
        'own.json, field /category: expected one of "INGEST"',
        'found "SPREADSHEETS"',
        "field /supported_clouds/1",
        'field /hostnames: expected array, found string "partner.example"',
        'field /new_user_action: expected one of "auto_add", "invite", "not_found", "error", found null',
        'field /supports_demo: expected boolean, found string "yes"',
        "field /name: expected the field is there, found it is missing",
    )
    assert len(outcome.report["run"]["problems"]) == 6


@pytest.mark.parametrize(
    ("version", "saying"),
    [
        ("9.0.0", "9.0.0 is newer than the newest version that this suite knows. Known versions: 2.0.0, 2.0.1"),
        ("1.9.9", "older than any version"),
        ("2.1.9", "2.1.9 was never published"),
        ("2.1", "field /api_version"),
        (2.1, "field /api_version: expected string of the form major.minor.patch"),
    ],
)
def test_a_version_that_does_not_exist_names_those_that_do(
    certify: Certify,
    partner: Partner,
    pytester: pytest.Pytester,
    good_config: dict[str, Any],
    version: Any,
    saying: str,
) -> None:
    write_config(pytester.path / "own.json", {**good_config, "api_version": version})
    config_problem(certify, partner, saying)


def test_unknown_fields_in_the_config_are_pointed_out(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    config = {**good_config, "hostnames": ["127.0.0.1"], "suport_demo": True}
    config["endpoints"]["conect_path"] = "/c"
    write_config(pytester.path / "own.json", config)
    outcome = certify(f"--partner-url={partner.url}", "--partner-config=own.json", "-k", "P100")
    assert outcome.status == 0, outcome.text
    notes = " ".join(outcome.report["notes"])
    assert "unknown field 'suport_demo' is kept and ignored; did you mean 'supports_demo'?" in notes
    assert "unknown field 'endpoints.conect_path'" in notes
    assert "'suport_demo'" in outcome.text


def test_a_credential_in_the_config_stops_the_start_and_reaches_no_file(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    write_config(pytester.path / "own.json", {**good_config, "basic_password": "hunter2secret"})
    outcome = config_problem(certify, partner, "own.json, field /basic_password: it looks like a credential")
    assert "hunter2secret" not in outcome.text
    for file in outcome.folder.rglob("*"):
        assert not file.is_file() or b"hunter2secret" not in file.read_bytes(), file


# The address


@pytest.mark.parametrize(
    ("url", "saying"),
    [
        ("api.partner.example", "the URL has no scheme http or https. Did you mean https://api.partner.example?"),
        ("ftp://api.partner.example/x", "Did you mean https://api.partner.example/x?"),
        ("https://", "the URL names no host"),
        ("http://[::1", "this is not a URL"),
        ("https://partner.example:eighty", "this is not a URL"),
        ("https://partner.example/?version=2", "query or fragment"),
        ("https://no-such-host.invalid", "'no-such-host.invalid' cannot be resolved"),
        ("https://" + "a" * 70 + ".example", "cannot be resolved"),
    ],
)
def test_a_url_that_leads_nowhere_says_why(certify: Certify, url: str, saying: str) -> None:
    stopped(certify(f"--partner-url={url}"), saying)


def test_credentials_in_the_url_are_refused_and_not_repeated(certify: Certify) -> None:
    outcome = certify("--partner-url=https://someone:hunter2secret@partner.example")
    assert outcome.status == 4
    assert "the URL holds a user name or password" in outcome.one_line()
    for file in outcome.folder.rglob("*"):
        assert not file.is_file() or b"hunter2secret" not in file.read_bytes(), file


def test_a_closed_port_is_refused(certify: Certify) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    stopped(certify(f"--partner-url=http://127.0.0.1:{port}"), f"the connection to 127.0.0.1:{port} failed", "firewall")


def test_a_partner_that_hangs_is_given_up(certify: Certify, partner: Partner) -> None:
    partner.everything = Gate().hold(partner)
    outcome = certify(f"--partner-url={partner.url}", "--certification-timeout=0.3")
    stopped(outcome, "POST got no answer within 0.", "is the service up")


def test_a_partner_that_hangs_up_is_given_up(certify: Certify, partner: Partner) -> None:
    partner.everything = reset
    stopped(certify(f"--partner-url={partner.url}"), "the connection was closed before an answer came")


def test_something_else_than_http_is_recognised(certify: Certify, partner: Partner) -> None:
    partner.everything = lambda _call: Wire(lambda connection: connection.sendall(b"220 mail.example ESMTP\r\n\r\n"))
    stopped(certify(f"--partner-url={partner.url}"), "what came back is not HTTP", "https instead of http")


def test_a_redirecting_api_is_told_where_to_call(certify: Certify, partner: Partner) -> None:
    partner.everything = lambda _call: Answer(308, b"", [("Location", "https://partner.example/connect/")])
    outcome = certify(f"--partner-url={partner.url}")
    stopped(outcome, "POST was redirected (308) to https://partner.example/connect/", "does not follow redirects")
    assert len(partner.calls) == 1


def test_a_wrong_path_is_no_failed_case(certify: Certify, partner: Partner) -> None:
    partner.everything = lambda _call: Answer(404, b"<h1>Not Found", [("Content-Type", "text/html")])
    stopped(certify(f"--partner-url={partner.url}"), "there is no connect endpoint: POST answered 404 with text/html")


def test_an_overloaded_partner_says_so(certify: Certify, partner: Partner) -> None:
    partner.everything = lambda _call: Answer(429, b"", [("Retry-After", "0")])
    stopped(certify(f"--partner-url={partner.url}"), "429 Too Many Requests", "ask for a higher limit")


# TLS


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that no authority has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "partner.example")])
    today = dt.datetime.now(dt.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls_partner(certificate: Path) -> Iterator[Partner]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    it = Partner(tls=context)
    yield it
    it.close()


def test_an_unknown_authority_fails_the_handshake(certify: Certify, tls_partner: Partner) -> None:
    outcome = certify(f"--partner-url={tls_partner.url}")
    stopped(outcome, "the TLS handshake failed", "certificate verify failed", "SSL_CERT_FILE")
    assert tls_partner.calls == []


def test_a_private_authority_is_trusted_through_the_environment(
    certify: Certify, tls_partner: Partner, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    outcome = certify(f"--partner-url={tls_partner.url}", "-k", "P100")
    assert outcome.status == 0, outcome.text
    assert outcome.case("P100")["verdict"] == "passed"


def test_http_to_a_tls_port_is_explained(certify: Certify, tls_partner: Partner) -> None:
    outcome = certify(f"--partner-url={tls_partner.url.replace('https', 'http')}")
    assert outcome.status == 4, outcome.text
    assert "Traceback" not in outcome.text
    said = " ".join(" ".join(problem.values()) for problem in outcome.report["run"]["problems"])
    assert "a TLS port that is called with http behaves like this" in said or "https instead of http" in said


def test_https_to_a_plain_port_fails_the_handshake(certify: Certify, partner: Partner) -> None:
    stopped(certify(f"--partner-url={partner.url.replace('http', 'https')}"), "the TLS handshake failed")


# The report folder


def test_a_file_in_the_way_of_the_report_folder(certify: Certify, partner: Partner, pytester: pytest.Pytester) -> None:
    (pytester.path / "certification-report").write_text("a file of the user's")
    outcome = certify(f"--partner-url={partner.url}")
    assert outcome.status == 4
    assert "--certification-report=certification-report: the report folder cannot be written" in outcome.one_line()
    assert "Traceback" not in outcome.text
    assert (pytester.path / "certification-report").read_text() == "a file of the user's"
    assert partner.calls == []


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_permission(certify: Certify, partner: Partner, pytester: pytest.Pytester) -> None:
    (pytester.path / "certification-report").mkdir(mode=0o500)
    outcome = certify(f"--partner-url={partner.url}")
    assert outcome.status == 4
    assert "the report folder cannot be written (Permission denied)" in outcome.one_line()


def test_files_of_somebody_else_are_not_overwritten(
    certify: Certify, partner: Partner, pytester: pytest.Pytester
) -> None:
    folder = pytester.path / "certification-report"
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps({"quarter": 3}))
    outcome = certify(f"--partner-url={partner.url}")
    assert outcome.status == 4
    assert "the folder holds report.json, which this suite did not write" in outcome.one_line()
    assert json.loads((folder / "report.json").read_text()) == {"quarter": 3}


def test_problems_of_all_kinds_are_reported_together(
    certify: Certify, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BASIC_USER")
    (pytester.path / "partner.json").write_text("{}")
    outcome = certify("--partner-url=partner.example", "--certification-max-rate=0")
    stopped(outcome, "BASIC_USER", "field /base_url", "no scheme http or https", "--certification-max-rate=0")


def test_a_broken_config_of_the_reference_partner_stops_the_run(certify: Certify, pytester: pytest.Pytester) -> None:
    (pytester.path / "partner.json").write_text("{}")
    outcome = certify("--partner-url=reference", "--partner-config=partner.json")
    stopped(outcome, "field /base_url")


def test_a_stop_before_the_cases_is_one_line_per_problem_under_xdist(shell: Certify) -> None:
    outcome = shell("--partner-url=http://no-such-host.invalid", "-n", 2)
    stopped(outcome, "cannot be resolved")
