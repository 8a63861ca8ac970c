"""The side that we play: its people, its requests, its actions."""
