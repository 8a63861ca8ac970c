"""Verify a submission without trusting what it says.

1. *Format* and *digests*: the members are exactly those that the manifest lists, each with its digest, none twice, none under
   a name that differs in capital letters only, no link, nothing that grows without end.
2. *Signature*: with ``--trust``, one of the key that is trusted, over the manifest; a missing one is not overlooked.
3. *Certificate*: the bundle inside is verified from its evidence, as ``partner-connect verify`` does with any bundle.
4. *Documents*: redirect scenarios, completeness and cover page are made again from the other members and compared, byte for
   byte; so is what the manifest says.

What cannot be noticed without a signature: what the public pages answered when the submission was made, and that credentials
were looked for; and what a person wrote (explanations, attestations, pictures) can be replaced by somebody who makes
everything else fit.
"""

from __future__ import annotations

from certification.submission.verify.looking import LookedAt, looked_at
from certification.submission.verify.verdict import is_submission, verify_any, verify_submission

__all__ = ["LookedAt", "is_submission", "looked_at", "verify_any", "verify_submission"]
