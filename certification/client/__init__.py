"""How calls reach the partner, within limits, and how a record answers in its place."""
