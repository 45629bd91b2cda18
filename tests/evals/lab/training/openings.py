"""Reads the labelled first messages in `labelled/openings`, one text file for each voice (see OPENINGS.md), and varies them.

A message is a list of units: sentences, list lines or whole clauses, each with its roles. Variation keeps the labels true:
letters lose their case, marks get lost, lines are joined, typos happen, sentences that carry nothing are dropped or lent.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

OPENINGS = Path(__file__).parent / "labelled" / "openings"
ROLES = "AWSOTDFXNEG"
"""Ask, wish, situation, obstacle, tried, date, format, not the author's own, aside, exclusion, greeting."""
KINDS = ("specific", "vague", "trajectory", "wants_person", "out_of_scope", "other")
CARES = ("none", "danger", "harassment", "discrimination", "burnout", "grievance", "confidential")
WORTHS = ("none", "topic", "which", "success", "situation", "tried", "refer")
_UNIT = re.compile(r"\[([A-Z]{1,3})([*+]*)\]\s?(.*)$")
_FIELD = re.compile(r"(kind|fine|awk|wrong):\s*(.*)$")
_MARKS = ".,!?;:'\"()"


@dataclass(frozen=True)
class Unit:
    """One unit as written: roles (letters of ROLES), whether the question is built on it, whether it is to be added."""

    text: str
    roles: str
    asked: bool = False
    added: bool = False
    break_after: str = " "


@dataclass(frozen=True)
class Opening:
    """One labelled message. A label that is None was not judged, or does not hold after a variation."""

    id: str
    units: tuple[Unit, ...]
    kind: str | None = None
    care: str | None = None
    worth: str | None = None
    act: str | None = None
    fine: tuple[str, ...] = ()
    awkward: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    unsure: bool = False
    topic: str = ""

    @property
    def voice(self) -> str:
        return self.id.rsplit("-", 1)[0]

    @property
    def text(self) -> str:
        return self.placed()[0]

    def placed(self) -> tuple[str, list[tuple[int, int, Unit]]]:
        """The text, and each unit with its first and last character in it."""
        text, places = "", []
        for unit in self.units:
            places.append((len(text), len(text) + len(unit.text), unit))
            text += unit.text + unit.break_after
        return text.rstrip(), places


def openings(folder: Path = OPENINGS) -> list[Opening]:
    """All messages of a folder, in the order of files and lines. Raises ValueError with the line that is not understood."""
    return [opening for path in sorted(folder.glob("*.txt")) for opening in parsed(path.read_text("utf-8"), path.name)]


def parsed(content: str, name: str = "") -> list[Opening]:
    """The messages of one file."""
    blocks = re.split(r"^===", content, flags=re.MULTILINE)[1:]
    return [_opening(block, name) for block in blocks]


def _opening(block: str, name: str) -> Opening:
    head, *lines = block.splitlines()
    id_, topic, *_ = [part.strip() for part in f"{head}||".split("|")]
    units: list[Unit] = []
    labels: dict[str, str] = {}
    written: dict[str, list[str]] = {"fine": [], "awk": [], "wrong": []}
    for line in lines:
        if not line.strip() or line.startswith("```"):
            continue
        unit, given = _UNIT.match(line), _FIELD.match(line)
        if unit:
            units.append(_unit(*unit.groups()))
        elif given and given[1] == "kind":
            labels = {key.strip(): value.strip() for key, _, value in (part.partition(":") for part in line.split("|"))}
        elif given and given[2].strip().lower() not in ("", "none", "-"):
            written[given[1]].append(given[2].strip())
        elif not given:
            raise ValueError(f"{name}, {id_}: this line is not understood: {line}")
    care = labels.get("care", "none")
    return Opening(
        id_, tuple(units), labels["kind"], care.rstrip("?"), labels["worth"], None, tuple(written["fine"]), tuple(written["awk"]),
        tuple(written["wrong"]), care.endswith("?"), topic,
    )  # fmt: skip


def _unit(roles: str, flags: str, words: str) -> Unit:
    plain = words.rstrip("\u00b6")
    lines = len(words) - len(plain)
    return Unit(plain.strip(), roles, "*" in flags, "+" in flags, "\n" * lines or " ")


@dataclass
class Varied:
    """Makes variations; `others` lends asides and pasted text."""

    others: Sequence[Opening]
    rng: random.Random
    lent: list[Unit] = field(init=False)

    def __post_init__(self) -> None:
        self.lent = [unit for o in self.others for unit in o.units if unit.roles[0] in "GNX" and len(unit.text) < 160]

    def of(self, opening: Opening) -> Opening:
        rng = self.rng
        if not opening.units or rng.random() < 0.25:
            return opening
        changed = self._shorter(opening) if rng.random() < 0.3 else opening
        if rng.random() < 0.12 and self.lent:
            units = list(changed.units)
            units.insert(
                rng.choice([0, len(units)]) if rng.random() < 0.5 else rng.randrange(len(units) + 1), rng.choice(self.lent)
            )
            changed = replace(changed, units=tuple(units))
        if rng.random() < 0.25:
            changed = _each(changed, str.lower)
        if rng.random() < 0.15:
            keep = rng.random() * 0.5
            changed = _each(changed, lambda words: "".join(c for c in words if c not in _MARKS or rng.random() < keep))
        elif rng.random() < 0.15:
            changed = _each(changed, lambda words: words.rstrip(".!?"))
        if rng.random() < 0.2:
            changed = replace(changed, units=tuple(replace(unit, break_after=" ") for unit in changed.units))
        if rng.random() < 0.2:
            changed = _each(changed, self._misspelt)
        units = tuple(unit for unit in changed.units if unit.text.strip())
        return replace(changed, units=units) if units else opening

    def _shorter(self, opening: Opening) -> Opening:
        """Without some of the units on which no question is built; only what still holds keeps its label."""
        kept = tuple(u for u in opening.units if u.asked or u.added or self.rng.random() > 0.35)
        if len(kept) == len(opening.units) or not kept:
            return opening
        gone = [u for u in opening.units if u not in kept]
        harmless = all(u.roles[0] in "GN" for u in gone)
        if opening.care not in (None, "none") and not harmless:
            return opening
        return opening if not harmless and opening.kind in ("other",) else replace(
            opening, units=kept, worth=opening.worth if harmless else None, kind=opening.kind if harmless else None
        )  # fmt: skip

    def _misspelt(self, words: str) -> str:
        rng, letters = self.rng, list(words)
        for index, letter in enumerate(letters):
            if letter.isalpha() and rng.random() < 0.015:
                letters[index] = rng.choice(["", letter * 2, rng.choice("aeiourstnl"), letter])
        return "".join(letters)


def _each(opening: Opening, change: Callable[[str], str]) -> Opening:
    return replace(opening, units=tuple(replace(unit, text=change(unit.text).strip()) for unit in opening.units))
