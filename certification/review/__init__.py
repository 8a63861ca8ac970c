"""A second look at a finished report: bundle, verify, replay, compare."""
