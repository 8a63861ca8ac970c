"""Domains: how to draw a value, and how to tell whether a value could have been drawn.

Both stand together, so that ``verify`` can ask whether a recorded shape is one that the suite could have tried, without
drawing it again: another version of Hypothesis or Faker draws other shapes from the same domain.

What is drawn follows from the seed and the versions of the libraries alone.  Hypothesis also likes constants that it
finds in the source of loaded modules; it takes none below 100 and only for the choices that it makes, so every choice here
is one of at most 100 (longer lists are chosen from in two steps).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hypothesis import strategies as st

from certification.generate.shape import Shape

MOST_CHOICES = 100


class Domain(Protocol):
    """Values of which one is drawn."""

    @property
    def strategy(self) -> st.SearchStrategy[Any]:
        """Draws a value."""

    def contains(self, value: Any) -> bool:
        """Return whether ``value`` could have been drawn."""


@dataclass(frozen=True)
class Texts:
    """Texts of one kind."""

    strategy: st.SearchStrategy[str]
    holds: Callable[[str], bool]

    def contains(self, value: Any) -> bool:
        """Return whether ``value`` is such a text."""
        return isinstance(value, str) and self.holds(value)

    def within(self, before: str, after: str = "") -> Texts:
        """Return the texts of this kind with ``before`` and ``after`` around them."""

        def holds(text: str) -> bool:
            long_enough = len(text) >= len(before) + len(after)
            inner = text[len(before) : len(text) - len(after)]
            return long_enough and text.startswith(before) and text.endswith(after) and self.holds(inner)

        return Texts(self.strategy.map(lambda text: f"{before}{text}{after}"), holds)


def one_of(*texts: str) -> Texts:
    """Return the domain of exactly ``texts``."""
    return Texts(st.sampled_from(_few(texts)), frozenset(texts).__contains__)


def letters(alphabet: str, shortest: int = 2, longest: int = 12) -> Texts:
    """Return the texts of ``shortest`` to ``longest`` characters (code points) of ``alphabet``."""
    characters = frozenset(alphabet)
    strategy = st.lists(st.sampled_from(_few(alphabet)), min_size=shortest, max_size=longest).map("".join)
    return Texts(strategy, lambda text: shortest <= len(text) <= longest and characters.issuperset(text))


def below(number: int) -> st.SearchStrategy[int]:
    """Return a strategy for numbers from 0 to ``number`` - 1, at most a million, in choices of at most 100."""
    if number <= MOST_CHOICES:
        return st.sampled_from(range(number))
    rest = below(-(-number // MOST_CHOICES))
    return st.tuples(rest, below(MOST_CHOICES)).map(lambda pair: min(pair[0] * MOST_CHOICES + pair[1], number - 1))


def _few(values: Sequence[Any]) -> Sequence[Any]:
    if len(values) > MOST_CHOICES:
        message = f"{len(values)} values to choose from; at most {MOST_CHOICES} give the same choice everywhere"
        raise ValueError(message)
    return values


@dataclass(frozen=True)
class Choice:
    """One of some JSON values."""

    values: Sequence[Any]

    @property
    def strategy(self) -> st.SearchStrategy[Any]:
        """Draws one of the values."""
        return st.sampled_from(_few(self.values))

    def contains(self, value: Any) -> bool:
        """Return whether ``value`` is one of the values, and of its type."""
        return any(same(value, each) for each in self.values)


@dataclass(frozen=True)
class Labelled:
    """A text of any of some kinds, with the name of its kind: ``{"kind": ..., "value": ...}``."""

    kinds: Mapping[str, Texts]

    @property
    def strategy(self) -> st.SearchStrategy[dict[str, str]]:
        """Draws a kind, then a text of it."""
        return st.sampled_from(_few(sorted(self.kinds))).flatmap(self._of_kind)

    def _of_kind(self, kind: str) -> st.SearchStrategy[dict[str, str]]:
        return self.kinds[kind].strategy.map(lambda value: {"kind": kind, "value": value})

    def contains(self, value: Any) -> bool:
        """Return whether ``value`` is a text of the kind that it names."""
        if not isinstance(value, dict) or value.keys() != {"kind", "value"}:
            return False
        texts = self.kinds.get(value["kind"]) if isinstance(value["kind"], str) else None
        return texts is not None and texts.contains(value["value"])

    def each(self) -> list[Labelled]:
        """Return the kinds one by one."""
        return [Labelled({kind: texts}) for kind, texts in self.kinds.items()]


@dataclass(frozen=True)
class Fields:
    """Shapes of any of some fields, at least so many of them."""

    fields: Mapping[str, Domain]
    at_least: int = 1

    @property
    def strategy(self) -> st.SearchStrategy[Shape]:
        """Draws which fields are there, and their values."""
        optional = {name: domain.strategy for name, domain in self.fields.items()}
        return st.fixed_dictionaries({}, optional=optional).filter(lambda shape: len(shape) >= self.at_least)

    def contains(self, value: Any) -> bool:
        """Return whether ``value`` is such a shape."""
        return (
            isinstance(value, dict)
            and len(value) >= self.at_least
            and all(name in self.fields and self.fields[name].contains(inner) for name, inner in value.items())
        )


def same(one: Any, other: Any) -> bool:
    """Return whether two JSON values are the same, ``True`` and ``1`` told apart."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def kinds_of(values: Collection[str]) -> Choice:
    """Return the choice among the names ``values``, whatever order they are kept in."""
    return Choice(sorted(values))
