"""The page for people: a certificate, findings, requirements, cases, latency and evidence, inside pytest-html's page.

::

    texts     escaping; nothing reaches the page but through it
    survey    one pass over the evidence: endpoints of each case, digest, the bounded copy that the page carries
    certificate, findings, tables, latency      the sections
    sections  puts them in order: :func:`render`
    frame     the parts of the page that are pytest-html's: :func:`dress`, :func:`page`
    comparison  whether a page says what a report says: :func:`differences`
"""

from __future__ import annotations

from certification.report.html.comparison import Differences, differences
from certification.report.html.frame import dress, page, title_of
from certification.report.html.sections import render

__all__ = ["Differences", "differences", "dress", "page", "render", "title_of"]
