"""Write comment.md on the merge request, over the one of an earlier run.  It stands alone: a job runs its text."""

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- partner-connect-certification -->"
MAX_PAGES = 20
PAGE = 100


def main() -> None:
    """Find the earlier note and replace it, or write a new one."""
    notes = "{CI_API_V4_URL}/projects/{CI_PROJECT_ID}/merge_requests/{CI_MERGE_REQUEST_IID}/notes".format_map(
        os.environ
    )
    body = Path("comment.md").read_text(encoding="utf-8")
    own = call("GET", os.environ["CI_API_V4_URL"] + "/user")["id"]
    for page in range(1, MAX_PAGES + 1):
        found = call("GET", f"{notes}?per_page={PAGE}&page={page}")
        for note in found:
            if note["author"]["id"] == own and note["body"].startswith(MARK):
                call("PUT", f"{notes}/{note['id']}", {"body": body})
                return
        if len(found) < PAGE:
            break
    call("POST", notes, {"body": body})


def call(method: str, url: str, content: object = None) -> Any:
    """Return what GitLab answers."""
    headers = {"PRIVATE-TOKEN": os.environ["PARTNER_CONNECT_COMMENT_TOKEN"], "Content-Type": "application/json"}
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - the address is GitLab's own
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        return json.load(answer)


if __name__ == "__main__":
    main()
