"""The page of the usability report: style sheet and template."""
