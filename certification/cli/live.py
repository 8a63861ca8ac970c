"""The partner as a stage for a command: the same caller and recorder as in a run, with the user's credentials."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from certification.cases.play import Context
from certification.client.authentication import SCHEMES
from certification.client.client import Caller, Credentials
from certification.client.live import Limits, LiveStage, RequestCount
from certification.config.partner import PartnerConfig
from certification.evidence.recorder import Recorder
from certification.evidence.redaction import Redactor


@dataclass(frozen=True)
class Live:
    """A context and the stage that goes with it."""

    context: Context
    stage: LiveStage


@contextmanager
def live_stage(
    config: PartnerConfig, url: str, run_id: str, folder: Path, *, seed: int = 0, profile: str = "standard"
) -> Iterator[Live]:
    """Give the stage on which calls reach the partner at ``url``; what is recorded goes to ``folder``."""
    environment = os.environ
    credentials = Credentials(
        environment.get("BASIC_USER", ""),
        environment.get("BASIC_PASSWORD", ""),
        environment.get("PAT_TOKEN") or f"dapi{secrets.token_hex(16)}",
        f"dose{secrets.token_hex(18)}",
    )
    redactor = Redactor(credentials.secrets, credentials.user, str(config.raw))
    right = SCHEMES["good"].header(credentials.user, credentials.password)
    alike = frozenset(
        name
        for name, scheme in SCHEMES.items()
        if name != "good" and scheme.header(credentials.user, credentials.password) == right
    )
    recorder = Recorder(folder / "calls.jsonl", lambda text: redactor.redact(text)[0])
    caller = Caller(url, credentials, redactor)
    count = RequestCount(folder / "requests")
    try:
        stage = LiveStage(caller, recorder, Limits(), count)
        yield Live(Context(run_id, seed, profile, url, config, alike), stage)
    finally:
        caller.close()
        recorder.close()
        count.close()
