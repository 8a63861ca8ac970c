"""Put what people attest beside the evidence of a run, so that report, bundle and verification treat it as they treat all else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from certification.attestations.records import Attestation, Document
from certification.evidence.attested import Attested, CallMade, People
from certification.evidence.recorder import Recorder
from certification.evidence.records import record_of


def attested(attestation: Attestation) -> Attested:
    """Return ``attestation`` as it stands in the evidence: of its calls the digests, which ``attestations.json`` is held to."""
    calls = tuple(CallMade(call.step, call.sha256) for call in attestation.calls)
    facts = {name: getattr(attestation, name) for name in Attested.__dataclass_fields__ if name != "calls"}
    return Attested(**facts, calls=calls)


def write_people(document: Document, run: str, path: Path, clean: Callable[[str], str]) -> None:
    """Write the attestations of ``document`` for the run ``run`` to ``path``, which must not exist; drafts stay out.

    ``clean`` replaces secrets, which somebody may have typed.
    """
    recorder = Recorder(path, clean)
    try:
        recorder.write(record_of(People(run)))
        for attestation in document.attestations:
            recorder.write(record_of(attested(attestation)))
    finally:
        recorder.close()
