"""What the first record of a run says: suite, config, challenge, credentials.  What of it can be believed, and why."""

from __future__ import annotations

from collections.abc import Iterator

import certification
from certification.cases.catalogue import catalogue_digest
from certification.client.authentication import SCHEMES
from certification.config.partner import PartnerConfig, check_config, trial_config
from certification.databricks.context import Context
from certification.evidence.records import Run
from certification.foundation.errors import CannotStart
from certification.review.verify.outcome import Verification

CREDENTIALS = (
    ("1234-5678", "1234-5678"),
    ("a", "a"),
    ("user", "Plain-Ascii-9"),
    ("user", "pässwörd:1"),
    ("user", "abc "),
)
"""Kinds of credentials: what is the right way to authenticate with none of them is it with no credentials at all."""

PLAIN = frozenset({"ascii-only", "question-marks"})
"""Right with every password of plain ASCII, as most are: nothing was passed over that such a password could show."""


def check_suite(run: Run, outcome: Verification) -> bool:
    """Check which suite made the run; returns whether its judgements can be made again here."""
    suite = run.suite
    outcome.suite = f"{suite.name} {suite.version}"[:100]
    point = outcome.point("suite", "the run used the cases and checks of this version of the suite")
    same = suite.version == certification.__version__
    if same and suite.catalogue == catalogue_digest():
        return True
    here = f"{certification.__version__}, catalogue {catalogue_digest()[:16]}"
    point.leave_open(
        [
            f"version {suite.version}, catalogue {suite.catalogue[:16]}, made the run; here is {here}, so that nothing was judged again. Verify with that version: pip install {suite.name}=={suite.version}"
        ]
    )
    return False


def check_challenge(run: Run, challenge: str | None, outcome: Verification) -> None:
    """Check that the run's id holds its challenge, and that it is ``challenge`` when one is asked for."""
    if challenge is None and not run.challenge:
        return
    point = outcome.point("challenge", "the run's id holds the challenge")
    if challenge is not None and run.challenge != challenge:
        point.add([f"the run was made with the challenge {run.challenge[:100]!a}, not with {challenge!a}"])
    if run.challenge and not run.id.endswith(f"-{run.challenge}"):
        point.add(["the run's id does not end with its challenge"])


def check_config_of(run: Run, outcome: Verification) -> Context | None:
    """Check the config in the record; returns what all executions share, or None when nothing can follow from it."""
    point = outcome.point("config", "the config is valid and belongs to the run")
    point.add(_alike_errors(run))
    known = [name for name in run.alike if name in SCHEMES and name != "good"]
    if PLAIN & set(known):
        point.notes.append(
            "the run says that its password is plain ASCII: what a partner makes of others was not tried"
        )
    point.leave_open(
        f"the run says that, with its credentials, {SCHEMES[name].title} is right too, and did not try it; only the credentials could tell. Certify with a user and a password that differ, and with letters in the password"
        for name in known
        if name not in PLAIN
    )
    try:
        point.add(_config_errors(run))
    except CannotStart as error:
        point.add(str(problem)[:300] for problem in error.problems)
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        point.add([f"the config in the evidence cannot be read ({type(error).__name__})"])
        return None
    partner = PartnerConfig(run.config, run.config_source, trial=run.trial)
    return Context(run.id, run.seed, run.profile, run.url, partner, frozenset(run.alike))


def _alike_errors(run: Run) -> Iterator[str]:
    right = {(user, password): SCHEMES["good"].header(user, password) for user, password in CREDENTIALS}
    for name in run.alike:
        scheme = SCHEMES.get(name) if name != "good" else None
        if scheme is None or all(scheme.header(*pair) != header for pair, header in right.items()):
            yield f"the run claims that the way to authenticate {name[:40]!a} is the right one, which no credentials make so"


def _config_errors(run: Run) -> Iterator[str]:
    check_config(run.config, "config in the evidence")
    defaults = trial_config(run.config["base_url"]).raw
    if run.trial and run.config != defaults:
        yield "a trial run goes by the documented defaults; this config is another one"
    if not run.trial and run.config == defaults:
        yield "this is the config of a trial run, which the run says it was not"
