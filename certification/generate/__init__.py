"""What varies from example to example: values, examples, programs, mistakes; and how a failing one is made smaller."""
