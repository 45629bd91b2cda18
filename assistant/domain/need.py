"""The need: what a mentee has said about the help they want, as slots with quotes.

Every slot has a quote. A slot that the mentee skipped or is unsure about is *closed*: empty, and not asked for again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, get_args

SlotName = Literal["task", "context", "tried", "outcome", "deadline", "format"]
SLOTS: tuple[SlotName, ...] = get_args(SlotName)


@dataclass(frozen=True)
class Slot:
    """One slot. `quote` is a substring of the mentee's words; `due` is the date of a deadline, if it was understood.

    `also` holds the quotes of later additions; `value` includes them.
    """

    value: str
    quote: str
    due: date | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facet:
    """The mentee's answer to "which part?"; `offered` says whether it was one of the options."""

    name: str
    value: str
    offered: bool = False


@dataclass(frozen=True)
class Need:
    """All slots and facets known so far; unknown slots are absent, and closed ones are not asked for.

    `asks` are the questions of the first message, in the mentee's words, each of which could have been the one.
    `hinted` slots were probably stated, but no quote is certain enough to show; they are not asked for either.
    """

    slots: dict[SlotName, Slot] = field(default_factory=dict)
    facets: tuple[Facet, ...] = ()
    closed: frozenset[str] = frozenset()
    hinted: frozenset[str] = frozenset()
    asks: tuple[str, ...] = ()

    def get(self, name: SlotName) -> Slot | None:
        return self.slots.get(name)

    def value(self, name: SlotName) -> str:
        slot = self.slots.get(name)
        return slot.value if slot else ""

    @property
    def has_topic(self) -> bool:
        """Whether anything other than deadline and format is known."""
        return bool(self.facets or {"task", "context", "outcome", "tried"} & self.slots.keys())

    @property
    def about_something(self) -> bool:
        """Whether task or context is known, or was probably stated."""
        return bool({"task", "context"} & (self.slots.keys() | self.hinted))

    def missing(self) -> Iterator[SlotName]:
        """Slots that may still be asked for, in the order of SLOTS."""
        known = self.slots.keys() | self.closed | self.hinted
        return (name for name in SLOTS if name not in known)

    def with_slot(self, name: SlotName, slot: Slot) -> Need:
        return replace(self, slots={**self.slots, name: slot}, closed=self.closed - {name})

    def without_slot(self, name: SlotName) -> Need:
        return replace(self, slots={k: v for k, v in self.slots.items() if k != name})

    def with_facet(self, facet: Facet) -> Need:
        kept = tuple(f for f in self.facets if f.name != facet.name)
        return replace(self, facets=(*kept, facet))

    def close(self, name: str) -> Need:
        return replace(self, closed=self.closed | {name})

    def words(self) -> str:
        """Everything known as one text for retrieval, the task first."""
        values = [self.value(name) for name in ("task", "context", "outcome", "tried")]
        return ". ".join([v for v in (*values[:2], *(f.value for f in self.facets), *values[2:]) if v])
