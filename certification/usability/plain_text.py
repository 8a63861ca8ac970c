"""Text as words are looked for in it."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """Return ``text`` in small letters without accents, in words: ``billingZip_code`` becomes ``billing zip code``."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", text)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter) or letter in "゙゚")
    return re.sub(r"[\s_\-.\[\]:*(){}<>/\\|'’]+", " ", unicodedata.normalize("NFC", text).casefold()).strip()
