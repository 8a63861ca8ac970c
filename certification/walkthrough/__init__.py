"""The guided walk through the manual cases, on a page of this machine that stands in for the Partner Connect tile.

::

    steps, guide     what a case is made of, and the table of the cases: what to do, what a person must see
    acting, cutting  one call as Databricks makes it; redirects cut in everything that is kept
    databricks_side  what Databricks shows for an answer
    situation        where a case stands: steps done, the one that comes next, answers
    walk             what is done and answered; all of it in ``attestations.json`` at once
    forms            what a person typed, read from the body of a request
    view             what the templates of the same names show
    guard, app       who may call the page, and what it answers
"""
