"""Values that Databricks could send, by kind: each kind is one way in which partners are known to stumble.

A value in a shape is ``{"kind": ..., "value": ...}``, so that a finding can say which kind of value matters.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from faker import Faker

from certification.generate.domain import Labelled, Texts, below, letters, one_of

Kinds = dict[str, Texts]

NAME_LIMIT = 255
"""Longest name in characters.  Databricks states no limit; this is what a column of the usual width holds."""

_LONGEST_FAKED = 60
_BETWEEN = frozenset(" -'.’()々")
_FAKED = 10_000
"""So many different names of each language are drawn from."""


@cache
def _faker(locale: str) -> Faker:
    # Faker has dozens of providers for each language; to load them all took longer than to draw the names of a whole run.
    return Faker(locale, providers=["faker.providers.person"])


def _name(locale: str, part: str, script: str) -> Texts:
    """Return names that Faker makes up, told by the ``script`` that they are written in."""

    def make(number: int) -> str:
        faker = _faker(locale)
        faker.seed_instance(number)
        return str(getattr(faker, part)())

    def holds(text: str) -> bool:
        written = [character for character in text if character not in _BETWEEN]
        return 0 < len(text) <= _LONGEST_FAKED and all(
            unicodedata.name(character, "").startswith(script) for character in written
        )

    return Texts(below(_FAKED).map(make), holds)


@cache
def names() -> Kinds:
    """Return kinds of first and last names."""
    return {
        "everyday": _name("en_US", "last_name", "LATIN"),
        "empty": one_of(""),
        "one letter": letters("ABCXYZ", 1, 1),
        "German": _name("de_DE", "last_name", "LATIN").within("", "-Größe"),
        "French": one_of("Élodie", "Françoise", "Gaëlle", "Noël d’Aubigné"),
        "Polish": one_of("Żółć", "Łukasz", "Święcicki", "Grześkowiak"),
        "Turkish": one_of("İpek", "Işıl", "Oğuz", "Çağrı"),
        "Vietnamese": one_of("Nguyễn", "Trần Thị Phương", "Đặng"),
        "Cyrillic": _name("ru_RU", "last_name", "CYRILLIC"),
        "Greek": _name("el_GR", "last_name", "GREEK"),
        "Arabic": _name("ar_AA", "last_name", "ARABIC"),
        "Hebrew": _name("he_IL", "last_name", "HEBREW"),
        "Devanagari": _name("hi_IN", "last_name", "DEVANAGARI"),
        "Thai": one_of("สมชาย", "ศิริพร", "ณัฐวุฒิ"),
        "Chinese": _name("zh_CN", "name", "CJK"),
        "Japanese": _name("ja_JP", "last_name", "CJK"),
        "Korean": _name("ko_KR", "name", "HANGUL"),
        "emoji": letters("😀🎉🚀🐍💡", 1, 6),
        "joined emoji": one_of("👩‍💻", "👨‍👩‍👧‍👦", "🏳️‍🌈"),
        "beyond the BMP": letters("𠮷𠜎𡃁𐍈𝒜", 1, 6),
        "combining marks": letters("e\u0301a\u0308n\u0303o\u0327", 2, 10).within("e"),
        "right-to-left override": one_of("\u202eevil\u202c", "a\u202eb", "\u200fשלום"),
        "zero width": one_of("An\u200bna", "\ufeffBo", "Zo\u200de"),
        "no-break space": one_of("Van\u00a0Dyke", "O\u202fNeil"),
        "line separator": one_of("a\u2028b", "c\u2029d", "e\u0085f"),
        "apostrophe": one_of("O'Neil", "D'Angelo", "''", "N'Golo O'"),
        "double quote": one_of('Dwayne "The Rock"', '"', 'Al "'),
        "backslash": one_of("a\\b", "\\", "C:\\new", "\\u0041"),
        "markup": one_of("<b>Ann</b>", "<script>alert(1)</script>", "a<b>c", "<!-- x -->"),
        "entities": one_of("AT&T", "R&amp;D", "&lt;", "&"),
        "template": one_of("${name}", "{{name}}", "#{name}", "%(name)s", "%s", "{0}"),
        "separators": one_of("a;b", "a,b", "a|b", "a/b", "a:b", "a--b", "a#b?c=d"),
        "SQL": one_of("Robert'); --", "x' OR '1'='1", "1; SELECT"),
        "percent and plus": one_of("100%", "%41", "a+b", "%00x", "a%20b"),
        "words of code": one_of("null", "undefined", "None", "true", "NaN", "nil"),
        "digits": one_of("007", "1e5", "0x1F", "12345678901234567890"),
        "blanks": one_of(" Ann ", "Mary  Ann", " ", "\u3000Aki"),
        "long": letters("abcdefghijklmnop", NAME_LIMIT, NAME_LIMIT),
        "very long": letters("abcdefghijklmnop", 300, 300),
        "long, not ASCII": letters("äöüéèñ", NAME_LIMIT, NAME_LIMIT),
        "long, beyond the BMP": letters("😀🎉🚀", 100, 100),
    }


@cache
def emails() -> Kinds:
    """Return kinds of addresses, as templates: ``{u}`` is what makes the user unique, ``{domain}`` the company's."""
    return {
        "plus tag": one_of("{first}.u{u}+databricks@{domain}", "u{u}+a+b@{domain}"),
        "many dots": one_of("a.b.c.d.u{u}@{domain}"),
        "apostrophe": one_of("o'neil.u{u}@{domain}"),
        "underscore and hyphen": one_of("a_b-c.u{u}@{domain}", "_u{u}_@{domain}", "-u{u}@{domain}"),
        "digits": one_of("7{u}@{domain}", "1@{domain}"),
        "one letter": letters("abcxyz", 1, 1).within("", "@{domain}"),
        "upper case": one_of("JOHN.DOE.U{u}@{domain}"),
        "mixed case": one_of("JohnDoe.u{u}@{domain}"),
        "upper-case domain": one_of("john.u{u}@{DOMAIN}"),
        "subdomain": one_of("u{u}@mail.{domain}", "u{u}@eu.mail.corp.{domain}"),
        "punycode": one_of("u{u}@xn--bcher-kva.{domain}"),
        "new top-level domain": one_of("u{u}@{stem}.technology"),
        "special characters": one_of("a!#$%&*/=?^_`{|}~-u{u}@{domain}"),
        "longest local part": one_of("{64}@{domain}"),
        "longest": one_of("{254}@{domain}"),
    }


TWINS: dict[str, tuple[str, str]] = {
    "plus tag": ("same.u{u0}@{domain}", "same.u{u0}+two@{domain}"),
    "dots": ("sam.e.u{u0}@{domain}", "same.u{u0}@{domain}"),
    "the same first 20 characters": ("{20}a@{domain}", "{20}b@{domain}"),
    "the same first 30 characters": ("{30}a@{domain}", "{30}b@{domain}"),
    "the same first 50 characters": ("{50}a@{domain}", "{50}b@{domain}"),
    "end of a long local part": ("{63}a@{domain}", "{63}b@{domain}"),
    "the same last 50 characters": ("a{50}@{domain}", "b{50}@{domain}"),
    "underscore as a wildcard": ("u_{u0}@{domain}", "ux{u0}@{domain}"),
    "percent as a wildcard": ("u%{u0}@{domain}", "uu{u0}@{domain}"),
    "hyphen": ("sa-me.u{u0}@{domain}", "same.u{u0}@{domain}"),
    "longer": ("same.u{u0}@{domain}", "same.u{u0}0@{domain}"),
    "prefix": ("same.u{u0}@{domain}", "notsame.u{u0}@{domain}"),
}
"""Pairs of addresses of one company that belong to two people, though careless software takes them for one."""

COMMON_BEGINNINGS = {"the same first 64 characters": 64, "the same first 100 characters": 100}
"""So many characters do two addresses of different companies begin with; local parts cannot be that long."""

ID_KINDS: dict[str, tuple[int, int]] = {
    "below 2^31": (10**6, 2**31 - 16),
    "above 2^31": (2**31, 2**32 - 16),
    "above 2^32": (2**32, 2**40),
    "above 2^53": (2**53, 2**54 - 16),
    "above 2^62": (2**62, 2**62 + 2**60),
    "just below 2^63": (2**63 - 2**20, 2**63 - 16),
}
"""Ranges of ids, both ends included, from which fresh ones are taken.

0 is an id like any other (ruling 28), yet the same one each time: whoever has it may be known from an earlier run.
"""

NEIGHBOURS = {"the next number": 1, "the same low 32 bits": 2**32}
"""Distances at which two ids fall together in a floating-point number or in 32 bits."""

SIMILAR_COMPANIES = (
    "longer",
    "same first label",
    "other ending",
    "hyphenated",
    "long common beginning",
    "same ending",
    "same local part",
    *COMMON_BEGINNINGS,
)
"""How the domain, or the address, of one company resembles another's."""

REGIONS: dict[str, tuple[str, ...]] = {
    "aws": ("us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "us-gov-west-1", "sa-east-1"),
    "azure": ("eastus2", "westeurope", "uksouth", "australiaeast", "germanywestcentral", "centralus"),
    "gcp": ("us-central1", "europe-west1", "asia-northeast1", "australia-southeast1", "us-east4", "europe-west3"),
}

LANGUAGES = ("de-DE", "fr", "ja-JP", "pt-BR", "zh-Hant-TW", "ar", "sr-Latn-RS", "es-419", "de-CH-1996", "tr")

CONTENT_TYPES = ("application/json", "application/json; charset=utf-8")


@cache
def catalogs() -> Kinds:
    """Return kinds of catalog names: what a quoted identifier may hold."""
    return {
        "hive_metastore": one_of("hive_metastore"),
        "hyphen": one_of("my-catalog", "a-b-c"),
        "space": one_of("my catalog", " lead"),
        "dot": one_of("my.catalog", "a.b.c"),
        "backtick": one_of("my`catalog", "``"),
        "quote": one_of("my'catalog", 'my"catalog'),
        "slash": one_of("a/b", "a\\b"),
        "upper case": one_of("Main", "PROD"),
        "digit first": one_of("1catalog", "2024"),
        "not ASCII": one_of("カタログ", "catálogo", "каталог"),
        "emoji": one_of("data🚀", "🐍"),
        "long": letters("abcdef_", 255, 255),
        "reserved word": one_of("default", "select", "system", "null", "None"),
        "punctuation": one_of("a;b", "a%b", "$x", "a#b", "a?b=c&d", "<a>", "a+b", "{a}", "a:b", "a,b"),
    }


@cache
def destinations() -> dict[str, Kinds]:
    """Return kinds of destination locations for each cloud."""
    long = "/".join(["folder"] * 70)
    paths = {
        "deep path": one_of("a/b/c/d/e/f"),
        "no path": one_of(""),
        "slash at the end": one_of("zone/"),
        "blank and percent": one_of("my folder/x", "my%20folder/x", "a+b"),
        "not ASCII": one_of("données/été", "データ"),
        "key=value": one_of("date=2026-01-01/part=0"),
        "long": one_of(long),
    }
    roots = {
        "aws": "s3://partner-landing-bucket",
        "azure": "abfss://landing@partneraccount.dfs.core.windows.net",
        "gcp": "gs://partner-landing-bucket",
    }

    def under(root: str, path: Texts) -> Texts:
        return one_of(root) if path.holds("") else path.within(f"{root}/")

    return {cloud: {kind: under(root, path) for kind, path in paths.items()} for cloud, root in roots.items()}


def all_names() -> Labelled:
    """Return names of every kind."""
    return Labelled(names())


def all_emails() -> Labelled:
    """Return templates of addresses of every kind."""
    return Labelled(emails())


def all_destinations(cloud: str) -> Labelled:
    """Return destination locations of every kind in ``cloud``."""
    return Labelled(destinations()[cloud])


def all_catalogs() -> Labelled:
    """Return catalog names of every kind."""
    return Labelled(catalogs())
