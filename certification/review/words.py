"""What a review found, in words."""

from __future__ import annotations

from certification.review.causes import Cause, Changed

UNSURE = "or: each of them changed, and nothing here tells which it was."
"""What stands below a list in which a cause has several parts."""


def cause_words(cause: Cause) -> str:
    """Return what a difference comes from: ``config (trial_type)``, ``suite or partner``; empty where nothing differs."""
    fields = f" ({', '.join(cause.fields)})" if cause.fields else ""
    return " or ".join(f"{what}{fields if what is Changed.CONFIG else ''}" for what in cause.changed)
