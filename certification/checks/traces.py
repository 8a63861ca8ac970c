"""Find what a server shows of its insides: stack traces, statements of a database, pages for debugging.

Each pattern has bounded parts and begins with something definite, so that the time grows with the length of the text and
with nothing else, whatever a partner sends.  ASCII rules throughout: what is a letter must not depend on the version of
Python.
"""

from __future__ import annotations

import re

_PATH_BEFORE = re.compile(r"[\w./-]{0,80}\Z", re.ASCII)

_PATTERNS = {
    "a Python stack trace": r"""
        Traceback\ \(most\ recent\ call\ last\)
        | File\ \\{0,8}"[^"\n]{1,200}\.py\\{0,8}",\ line\ \d
        """,
    "a Java stack trace": r"""
        \bat\ (?:[A-Za-z_$][\w$]{0,80}+\.){2,20}+[\w$<>]{1,80}+
            \((?:[\w$]{1,80}+\.(?:java|scala|kt|groovy)(?::\d{1,9})?|Native\ Method|Unknown\ Source)\)
        | Exception\ in\ thread\ "
        | \bCaused\ by:\ (?:[a-z]\w{0,80}+\.){1,20}\w{1,80}(?:Exception|Error)
        """,
    "a JavaScript stack trace": r"""
        \bat\ (?:async\ )?(?:[\w$.<>\[\]\ ]{1,100}+\()?+(?:file://)?
            (?:/|[A-Z]:\\{1,8}|node:|webpack:)[^\s():]{0,200}+(?::[^\s():\d][^\s():]{0,200}+){0,4}+:\d{1,9}:\d{1,9}\)?
        """,
    ".NET internals": r"""
        \bat\ [\w.`<>+]{1,200}+\([^)\n]{0,300}+\)\ in\ [^\n:]{1,200}+(?::[^\nl][^\n:]{0,200}+){0,3}+:line\ \d
        | System\.(?:\w{1,60}\.){0,8}\w{0,60}Exception
        """,
    "a Ruby stack trace": r"""(?<=[\w-])\.rb:\d{1,9}:in\ [`'][^'\n]{1,200}+'""",
    "a Go stack trace": r"""\bgoroutine\ \d{1,9}\ \[\w{1,40}\] | \bpanic:\ runtime\ error""",
    "PHP internals": r"""
        (?:Fatal\ error|Parse\ error|Warning|Notice)</?b?>?:.{1,300}?\ on\ line\ (?:<b>)?\d
        | \#\d{1,6}\ [^\n]{0,200}?\.php\(\d
        """,
    "an SQL error or statement": r"""
        (?i:SQLSTATE\[?\s?\w | \bORA-\d{5}\b | psycopg2?\. | sqlalchemy\.exc | sqlite3\.\w{0,40}Error | PG::\w{1,60}Error
        | com\.mysql\. | MySQLSyntaxError | You\ have\ an\ error\ in\ your\ SQL\ syntax
        | \bSELECT\b(?>[^"]{1,200}?\bFROM\b)[^"]{1,200}?\b(?:WHERE|LIMIT|JOIN)\b
        | \bINSERT\ INTO\b[^"]{1,200}?\bVALUES\b | UNIQUE\ constraint\ failed | duplicate\ key\ value\ violates
        | \bUPDATE\b\ [\w."`]{1,60}+\ \bSET\b | \bDELETE\ FROM\b\ \w)
        """,
    "a debug page": r"""
        Werkzeug\ Debugger | Whitelabel\ Error\ Page | DEBUG\ =\ True | Django\ Version: | Laravel\\{1,8}Framework
        | ActionController:: | Rails\.root | better_errors | X-Debug-Token
        """,
}
_COMPILED = {name: re.compile(pattern, re.VERBOSE | re.ASCII) for name, pattern in _PATTERNS.items()}

MAX_SHOWN = 160


def traces(text: str) -> list[tuple[str, str]]:
    """Return what of a server's insides shows in ``text``: what it is, and the place, cut; each kind once."""
    found = []
    for name, pattern in _COMPILED.items():
        match = pattern.search(text)
        if match:
            before = (
                _PATH_BEFORE.search(text, max(0, match.start() - 80), match.start()) if match[0][0] == "." else None
            )
            found.append((name, f"{before[0] if before else ''}{match[0]}"[:MAX_SHOWN]))
    return found
