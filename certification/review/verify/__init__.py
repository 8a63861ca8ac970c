"""Verify a report without its partner and without trusting its verdict.

What is checked, from the outside in:

1. *Digests*: every file of a bundle has the digest that its manifest gives; a signature is one of the key that it carries,
   and with ``--trust`` of the key that is trusted.
2. *Chain*: every line of the evidence follows from the line before it; every record has the fields that the suite writes,
   each once, and no others.
3. *Judgements*: each execution is played again in front of the record.  Its requests must be those that the suite sends in
   a run of this id; what it observes, its end and its number of calls must be those on record.
4. *Completeness*: every case of the catalogue that applies was run, with as many examples as the profile asks for, each of
   them one that the case can have.
5. *Times*: they follow each other and lie within the run.
6. *Outputs*: report, JUnit, Markdown, HAR and page are made again from the evidence and compared by what they say.

Nothing of this depends on the machine: no text of Python or a library, no drawn value and no compressed byte is compared.

The outcome is one of three.  The report *holds*; or it *does not hold*, and each contradiction is named; or it is *not
verified*: nothing contradicts it, but something that it says can be told neither way here.  That is so for a run of another
version of the suite, a page framed by another version of pytest-html, and ways to authenticate that were not tried because
the credentials, so the run says, make them the right one.

What cannot be noticed without a signature
------------------------------------------

No key is needed to write evidence, so whoever understands the suite can write evidence of a run that never took place:

- answers that are invented or replaced by better ones, consistently everywhere (body, digest, size, what follows from
  them, line chain, reports, manifest);
- a whole run that was made in front of another server than the partner's, under the partner's name and address;
- times and durations that are changed consistently (all moved by a day, slow answers made fast);
- waivers that nobody approved, or approved in other words: the verdict is then *conformant only with waivers* at the best, and
  ``verify`` names whoever is said to have approved each;
- what people attest about manual cases; ``verify`` names each and says that it rests on their word;
- which of the examples that a case can have were drawn: they need not be those that the seed gives;
- what only the machine of the run knew: versions of Python and libraries, the seconds of a case, notes, files beside the
  config, the run before;
- what the config says beside what is sent and judged, such as the text of the tile;
- further tries (``again``, ``shrink``) left out at the end of a case: that a failure was intermittent can be hidden, not
  the failure.

:mod:`certification.review.verify.protection` says it for each field of each record.

Three things help.  A challenge (``--certification-challenge``) that the validator made up is part of the run's id and
thereby of every request: the run cannot be older than the challenge.  A signature (``bundle --sign``) binds the bundle to
whoever holds the key.  And ``rerun`` asks the partner again.
"""

from __future__ import annotations

from certification.review.verify.outcome import Point, Result, Verification
from certification.review.verify.verdict import verify

__all__ = ["Point", "Result", "Verification", "verify"]
