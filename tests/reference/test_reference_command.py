"""The reference partner as a process of its own, over real sockets."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from reference_databricks import Databricks, Someone, basic
from running import environment

from certification.reference import default_config

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = [sys.executable, "-m", "certification.reference"]
CREDENTIALS = {"BASIC_USER": "tester", "BASIC_PASSWORD": "geheim:ß"}
HEADERS = {
    "user-agent": "databricks",
    "accept-language": "en-US",
    "content-type": "application/json",
    "authorization": basic("tester:geheim:ß".encode()),
}


def without_credentials(**more: str) -> dict[str, str]:
    return {name: value for name, value in environment().items() if not name.startswith("BASIC_")} | more


@contextmanager
def partner(*arguments: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=without_credentials(**(more or CREDENTIALS)),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line.startswith("reference partner ready at http://127.0.0.1:"), line
        yield process, line.removeprefix("reference partner ready at ")
    finally:
        process.kill()
        process.communicate()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, env=without_credentials(), check=False, timeout=30
    )


def saved(folder: Path, config: dict[str, Any]) -> str:
    path = folder / "partner.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return str(path)


def test_serves_under_the_prefix_of_its_config_with_utf_8_credentials(tmp_path: Path) -> None:
    config = {**default_config(), "base_url": "https://api.partner.example/v2/", "hostnames": ["127.0.0.1"]}
    with partner("--config", saved(tmp_path, config)) as (_, base), httpx.Client(headers=HEADERS) as client:
        assert base.endswith("/v2")
        body = Databricks(config).connect(Someone("ada@firm.example", 1, 2))
        answer = client.post(f"{base}/connect", json=body)
        assert answer.status_code == 200
        redirect = answer.json()["redirect_uri"]
        assert redirect.startswith(f"{base}/app/create-trial?")
        page = client.get(redirect)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"


def test_http_1_0_closes_the_connection() -> None:
    with partner("--variant", "http-1-0") as (_, base), httpx.Client(headers=HEADERS) as client:
        for _ in range(2):
            answer = client.get(f"{base}/connectors")
            assert (answer.status_code, answer.http_version) == (200, "HTTP/1.0")


def test_chunked_answer_has_no_length() -> None:
    with partner("--variant", "chunked") as (_, base), httpx.Client(headers=HEADERS) as client:
        answer = client.get(f"{base}/connectors")
        assert answer.headers["transfer-encoding"] == "chunked"
        assert answer.json()["connectors"]


def test_answer_cut_off_breaks_the_connection() -> None:
    with partner("--fault", "gateway-cuts-answers") as (_, base), pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{base}/connect", json={}, headers=HEADERS)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_without_a_trace(number: signal.Signals) -> None:
    with partner() as (process, _):
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")


def test_ends_with_standard_input() -> None:
    with partner("--exit-with-stdin") as (process, base):
        assert httpx.get(f"{base}/app/terms").status_code == 200
        output, errors = process.communicate(timeout=10)
        assert (process.returncode, output, errors) == (0, "", "")


def test_demo_credentials_are_announced() -> None:
    with partner(OTHER="1") as (process, base):
        sent = basic("databricks:demo-pässword:1".encode())
        answer = httpx.get(f"{base}/connectors", headers={**HEADERS, "authorization": sent})
        assert answer.status_code == 200
        process.terminate()
        _, errors = process.communicate(timeout=10)
        assert "BASIC_USER" in errors


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[]", "no JSON object"),
        (b"{}", "lacks api_version"),
    ],
)
def test_bad_config_is_one_paragraph(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "partner.json"
    path.write_bytes(content)
    done = run("--config", str(path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert str(path) in done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_missing_config_names_the_file(tmp_path: Path) -> None:
    done = run("--config", str(tmp_path / "none.json"))
    assert done.returncode == 2
    assert "none.json" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"category": "GAMES"}, "category must be one of"),
        ({"api_version": "2.2"}, "api_version"),
        ({"endpoints": {"connect_path": "/a", "delete_connection_path": "/a"}}, "endpoints.delete_connection_path"),
        ({"endpoints": {"connect_path": "/{a}"}}, "endpoints.connect_path"),
        ({"hostnames": "localhost"}, "hostnames must be of type array"),
    ],
)
def test_bad_field_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    done = run("--config", saved(tmp_path, {**default_config(), **change}))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_redirect_host_must_be_allowed() -> None:
    done = run("--redirect-host", "evil.example")
    assert done.returncode == 2
    assert "hostnames does not allow the redirect host evil.example" in done.stderr


def test_unknown_names_get_a_suggestion() -> None:
    done = run("--fault", "delete-does-nothin")
    assert done.returncode == 2
    assert "did you mean delete-does-nothing" in done.stderr


def test_taken_port_is_one_paragraph() -> None:
    with partner() as (_, base):
        done = run("--port", base.rpartition(":")[2])
        assert done.returncode == 2
        assert "can't listen" in done.stderr
        assert "Traceback" not in done.stderr


def test_list_shows_the_whole_catalogue() -> None:
    done = run("--list")
    assert done.returncode == 0
    assert "delete-does-nothing  [deletion]" in done.stdout
    assert "ids-numbers" in done.stdout


def test_print_config_shows_what_a_fault_needs() -> None:
    done = run("--fault", "invite-adds", "--print-config")
    assert json.loads(done.stdout)["new_user_action"] == "invite"


def test_importing_the_package_loads_no_server() -> None:
    code = "import sys, certification.reference as r; r.default_config(); print({'uvicorn', 'starlette', 'jsonschema', 'httpx'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=without_credentials(), check=True
    )
    assert done.stdout.strip() == "set()"
