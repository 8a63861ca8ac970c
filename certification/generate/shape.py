"""What a shape is: the departures of one example from a plain request, by name."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]
"""Name of what departs -> how.  Empty for the plain request.  JSON-ready, since it stands in the evidence."""
