"""Look at the public pages that a config names: a customer who reads the tile opens them.

Source: API specification, Partner config.  A page that does not answer is no failure of the API; the certificate says what it is.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpcore
import httpx

from certification.client.addresses import AddressGuard, RefusedAddressError
from certification.client.transport import Deadline, GuardedTransport
from certification.config.notes import PAGES, on_this_side
from certification.config.partner import PartnerConfig

PAGE_SECONDS = 10.0
MOST_HOPS = 10
CODE = "page-silent"

AGENT = "Mozilla/5.0 (partner-connect-certification)"
"""Some sites answer nothing to what calls itself a program."""


def silent_pages(config: PartnerConfig, transport: httpx.BaseTransport | None = None) -> list[str]:
    """Return a sentence for each public page of ``config`` that does not answer with a page; see :func:`page_problems`."""
    return [f"{name} {problem}" for name, problem in page_problems(config, transport).items() if problem]


def page_problems(config: PartnerConfig, transport: httpx.BaseTransport | None = None) -> dict[str, str]:
    """Return, for each public page of ``config``, what is wrong with it, or nothing; ``transport`` replaces the network.

    Pages that only this machine or network reaches are left out: what is wrong with them is known already.
    """
    names = [name for name in PAGES if not on_this_side(str(config.raw[name]))]
    with ThreadPoolExecutor(len(PAGES)) as pool:
        answers = pool.map(lambda name: _answer(str(config.raw[name]), transport), names)
        return dict(zip(names, answers, strict=True))


def _answer(url: str, transport: httpx.BaseTransport | None) -> str:
    """Return what is wrong with the page at ``url``; empty when it is there."""
    deadline = Deadline()
    deadline.start(PAGE_SECONDS)
    try:
        with (
            httpx.Client(
                transport=transport or GuardedTransport(deadline, AddressGuard("")),
                follow_redirects=True,
                max_redirects=MOST_HOPS,
                headers={"User-Agent": AGENT, "Accept": "text/html,*/*"},
            ) as client,
            client.stream("GET", url) as response,
        ):
            return "" if response.is_success else f"answered {response.status_code}"
    except RefusedAddressError:
        return "leads to an address that is not public"
    except httpx.TooManyRedirects:
        return f"leads on after {MOST_HOPS} redirects"
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        httpcore.NetworkError,
        httpcore.TimeoutException,
        httpcore.ProtocolError,
        OSError,
        ValueError,
    ) as error:
        return f"did not answer ({type(error).__name__})"
