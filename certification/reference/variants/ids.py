"""Other correct connection ids: any text that is not empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Variant
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Callable

    from certification.reference.messages import Call

LONG_ID = 512
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Numbered(Partner):
    """Numbers its connections, and sends the numbers as text."""

    last = 0

    def new_connection_id(self, call: Call) -> str:
        self.last += 1
        return str(self.last)


class LongIds(Partner):
    """Has ids that carry more than a number."""

    def new_connection_id(self, call: Call) -> str:
        return super().new_connection_id(call).ljust(LONG_ID, "x")


class MarkedIds(Partner):
    """Has ids with characters that mean something in addresses."""

    def new_connection_id(self, call: Call) -> str:
        return f"conn:{super().new_connection_id(call)}/a+b=="


class SpokenIds(Partner):
    """Has ids with letters beyond ASCII."""

    def new_connection_id(self, call: Call) -> str:
        return f"Verknüpfung {super().new_connection_id(call)}"


def _made(name: str, title: str, spell: Callable[[int], str]) -> Variant:
    """Return a partner whose ids are counted, and spelled by ``spell``."""

    class Spelled(Numbered):
        def new_connection_id(self, call: Call) -> str:
            return spell(int(super().new_connection_id(call)))

    return Variant(f"ids-{name}", title, (Spelled,))


def _short(number: int) -> str:
    return DIGITS[number % 36] if number < 36 else _short(number // 36) + DIGITS[number % 36]


VARIANTS = (
    Variant("ids-numbers", "Connection ids are numbers, as text.", (Numbered,)),
    Variant("ids-long", "Connection ids are very long.", (LongIds,)),
    Variant("ids-marks", "Connection ids hold colon, slash, plus and equals sign.", (MarkedIds,)),
    Variant("ids-letters", "Connection ids hold blanks and letters beyond ASCII.", (SpokenIds,)),
    _made("leading-zeros", "Connection ids are numbers with zeros in front.", lambda number: f"{number:012}"),
    _made("exponents", "Connection ids look like numbers with an exponent.", lambda number: f"{number}e3"),
    _made("short", "Connection ids are as short as they can be.", _short),
    _made("addresses", "Connection ids are addresses.", lambda number: f"https://api.partner.example/c/{number}?v=2#a"),
    _made("json", "Connection ids are JSON.", lambda number: f'{{"id":{number},"kind":"connection"}}'),
    _made("pictures", "Connection ids hold characters beyond the BMP.", lambda number: f"🔗{number}👩‍💻"),
    _made("templates", "Connection ids look like placeholders.", lambda number: f"${{connection_{number}}}"),
    _made("words", "Connection ids look like the words of other types.", lambda number: f"null {number} true"),
    _made("blanks", "Connection ids begin and end with a blank.", lambda number: f" connection {number} "),
    _made("marks-of-markup", "Connection ids hold the marks of markup.", lambda number: f"<c id='{number}'>&amp;"),
)
