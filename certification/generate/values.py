"""Values that Databricks could send, by kind: each kind is one way in which partners are known to stumble.

A value in a shape is ``{"kind": ..., "value": ...}``, so that a finding can say which kind of value matters.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from faker import Faker
from hypothesis import strategies as st

Kinds = dict[str, st.SearchStrategy[str]]

NAME_LIMIT = 255
"""Longest name in characters.  Databricks states no limit; this is what a column of the usual width holds."""


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale)


def _name(locale: str, part: str) -> st.SearchStrategy[str]:
    def make(number: int) -> str:
        faker = _faker(locale)
        faker.seed_instance(number)
        return str(getattr(faker, part)())

    return st.integers(0, 2**32 - 1).map(make)


def _of(*examples: str) -> st.SearchStrategy[str]:
    return st.sampled_from(examples)


def _letters(alphabet: str, shortest: int = 2, longest: int = 12) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=shortest, max_size=longest)


@cache
def names() -> Kinds:
    """Return kinds of first and last names."""
    return {
        "everyday": _name("en_US", "last_name"),
        "empty": _of(""),
        "one letter": _letters("ABCXYZ", 1, 1),
        "German": _name("de_DE", "last_name").map(lambda name: f"{name}-Größe"),
        "French": _of("Élodie", "Françoise", "Gaëlle", "Noël d’Aubigné"),
        "Polish": _of("Żółć", "Łukasz", "Święcicki", "Grześkowiak"),
        "Turkish": _of("İpek", "Işıl", "Oğuz", "Çağrı"),
        "Vietnamese": _of("Nguyễn", "Trần Thị Phương", "Đặng"),
        "Cyrillic": _name("ru_RU", "last_name"),
        "Greek": _name("el_GR", "last_name"),
        "Arabic": _name("ar_AA", "last_name"),
        "Hebrew": _name("he_IL", "last_name"),
        "Devanagari": _name("hi_IN", "last_name"),
        "Thai": _of("สมชาย", "ศิริพร", "ณัฐวุฒิ"),
        "Chinese": _name("zh_CN", "name"),
        "Japanese": _name("ja_JP", "last_name"),
        "Korean": _name("ko_KR", "name"),
        "emoji": _letters("😀🎉🚀🐍💡", 1, 6),
        "joined emoji": _of("👩‍💻", "👨‍👩‍👧‍👦", "🏳️‍🌈"),
        "beyond the BMP": _letters("𠮷𠜎𡃁𐍈𝒜", 1, 6),
        "combining marks": _letters("e\u0301a\u0308n\u0303o\u0327", 2, 10).map(lambda text: f"e{text}"),
        "right-to-left override": _of("\u202eevil\u202c", "a\u202eb", "\u200fשלום"),
        "zero width": _of("An\u200bna", "\ufeffBo", "Zo\u200de"),
        "no-break space": _of("Van\u00a0Dyke", "O\u202fNeil"),
        "line separator": _of("a\u2028b", "c\u2029d", "e\u0085f"),
        "apostrophe": _of("O'Neil", "D'Angelo", "''", "N'Golo O'"),
        "double quote": _of('Dwayne "The Rock"', '"', 'Al "'),
        "backslash": _of("a\\b", "\\", "C:\\new", "\\u0041"),
        "markup": _of("<b>Ann</b>", "<script>alert(1)</script>", "a<b>c", "<!-- x -->"),
        "entities": _of("AT&T", "R&amp;D", "&lt;", "&"),
        "template": _of("${name}", "{{name}}", "#{name}", "%(name)s", "%s", "{0}"),
        "separators": _of("a;b", "a,b", "a|b", "a/b", "a:b", "a--b", "a#b?c=d"),
        "SQL": _of("Robert'); --", "x' OR '1'='1", "1; SELECT"),
        "percent and plus": _of("100%", "%41", "a+b", "%00x", "a%20b"),
        "words of code": _of("null", "undefined", "None", "true", "NaN", "nil"),
        "digits": _of("007", "1e5", "0x1F", "12345678901234567890"),
        "blanks": _of(" Ann ", "Mary  Ann", " ", "\u3000Aki"),
        "long": _letters("abcdefghijklmnop", NAME_LIMIT, NAME_LIMIT),
        "very long": _letters("abcdefghijklmnop", 300, 300),
        "long, not ASCII": _letters("äöüéèñ", NAME_LIMIT, NAME_LIMIT),
        "long, beyond the BMP": _letters("😀🎉🚀", 100, 100),
    }


@cache
def emails() -> Kinds:
    """Return kinds of addresses, as templates: ``{u}`` is what makes the user unique, ``{domain}`` the company's."""
    return {
        "plus tag": _of("{first}.u{u}+databricks@{domain}", "u{u}+a+b@{domain}"),
        "many dots": _of("a.b.c.d.u{u}@{domain}"),
        "apostrophe": _of("o'neil.u{u}@{domain}"),
        "underscore and hyphen": _of("a_b-c.u{u}@{domain}", "_u{u}_@{domain}", "-u{u}@{domain}"),
        "digits": _of("7{u}@{domain}", "1@{domain}"),
        "one letter": _letters("abcxyz", 1, 1).map(lambda letter: f"{letter}@{{domain}}"),
        "upper case": _of("JOHN.DOE.U{u}@{domain}"),
        "mixed case": _of("JohnDoe.u{u}@{domain}"),
        "upper-case domain": _of("john.u{u}@{DOMAIN}"),
        "subdomain": _of("u{u}@mail.{domain}", "u{u}@eu.mail.corp.{domain}"),
        "punycode": _of("u{u}@xn--bcher-kva.{domain}"),
        "new top-level domain": _of("u{u}@{stem}.technology"),
        "special characters": _of("a!#$%&*/=?^_`{|}~-u{u}@{domain}"),
        "longest local part": _of("{64}@{domain}"),
        "longest": _of("{254}@{domain}"),
    }


TWINS: dict[str, tuple[str, str]] = {
    "plus tag": ("same.u{u0}@{domain}", "same.u{u0}+two@{domain}"),
    "dots": ("sam.e.u{u0}@{domain}", "same.u{u0}@{domain}"),
    "the same first 20 characters": ("{20}a@{domain}", "{20}b@{domain}"),
    "the same first 30 characters": ("{30}a@{domain}", "{30}b@{domain}"),
    "the same first 50 characters": ("{50}a@{domain}", "{50}b@{domain}"),
    "end of a long local part": ("{63}a@{domain}", "{63}b@{domain}"),
    "underscore as a wildcard": ("u_{u0}@{domain}", "ux{u0}@{domain}"),
    "percent as a wildcard": ("u%{u0}@{domain}", "uu{u0}@{domain}"),
    "hyphen": ("sa-me.u{u0}@{domain}", "same.u{u0}@{domain}"),
    "longer": ("same.u{u0}@{domain}", "same.u{u0}0@{domain}"),
    "prefix": ("same.u{u0}@{domain}", "notsame.u{u0}@{domain}"),
}
"""Pairs of addresses of one company that belong to two people, though careless software takes them for one."""

COMMON_BEGINNINGS = {"the same first 64 characters": 64, "the same first 100 characters": 100}
"""So many characters do two addresses of different companies begin with; local parts cannot be that long."""

ZERO = "zero"

ID_KINDS: dict[str, tuple[int, int]] = {
    ZERO: (0, 0),
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
        "hive_metastore": _of("hive_metastore"),
        "hyphen": _of("my-catalog", "a-b-c"),
        "space": _of("my catalog", " lead"),
        "dot": _of("my.catalog", "a.b.c"),
        "backtick": _of("my`catalog", "``"),
        "quote": _of("my'catalog", 'my"catalog'),
        "slash": _of("a/b", "a\\b"),
        "upper case": _of("Main", "PROD"),
        "digit first": _of("1catalog", "2024"),
        "not ASCII": _of("カタログ", "catálogo", "каталог"),
        "emoji": _of("data🚀", "🐍"),
        "long": _letters("abcdef_", 255, 255),
        "reserved word": _of("default", "select", "system", "null", "None"),
        "punctuation": _of("a;b", "a%b", "$x", "a#b", "a?b=c&d", "<a>", "a+b", "{a}", "a:b", "a,b"),
    }


@cache
def destinations() -> dict[str, Kinds]:
    """Return kinds of destination locations for each cloud."""
    long = "/".join(["folder"] * 70)
    paths = {
        "deep path": _of("a/b/c/d/e/f"),
        "no path": _of(""),
        "slash at the end": _of("zone/"),
        "blank and percent": _of("my folder/x", "my%20folder/x", "a+b"),
        "not ASCII": _of("données/été", "データ"),
        "key=value": _of("date=2026-01-01/part=0"),
        "long": _of(long),
    }
    roots = {
        "aws": "s3://partner-landing-bucket",
        "azure": "abfss://landing@partneraccount.dfs.core.windows.net",
        "gcp": "gs://partner-landing-bucket",
    }

    def under(root: str, path: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return path.map(lambda text: f"{root}/{text}" if text else root)

    return {cloud: {kind: under(root, path) for kind, path in paths.items()} for cloud, root in roots.items()}


def of_kind(kinds: Kinds) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for a value of any of ``kinds``, labelled."""
    return st.sampled_from(sorted(kinds)).flatmap(lambda kind: labelled(kind, kinds[kind]))


def labelled(kind: str, strategy: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for values of one kind, labelled."""
    return strategy.map(lambda value: {"kind": kind, "value": value})


def one_of_each(kinds: Kinds, number: int) -> list[dict[str, Any]]:
    """Return one labelled value of each kind, drawn by the seed ``number``."""
    from certification.generate.draw import draw_many

    everything = st.fixed_dictionaries({kind: labelled(kind, strategy) for kind, strategy in kinds.items()})
    drawn = draw_many(everything, number, 2)
    return [drawn[-1][kind] for kind in kinds] if drawn else [{"kind": kind, "value": ""} for kind in kinds]
