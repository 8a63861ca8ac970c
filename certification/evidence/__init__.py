"""What is kept of a run: exchanges, observations, the recorder, and no secret."""
