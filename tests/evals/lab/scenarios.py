"""A scenario is a mentee on paper: the first message, the right slots of it, and what he would answer when asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from assistant.domain.need import SLOTS, SlotName
from assistant.domain.reply import Kind
from assistant.evaluation.sets import BadSet, read_rows

TRICKY = "tricky"
_KINDS = frozenset({TRICKY, *(kind.value for kind in Kind)})
_SENSITIVE = re.compile(r"\b(?:harass|burn-?out|crisis\b|self-harm|discriminat|violence)", re.IGNORECASE)
_NOT_SENSITIVE = re.compile(r"\bnot in crisis\b|\bnothing sensitive\b", re.IGNORECASE)


@dataclass(frozen=True)
class Scenario:
    """`slots` holds only what the opening states, as exact substrings of it; `hidden` only what he can add when asked."""

    id: str
    domain: str
    style: str
    kind: str
    opening: str
    slots: Mapping[SlotName, str]
    hidden: Mapping[SlotName, str]
    which_part: str
    part_keywords: tuple[str, ...]
    must_not_ask: frozenset[str]
    sharp_keywords: tuple[str, ...]
    note: str = ""
    mentors: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()

    @property
    def sensitive(self) -> bool:
        """Judged only on reaching the people whom the organisation names: marked so, or a tricky row whose note says so."""
        told = _SENSITIVE.search(self.note) and not _NOT_SENSITIVE.search(self.note)
        return self.kind == Kind.SENSITIVE or (self.kind == TRICKY and bool(told))


def load_scenarios(path: Path) -> tuple[Scenario, ...]:
    """All scenarios of a file, in order. Raises BadSet naming file, line and what is wrong."""
    loaded: dict[str, Scenario] = {}
    for number, row in read_rows(path):
        try:
            scenario = _scenario(row)
        except _Wrong as wrong:
            raise BadSet(f"{path.name}, line {number}: {wrong}.") from wrong
        if scenario.id in loaded:
            raise BadSet(f"{path.name}, line {number}: the id {scenario.id} is already taken.")
        loaded[scenario.id] = scenario
    if not loaded:
        raise BadSet(f"{path.name} has no scenario in it.")
    return tuple(loaded.values())


class _Wrong(Exception):
    """What is wrong with one row."""


def _scenario(row: Mapping[str, Any]) -> Scenario:
    opening, facet = _text(row, "opening"), _mapping(row, "facet")
    kind = _text(row, "kind")
    if kind not in _KINDS:
        raise _Wrong(f"the kind {kind!r} is none of {', '.join(sorted(_KINDS))}")
    slots = _slots(row, "slots")
    stray = next((name for name, quote in slots.items() if quote not in opening), None)
    if stray:
        raise _Wrong(f"the slot {stray} is not an exact part of the opening")
    return Scenario(
        _text(row, "id"), str(row.get("domain", "")), str(row.get("style", "")), kind, opening, slots, _slots(row, "hidden"),
        str(facet.get("which_part", "")), _strings(facet, "keywords"), frozenset(_strings(row, "must_not_ask")),
        _strings(row, "sharp_keywords"), str(row.get("note", "")),
        frozenset(_strings(row, "mentors")), frozenset(_strings(row, "articles")),
    )  # fmt: skip


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(f"{key!r} is missing or empty")
    return value


def _mapping(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key, {})
    if not isinstance(value, dict):
        raise _Wrong(f"{key!r} must be an object")
    return value


def _strings(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Wrong(f"{key!r} must be a list of strings")
    return tuple(value)


def _slots(row: Mapping[str, Any], key: str) -> dict[SlotName, str]:
    """The slots that have words, in the order of SLOTS."""
    value = _mapping(row, key)
    strange = sorted(value.keys() - set(get_args(SlotName)))
    if strange:
        raise _Wrong(f"{key!r} has an unknown slot {strange[0]!r}")
    if not all(words is None or isinstance(words, str) for words in value.values()):
        raise _Wrong(f"{key!r} must hold strings or null")
    return {name: value[name] for name in SLOTS if value.get(name)}
