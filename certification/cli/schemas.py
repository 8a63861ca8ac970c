"""Write the JSON Schemas of the documents that the suite itself reads and writes, from the data classes that define them.

``python -m certification.cli.schemas FOLDER`` writes them; a test holds ``schemas/`` to what it would write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from certification.attestations.records import FORMAT as ATTESTATIONS_FORMAT
from certification.attestations.records import Document
from certification.contract.schema_files import BASE_URI
from certification.evidence.recorder import FORMAT
from certification.evidence.records import KINDS
from certification.foundation.typed_schema import document, reference
from certification.onboarding import output as onboarding_output
from certification.onboarding import plan_output
from certification.review import compare, replay
from certification.review.manifest import BUNDLE_FORMAT, Manifest
from certification.review.verify import outcome
from certification.signatures.envelope import EnvelopeFile
from certification.submission.documents import COMPLETENESS_FORMAT, Completeness
from certification.submission.explanations import EXPLANATIONS_FORMAT, Explanations
from certification.submission.manifest import SUBMISSION_FORMAT, SubmissionManifest
from certification.submission.redirect_scenarios import SCENARIOS_FORMAT, RedirectScenarios
from certification.usability.hints import hints_schema
from certification.usability.record import FORMAT as UX_FORMAT
from certification.usability.record import Result

_OUTPUTS = {
    "verification": (outcome.Output, "Outcome of a verification", "What partner-connect verify --json prints."),
    "comparison": (compare.Output, "Comparison of two reports", "What partner-connect compare --json prints."),
    "replay": (replay.Output, "Findings played again", "What partner-connect replay --json prints."),
    "manifest": (Manifest, "Manifest of a bundle", f"Format {BUNDLE_FORMAT}: manifest.json, first member of a bundle."),
    "submission": (
        SubmissionManifest,
        "Manifest of a submission",
        f"Format {SUBMISSION_FORMAT}: manifest.json, first member of a submission.",
    ),
    "completeness": (
        Completeness,
        "Completeness of a submission",
        f"Format {COMPLETENESS_FORMAT}: completeness.json of a submission; what partner-connect submission --json prints.",
    ),
    "attestations": (
        Document,
        "Attestations of manual cases",
        f"Format {ATTESTATIONS_FORMAT}: attestations.json, what people say about the manual cases.",
    ),
    "redirect-scenarios": (
        RedirectScenarios,
        "Redirect scenarios of a partner",
        f"Format {SCENARIOS_FORMAT}: redirect-scenarios.json of a submission.",
    ),
    "explanations": (
        Explanations,
        "Explanations in a submission",
        f"Format {EXPLANATIONS_FORMAT}: explanations.json of a submission.",
    ),
    "onboarding-status": (
        onboarding_output.Output,
        "Where an onboarding stands",
        "What partner-connect onboarding status --json prints.",
    ),
    "onboarding-plan": (
        plan_output.Output,
        "Dates of a launch",
        "What partner-connect onboarding plan --json prints.",
    ),
    "ux-result": (
        Result,
        "Usability result",
        f"Format {UX_FORMAT}: ux/result.json; what partner-connect ux has seen, and what follows from it.",
    ),
    "signature": (
        EnvelopeFile,
        "Signed statement",
        "signature.json and sign-offs/*.json: a DSSE envelope around an in-toto statement.",
    ),
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas by name."""
    made = {
        name: document(f"{BASE_URI}{name}.json", title, text, reference(kind), [kind])
        for name, (kind, title, text) in _OUTPUTS.items()
    }
    return made | {"evidence": _evidence(), "ux": hints_schema()}


def _evidence() -> dict[str, Any]:
    records = document(
        f"{BASE_URI}evidence.json",
        "Record of the evidence",
        f"Format {FORMAT}: one line of evidence/*.jsonl.",
        {"anyOf": [reference(kind) for kind in KINDS.values()]},
        list(KINDS.values()),
    )
    chain = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    for name, kind in KINDS.items():
        record = records["$defs"][kind.__name__]
        chained = {**chain, "description": "SHA-256 of the chain of the line before, and of this line without its own."}
        record["properties"] = {"type": {"const": name}, **record["properties"], "chain": chained}
        record["required"] = ["type", *record["required"], "chain"]
    return records


def main(folder: Path) -> None:
    """Write all schemas into ``folder``."""
    for name, schema in schemas().items():
        (folder / f"{name}.json").write_text(text_of(schema), encoding="utf-8")


def text_of(schema: dict[str, Any]) -> str:
    """Return the text of the file that holds ``schema``."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
