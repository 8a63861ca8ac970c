"""What the partner config itself is held to.  Source: API specification, Partner config."""

from __future__ import annotations

from certification.config.partner import PartnerConfig, check_config
from certification.evidence.observation import MAX_TEXT, Observation, Outcome
from certification.foundation.errors import CannotStart


def config_valid(config: PartnerConfig) -> list[Observation]:
    """Hold the config of the run to being complete; a run does not begin with another, but evidence can be edited."""
    try:
        check_config(config.raw, config.source)
    except CannotStart as error:
        return [
            Observation(
                "config-valid",
                Outcome.BROKEN,
                "config",
                problem.where.rpartition(" ")[2],
                "file:partner.json",
                problem.what[:MAX_TEXT],
                problem.remedy[:MAX_TEXT],
                problem.where[:MAX_TEXT],
            )
            for problem in error.problems
        ]
    return [Observation("config-valid", Outcome.HELD, "config", evidence="file:partner.json")]
