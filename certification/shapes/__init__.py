"""What varies from example to example: the shapes of requests and of sequences of calls."""
