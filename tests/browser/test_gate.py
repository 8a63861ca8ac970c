"""The gate between a page and the network: where it lets a page go, and how much it lets through."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from hostile_site import hostile_site

from certification.browser.gate import Gate, HostAsked, Passage


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with hostile_site() as base:
        yield base


def ask(gate: Gate, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", gate.port), 10) as browser:
        browser.sendall(request.encode())
        answer = b""
        while chunk := browser.recv(65536):
            answer += chunk
    return answer


def test_a_page_reaches_the_partner_where_it_is(site: str) -> None:
    with Gate("127.0.0.1") as gate:
        answer = ask(gate, f"GET {site}/hello HTTP/1.1\r\nHost: x\r\nProxy-Authorization: secret\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 200")
    assert b"Databricks" in answer
    assert gate.asked == (HostAsked("127.0.0.1", Passage.PASSED),)


def test_a_tunnel_is_passed_on_as_it_is(site: str) -> None:
    host = site.partition("://")[2]
    with Gate("127.0.0.1") as gate:
        answer = ask(gate, f"CONNECT {host} HTTP/1.1\r\n\r\nGET /hello HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 Connection established")
    assert b"Databricks" in answer


@pytest.mark.parametrize("target", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "[::1]"])
def test_this_machine_and_its_neighbours_are_out_of_reach_for_pages_of_others(target: str) -> None:
    with Gate("192.0.2.1") as gate:
        plain = ask(gate, f"GET http://{target}/ HTTP/1.1\r\n\r\n")
        tunnel = ask(gate, f"CONNECT {target}:443 HTTP/1.1\r\n\r\n")
    assert (plain[:12], tunnel[:12]) == (b"HTTP/1.1 403", b"HTTP/1.1 403")
    assert {each.passage for each in gate.asked} == {Passage.REFUSED}


def test_no_more_is_let_through_than_a_visit_may_load(site: str) -> None:
    with Gate("127.0.0.1", max_bytes=50_000) as gate:
        answer = ask(gate, f"GET {site}/large HTTP/1.1\r\n\r\n")
        again = ask(gate, f"GET {site}/hello HTTP/1.1\r\n\r\n")
    assert len(answer) <= 50_000 + 65_536
    assert again.startswith(b"HTTP/1.1 403")
    assert HostAsked("127.0.0.1", Passage.TOO_MUCH) in gate.asked


@pytest.mark.parametrize(
    "request_", ["", "nonsense\r\n\r\n", "GET http://[::1:x/ HTTP/1.1\r\n\r\n", "CONNECT x:99999 HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_request_ends_the_connection_and_nothing_else(request_: str, site: str) -> None:
    with Gate("127.0.0.1") as gate:
        with socket.create_connection(("127.0.0.1", gate.port), 10) as browser:
            browser.sendall(request_.encode())
            browser.shutdown(socket.SHUT_WR)
            browser.recv(1000)
        assert b"Databricks" in ask(gate, f"GET {site}/hello HTTP/1.1\r\n\r\n")
