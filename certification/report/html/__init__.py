"""The page for people: a certificate, findings, requirements, cases, latency and evidence, inside pytest-html's page.

::

    templating        the templates' environment: everything is escaped and made visible there
    evidence_summary  one pass over the evidence: endpoints of each case, digest, the bounded copy that the page carries
    certificate, findings, body, tables, latency      what the templates of the same names show
    fragment          our part of the page: :func:`render`
    frame             the part that is pytest-html's: :func:`dress`, :func:`page`
    comparison        whether a page says what a report says: :func:`differences`
"""

from __future__ import annotations

from certification.report.html.comparison import Differences, differences
from certification.report.html.fragment import render
from certification.report.html.frame import dress, page, title_of

__all__ = ["Differences", "differences", "dress", "page", "render", "title_of"]
