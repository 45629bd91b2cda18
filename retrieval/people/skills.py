"""What a person who knows one thing probably knows as well: a taxonomy, written by hand, kept as data.

Text matching cannot see that somebody who writes "React developer" can help with CSS. The taxonomy can: each skill has
other names, narrower skills, and implies further skills with a chance; what is implied counts for what it implies in
turn, one step on. The chance that a person knows a skill is that of the best single statement, never a sum, so listing
many skills adds nothing to any one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from retrieval.people.spelling import folded, key, tokens

CHANCE = {1: 0.25, 2: 0.45, 3: 0.7}
"""What the marks 1, 2 and 3 in the file mean."""
BROADER, NARROWER = 0.8, 0.3
"""That who knows the narrower knows the broader, and the other way round."""
SECOND_STEP = 0.7
"""What is left of a chance over two steps, beside the product."""
LONGEST_NAME = 5
SHORT_QUESTION = 3
"""In a question of so many words the exact spelling of a name does not matter."""
SHORTEST_JOINED = 5
"""Letters of a name that may be written as one word or as several."""

Row = tuple[str, list[str], list[str], list[str]]
"""A line of the file: skill, other names, narrower skills, what is implied."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Names to skills, and skills to what they imply.

    The keys of `names` and `loose` are made by `skill_spelling.key`; `exact` has the names that count in this spelling only,
    and `loose` the same for short questions. `spelled` has all names in lower case, as a person writes them; `begun` has
    the beginnings of all keys, so that a word with which no name begins costs nothing.
    """

    spelled: Mapping[str, str]
    names: Mapping[str, str]
    exact: Mapping[str, str]
    loose: Mapping[str, str]
    implied: Mapping[str, Mapping[str, float]]
    begun: frozenset[str]
    _further: dict[str, Mapping[str, float]] = field(default_factory=dict, compare=False, repr=False)

    def mentioned(self, text: str) -> frozenset[str]:
        """The skills that a text names; the longest name at each place counts."""
        given = tokens(text)
        keys = [folded(token) for token in given]
        short = len(given) <= SHORT_QUESTION
        found, after = set(), 0
        for at, name in enumerate(keys):
            if name not in self.begun or at < after:
                continue
            longer, length = self._longest(keys[at : at + LONGEST_NAME])
            skill = longer or self.names.get(name) or self.exact.get(given[at]) or (self.loose.get(name) if short else None)
            if skill:
                found.add(skill)
            after = at + length
        return frozenset(found)

    def _longest(self, keys: list[str]) -> tuple[str | None, int]:
        """The skill of the most words from the first on that are a name together, at least two, and how many these are."""
        best, length, joined = None, 1, keys[0]
        for size, name in enumerate(keys[1:], start=2):
            joined += name
            if len(joined) >= SHORTEST_JOINED and joined in self.names:
                best, length = self.names[joined], size
            if joined not in self.begun:
                break
        return best, length

    def named(self, name: str) -> str | None:
        """The skill that a whole name stands for, if the table has it."""
        low = key(name)
        return self.names.get(low) or self.loose.get(low)

    def further(self, skill: str) -> Mapping[str, float]:
        """What a skill implies, directly or over one step more, with the chance."""
        if skill not in self._further:
            best: dict[str, float] = {}
            for other, chance in self.implied.get(skill, {}).items():
                best[other] = max(chance, best.get(other, 0.0))
                for third, more in self.implied.get(other, {}).items():
                    best[third] = max(SECOND_STEP * chance * more, best.get(third, 0.0))
            best.pop(skill, None)
            self._further[skill] = best
        return self._further[skill]

    def chances(self, known: Iterable[str]) -> dict[str, float]:
        """How likely a person who shows these skills knows each skill, 0..1."""
        best: dict[str, float] = {}
        for skill in sorted(known):
            best[skill] = 1.0
            for other, chance in self.further(skill).items():
                best[other] = max(chance, best.get(other, 0.0))
        return best


@lru_cache(maxsize=1)
def taxonomy() -> Taxonomy:
    """The taxonomy that ships with Askwell."""
    return read((files("retrieval") / "data" / "skills.txt").read_text("utf-8"))


def read(text: str) -> Taxonomy:
    """A taxonomy from its file (the form stands at the head of the file). Raises ValueError for a broken line."""
    rows = list(_rows(text))
    names: dict[str, str] = {}
    exact: dict[str, str] = {}
    for name, skill in _named(rows):
        if name.startswith('"'):
            exact.setdefault(name.strip('"'), skill)
        else:
            names.setdefault(key(name), skill)
    loose = {key(name): skill for name, skill in exact.items()}
    spelled = {low: names.get(key(low)) or loose[key(low)] for name, _ in _named(rows) if (low := name.strip('"').lower())}
    begun = frozenset(name[: size + 1] for name in (*names, *loose) for size in range(len(name)))
    return Taxonomy(spelled, names, exact, loose, _implied(rows, names, loose), begun)


def _rows(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 4:
                raise ValueError(f"skills, line {number}: not four parts")
            yield parts[0], _list(parts[1]), _list(parts[2]), _list(parts[3])


def _named(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Every name, in double quotes or not, and the skill it stands for; the first line that has a name decides."""
    for skill, same, _, _ in rows:
        own = [] if any(name.startswith('"') and name.strip('"').lower() == skill for name in same) else [skill]
        yield from ((name, skill) for name in [*own, *same])
    for _, _, narrower, _ in rows:
        for alike in (_list(one, "=") for one in narrower):
            first = alike[0].lower().strip('"') if alike[0].startswith('"') else alike[0]
            yield from ((name, first) for name in alike)


def _implied(rows: Iterable[Row], names: Mapping[str, str], loose: Mapping[str, str]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}

    def add(one: str, other: str, chance: float) -> None:
        low, high = (names.get(key(name)) or loose.get(key(name)) or name for name in (one, other))
        if low != high:
            found.setdefault(low, {})[high] = max(chance, found.get(low, {}).get(high, 0.0))

    for skill, _, narrower, implied in rows:
        for name in narrower:
            first = _list(name, "=")[0]
            add(first, skill, BROADER)
            add(skill, first, NARROWER)
        for part in implied:
            other, _, mark = part.rpartition(" ")
            add(skill, other, CHANCE[int(mark)])
    return found


def _list(text: str, mark: str = ",") -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]
