"""What varies from example to example: domains, plans, examples, programs, mistakes; and how a failing one is made smaller."""
