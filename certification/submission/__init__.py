"""What Databricks' form asks for, in one file that can be verified."""
