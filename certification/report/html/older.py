"""Brings a report of format 1 into the shape that the templates show."""

from __future__ import annotations

from typing import Any


def modern(report: dict[str, Any]) -> dict[str, Any]:
    """Return ``report`` with the keys of format 2."""
    if "not_run" in report["counts"]:
        return report
    of_case: dict[str, list[str]] = {}
    findings = []
    for finding in report["findings"]:
        cases = [finding["case"], *finding["also_in"]]
        for case in cases:
            of_case.setdefault(case, []).append(finding["id"])
        steps = [{**step, "number": place} for place, step in enumerate(finding["steps"], 1)]
        clause, _, source = finding["clause"].rpartition(" (")
        kind = finding["cause"][1]
        subject = (
            "page"
            if "page of" in kind
            else next(
                (
                    each
                    for each in ("delete_connection", "test_connection", "delete_account", "expire_account")
                    if each.replace("_", "-") in kind
                ),
                "connect",
            )
        )
        findings.append(
            {
                **finding,
                "steps": steps,
                "subject": subject,
                "detail": finding["cause"][2],
                "clause": clause,
                "source": source.rstrip(")"),
                "step": kind,
                "call": len(steps),
                "cases": cases,
                "places": [],
                "blocks": len(cases),
                "consequences": [],
                "text": "\n".join(
                    f"{name}: {finding[name]}" for name in ("message", "expected", "actual", "clause", "hint", "curl")
                ),
            }
        )
    cases = []
    for case in report["cases"]:
        left_out = case["verdict"] == "blocked" and case["reason"].startswith("not run")
        cases.append(
            {**case, "verdict": "not_run" if left_out else case["verdict"], "findings": of_case.get(case["id"], [])}
        )
    requirements = [{**row, "looked_at": 0, "why": row["untested"]} for row in report["requirements"]]
    verdicts = [case["verdict"] for case in cases]
    counts = {**report["counts"], "not_run": verdicts.count("not_run"), "blocked": verdicts.count("blocked")}
    return {**report, "counts": counts, "cases": cases, "findings": findings, "requirements": requirements}
