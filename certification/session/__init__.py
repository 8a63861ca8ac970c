"""The certification as a pytest session: collects the cases, runs them, and publishes the report at the end.

One process directs; under pytest-xdist each worker runs cases with a recorder of its own.
"""

from __future__ import annotations

import pytest

from certification.session.base import Session
from certification.session.director import Director
from certification.session.items import KEY
from certification.session.listing import Listing
from certification.session.worker import Worker

NAME = "certification-session"

LISTS = ("collectonly", "markers", "showfixtures", "show_fixtures_per_test", "cacheshow", "setuponly", "setupplan")
"""Options of pytest that show something instead of running it."""


def register(config: pytest.Config) -> None:
    """Make this pytest run a certification."""
    worker = getattr(config, "workerinput", None)
    session: Session
    if worker:
        session = Worker(config, worker)
    elif any(getattr(config.option, name, False) for name in LISTS):
        session = Listing(config)
    else:
        session = Director(config)
    config.stash[KEY] = session
    config.pluginmanager.register(session, NAME)
    session.begin()
