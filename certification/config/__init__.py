"""What a partner declares about its integration: read, and checked completely."""
