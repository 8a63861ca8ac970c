"""The walk without a browser: who Databricks names in each case, what is kept, and what two people do to each other."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from pictures import png
from starlette.responses import JSONResponse
from walking import BY_SCRIPT, SECRET, TOKEN, Person, made, message, told

from certification.accuracy.in_memory import InMemory
from certification.attestations.records import digest_of_exchange
from certification.attestations.standing import applicable, damages
from certification.evidence.steps import Act, When
from certification.walkthrough.guide import guides
from certification.walkthrough.steps import person_of


@pytest.fixture
def person(tmp_path: Path) -> Person:
    it = Person(made(tmp_path))
    it.introduces()
    return it


def test_every_manual_case_has_a_guide(person: Person) -> None:
    assert [case.id for case in applicable(person.walk.config)[0]] == list(guides())
    for guide in guides().values():
        assert guide.expected
        ids = [step.id for step in guide.steps]
        assert len(ids) == len(set(ids))
        for place, step in enumerate(guide.steps):
            assert not step.of or step.of in ids[:place]


FIRST, SIGN_IN, DELETE = Act.FIRST_CONNECT, Act.SIGN_IN, Act.DELETE_CONNECTION
TEST_ACCOUNT = [(Act.DELETE_ACCOUNT, "user", "one"), (FIRST, "user", "one"), (Act.EXPIRE_ACCOUNT, "user", "one")]
WHO = {
    "M100": [(FIRST, "user", "one")],
    "M101": [(FIRST, "user", "one"), (FIRST, "user", "two")],
    "M200": [(FIRST, "user", "one")],
    "M201": [(FIRST, "user", "one")],
    "M300": [(FIRST, "user", "one"), (SIGN_IN, "user", "one")],
    "M301": [(FIRST, "user", "one"), (FIRST, "colleague", "two"), (SIGN_IN, "colleague", "one")],
    "M302": [(FIRST, "user", "one"), (SIGN_IN, "colleague", "one")],
    "M400": [(FIRST, "user", "one"), (FIRST, "user", "one")],
    "M401": [(FIRST, "user", "one"), (DELETE, "user", "one"), (FIRST, "user", "one")],
    "M402": [(FIRST, "user", "one"), (DELETE, "user", "one"), (SIGN_IN, "user", "one")],
    "M500": [*TEST_ACCOUNT, (FIRST, "user", "one")],
    "M501": [*TEST_ACCOUNT, (SIGN_IN, "user", "one")],
    "M502": [*TEST_ACCOUNT, (SIGN_IN, "colleague", "one")],
    "M600": [(FIRST, "user", "one"), (FIRST, "user", "two")],
    "M700": [(FIRST, "user", "one"), (DELETE, "user", "one"), (FIRST, "user", "one")],
}
ANSWERS = {"M402": 404}


def test_each_case_calls_as_databricks_would_for_its_person(person: Person) -> None:
    for case, who in WHO.items():
        person.does(case)
        situation = person.walk.situation(case)
        calls = situation.draft.calls
        assert [call.exchange.act for call in calls] == [act for act, _, _ in who], case
        first = calls[[act for act, _, _ in who].index(FIRST)].exchange.answer["connection_id"]
        for call, (act, label, where) in zip(calls, who, strict=True):
            body = json.loads(call.exchange.request.body)
            someone = person_of(guides()[case], person.walk.config, situation.draft.execution, label, where)
            workspace = body["databricks_organization_id"] if act not in {FIRST, SIGN_IN} else body["workspace_id"]
            assert workspace == someone.workspace.id, case
            if act in {FIRST, SIGN_IN}:
                assert body["user_info"]["email"] == someone.email, case
                assert body["demo"] is (case == "M700")
            if act in {SIGN_IN, DELETE}:
                assert body["connection_id"] == first, case
        assert calls[-1].exchange.status == ANSWERS.get(case, 200), case
        if case.startswith("M5"):
            assert calls[-1].exchange.answer["account_status"] == ("expired" if case != "M502" else "active")


def test_people_of_another_try_are_others(person: Person) -> None:
    person.does("M100")
    assert person.post("case/M100/again").status_code == 303
    person.does("M100")
    one, two = (json.loads(call.exchange.request.body)["user_info"]["email"] for call in person.kept.drafts[0].calls)
    assert one.rpartition("@")[2] != two.rpartition("@")[2]


def test_the_token_of_a_redirect_is_in_the_opened_tab_only(person: Person) -> None:
    go = person.does("M300")[0].json()["go"]
    opened = person.ask("GET", go)
    assert opened.status_code == 303
    address = opened.headers["location"]
    token = address.partition("ticket=")[2]
    assert len(token) > 10
    assert address.startswith("http://localhost:8765/app/sign-in?ticket=")
    page = person.get("case/M300").text
    assert token not in page + person.text
    assert "ticket={…}" in page
    assert SECRET not in page + person.text
    assert "$BASIC_USER:$BASIC_PASSWORD" in page
    # After the command was started again, the address is not known any more, and nothing else is lost.
    later = Person(made(person.walk.file.folder))
    assert later.ask("GET", go).status_code == 410
    assert "kept in memory only" in later.get("case/M300").text


def test_a_walk_goes_on_where_it_was_left(tmp_path: Path) -> None:
    walk = made(tmp_path)
    before = Person(walk)
    before.introduces()
    before.post("case/M301/prepare")
    before.post("case/M301/save", before.answers("M301", seen="", words="so far so good"))
    later = Person(made(tmp_path, transport=walk.caller.transport))
    assert "so far so good" in later.get("case/M301").text
    assert later.does("M301")[0].status_code == 200
    assert later.post("case/M301/record", later.answers("M301")).status_code == 303
    attestation = later.kept.attestations[0]
    assert (attestation.result, attestation.by, attestation.role) == ("passed", "Ann Lee", "QA")
    assert [call.step for call in attestation.calls] == ["connected", "colleague", "sign-in"]
    assert [call.sha256 for call in attestation.calls] == [digest_of_exchange(c.exchange) for c in attestation.calls]
    assert attestation.config == walk.config.digest
    assert attestation.on == "2027-01-10T10:00:00Z"
    assert later.kept.drafts == ()
    assert list(damages(later.kept, tmp_path)) == []


def test_what_is_missing_is_said_field_by_field_and_what_is_there_is_kept(person: Person) -> None:
    fields = {"version": person.version("M100"), "seen-0": "seen", "seen-1": "not_applicable", "words": "hm"}
    answer = person.post("case/M100/record", fields)
    assert answer.status_code == 422
    assert person.kept.attestations == ()
    for text, field in (
        ("Say why number 2 does not apply.", "why-1"),
        ("Answer number 3: did you see it?", "seen-2"),
        ("Say in which Databricks workspace", "workspace"),
    ):
        assert f'<a href="#{field}">{text}' in answer.text
        assert f'id="{field}"' in answer.text
    assert person.kept.drafts[0].words == "hm"
    failed = person.answers("M100", seen="not_seen", workspace="w")
    assert "Say in your words" in told(person.post("case/M100/record", failed))
    assert (
        person.post("case/M100/record", {**failed, "version": person.version("M100"), "words": "no"}).status_code == 303
    )
    assert [each.result for each in person.kept.attestations] == ["failed"]


def test_nobody_without_a_name_records(tmp_path: Path) -> None:
    nameless = Person(made(tmp_path))
    answer = nameless.post("case/M100/record", nameless.answers("M100", workspace="w"))
    assert "Say who you are first" in told(answer)
    missing = nameless.post("you", {"by": " ", "organisation": "Acorn", "role": ""})
    assert missing.status_code == 422
    assert "Enter your name." in told(missing)
    assert 'value="Acorn"' in missing.text
    assert nameless.kept.attestations == ()


def test_a_case_that_does_not_apply_needs_a_reason(person: Person) -> None:
    fields = {"version": person.version("M201"), "reason": "We never write tables."}
    assert person.post("case/M201/record", fields).status_code == 303
    attestation = person.kept.attestations[0]
    assert (attestation.result, attestation.reason) == ("not_applicable", "We never write tables.")
    assert {each.seen for each in attestation.expectations} == {"not_applicable"}
    assert "We never write tables." in person.get("case/M201").text


def test_two_people_at_once_do_not_overwrite_each_other(person: Person, tmp_path: Path) -> None:
    other = Person(made(tmp_path))
    theirs = other.answers("M100", words="theirs")
    mine = person.answers("M100", words="mine")
    assert other.post("case/M100/save", theirs).status_code == 303
    refused = person.post("case/M100/save", mine)
    assert refused.status_code == 409
    assert "Ann Lee changed this case meanwhile" in told(refused)
    assert ">mine</textarea>" in refused.text
    assert person.kept.drafts[0].words == "theirs"
    by_script = person.post("case/M100/save", mine, headers=BY_SCRIPT)
    assert by_script.status_code == 409
    assert "Nothing was overwritten" in message(by_script)
    # Who has read this may decide for their own.
    assert person.post("case/M100/save", {**mine, "version": by_script.json()["version"]}).status_code == 303
    assert person.kept.drafts[0].words == "mine"
    # A result that was recorded meanwhile is noticed as well.
    assert other.post("case/M100/record", other.answers("M100", workspace="w")).status_code == 303
    late = person.post("case/M100/record", {**mine, "version": "0.2", "workspace": "w"})
    assert "Ann Lee recorded a result for this case meanwhile" in told(late)
    assert len(person.kept.attestations) == 1


def test_what_a_page_sent_first_never_replaces_what_it_sent_last(person: Person) -> None:
    mine = {**person.answers("M100", words="first"), "editor": "page-1", "turn": "1"}
    assert person.post("case/M100/save", mine).status_code == 303
    # While the page is being closed, it sends once more, and has not heard of the new version yet.
    assert person.post("case/M100/save", {**mine, "words": "last", "turn": "3"}).status_code == 303
    assert person.post("case/M100/save", {**mine, "words": "late", "turn": "2"}).status_code == 303
    assert person.kept.drafts[0].words == "last"
    assert person.post("case/M100/save", {**mine, "editor": "page-2", "turn": "9"}).status_code == 409
    assert person.post("case/M100/save", {**mine, "editor": "", "turn": "9"}).status_code == 409


def test_a_button_that_is_pressed_twice_calls_once(tmp_path: Path) -> None:
    called, go_on = threading.Event(), threading.Event()

    def slow(_request: httpx.Request) -> httpx.Response:
        called.set()
        assert go_on.wait(30)
        raise httpcore.ReadTimeout

    person = Person(made(tmp_path, transport=lambda: httpx.MockTransport(slow)))
    first = threading.Thread(target=person.post, args=("case/M100/press", {"step": "connect"}))
    first.start()
    assert called.wait(30)
    again = person.post("case/M100/press", {"step": "connect"}, headers=BY_SCRIPT)
    assert again.status_code == 409
    assert "still under way" in message(again)
    # Other cases and the answers of this one are not held up by a slow partner.
    assert person.post("case/M100/save", person.answers("M100", words="waiting")).status_code == 303
    go_on.set()
    first.join()
    draft = person.kept.draft("M100", "partner")
    assert (len(draft.calls), draft.words) == (1, "waiting")
    assert "No answer came" in person.get("case/M100").text


def test_databricks_round_stands_beside_the_partners(person: Person, tmp_path: Path) -> None:
    person.does("M100")
    person.post("case/M100/record", person.answers("M100", words="went well"))
    theirs = Person(made(tmp_path, round_="databricks"))
    page = theirs.get("case/M100").text
    assert "What the partner recorded" in page
    assert "went well" in page
    theirs.introduces("Bo Chen")
    answers = theirs.answers("M100", seen="not_seen", words="we got lost", workspace="e2-demo")
    assert theirs.post("case/M100/record", answers).status_code == 303
    rows = [(each.round, each.by, each.result, each.workspace) for each in person.kept.attestations]
    assert rows == [("partner", "Ann Lee", "passed", ""), ("databricks", "Bo Chen", "failed", "e2-demo")]
    assert "What Databricks recorded" in person.get("case/M100").text
    assert person.walk.who(person.kept).by == "Ann Lee"


def test_a_result_is_out_of_date_when_the_config_has_changed(person: Person, tmp_path: Path) -> None:
    person.post("case/M100/record", person.answers("M100", workspace="w"))
    later = Person(made(tmp_path, new_user_action="invite"))
    page = later.get("case/M100").text
    assert "Out of date: the partner config has changed since" in page
    assert later.post("case/M100/again").status_code == 303
    assert later.post("case/M100/record", later.answers("M100", workspace="w")).status_code == 303
    assert [each.id for each in later.kept.attestations] == ["A1", "A2"]
    assert "Out of date" not in later.get("case/M100").text


# Partners that are not as they should be


def answering(answers: dict[str, tuple[int, Any]]) -> InMemory:
    """A partner with one answer for each path."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        status, body = answers.get(scope["path"], (500, {}))
        await JSONResponse(body, status)(scope, receive, send)

    return InMemory(app, 10)


def silent(request: httpx.Request) -> httpx.Response:
    raise httpcore.ConnectError(str(request.url))


def test_a_partner_that_is_down_is_said_and_can_be_tried_again(tmp_path: Path) -> None:
    down = Person(made(tmp_path, transport=lambda: httpx.MockTransport(silent)))
    for _ in range(5):
        assert down.post("case/M100/press", {"step": "connect"}, headers=BY_SCRIPT).json() == {"go": ""}
    page = down.get("case/M100").text
    assert "No answer came" in page
    assert "Connect again" in page
    down.post("case/M300/prepare")
    page = down.get("case/M300").text
    assert "Did not work" in page
    assert "Try again" in page
    assert down.post("case/M300/press", {"step": "sign-in"}).status_code == 409


def test_a_step_can_be_done_by_hand(tmp_path: Path) -> None:
    connection = {"redirect_uri": "http://localhost:1/", "connection_id": "c1"}
    person = Person(made(tmp_path, transport=lambda: answering({"/connect": (200, connection)})))
    for step in ("reset", "expired"):
        assert person.post("case/M501/prepare").status_code == 303
        following = person.walk.situation("M501").next_step
        assert following is not None
        assert (following.step.id, following.state) == (step, "failed")
        assert person.post("case/M501/by-hand", {"step": "sign-in"}).status_code == 409
        assert person.post("case/M501/by-hand", {"step": step}).status_code == 303
    assert person.post("case/M501/press", {"step": "sign-in"}).status_code == 303
    draft = person.kept.draft("M501", "partner")
    assert draft.by_hand == ("reset", "expired")
    assert draft.calls[-1].exchange.when is When.AFTER_EXPIRY


def test_a_redirect_that_leads_elsewhere_is_not_opened(tmp_path: Path) -> None:
    body = {"redirect_uri": "https://evil.example/?t=Zk38dJwq9", "connection_id": "c1"}
    person = Person(made(tmp_path, transport=lambda: answering({"/connect": (200, body)})))
    assert person.post("case/M100/press", {"step": "connect"}, headers=BY_SCRIPT).json() == {"go": ""}
    execution = person.kept.drafts[0].execution
    assert person.get(f"go/M100/{execution}/1").status_code == 410
    assert "not in the hostnames of your config" in person.get("case/M100").text


HOSTILE = "<script>alert(1)</script>\"'>{{7*7}}\u202e\x1b[31m"


def test_hostile_text_is_shown_and_never_run(tmp_path: Path) -> None:
    body = {"display_message": HOSTILE, "error_reason": HOSTILE}
    person = Person(
        made(tmp_path, transport=lambda: answering({"/connect": (404, body)}), name=HOSTILE, description_blurb=HOSTILE)
    )
    person.introduces(HOSTILE)
    person.post("case/M100/press", {"step": "connect"})
    person.post("case/M100/save", person.answers("M100", words=HOSTILE, browser=HOSTILE, reason=HOSTILE))
    pages = person.get("case/M100").text + person.get("").text
    person.post("case/M100/record", person.answers("M100", words=HOSTILE, workspace=HOSTILE))
    pages += person.get("case/M100").text
    assert "<script>alert" not in pages
    assert "&lt;script&gt;alert(1)" in pages
    assert "{{7*7}}" in pages
    assert "\u202e" not in pages
    assert "\x1b" not in pages
    assert pages.count("<script") == 3


# Who may call the page


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", f"/{TOKEN}/", {}, 200),
        ("GET", f"/{TOKEN}/", {"sec-fetch-site": None, "origin": None}, 200),
        ("GET", f"/{TOKEN}/", {"sec-fetch-site": "none"}, 200),
        ("GET", f"/{TOKEN}/", {"host": "localhost:5000"}, 200),
        ("GET", "/", {}, 404),
        ("GET", "/wrong-token/", {}, 404),
        ("GET", f"/{TOKEN}x/", {}, 404),
        ("GET", f"/{TOKEN}/", {"host": "evil.example"}, 403),
        ("GET", f"/{TOKEN}/", {"host": "evil.example:5000"}, 403),
        ("GET", f"/{TOKEN}/", {"host": "127.0.0.1:5001"}, 403),
        ("GET", f"/{TOKEN}/", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, 403),
        ("GET", f"/{TOKEN}/", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 403),
        ("GET", f"/{TOKEN}/", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
        ("POST", f"/{TOKEN}/case/M100/again", {}, 303),
        ("POST", f"/{TOKEN}/case/M100/again", {"sec-fetch-site": None}, 303),
        ("POST", f"/{TOKEN}/case/M100/again", {"origin": None}, 403),
        ("POST", f"/{TOKEN}/case/M100/again", {"origin": "null"}, 403),
        ("POST", f"/{TOKEN}/case/M100/again", {"origin": "https://evil.example"}, 403),
        ("POST", f"/{TOKEN}/case/M100/again", {"origin": "http://127.0.0.1:5001"}, 403),
        ("POST", f"/{TOKEN}/case/M100/again", {"sec-fetch-site": "cross-site"}, 403),
        ("POST", f"/{TOKEN}/case/M100/again", {"sec-fetch-site": "same-site"}, 403),
        ("POST", "/wrong-token/case/M100/again", {}, 404),
        ("PUT", f"/{TOKEN}/case/M100/again", {}, 405),
        ("OPTIONS", f"/{TOKEN}/case/M100/again", {}, 405),
        ("GET", f"/{TOKEN}/case/M999", {}, 404),
        ("GET", f"/{TOKEN}/assets/app.py", {}, 404),
        ("GET", f"/{TOKEN}/picture/..%2F..%2Fetc%2Fpasswd", {}, 404),
        ("POST", f"/{TOKEN}/case/M999/again", {}, 404),
    ],
)  # fmt: skip
def test_only_the_page_itself_may_call(
    person: Person, method: str, path: str, headers: dict[str, Any], status: int
) -> None:
    before = person.text
    answer = person.ask(method, path, headers=headers)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    if status >= 400:
        assert TOKEN not in answer.text or status == 404
        assert person.text == before


def test_what_is_too_large_or_no_form_is_refused_and_nothing_is_lost(person: Person) -> None:
    before = person.text
    page = "case/M100"
    for answer, status in (
        (person.ask("POST", f"/{TOKEN}/{page}/picture", content=b"x" * 8_000_001), 413),
        (person.ask("POST", f"/{TOKEN}/{page}/save", content=b"x=" + b"y" * 200_001), 413),
        (person.ask("POST", f"/{TOKEN}/{page}/save", content=b"\xff\xfe"), 400),
        (person.post(f"{page}/save", {**person.answers("M100"), "seen-0": "perhaps"}), 400),
        (person.post(f"{page}/save", person.answers("M100", words="x" * 20_001)), 400),
        (person.ask("POST", f"/{TOKEN}/{page}/picture", content=b"<svg/>"), 422),
        (person.get("picture/m100-0000.png"), 422),
    ):
        assert answer.status_code == status
        assert "Traceback" not in answer.text
    assert person.text == before


def test_pictures_are_kept_shown_and_taken_out(person: Person) -> None:
    add = f"/{TOKEN}/case/M100/picture"
    assert person.ask("POST", add, content=png(), headers=BY_SCRIPT).json() == {}
    name = person.kept.drafts[0].pictures[0].file
    shown = person.get(f"picture/{name.removeprefix('attestations/')}")
    assert shown.content == png()
    assert shown.headers["content-type"] == "image/png"
    assert "sandbox" in shown.headers["content-security-policy"]
    for number in range(2, 13):
        assert person.ask("POST", add, content=png(number, 1)).status_code == 303
    assert "at most 12" in message(person.ask("POST", add, content=png(50, 1), headers=BY_SCRIPT))
    person.post("case/M100/remove-picture", {"file": name})
    assert name not in [each.file for each in person.kept.drafts[0].pictures]
    person.post("case/M100/record", person.answers("M100", workspace="w"))
    assert len(person.kept.attestations[0].pictures) == 11
    # A picture that was exchanged is not shown.
    other = person.kept.attestations[0].pictures[0].file
    (person.walk.file.folder / other).write_bytes(png(9, 9))
    assert person.get(f"picture/{other.removeprefix('attestations/')}").status_code == 422


def test_the_icon_is_the_users_own_file_told_by_its_content(tmp_path: Path) -> None:
    person = Person(made(tmp_path, icon_file="icon.svg"))
    assert person.get("icon").status_code == 404
    (tmp_path / "icon.svg").write_bytes(png(128, 128))
    assert person.get("icon").headers["content-type"] == "image/png"
    (tmp_path / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script/></svg>")
    assert person.get("icon").headers["content-type"] == "image/svg+xml"
    assert "sandbox" in person.get("icon").headers["content-security-policy"]
    (tmp_path / "icon.svg").write_text("a secret of this machine")
    assert person.get("icon").status_code == 404


def test_a_file_that_is_damaged_meanwhile_is_said_and_left_alone(person: Person) -> None:
    person.walk.file.path.write_text("{", encoding="utf-8")
    page = person.get("case/M100")
    assert page.status_code == 503
    assert "the file is damaged" in page.text
    answer = person.post("case/M100/save", {"version": "0.0"}, headers=BY_SCRIPT)
    assert "What you entered stays on the page" in message(answer)
    assert person.text == "{"


def test_a_folder_that_cannot_be_written_is_said(person: Person) -> None:
    lock = person.walk.file.path.with_name(".attestations.json.lock")
    lock.unlink()
    lock.mkdir()
    before = person.text
    answer = person.post("case/M100/save", person.answers("M100", words="mine"), headers=BY_SCRIPT)
    assert answer.status_code == 503
    assert "the file cannot be written" in message(answer)
    assert person.text == before


def test_the_page_loads_nothing_from_elsewhere(person: Person) -> None:
    person.does("M100")
    for page in ("", "case/M100"):
        named = re.findall(r'(?:src|href|action)="([^"]*)"', person.get(page).text)
        assert len(named) > 10
        assert [each for each in named if not each.startswith((f"/{TOKEN}/", "#", "data:,"))] == []
    for name in ("walkthrough.css", "walkthrough.js"):
        assert not re.search(r"//[a-z]|url\(|@import", person.get(f"assets/{name}").text)
