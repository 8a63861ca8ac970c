"""The lifecycle of a partner, played with the commands as a partner and Databricks would."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from forging import bundled
from running import Said
from submitting import PUBLIC, written_images

from certification.cli.schemas import schemas
from certification.review.verify.__main__ import looked_at
from certification.submission.verify import verify_any

ANN = ("--by", "Ann Lee", "--organisation", "Acorn")
KIM = ("--by", "Kim Roe", "--organisation", "Databricks")
PNG = b"\x89PNG\r\n\x1a\n"
CASES = ("M100", "M101", "M200", "M201", "M300", "M301", "M302", "M400", "M401", "M402", "M600", "M700")

Act = Callable[..., Said]


@pytest.fixture(scope="session")
def seen() -> dict[str, Any]:
    """What was found out about files, by their digests: looking twice finds the same, and takes seconds."""
    return {}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, seen: dict[str, Any]) -> None:
    """Files are looked at in this process, and the same file once; the public pages answer."""

    def look(task: dict[str, Any], _seconds: float = 0, _module: str = "") -> dict[str, Any]:
        key = f"{hashlib.sha256(Path(task['source']).read_bytes()).hexdigest()} {task['trust']}"
        if key not in seen:
            seen[key] = looked_at(task, verify_any)
        return seen[key]

    from certification.submission.verify import looking

    monkeypatch.setattr("certification.onboarding.facts.looked_at_apart", look)
    monkeypatch.setattr("certification.review.apart.looked_at_apart", look)
    monkeypatch.setattr("certification.onboarding.status.looked_at", lambda path: looking.looked_at(path, apart=look))
    monkeypatch.setattr("certification.run.public_pages.page_problems", lambda _config: dict.fromkeys(PUBLIC, ""))


@pytest.fixture(scope="session")
def today(acorn_run: Path) -> date:
    """A week after the run of the certificate."""
    report = json.loads((acorn_run / "report.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(report["run"]["finished"]).date() + timedelta(days=7)


@pytest.fixture
def act(command: Command, tmp_path: Path, acorn_run: Path, today: date) -> Act:
    """Run an action of ``onboarding`` in a repository that has a config."""
    shutil.copy(acorn_run / "partner.json", tmp_path / "partner.json")
    written_images(tmp_path)

    def run(action: str, *arguments: object) -> Said:
        return command("onboarding", action, "--today", today, *arguments)

    return run


@pytest.fixture
def begun(act: Act, acorn_run: Path, tmp_path: Path) -> Act:
    """An onboarding with a certificate and all manual cases executed."""
    assert act("init").status == 0
    bundled(acorn_run, tmp_path / "certification.zip")
    attest(tmp_path)
    return act


def attest(folder: Path, **changes: Any) -> None:
    """All manual cases, executed by Ann."""
    config = json.loads((folder / "partner.json").read_text(encoding="utf-8"))
    from certification.config.partner import PartnerConfig

    row = {
        "round": "partner", "result": "passed", "reason": "", "by": "Ann Lee", "organisation": "Acorn", "role": "QA",
        "on": "2027-01-10T10:00:00Z", "workspace": "", "browser": "", "words": "", "expectations": [], "pictures": [],
        "calls": [], "config": PartnerConfig(config, "partner.json").digest, "suite": "2.0.0",
    } | changes  # fmt: skip
    rows = [{"id": f"A{number}", "case": case, **row} for number, case in enumerate(CASES, 1)]
    document = {"format": 1, "partner": config["name"], "attestations": rows}
    (folder / "attestations.json").write_text(json.dumps(document), encoding="utf-8")


def state_of(act: Act, need: str) -> tuple[str, str]:
    """State of ``need``, and what is said about it."""
    said = act("status", "--json")
    assert said.status in {0, 1}, said.err
    found = json.loads(said.out)
    item = next(item for item in found["items"] if item["id"] == need)
    return item["state"], item["about"]


def signed(act: Act, role: str, *more: object, who: tuple[str, ...] = ANN) -> Said:
    return act("sign", "--role", role, *who, *more)


def test_the_whole_lifecycle_from_init_to_launch(  # noqa: PLR0915 - one story, told once
    act: Act, command: Command, acorn_run: Path, tmp_path: Path, today: date
) -> None:
    def day(number: int) -> str:
        return str(today + timedelta(days=number))

    assert "Write it with: partner-connect onboarding init" in act("status").err
    assert act("init").status == 0
    assert "the file exists and is kept" in act("init").err
    first = act("status")
    assert first.status == 1
    assert "Stage: Prerequisites" in first.out
    for need in ("databricks-partner", "core-integration", "due-diligence", "engineering-committed"):
        assert act("record", need, *ANN).status == 0
    for need in ("fit-assessed", "kick-off", "quarter"):
        assert act("record", need, *KIM).status == 0
    assert "Stage: UX guidelines" in act("status").out
    assert act("record", "ux-reviewed", *KIM).status == 0

    # Nothing is signed before it is there.
    refused = signed(act, "partner")
    assert refused.status == 1
    assert "first: API implemented and certified: certification.zip is not there" in refused.err
    shutil.copytree(acorn_run, tmp_path / "report")
    assert command("bundle", tmp_path / "report", "-o", tmp_path / "certification.zip").status == 0
    assert state_of(act, "certified")[0] == "done"
    assert "Stage: Self-testing tile" in act("status").out
    assert act("record", "tile-tried", *ANN, "--words", "in our own workspace").status == 0

    refused = signed(act, "partner")
    assert refused.status == 1
    assert "first: every applicable manual case executed: 12 not executed: M100" in refused.err
    incomplete = command("submission", tmp_path / "certification.zip", "--today", today)
    assert incomplete.status == 1
    assert state_of(act, "submitted")[0] == "missing"
    record = json.loads((tmp_path / "onboarding.json").read_text(encoding="utf-8"))
    record["explanations"] = [
        {"about": about, "name": name, "words": "Shown in the session.", "by": "Ann Lee", "organisation": "Acorn", "on": day(-1)}
        for about, name in to_explain(incomplete.out)
    ]  # fmt: skip
    (tmp_path / "onboarding.json").write_text(json.dumps(record), encoding="utf-8")
    made = command("submission", tmp_path / "certification.zip", "--today", today)
    assert made.status == 0, made.text
    assert state_of(act, "submitted")[0] == "done"
    assert act("record", "tile-added", *KIM, "--words", "workspace 1234").status == 0
    assert "Stage: Validation" in act("status").out

    (tmp_path / "landing.png").write_bytes(picture())
    for case in CASES:
        more = ("--picture", tmp_path / "landing.png") if case == "M100" else ()
        assert act("record", "attestation", case, "--result", "passed", "--role", "QA", *ANN, *more).status == 0
    assert state_of(act, "manual-cases")[0] == "done"

    refused = signed(act, "engineering", who=KIM)
    assert refused.status == 1
    assert "first: video session held, its problems settled" in refused.err
    assert act("record", "problem", "The logo is cut off", *KIM).status == 4
    assert act("record", "video-session", *KIM).status == 0
    assert "problem V1 recorded" in act("record", "problem", "The logo is cut off", *KIM).out
    assert state_of(act, "video-session") == ("failed", "V1 is open: The logo is cut off")
    assert "first: video session held, its problems settled: V1 is open" in signed(act, "engineering", who=KIM).err
    assert act("record", "settle", "V2", *ANN, "--how", "new logo").status == 4
    assert "problem V1 recorded as settled" in act("record", "settle", "V1", *ANN, "--how", "new logo").out

    assert "Stage: Sign-offs and launch" in act("status").out
    assert state_of(act, "ga-agreed")[0] == "later"
    assert "sign-off" in act("plan", "--agreed", day(0), "--ga", day(21)).err
    assert signed(act, "partner").status == 0
    for role in ("engineering", "solution-architect"):
        assert signed(act, role, who=KIM).status == 0
    assert signed(act, "product", "--refuse", "Databricks is the last source", who=KIM).status == 0
    assert state_of(act, "sign-off-product") == ("refused", "Kim Roe refused: Databricks is the last source")
    shown = " ".join(act("status").out.split())
    assert "not given (Kim Roe refused: Databricks is the last source)" in shown
    assert "then ask them to sign: partner-connect onboarding sign --role product" in shown
    assert signed(act, "product", "--words", "first now", who=KIM).status == 0
    assert state_of(act, "sign-off-product")[0] == "done"
    assert act("record", "agreement-confirmed", *KIM).status == 0
    assert state_of(act, "ga-agreed")[0] == "missing"
    (tmp_path / "regions.txt").write_text(f"eu-west-1\nus-east-1 {day(20)}\n", encoding="utf-8")
    plan = ("plan", "--agreed", day(0), "--regions", tmp_path / "regions.txt", "--ga")
    assert "agreement" in act(*plan, day(21)).err
    assert act("record", "agreement", *ANN).status == 0
    assert f"the earliest is {day(7)}" in act(*plan, day(2)).err or str(day(7)) in act(*plan, day(2)).err
    assert "launch" not in json.loads((tmp_path / "onboarding.json").read_text(encoding="utf-8"))
    assert act(*plan, day(21), "-o", tmp_path / "launch").status == 0
    assert (tmp_path / "launch" / "launch.ics").is_file()
    assert state_of(act, "ga-agreed")[0] == "done"
    assert state_of(act, "roll-out")[0] == "done"
    for need in ("mini-site", "directory-logo", "launch-blog", "documentation"):
        assert act("record", need, *ANN, "--url", f"https://acorn.example/{need}").status == 0
    assert "Stage: Maintenance" in act("status").out
    assert act("record", "certificate", "certification.zip", *ANN).status == 0
    last = act("status")
    assert last.status == 0, last.out
    assert "Nothing is open." in last.out
    held = command("verify", tmp_path / "onboarding.json", "--today", today)
    assert held.status == 0, held.text
    assert held.out.startswith("HOLDS: all four sign-offs of Acorn BI count")

    # A new hostname: what rests on the old config is stale.
    config = json.loads((tmp_path / "partner.json").read_text(encoding="utf-8"))
    config["hostnames"] = [*config["hostnames"], "app.acorn.example"]
    (tmp_path / "partner.json").write_text(json.dumps(config), encoding="utf-8")
    assert state_of(act, "certified") == ("stale", "the partner config has changed since")
    assert state_of(act, "certificate-valid")[0] == "stale"
    assert state_of(act, "manual-cases")[0] == "stale"
    assert state_of(act, "sign-off-partner") == ("stale", "partner.json is another one than the one that was signed")
    broken = command("verify", tmp_path / "onboarding.json", "--today", today)
    assert broken.status == 1
    assert "DOES NOT HOLD sign-off of the partner: stale: partner.json is another one" in broken.out
    after = act("status")
    assert after.status == 1
    assert "partner-connect onboarding change --kind KIND" in after.out

    # It is certified again, executed again where it must be, and signed again.
    changed = act("change", "--kind", "hostname", "--url", "reference", "--why", "app.acorn.example")
    assert changed.status == 0, changed.text
    assert "no regression" in changed.out
    first, second = json.loads((tmp_path / "onboarding.json").read_text(encoding="utf-8"))["certificates"]
    assert (first["kind"], second["kind"]) == ("first", "hostname")
    assert state_of(act, "certificate-valid")[0] == "done"
    attest(tmp_path)
    for role, who in (("partner", ANN), ("engineering", KIM), ("solution-architect", KIM), ("product", KIM)):
        assert state_of(act, f"sign-off-{role}")[0] == "stale"
        assert signed(act, role, who=who).status == 0
    assert [item["id"] for item in json.loads(act("status", "--json").out)["items"] if item["state"] != "done"] == [
        "submitted"
    ]


def to_explain(text: str) -> list[tuple[str, str]]:
    """The hostnames and scenarios that a submission says nobody has seen."""
    return [("hostname", name) for name in re.findall(r"(\S+) is a name that no customer reaches", text)] + [
        ("scenario", name) for name in re.findall(r"scenario (\S+)", text)
    ]


def picture() -> bytes:
    """A picture of one pixel."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")


def test_a_certificate_gets_old(begun: Act, today: date) -> None:
    finished = json.loads(begun("status", "--json").out)
    assert next(item for item in finished["items"] if item["id"] == "certified")["state"] == "done"
    late = begun("status", "--json", "--today", today + timedelta(days=400))
    item = next(item for item in json.loads(late.out)["items"] if item["id"] == "certified")
    assert item["state"] == "stale"
    assert item["reasons"][0]["code"] == "certificate-due"


@pytest.mark.parametrize(
    ("change", "state", "says"),
    [
        ({"config": "0" * 64}, "stale", "12 to be executed again"),
        ({"suite": "1.0.0"}, "stale", "12 to be executed again"),
        ({"result": "failed"}, "failed", "12 failed: M100"),
        ({"round": "databricks"}, "missing", "12 not executed"),
        ({"result": "not_applicable", "reason": "no such thing"}, "done", ""),
        ({"on": "yesterday"}, "failed", "should be a moment"),
    ],
)
def test_attestations_count_as_long_as_they_fit(
    change: dict[str, Any], state: str, says: str, begun: Act, tmp_path: Path
) -> None:
    attest(tmp_path, **change)
    found = state_of(begun, "manual-cases")
    assert found[0] == state
    assert says in found[1]


def test_a_sign_off_that_is_moved_stripped_or_of_a_stranger_says_so(
    begun: Act, command: Command, acorn_run: Path, tmp_path: Path, today: date
) -> None:
    for name in ("ann", "bob"):
        assert command("keygen", "-o", tmp_path / f"{name}.key").status == 0
    key = (tmp_path / "ann.key.pub").read_text(encoding="utf-8")
    rules = {"partner": {"needed": 1, "signers": [{"name": "Ann Lee", "organisation": "Acorn", "key": key}]}}
    (tmp_path / "sign-off-policy.json").write_text(json.dumps({"format": 1, "roles": rules}), encoding="utf-8")
    assert signed(begun, "partner").status == 0
    assert state_of(begun, "sign-off-partner") == (
        "missing", "the sign-off of Ann Lee carries no signature, and the policy asks for one",
    )  # fmt: skip
    assert signed(begun, "partner", "--key", tmp_path / "bob.key").status == 0
    assert "Ann Lee is none of those who may sign, or the key is not theirs" in state_of(begun, "sign-off-partner")[1]
    assert signed(begun, "partner", "--key", tmp_path / "ann.key").status == 0
    assert state_of(begun, "sign-off-partner")[0] == "done"
    said = command("verify", tmp_path / "onboarding.json", "--today", today)
    assert said.status == 3, said.text
    assert "signed as the policy asks; about what is there today" in said.out
    assert "NOT VERIFIED  sign-off of Databricks product: there is none yet" in said.out
    assert (
        "leave --trust out" in command("verify", tmp_path / "onboarding.json", "--trust", tmp_path / "ann.key.pub").err
    )

    (last,) = [path for path in (tmp_path / "sign-offs").iterdir() if path.name.endswith("-3.json")]
    good = last.read_text(encoding="utf-8")
    value = json.loads(good)
    last.write_text(json.dumps({**value, "signatures": []}), encoding="utf-8")
    assert "carries no signature" in state_of(begun, "sign-off-partner")[1]
    last.write_text(json.dumps({**value, "signatures": value["signatures"] * 2}), encoding="utf-8")
    assert "it carries two signatures of one key" in " ".join(begun("status").out.split())
    last.write_text(good, encoding="utf-8")
    last.rename(last.with_name("product-2027-01-12-1.json"))
    assert (
        "is named for another role than partner" in state_of(begun, "sign-off-partner")[1]
        or state_of(begun, "sign-off-product")[0] != "done"
    )
    last.with_name("product-2027-01-12-1.json").rename(last)
    # Another bundle: signed was the one before.
    other = bundled(acorn_run, tmp_path / "certification.zip", b"{}")
    assert other.is_file()
    assert state_of(begun, "sign-off-partner")[0] == "done"
    attest(tmp_path, words="a word more")
    assert state_of(begun, "sign-off-partner") == (
        "stale", "attestations.json is another one than the one that was signed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda it: it["predicate"].update(partner="Basalt"), "it is the sign-off of Basalt"),
        (lambda it: it["predicate"].update(on="9031-01-01T00:00:00Z"), "still to come: a clock is wrong"),
        (lambda it: it["predicate"].update(decision="withdrawn"), "it names no reason"),
        (lambda it: it["subject"].pop(), "it does not name attestations.json"),
    ],
)
def test_unsigned_sign_offs_are_held_to_what_they_say(
    change: Callable[[dict[str, Any]], None], says: str, begun: Act, tmp_path: Path
) -> None:
    import base64

    assert signed(begun, "partner").status == 0
    (path,) = (tmp_path / "sign-offs").iterdir()
    envelope = json.loads(path.read_text(encoding="utf-8"))
    said = json.loads(base64.b64decode(envelope["payload"]))
    change(said)
    envelope["payload"] = base64.b64encode(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).decode()
    path.write_text(json.dumps(envelope), encoding="utf-8")
    assert says in state_of(begun, "sign-off-partner")[1]


def test_odd_files_among_the_sign_offs_are_named(begun: Act, tmp_path: Path) -> None:
    folder = tmp_path / "sign-offs"
    folder.mkdir()
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    (folder / "partner-2027-01-01-1.json").write_text("{}", encoding="utf-8")
    (folder / "partner-2027-01-01-2.json").symlink_to(tmp_path / "partner.json")
    out = " ".join(begun("status").out.split())
    assert "notes.txt in the folder of the sign-offs is none" in out
    assert "partner-2027-01-01-1.json" in out
    assert "partner-2027-01-01-2.json in the folder of the sign-offs is none" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("record", "mini-sit", *ANN), "Did you mean mini-site?"),
        (("record", "mini-site", *ANN), "/declarations/0/url"),
        (("record", "mini-site", *ANN, "--url", "acorn"), "an address that begins with https://"),
        (("record", "kick-off", *KIM, "--on", "2027-02-30"), "is not a day such as 2027-03-02"),
        (("record", "kick-off", *KIM, "--on", "9027-03-01"), "is still to come; today is"),
        (("record", "attestation", "P100", "--result", "passed", *ANN), "it is no manual case"),
        (("record", "attestation", "M100", *ANN), "say what came of it"),
        (("record", "attestation", "M201", "--result", "not_applicable", *ANN), "needs a reason"),
        (("record", "attestation", "M100", "--result", "passed", *ANN, "--picture", "partner.json"), "cannot be kept"),
        (("record", "certificate", "nothing.zip", *ANN), "nothing.zip is not there"),
        (("sign", "--role", "boss", *ANN), "invalid choice: 'boss'"),
        (("sign", "--role", "partner", *ANN, "--key", "partner.json"), "no private key"),
        (("page", "-o", "partner.json"), "the file exists, and is no page"),
        (("record", "kick-off", "--by", " ", "--organisation", "Acorn"), "names nobody"),
        (("sign", "--role", "partner", "--by", "Ann\u202e Lee", "--organisation", "Acorn"), "is no name of up to 100"),
        (("sign", "--role", "partner", "--by", "A" * 101, "--organisation", "Acorn"), "is no name of up to 100"),
        (("record", "kick-off", *KIM, "--words", "\udcff"), "argument words: it holds something that is no text"),
        (("status", "--today", "9999-12-31"), "is not a day such as 2027-03-02"),
        (("plan", "--ga", "0001-01-01", "--agreed", "2027-01-01"), "is not a day such as 2027-03-02"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_nothing_is_lost(
    arguments: tuple[str, ...], says: str, begun: Act, tmp_path: Path
) -> None:
    before = (tmp_path / "onboarding.json").read_bytes()
    found = begun(*arguments)
    assert found.status in {2, 4}
    assert says in found.err
    assert (tmp_path / "onboarding.json").read_bytes() == before


def test_a_config_of_another_name_is_the_one_that_counts(begun: Act, acorn_run: Path, tmp_path: Path) -> None:
    config = json.loads((tmp_path / "partner.json").read_text(encoding="utf-8"))
    (tmp_path / "own.json").write_text(json.dumps({**config, "description_blurb": "another"}), encoding="utf-8")
    path = tmp_path / "onboarding.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**raw, "files": {"config": "own.json"}}), encoding="utf-8")
    assert "the partner config has changed since" in begun("record", "certificate", "certification.zip", *ANN).err


def test_the_page_shows_it_and_escapes_what_people_wrote(begun: Act, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>"
    assert begun("record", "kick-off", "--by", hostile, "--organisation", "Acorn").status == 0
    assert signed(begun, "partner", "--words", hostile).status == 0
    assert begun("page").status == 0
    text = (tmp_path / "onboarding.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "default-src 'none'" in text
    assert "sign-off of the partner" in text
    assert begun("page").status == 0


def test_the_json_is_what_its_schema_says(begun: Act) -> None:
    import jsonschema

    jsonschema.validate(json.loads(begun("status", "--json").out), schemas()["onboarding-status"])


@pytest.mark.parametrize("who", [("--by", "NAME", "--organisation", "Acorn"), ("--by", "Ann", "--organisation", " ")])
def test_the_gaps_of_a_pasted_command_name_nobody(act: Act, tmp_path: Path, who: tuple[str, ...]) -> None:
    assert act("init").status == 0
    before = (tmp_path / "onboarding.json").read_bytes()
    said = act("record", "kick-off", *who)
    assert said.status == 2
    assert "names nobody: put the real name there" in said.err
    assert (tmp_path / "onboarding.json").read_bytes() == before


def test_what_is_wrong_and_how_it_was_settled_is_said_in_words(act: Act) -> None:
    assert act("init").status == 0
    assert act("record", "video-session", *KIM).status == 0
    assert "say in words what is wrong" in act("record", "problem", *KIM).err
    assert act("record", "problem", "The logo is cut off", *KIM).status == 0
    assert "--how: say how the problem was settled" in act("record", "settle", "V1", *ANN).err
    shown = next(line.strip() for line in act("status").out.splitlines() if "record settle" in line)
    _, _, *words = shown.replace("NAME", "Ann").replace("ORG", "Acorn").split()
    assert act(*words).status == 0
    assert state_of(act, "video-session")[0] == "done"


def test_a_changed_config_is_certified_anew_where_no_certificate_could_be_compared(begun: Act, tmp_path: Path) -> None:
    def command() -> str:
        return next(item for item in json.loads(begun("status", "--json").out)["items"] if item["id"] == "certified")[
            "command"
        ]

    config = json.loads((tmp_path / "partner.json").read_text(encoding="utf-8"))
    changed = json.dumps({**config, "description_blurb": "New words"})
    kept = (tmp_path / "partner.json").read_text(encoding="utf-8")
    (tmp_path / "partner.json").write_text(changed, encoding="utf-8")
    assert command().startswith("pytest --partner-config")
    assert begun("record", "certificate", "certification.zip", *ANN).status == 4
    (tmp_path / "config.json").write_text(kept, encoding="utf-8")
    raw = json.loads((tmp_path / "onboarding.json").read_text(encoding="utf-8"))
    (tmp_path / "onboarding.json").write_text(json.dumps({**raw, "files": {"config": "config.json"}}), encoding="utf-8")
    assert begun("record", "certificate", *ANN).status == 0
    (tmp_path / "config.json").write_text(changed, encoding="utf-8")
    assert command() == "partner-connect onboarding change --kind KIND"
