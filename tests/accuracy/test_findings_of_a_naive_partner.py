"""A partner with nine mistakes gets about as many findings, not one for each case that meets them."""

from __future__ import annotations

from naive import MISTAKES, Naive

from certification.accuracy.certify import certify
from certification.accuracy.in_memory import HOST, PORT, InMemory
from certification.accuracy.partners import CREDENTIALS, PATIENCE_SECONDS, Reachable
from certification.config.partner import check_config, trial_config


def test_each_mistake_is_one_finding() -> None:
    url = f"http://{HOST}:{PORT}"
    raw = {**trial_config(url).raw, "hostnames": ["127.0.0.1"]}
    app = Naive(CREDENTIALS.user, CREDENTIALS.password).app()
    transport = InMemory(app, PATIENCE_SECONDS)
    partner = Reachable(url, check_config(raw, "naive"), CREDENTIALS, transport)
    try:
        outcome = certify(partner, profile="quick")
    finally:
        transport.close()
    found = [f"{finding.cause}: {finding.shown.seen.message}" for finding in outcome.at("must")]
    assert abs(len(found) - len(MISTAKES)) <= 1, "\n".join(found)
