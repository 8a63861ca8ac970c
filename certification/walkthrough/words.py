"""The words of the page that do not stand in a template."""

from __future__ import annotations

from typing import Final

from certification.attestations.records import DATABRICKS, FAILED, NOT_APPLICABLE, NOT_SEEN, PARTNER, PASSED, SEEN
from certification.attestations.standing import BEGUN, MISSING, STALE

STATES: Final = {
    MISSING: "To do",
    BEGUN: "Begun",
    STALE: "Out of date",
    PASSED: "Passed",
    FAILED: "Failed",
    NOT_APPLICABLE: "Does not apply",
}
"""State of a case -> what the page says."""

TONES: Final = {PASSED: "good", FAILED: "bad", STALE: "warn", BEGUN: "warn", NOT_APPLICABLE: "idle", MISSING: "idle"}

SEEN_WORDS: Final = {SEEN: "Seen", NOT_SEEN: "Not seen", NOT_APPLICABLE: "Does not apply"}

ROUNDS: Final = {PARTNER: "the partner", DATABRICKS: "Databricks"}
"""Round -> whose it is."""

STALE_WORDS: Final = {
    "config": "the partner config has changed since",
    "suite": "another version of the suite was used",
}

BUSY: Final = "A call of this case is still under way. Wait for its answer."
OUT_OF_ORDER: Final = "The steps have changed meanwhile. Look at the page again."
LOST: Final = "This address was kept in memory only and is gone. Start the case over to get a new one."
TOO_LARGE: Final = "That is larger than this page takes."
UNREADABLE: Final = "That is no form of this page."
NOT_FOUND: Final = "There is no such page."


def conflict(by: str, on: str, *, recorded: bool) -> str:
    """Return what to say when somebody else was faster."""
    name = by or "Somebody"
    did = "recorded a result for" if recorded else "changed"
    when = f" ({on})" if on else ""
    return f"{name} {did} this case meanwhile, in another window{when}. Nothing was overwritten, and what you entered is still here."


def browser_of(agent: str) -> str:
    """Return the browser and the system that the header ``User-Agent`` names, as people call them; empty when it is unknown."""
    names = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Version/", "Safari"))
    systems = (
        ("Windows", "Windows"),
        ("iPhone", "iOS"),
        ("Mac OS X", "macOS"),
        ("Android", "Android"),
        ("Linux", "Linux"),
    )
    for mark, name in names:
        if mark in agent:
            version = agent.partition(mark)[2].partition(".")[0][:4]
            system = next((f" on {title}" for sign, title in systems if sign in agent), "")
            return f"{name} {version}{system}" if version.isdecimal() else f"{name}{system}"
    return ""
