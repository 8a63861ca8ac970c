"""What all executions of a run share."""

from __future__ import annotations

from dataclasses import dataclass

from certification.config.partner import PartnerConfig


@dataclass(frozen=True)
class Context:
    """What all executions of a run share; stands in the evidence, so that they can be repeated."""

    run_id: str
    seed: int
    profile: str
    url: str
    config: PartnerConfig
    alike: frozenset[str] = frozenset()
    """Wrong ways to authenticate that, with these credentials, happen to be the right one."""
