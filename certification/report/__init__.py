"""From the evidence to the report: one verdict, and every output made from it."""
