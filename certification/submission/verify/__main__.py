"""``python -m certification.submission.verify``: the process in which ``partner-connect verify`` looks at any file.

Internal, as :mod:`certification.review.verify.__main__` is.
"""

from __future__ import annotations

from certification.review.verify.__main__ import main
from certification.submission.verify.verdict import verify_any

if __name__ == "__main__":
    main(verify_any)
