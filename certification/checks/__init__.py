"""Judging: pure functions from recorded exchanges to violations."""
