"""Template and style of the cover page."""
