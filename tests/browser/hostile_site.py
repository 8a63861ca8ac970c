"""A site whose pages do what a guest should not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FORM = "<h1>Start your free trial</h1><form><label>Password <input type=password required></label><button>Sign up</button></form>"

PAGES = {
    "alert": f"{FORM}<script>for (let i = 0; i < 3; i++) alert('hello'); confirm('?'); prompt('name')</script>",
    "leave": "<script>addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'stay'; })</script>"
    + FORM.replace("<form>", "<form action=/hello>"),
    "pop-up": FORM.replace("<form>", "<form onsubmit=\"open('/hello'); return false\">"),
    "endless": f"{FORM}<script>addEventListener('scroll', () => add()); function add() {{ for (let i = 0; i < 500; i++) document.body.append(document.createElement('p'), 'more and more ' + i); }} for (let n = 0; n < 40; n++) add();</script>",
    "hello": "<h1>Welcome</h1><p>Databricks</p><a href=/a>A</a><a href=/b>B</a><a href=/c>C</a><a href=/d>D</a>",
    "away": "<script>location = 'http://192.168.7.7/router'</script>",
    "hang": f"{FORM}<script>setTimeout(() => {{ for (;;); }}, 50)</script>",
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.strip("/").partition("?")[0]
        if name == "download":
            self._answer(
                200,
                b"x" * 1000,
                {"Content-Type": "application/zip", "Content-Disposition": "attachment; filename=x.zip"},
            )
        elif name == "door":
            self._answer(401, b"", {"WWW-Authenticate": "Basic realm=x"})
        elif name == "large":
            self._answer(
                200, b"<h1>Large</h1>" + b"<p>word word word word</p>" * 2_000_000, {"Content-Type": "text/html"}
            )
        elif name in PAGES:
            self._answer(
                200, f"<!doctype html><meta charset=utf-8>{PAGES[name]}".encode(), {"Content-Type": "text/html"}
            )
        else:
            self._answer(404, b"", {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for each in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(*each)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hostile_site() -> Iterator[str]:
    """Give the base address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a guest that hangs up is no error
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
