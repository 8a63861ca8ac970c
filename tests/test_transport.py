"""Where a call may go and how long it may take."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from partners import PASSWORD, USER, Answer, Call, Partner, basic, error

from certification.client.addresses import AddressGuard, RefusedAddressError
from certification.client.authentication import SCHEMES
from certification.client.client import Client, Credentials
from certification.client.live import LivePartner
from certification.client.pacing import MAX_WAITS, Limits, RequestCount
from certification.client.recorded import RecordedPartner
from certification.client.transport import Deadline, GuardedTransport, PooledTransport, proxy_address, proxy_at
from certification.evidence.exchange import Exchange, Request
from certification.evidence.recorder import Recorder, read_records
from certification.evidence.redaction import Redactor
from certification.evidence.steps import Act, When
from certification.foundation.errors import CannotProceed, OutOfBudget

TOKEN = "dapi9c8b7a6f5e4d3210"


def resolving(monkeypatch: pytest.MonkeyPatch, **names: list[str]) -> None:
    """Let the resolver know these names and addresses, and nothing else."""

    def look_up(host: str, *_: Any, **__: Any) -> list[Any]:
        if host not in names:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in names[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::",
        "ff02::1",
        "fec0::1",
        "::10.0.0.1",
        "::8.8.8.8",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::1",
        "2002:0808:0808::1",
        "2001:0:1::1",
        "2001:db8::1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.5",
        "240.0.0.1",
    ],
)
def test_the_guard_refuses_every_address_that_is_not_public(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving(monkeypatch, partner=[PUBLIC], target=[address])
    with pytest.raises(RefusedAddressError, match=r"target is .*, which is not a public address"):
        AddressGuard("partner").check("target")


def test_the_guard_lets_public_addresses_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, partner=[PUBLIC], target=["1.1.1.1", "2606:4700::1111"])
    assert AddressGuard("partner").check("target") == ["1.1.1.1", "2606:4700::1111"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, partner=[PUBLIC], target=["1.1.1.1", "10.0.0.1"])
    with pytest.raises(RefusedAddressError, match=r"10\.0\.0\.1"):
        AddressGuard("partner").check("target")


def test_the_guard_lets_the_partners_own_address_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, partner=["10.0.0.5"], pages=["10.0.0.5"], other=["10.0.0.6"], loopback=["127.0.0.1"])
    guard = AddressGuard("partner")
    assert guard.check("pages") == ["10.0.0.5"]
    for name in ("other", "loopback"):
        with pytest.raises(RefusedAddressError):
            guard.check(name)


def test_a_partner_on_this_machine_may_use_every_loopback_address(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, partner=["127.0.0.1"], pages=["127.0.0.2"], six=["::1"], private=["10.0.0.1"])
    guard = AddressGuard("partner")
    assert guard.check("pages") == ["127.0.0.2"]
    assert guard.check("six") == ["::1"]
    with pytest.raises(RefusedAddressError):
        guard.check("private")


def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, partner=["127.0.0.1"], pages=["127.0.0.1"])
    called: list[str] = []

    def connect(self: Any, host: str, *_: Any, **__: Any) -> Any:
        del self
        called.append(host)
        message = "not in this test"
        raise httpcore.ConnectError(message)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    deadline = Deadline()
    deadline.start(5)
    transport = PooledTransport(deadline, guard=AddressGuard("partner"))
    with pytest.raises(httpcore.ConnectError):
        transport.handle_request(httpx.Request("GET", "http://pages/welcome"))
    transport.close()
    assert called == ["127.0.0.1"]


def test_a_name_that_cannot_be_resolved_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch)
    called: list[str] = []
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda _self, host, *_, **__: called.append(host))
    assert AddressGuard("partner").check("elsewhere") == []
    deadline = Deadline()
    deadline.start(5)
    transport = PooledTransport(deadline, guard=AddressGuard("partner"))
    with pytest.raises(httpcore.ConnectError, match="elsewhere has no address"):
        transport.handle_request(httpx.Request("GET", "http://elsewhere/"))
    assert called == []


def test_a_partner_that_could_not_be_looked_up_at_first_is_known_later(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, pages=["10.0.0.5"])
    guard = AddressGuard("partner")
    with pytest.raises(RefusedAddressError):
        guard.check("pages")
    resolving(monkeypatch, partner=["10.0.0.5"], pages=["10.0.0.5"])
    assert guard.check("pages") == ["10.0.0.5"]


@pytest.mark.parametrize("address", ["::ffff:10.0.0.5", "64:ff9b::10.0.0.5", "2002:0a00:0005::1"])
def test_another_way_to_write_the_partners_own_address_passes(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving(monkeypatch, partner=["10.0.0.5"], pages=[address])
    assert AddressGuard("partner").check("pages") == [address]


def test_behind_a_proxy_private_addresses_are_refused_and_unknown_names_are_the_proxys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolving(monkeypatch, partner=[PUBLIC], private=["10.0.0.1"], **{"10.0.0.1": ["10.0.0.1"]})
    monkeypatch.setenv("http_proxy", "http://user:p%40ss@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "")
    called: list[tuple[str, int]] = []

    def connect(_self: Any, host: str, port: int, *_: Any, **__: Any) -> Any:
        called.append((host, port))
        message = "not in this test"
        raise httpcore.ConnectError(message)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    deadline = Deadline()
    deadline.start(5)
    transport = GuardedTransport(deadline, AddressGuard("partner"))
    for host in ("private", "10.0.0.1"):
        with pytest.raises(RefusedAddressError):
            transport.handle_request(httpx.Request("GET", f"http://{host}/"))
    assert called == []
    with pytest.raises(httpcore.ConnectError):
        transport.handle_request(httpx.Request("GET", "http://known.to.the.proxy.example/"))
    assert called == [("proxy.example", 3128)]
    transport.close()


def test_the_password_of_a_proxy_is_used() -> None:
    proxy = proxy_at("http://user:p%40ss@proxy.example:3128")
    assert proxy.auth == (b"user", b"p@ss")
    assert proxy.url.host == b"proxy.example"


def test_this_machine_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    hosts = {"localhost": None, "127.0.0.1": None, "inside.example": None, "p.example": "http://proxy.example:3128"}
    assert {host: proxy_address("http", host) for host in hosts} == hosts
    assert proxy_address("https", "p.example") is None


# The client


@pytest.fixture
def client(partner: Partner) -> Iterator[Client]:
    credentials = Credentials(USER, PASSWORD, TOKEN, "dose0123456789")
    it = Client(partner.url, credentials, Redactor(credentials.secrets, USER), 5.0)
    yield it
    it.close()


def plan(partner: Partner, body: str = "{}", **fields: Any) -> Exchange:
    headers = (("User-Agent", "databricks"), ("Content-Type", "application/json; charset=utf-8"))
    how = {"operation": "connect", "method": "POST", "url": f"{partner.url}/connect", "headers": headers, "body": body}
    return Exchange("P100", "1", 1, Act.FIRST_CONNECT, When.PLAIN, Request(**(how | fields)), None)


def test_a_call_carries_what_databricks_sends(partner: Partner, client: Client) -> None:
    partner.everything = lambda _call: Answer(200, {})
    exchange = client.send(plan(partner, '{"token": "${PAT_TOKEN}", "name": "Zoë"}'))
    assert exchange.status == 200
    (call,) = partner.calls
    assert call.method == "POST"
    assert call.headers["user-agent"] == "databricks"
    assert call.headers["authorization"] == basic(USER, PASSWORD)
    assert call.headers["content-type"] == "application/json; charset=utf-8"
    assert call.json == {"token": TOKEN, "name": "Zoë"}
    assert TOKEN not in exchange.request.body


def test_delete_carries_its_body(partner: Partner, client: Client) -> None:
    partner.everything = lambda _call: Answer(200)
    client.send(plan(partner, '{"domain": "databricks-test.com"}', method="DELETE"))
    assert partner.calls[0].method == "DELETE"
    assert partner.calls[0].json == {"domain": "databricks-test.com"}


def test_credentials_beyond_ascii_are_sent_as_utf8(partner: Partner) -> None:
    user, password = "jürgen", "p:ässwörd €"
    client = Client(partner.url, Credentials(user, password, TOKEN), Redactor({}))
    partner.everything = lambda _call: Answer(200, {})
    client.send(plan(partner))
    client.close()
    assert partner.calls[0].headers["authorization"] == basic(user, password)


@pytest.mark.parametrize("name", sorted(set(SCHEMES) - {"good"}))
def test_each_wrong_way_to_authenticate_differs_from_the_right_one(name: str) -> None:
    user, password = "Databricks", "Pä:ss wörd 1€"
    assert SCHEMES[name].header(user, password) != SCHEMES["good"].header(user, password)
    assert password not in SCHEMES[name].curl
    assert SCHEMES[name].title


def test_connections_are_reused_and_on_request_fresh(partner: Partner, client: Client) -> None:
    ports: list[Any] = []
    partner.everything = lambda _call: Answer(200, {})
    seen = partner.server.finish_request

    def noted(request: Any, address: Any) -> None:
        ports.append(address)
        seen(request, address)

    partner.server.finish_request = noted
    for _ in range(5):
        client.send(plan(partner))
    assert len(ports) == 1
    for _ in range(3):
        client.send(plan(partner, fresh_connection=True))
    assert len(ports) == 4


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_anew(partner: Partner, client: Client) -> None:
    partner.everything = lambda _call: Answer(200, {})
    assert client.send(plan(partner)).status == 200

    def close_quietly(call: Call) -> Answer:
        del call
        return Answer(200, {}, [("Content-Type", "application/json"), ("Connection", "close")])

    partner.everything = close_quietly
    assert [client.send(plan(partner)).status for _ in range(3)] == [200, 200, 200]


def test_secrets_are_replaced_in_what_came_back_but_known_to_the_script(partner: Partner, client: Client) -> None:
    partner.everything = lambda _call: Answer(
        200, {"connection_id": TOKEN}, [("Content-Type", "application/json"), ("X-Debug", basic(USER, PASSWORD))]
    )
    exchange = client.send(plan(partner))
    assert exchange.response
    assert TOKEN not in str(exchange.response)
    assert {leak.secret for leak in exchange.response.leaks} == {"PAT_TOKEN", "BASIC_PASSWORD"}
    assert exchange.answer == {"connection_id": TOKEN}
    assert TOKEN not in repr(exchange)
    assert TOKEN not in str(exchange.to_record())


# The partner that is there


class Watch:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture
def live_of(client: Client, tmp_path: Path) -> Iterator[Callable[..., tuple[LivePartner, Watch, RequestCount]]]:
    recorder, count = Recorder(tmp_path / "main.jsonl"), RequestCount(tmp_path / "count")

    def make(**limits: Any) -> tuple[LivePartner, Watch, RequestCount]:
        watch = Watch()
        live = LivePartner(client, recorder, Limits(**limits), count, sleep=watch.sleep, clock=watch.clock)
        return live, watch, count

    yield make
    recorder.close()
    count.close()


def test_a_429_is_obeyed_and_recorded(
    partner: Partner, tmp_path: Path, live_of: Callable[..., tuple[LivePartner, Watch, RequestCount]]
) -> None:
    live, watch, _ = live_of()
    answers = [Answer(429, b"", [("Retry-After", "7")]), Answer(429, b"", []), Answer(200, {})]
    partner.everything = lambda _call: answers.pop(0)
    exchange = live.send(plan(partner))
    assert exchange.status == 200
    assert watch.slept == [7.0, 1.0]
    records = list(read_records(tmp_path / "main.jsonl"))
    assert [record["throttled"] for record in records] == [True, True, False]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0.05), ("2.5", 2.5), ("3600", 60.0), ("nonsense", 1.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.05)],
)
def test_retry_after_is_understood_and_bounded(
    partner: Partner,
    value: str,
    seconds: float,
    live_of: Callable[..., tuple[LivePartner, Watch, RequestCount]],
) -> None:
    live, watch, _ = live_of()
    answers = [Answer(429, b"", [("Retry-After", value)]), Answer(200, {})]
    partner.everything = lambda _call: answers.pop(0)
    assert live.send(plan(partner)).status == 200
    assert watch.slept == [seconds]


def test_a_partner_that_always_says_429_is_given_up(
    partner: Partner, live_of: Callable[..., tuple[LivePartner, Watch, RequestCount]]
) -> None:
    live, watch, _ = live_of()
    partner.everything = lambda _call: Answer(429, b"", [("Retry-After", "1")])
    assert live.send(plan(partner)).status == 429
    assert len(partner.calls) == MAX_WAITS
    assert len(watch.slept) == MAX_WAITS - 1


def test_a_rate_spreads_the_calls(
    partner: Partner, live_of: Callable[..., tuple[LivePartner, Watch, RequestCount]]
) -> None:
    live, watch, _ = live_of(rate=4.0)
    partner.everything = lambda _call: Answer(200, {})
    for _ in range(5):
        live.send(plan(partner))
    assert watch.slept == [0.25] * 4


def test_the_budget_counts_the_requests_of_all_processes(
    partner: Partner, tmp_path: Path, live_of: Callable[..., tuple[LivePartner, Watch, RequestCount]]
) -> None:
    live, _, count = live_of(max_requests=3)
    partner.everything = lambda _call: Answer(200, {})
    other = RequestCount(tmp_path / "count")
    other.add()
    live.send(plan(partner))
    live.send(plan(partner))
    with pytest.raises(OutOfBudget, match="out-of-budget"):
        live.send(plan(partner))
    assert count.total() == other.total() == 3
    other.close()


def test_calls_that_are_sent_together_overlap(
    partner: Partner, live_of: Callable[..., tuple[LivePartner, Watch, RequestCount]]
) -> None:
    import threading

    meeting = threading.Barrier(3, timeout=30)

    def meet(_call: Call) -> Answer:
        meeting.wait()
        return Answer(200, {})

    partner.everything = meet
    live, _, _ = live_of()
    answers = live.send_together([plan(partner), plan(partner), plan(partner)])
    assert [answer.status for answer in answers] == [200, 200, 200]


def test_the_recorded_partner_answers_from_the_record_and_notes_other_requests(
    partner: Partner, client: Client
) -> None:
    partner.everything = lambda _call: error(404, "connection_not_found")
    recorded = client.send(plan(partner))
    again = RecordedPartner([recorded])
    assert again.unused() == [1]
    assert again.send(plan(partner)) == recorded
    assert (again.differences, again.unused()) == ([], [])
    again.send(plan(partner, '{"other": 1}'))
    assert len(again.differences) == 1
    with pytest.raises(CannotProceed, match="record-ends"):
        again.send(replace(plan(partner), number=2))
