"""Certification harness for the Databricks Partner Connect API.

The package is a pytest plugin (:mod:`certification.plugin`) that plays Databricks against a partner's endpoint,
records every exchange, judges it, and writes a certification report.  Nothing is imported here, so that a pytest
run that does not certify anything pays nothing for having the package installed.
"""

__version__ = "2.0.0"
