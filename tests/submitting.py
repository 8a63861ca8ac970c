"""What a submission is looked at for, made up: fast, and each part can be replaced."""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import certification
from certification.cases.catalogue import catalogue_digest
from certification.config.images import Image
from certification.config.partner import PartnerConfig
from certification.evidence.exchange import Exchange, Request, Response
from certification.evidence.steps import Act, When
from certification.reference import default_config
from certification.review.manifest import Manifest, PartnerClaim, RunClaim, SuiteClaim
from certification.review.verify.outcome import Verification
from certification.submission.explanations import Explanation, Explanations
from certification.submission.facts import Attested, Looked, ManualCase, Outside, PageAnswer, Picture
from certification.submission.redirect_scenarios import RedirectScenarios, redirect_scenarios

PUBLIC = {
    "name": "Acorn BI",
    "base_url": "https://api.acorn.com",
    "sign_up_page": "https://acorn.com/signup",
    "privacy_policy": "https://acorn.com/privacy",
    "terms_of_service": "https://acorn.com/terms",
    "hostnames": ["acorn.com"],
}
"""What a config says when it is ready for Databricks."""

DAY = "2027-02-01"

PEOPLE = ("ada", "barbara", "grace")


def config(**changes: Any) -> PartnerConfig:
    """The reference partner's config with public addresses; None takes a field away."""
    raw = {**default_config(), **PUBLIC, **changes}
    return PartnerConfig({name: value for name, value in raw.items() if value is not None})


def explained(about: str, name: str, words: str = "It serves pictures.") -> Explanation:
    return Explanation(about, name, words, "Ann Lee", "Acorn", "2027-01-04")


def connected(
    answer: Any,
    *,
    act: Act = Act.FIRST_CONNECT,
    when: When = When.PLAIN,
    person: str = "ada",
    status: int = 200,
    **how: Any,
) -> Exchange:
    """One call of connect and its answer; each person has an execution of their own."""
    body = {
        "user_info": {"email": f"{person}.moreau@x{len(person):010x}.com", "first_name": person.title()},
        "workspace_id": 10**12 + len(person),
        "demo": how.pop("demo", False),
    }
    request = Request("connect", "POST", "https://api.acorn.com/connect", (), json.dumps(body), **how)
    response = Response(status, "HTTP/1.1", (), json.dumps(answer), 1, "0" * 64)
    return Exchange("P100", person, 1, act, when, request, response)


def redirected(
    url: str, value: str = "create_trial", user: str = "new", account: str = "new", **more: Any
) -> dict[str, Any]:
    """An answer to connect."""
    made = {"redirect_uri": url, "redirect_value": value, "user_status": user, "account_status": account}
    return {**made, "configured_resources": True, "connection_id": "c-123", **more}


def everything() -> list[Exchange]:
    """Calls that show every scenario of :func:`config`."""
    site = "https://app.acorn.com"
    made = []
    for person in PEOPLE:
        ticket = f"?ticket=tk{person}93xQ"
        known = redirected(f"{site}/sign-in{ticket}", "sign_in", "existing", "active")
        over = redirected(f"{site}/buy{ticket}", "purchase_product", "existing", "expired")
        added = redirected(f"{site}/sign-in{ticket}", "sign_in", "new", "active")
        gone = {"error_reason": "connection_not_found"}
        for answer, act, when, how in (
            (redirected(f"{site}/create-trial{ticket}"), Act.FIRST_CONNECT, When.PLAIN, {}),
            (added, Act.FIRST_CONNECT, When.COLLEAGUE, {}),
            (known, Act.FIRST_CONNECT, When.KNOWN_USER, {}),
            (known, Act.SIGN_IN, When.PLAIN, {}),
            (added, Act.SIGN_IN, When.NEW_USER, {}),
            (over, Act.FIRST_CONNECT, When.AFTER_EXPIRY, {}),
            (over, Act.SIGN_IN, When.AFTER_EXPIRY, {}),
            (added, Act.SIGN_IN, When.NEW_USER_AFTER_EXPIRY, {}),
            (redirected(f"{site}/create-trial{ticket}"), Act.FIRST_CONNECT, When.DEMO, {"demo": True}),
            (gone, Act.SIGN_IN, When.AFTER_DELETION, {"status": 404}),
        ):
            made.append(connected(answer, act=act, when=when, person=person, **how))
    return made


def scenarios(exchanges: list[Exchange], of: PartnerConfig | None = None, **verdicts: str) -> RedirectScenarios:
    return redirect_scenarios(of or config(), "run-1", exchanges, verdicts)


def looked(**changes: Any) -> Looked:
    """What is looked at for a complete submission."""
    own: PartnerConfig = changes.pop("config", config())
    suite = SuiteClaim("partner-connect-certification", certification.__version__, catalogue_digest())
    run = RunClaim("run-1", "2027-01-04T09:00:00Z", "2027-01-04T09:05:00Z", 1, "standard", "")
    partner = PartnerClaim(own.name, own.base_url, own.api_version)
    manifest = Manifest(
        suite, run, partner, "conformant", complete=True, incomplete_because=(),
        kind="partner-connect-certification bundle", format=2, files={},
    )  # fmt: skip
    certificate = Verification(
        verdict="conformant", headline="Conformant.", partner=own.name, run="run-1", suite="suite", kind="bundle",
        complete=True, manifest="a" * 64, valid_until="2028-01-03",
    )  # fmt: skip
    report = {
        "verdict": "conformant",
        "run": {"id": "run-1", "started": "2027-01-04T09:00:00Z", "finished": "2027-01-04T09:05:00Z"},
        "validity": {"until": "2028-01-03", "ends": "age", "waiver": ""},
        "partner": {"api_version": own.api_version, "url": "https://staging.acorn.com"},
    }
    pages = tuple(
        PageAnswer(name, str(own.raw[name]), "") for name in ("sign_up_page", "privacy_policy", "terms_of_service")
    )
    whole = Looked(
        own, certificate.output(), manifest, "a" * 64, own.digest, report,
        (Picture("logo_file", "logo.svg", Image("svg", 420, 100)), Picture("icon_file", "icon.svg", Image("svg", 128, 128))),
        scenarios(everything(), own), Explanations(1, ()), Attested((ManualCase("M100", "passed", optional=False),)),
        True, Outside(DAY, pages, credentials=True),
    )  # fmt: skip
    return replace(whole, **changes)


def png(width: int = 4, height: int = 3, grey: int = 200) -> bytes:
    """A whole picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes([grey] * width) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def written_images(folder: Path, *, logo: tuple[int, int] = (420, 100)) -> None:
    """Logo and icon beside a config."""
    width, height = logo
    (folder / "logo.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect width="{width}" height="{height}" fill="#b85"/></svg>'
    )
    (folder / "icon.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128"><circle cx="64" cy="64" r="60" fill="#b85"/></svg>'
    )
