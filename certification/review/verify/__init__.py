"""Verify a report without its partner and without trusting its verdict.

What is checked, from the outside in:

1. *Digests*: every file of a bundle has the digest that its manifest gives; with ``--trust``, the manifest is signed.
2. *Chain*: every line of the evidence follows from the line before it; every record is one that the suite writes.
3. *Judgements*: each execution is played again in front of the record.  Its requests must be those that the suite sends in
   a run of this id; its violations, its end and its number of calls must be those on record.
4. *Completeness*: every case of the catalogue that applies was run, with every example that profile and seed ask for.
5. *Times*: they follow each other and lie within the run.
6. *Outputs*: report, JUnit, Markdown and page are made again from the evidence and compared.

What cannot be noticed without a signature
------------------------------------------

No key is needed to write evidence, so whoever understands the suite can write evidence of a run that never took place:

- answers that are invented or replaced by better ones, consistently everywhere (body, digest, size, what follows from
  them, line chain, reports, manifest);
- a whole run that was made in front of another server than the partner's, under the partner's name and address;
- times and durations that are changed consistently (all moved by a day, slow answers made fast);
- what only the machine of the run knew: versions of libraries (with others than here, ``verify`` says that the shapes
  were not drawn again), the seconds of a case, notes, that a longer ``--certification-timeout`` was used, that a password
  has no letters or equals the user (``verify`` names what was therefore not tried);
- what the config says beside what is sent and judged, such as the text of the tile;
- further tries (``again``, ``shrink``) left out at the end of a case: that a failure was intermittent can be hidden, not
  the failure.

Three things help.  A challenge (``--certification-challenge``) that the validator made up is part of the run's id and
thereby of every request: the run cannot be older than the challenge.  A signature (``bundle --sign``) binds the bundle to
whoever holds the key.  And ``rerun`` asks the partner again.
"""

from __future__ import annotations

from certification.review.verify.outcome import Point, Result, Verification
from certification.review.verify.verdict import verify

__all__ = ["Point", "Result", "Verification", "verify"]
