"""Stack traces of every stack are found, ordinary sentences are not, and hostile text costs no more than its length."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from growth import assert_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.checks.traces import MAX_SHOWN, traces

SHOWN = {
    'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in f': "a Python stack trace",
    'x File "/srv/app/views.py", line 30': "a Python stack trace",
    'x File \\"/srv/app/views.py\\", line 30': "a Python stack trace",
    "\tat com.acme.web.Connect.handle(Connect.java:42)": "a Java stack trace",
    "at org.springframework.web.Filter.doFilter(Native Method)": "a Java stack trace",
    "at com.acme.App$Inner.<init>(App.scala)": "a Java stack trace",
    'Exception in thread "main" x': "a Java stack trace",
    "Caused by: java.lang.NullPointerException: x": "a Java stack trace",
    "    at Object.<anonymous> (/srv/app/index.js:10:15)": "a JavaScript stack trace",
    "at async Server.handle (file:///srv/app/index.mjs:10:15)": "a JavaScript stack trace",
    "at processTicksAndRejections (node:internal/process/task_queues:95:5)": "a JavaScript stack trace",
    "at C:\\srv\\index.js:1:2": "a JavaScript stack trace",
    "at new Thing (/a b/x.js:1:2)": "",
    "   at Acme.Web.Connect.Post(Request r) in C:\\src\\Connect.cs:line 42": ".NET internals",
    "   at Acme.Web.Connect.<Post>d__3.MoveNext() in /src/Connect.cs:line 42": ".NET internals",
    "System.NullReferenceException: Object reference": ".NET internals",
    "System.Data.SqlClient.SqlException": ".NET internals",
    "app/controllers/connect_controller.rb:12:in `create'": "a Ruby stack trace",
    "goroutine 12 [running]:": "a Go stack trace",
    "<b>Warning</b>: Undefined index in <b>/var/www/x.php</b> on line <b>12</b>": "PHP internals",
    "#0 /var/www/html/index.php(12): main()": "PHP internals",
    "SELECT * FROM users WHERE id = 1": "an SQL error or statement",
    "insert into users (a, b) values (1, 2)": "an SQL error or statement",
    "update `users` set a = 1": "an SQL error or statement",
    "sqlite3.IntegrityError": "an SQL error or statement",
    "Whitelabel Error Page": "a debug page",
}


@pytest.mark.parametrize("text", SHOWN, ids=range(len(SHOWN)))
def test_what_a_server_shows_is_found(text: str) -> None:
    assert [name for name, _ in traces(f"{'before ' * 40}\n{text}\nafter")] == [name for name in [SHOWN[text]] if name]


def test_the_place_is_shown_with_its_path() -> None:
    assert traces("error app/models/user.rb:12:in `create' x") == [
        ("a Ruby stack trace", "app/models/user.rb:12:in `create'")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The account was not found. Please contact support at https://partner.example/help:443",
        "meet us at (the office) in Berlin: line 1 of the metro",
        "The file was looked at by an expert.",
        "Warning: the name is too long.",
        "Your system is fine",
    ],
)
def test_sentences_for_people_are_no_traces(text: str) -> None:
    assert traces(text) == []


HOSTILE: dict[str, Callable[[int], str]] = {
    "letters": lambda n: "a" * n,
    "a path without its end": lambda n: "a/" * n,
    "many ends of ruby": lambda n: "x.rb:1:in `" * n,
    "many beginnings": lambda n: "at " * n,
    "many paths": lambda n: "at /" * n,
    "colons": lambda n: "at /" + ":" * n,
    "many colons": lambda n: "at /:1:1:" * n,
    "names with points": lambda n: "at " + "a." * n,
    "many names with points": lambda n: "at a.a.a(" * n,
    "brackets": lambda n: "at x(" + ") in " * n,
    "exceptions": lambda n: "System." * n,
    "an exception that does not come": lambda n: "System." + "a" * n,
    "causes": lambda n: "Caused by: " + "a." * n,
    "selects": lambda n: "SELECT FROM " * n,
    "many froms": lambda n: "SELECT " + "FROM " * n,
    "inserts": lambda n: "INSERT INTO " * n,
    "warnings": lambda n: "Warning: " * n,
    "numbers of frames": lambda n: "#1 " * n,
    "backslashes": lambda n: 'File "' + "\\" * n,
    "files": lambda n: 'File "x' * n,
    "digits": lambda n: "goroutine " + "1" * n,
    "lines": lambda n: "\n" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_time_grows_with_the_length_only(name: str) -> None:
    assert_linear(traces, HOSTILE[name], 500)


PIECES = st.sampled_from(
    [
        *"()':1\"\\\n",
        "at ",
        "a.",
        " in ",
        ":line ",
        "System.",
        "Exception",
        ".rb:",
        "in `",
        "#1 ",
        ".php(",
        "SELECT ",
        "FROM ",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=100))
def test_any_text_is_searched(text: str) -> None:
    for name, place in traces(text):
        assert name
        assert 0 < len(place) <= MAX_SHOWN
