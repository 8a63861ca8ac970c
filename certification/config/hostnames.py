"""The allow-list of redirect hosts: what an entry means, and which entries would let anybody in.

Source: API specification, Partner config; ruling 9 (an entry allows its subdomains too).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from certification.contract.internet_names import is_ip_address

SHARED_SUFFIXES = frozenset(
    {
        "co.uk", "org.uk", "ac.uk", "gov.uk", "com.au", "net.au", "org.au", "co.nz", "co.jp", "ne.jp", "or.jp", "co.kr",
        "com.br", "com.mx", "com.ar", "com.cn", "com.hk", "com.sg", "com.tr", "com.tw", "co.in", "co.id", "co.il", "co.za",
        "github.io", "gitlab.io", "pages.dev", "workers.dev", "web.app", "firebaseapp.com", "appspot.com", "herokuapp.com",
        "netlify.app", "vercel.app", "azurewebsites.net", "cloudfront.net", "amazonaws.com", "ngrok.io", "ngrok-free.app",
        "onrender.com", "fly.dev", "run.app",
    }
)  # fmt: skip
"""Well-known names under which strangers register theirs.  A short list and not complete: the complete one changes weekly."""


def host_of(entry: str) -> str:
    """Return the bare lower-case host of an entry of ``hostnames``, whatever else the partner wrote around it."""
    text = entry.strip().lower()
    if "//" not in text:
        text = f"//{text}"
    try:
        return urlsplit(text).hostname or entry.lower()
    except ValueError:
        return entry.lower()


def entry_problem(entry: str, own_host: str) -> tuple[str, str]:
    """Return (what is expected, the remedy) when ``entry`` allows nobody or everybody; two empty strings otherwise.

    ``own_host`` is the host of ``base_url``: one word names it in some development networks.
    """
    host = host_of(entry).rstrip(".")
    if "*" in host:
        bare = host.rpartition("*")[2].lstrip(".") or "partner.example"
        return "a host name without *", f"Write {bare}: its subdomains are allowed with it."
    if host == "localhost" or is_ip_address(host) or host == own_host:
        return "", ""
    if "." not in host:
        return (
            "a host name with a dot, localhost or an IP address",
            "Redirects to every host that ends like this would be allowed; name the hosts that are yours.",
        )
    if host in SHARED_SUFFIXES:
        return (
            "a host name that is yours alone",
            f"Under {host} anybody has names, and redirects to all of them would be allowed; name your own host there.",
        )
    return "", ""
