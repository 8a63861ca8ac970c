"""Which executions take place, and what follows from what they observed."""
