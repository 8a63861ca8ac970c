"""Measures the suite itself: how many defects it finds, whom it accuses wrongly, and how fast it is."""
