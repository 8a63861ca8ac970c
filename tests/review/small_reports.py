"""Reports with few rows, to compare."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from certification.config.partner import trial_config
from certification.contract.law import clause_digest
from certification.contract.requirements import REQUIREMENTS
from certification.contract.versions import NEWEST

CASES = ("P100", "P302", "P402", "P700", "G110", "A100")
LOOKED_AT = {
    "P100": ["first-connect", "redirect-allowed", "config-valid"],
    "P302": ["new-user-action"],
    "P402": ["unknown-connection"],
    "P700": ["demo-always-new"],
    "G110": ["models-tolerant"],
    "A100": ["credentials-required"],
}


def finding(number: int, case: str, requirement: str, operation: str = "connect") -> dict[str, Any]:
    return {
        "id": f"F{number}",
        "case": case,
        "level": REQUIREMENTS[requirement].level,
        "message": f"{requirement} does not hold.",
        "cause": [requirement, operation, ""],
        "cases": [case],
        "places": [{"case": case, "execution": "1"}],
        "consequences": [],
    }


def report(
    findings: Iterable[tuple[str, str]] = (),
    verdicts: dict[str, str] | None = None,
    config: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A report in which each of ``findings`` (case, requirement) failed, and cases have the ``verdicts``."""
    found = [finding(number, *each) for number, each in enumerate(findings, 1)]
    said = {each["case"]: "failed" for each in found} | (verdicts or {})
    broken = {each["cause"][0] for each in found}
    names = {name for each in LOOKED_AT.values() for name in each} | broken
    raw = {**trial_config("https://partner.example").raw, "name": "Acorn", **(config or {})}
    return copy.deepcopy(
        {
            "verdict": "not_conformant" if found else "conformant",
            "suite": {"version": "2.0.0", "catalogue": "a" * 64},
            "partner": {"name": raw["name"], "url": raw["base_url"], "api_version": raw["api_version"]},
            "run": {
                "seed": 1,
                "profile": "standard",
                "narrowed_by": [],
                "interrupted": False,
                "latency": {"connect": {"p90": 0.1}},
            },
            "config": raw,
            "findings": found,
            "cases": [
                {
                    "id": name,
                    "title": name,
                    "steps": name,
                    "clause": name,
                    "verdict": said.get(name, "passed"),
                    "reason": "",
                    "requirements": LOOKED_AT[name],
                }
                for name in CASES
            ],
            "requirements": [
                {
                    "id": name,
                    "level": REQUIREMENTS[name].level,
                    "clause": REQUIREMENTS[name].clause,
                    "source": REQUIREMENTS[name].source,
                    "contract": clause_digest(name, NEWEST),
                    "outcome": "broken" if name in broken else "held",
                }
                for name in sorted(names)
            ],
        }
    )
