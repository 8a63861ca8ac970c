"""A real browser, and what a page looks like in it."""
