"""Programs for the stateful cases: what several companies, users, workspaces and clouds do, in any order.

A program is a list of steps that a rule table allows one after the other; the strategy keeps just enough of a model to
know which rules are open, so that no step is wasted.  What must be true of the answers is the business of the script.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

from hypothesis import strategies as st

from certification.config.partner import PartnerConfig
from certification.generate.amounts import AMOUNTS
from certification.generate.plan import Examples, Pattern, Plan
from certification.generate.shape import Shape

COMPANIES = 3
USERS = 2
WORKSPACES = 2

Step = list[Any]


@dataclass
class _Sketch:
    """What a program has made so far, as far as the rules need to know."""

    connections: int = 0
    gone: set[int] = field(default_factory=set)

    def alive(self) -> list[int]:
        return [number for number in range(self.connections) if number not in self.gone]


@st.composite
def programs(draw: st.DrawFn, config: PartnerConfig, length: int, *, hooks: bool) -> list[Step]:
    """Draw a program of about ``length`` steps; with ``hooks``, the test hooks take part and company 0 is the test domain."""
    sketch = _Sketch()
    steps: list[Step] = []
    while len(steps) < length:
        rules = _open_rules(config, sketch, hooks=hooks)
        rule = draw(st.sampled_from(rules)) if steps else "connect"
        numbers = draw(st.sampled_from(_choices(rule, sketch)))
        _note(rule, numbers, sketch)
        steps.append([rule, *numbers])
    return steps


def _open_rules(config: PartnerConfig, sketch: _Sketch, *, hooks: bool) -> list[str]:
    rules = ["connect", "connect"] if sketch.connections < 7 else []
    if sketch.alive():
        rules += ["sign in", "sign in", "colleague signs in"]
        if config.offers("delete_connection"):
            rules += ["delete"]
        if config.offers("test_connection"):
            rules += ["test"]
    if sketch.gone:
        rules += ["sign in on a deleted one"]
        if config.offers("delete_connection"):
            rules += ["delete a deleted one"]
        if config.offers("test_connection"):
            rules += ["test a deleted one"]
    if hooks and sketch.connections:
        if config.offers("delete_account"):
            rules += ["delete account"]
        if config.offers("expire_account"):
            rules += ["expire", "expire"]
    return rules


def _choices(rule: str, sketch: _Sketch) -> list[tuple[int, ...]]:
    """Return what may follow the name of ``rule`` in a step."""
    match rule:
        case "connect":
            return list(product(range(COMPANIES), range(USERS), range(WORKSPACES)))
        case "sign in" | "colleague signs in" | "test" | "delete":
            return [(number,) for number in sketch.alive()]
        case "delete account":
            return [(number,) for number in range(WORKSPACES)]
        case "expire":
            return list(product(range(USERS), range(WORKSPACES)))
        case _:
            return [(number,) for number in sorted(sketch.gone)]


def _note(rule: str, numbers: tuple[int, ...], sketch: _Sketch) -> None:
    if rule == "connect":
        sketch.connections += 1
    elif rule == "delete":
        sketch.gone.add(numbers[0])


@dataclass(frozen=True)
class Programs:
    """Shapes that are a program of ``length`` steps, each open where it stands."""

    config: PartnerConfig
    length: int
    hooks: bool

    @property
    def strategy(self) -> st.SearchStrategy[Shape]:
        """Draws a program."""
        return programs(self.config, self.length, hooks=self.hooks).map(lambda program: {"program": program})

    def contains(self, value: Any) -> bool:
        """Return whether ``value`` is such a program."""
        if not isinstance(value, dict) or value.keys() != {"program"} or not isinstance(value["program"], list):
            return False
        program, sketch = value["program"], _Sketch()
        return len(program) == self.length and all(
            self._takes(step, sketch, first=not place) for place, step in enumerate(program)
        )

    def _takes(self, step: Any, sketch: _Sketch, *, first: bool) -> bool:
        """Return whether ``step`` is open after what ``sketch`` says, and take it."""
        if not isinstance(step, list) or not all(type(number) is int for number in step[1:]):
            return False
        rule, numbers = step[0] if step else None, tuple(step[1:])
        open_rules = ["connect"] if first else _open_rules(self.config, sketch, hooks=self.hooks)
        if rule not in open_rules or numbers not in _choices(rule, sketch):
            return False
        _note(rule, numbers, sketch)
        return True


def _plain(config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Programs without test hooks; the first ones are laid out so that each rule is tried in each run."""
    amounts = AMOUNTS[profile]
    laid_out: list[Pattern] = [{"program": program} for program in _laid_out(config)]
    return Plan(laid_out, Programs(config, amounts.steps, hooks=False), amounts.programs)


def _with_hooks(config: PartnerConfig, _seed: int, profile: str) -> Plan:
    """Programs in which the test hooks take part."""
    amounts = AMOUNTS[profile]
    laid_out: list[Pattern] = [{"program": program} for program in _laid_out_hooks(config)]
    count = amounts.programs // 2 or (0 if laid_out else 1)
    return Plan(laid_out, Programs(config, amounts.steps, hooks=True), count)


plain = Examples("S100", _plain)
with_hooks = Examples("S110", _with_hooks)

STATEFUL = (plain, with_hooks)


def _laid_out(config: PartnerConfig) -> list[list[Step]]:
    everyone: list[Step] = [
        ["connect", 0, 0, 0],
        ["connect", 1, 0, 0],
        ["connect", 0, 1, 1],
        ["connect", 0, 0, 1],
        ["sign in", 0],
        ["colleague signs in", 1],
    ]
    if config.offers("delete_connection"):
        everyone += [
            ["delete", 3],
            ["sign in", 0],
            ["sign in", 1],
            ["sign in on a deleted one", 3],
            ["delete a deleted one", 3],
        ]
        everyone += [["connect", 0, 0, 1], ["sign in on a deleted one", 3], ["delete", 0]]
    if config.offers("test_connection"):
        everyone += [["test", 1], ["test a deleted one", 3]]
    again: list[Step] = [["connect", 0, 0, 0], ["sign in", 0], ["connect", 0, 0, 0], ["sign in", 1]]
    if config.offers("delete_connection"):
        # The first connection was given up on Databricks' side only; deleting it must not reach the second.
        again += [["delete", 0], ["sign in", 1], ["connect", 0, 1, 0]]
    again += [["connect", 0, 0, 1], ["connect", 0, 1, 1], ["connect", 0, 0, 0]]
    return [everyone, again]


def _laid_out_hooks(config: PartnerConfig) -> list[list[Step]]:
    programs: list[list[Step]] = []
    start: list[Step] = [["connect", 0, 0, 0], ["connect", 1, 0, 0], ["connect", 0, 1, 1], ["connect", 0, 0, 1]]
    if config.offers("delete_account"):
        programs.append(
            [
                *start,
                ["delete account", 1],
                ["sign in", 0],
                ["sign in on a deleted one", 2],
                ["sign in on a deleted one", 3],
                ["sign in", 1],
                ["connect", 0, 0, 1],
            ]
        )
    if config.offers("expire_account"):
        programs.append(
            [
                ["connect", 0, 0, 0],
                ["colleague signs in", 0],
                ["connect", 1, 0, 0],
                ["sign in", 0],
                ["expire", 0, 0],
                ["sign in", 0],
                ["colleague signs in", 0],
                ["sign in", 1],
            ]
        )
    return programs


def tell(program: list[Step]) -> str:
    """Return ``program`` in words; connections are counted from 1 in the order in which they were made."""
    return "; ".join(_words(step) for step in program)


def _words(step: Step) -> str:
    rule, *numbers = step
    match rule:
        case "connect":
            company, user, workspace = numbers
            return f"user {user + 1} of company {company + 1} connects in its workspace {workspace + 1}"
        case "delete account":
            return f"delete-account of the test domain in workspace {numbers[0] + 1}"
        case "expire":
            return f"expire-account of user {numbers[0] + 1} in workspace {numbers[1] + 1}"
        case "colleague signs in":
            return f"a colleague signs in on connection {numbers[0] + 1}"
        case _:
            return f"{rule.replace(' a deleted one', '').replace(' on', '')} connection {numbers[0] + 1}".replace(
                "sign in", "sign in on"
            )
