"""The skills taxonomy, written by hand and kept as data: which skills imply which, and with what probability.

Text matching cannot tell that somebody who writes "React developer" can help with CSS. In the taxonomy each skill has synonyms
and narrower skills, and implies further skills with a probability; implied skills imply further ones, one step on. The
probability that a person knows a skill is that of the best single implication, never a sum, so listing many skills adds nothing
to any one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from retrieval.people.spelling import folded, key, tokens

CHANCE = {1: 0.25, 2: 0.45, 3: 0.7}
"""The probabilities of the marks 1, 2 and 3 in the file."""
BROADER, NARROWER = 0.8, 0.3
"""The probability that a person with the narrower skill has the broader one, and the reverse."""
SECOND_STEP = 0.7
"""Factor for an implication over two steps, beside the product of their probabilities."""
LONGEST_NAME = 5
"""Words of a name."""
SHORT_QUESTION = 3
"""In a question of at most so many words, names that normally need their exact spelling match in any spelling."""
SHORTEST_JOINED = 5
"""The shortest name (letters) that matches as one word and as several."""

Row = tuple[str, list[str], list[str], list[str]]
"""A line of the file: skill, synonyms, narrower skills, implied skills."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Names to skills, and skills to what they imply.

    The keys of `names` and `loose` are made by `spelling.key`; `exact` has the names that match in this spelling only, and
    `loose` the same names for short questions. `spelled` has all names in lower case; `begun` has the prefixes of all keys, so
    that a word with which no name begins is skipped at once.
    """

    spelled: Mapping[str, str]
    names: Mapping[str, str]
    exact: Mapping[str, str]
    loose: Mapping[str, str]
    implied: Mapping[str, Mapping[str, float]]
    begun: frozenset[str]
    _further: dict[str, Mapping[str, float]] = field(default_factory=dict, compare=False, repr=False)

    def mentioned(self, text: str) -> frozenset[str]:
        """The skills that a text names; at each position the longest name counts."""
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
        """The skill whose name is the longest run of at least two words from the first on, and its number of words."""
        best, length, joined = None, 1, keys[0]
        for size, name in enumerate(keys[1:], start=2):
            joined += name
            if len(joined) >= SHORTEST_JOINED and joined in self.names:
                best, length = self.names[joined], size
            if joined not in self.begun:
                break
        return best, length

    def named(self, name: str) -> str | None:
        """The skill of a name, or None."""
        low = key(name)
        return self.names.get(low) or self.loose.get(low)

    def further(self, skill: str) -> Mapping[str, float]:
        """The skills that a skill implies in one or two steps, with their probabilities."""
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
        """The probability (0..1) of each skill for a person who shows these skills."""
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
    """Parses a taxonomy (its format is described at the head of the file). Raises ValueError for an invalid line."""
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
    """Every name, in double quotes if it needs its exact spelling, and its skill; the first line with a name wins."""
    for skill, same, _, _ in rows:
        own = [] if any(name.startswith('"') and name.strip('"').lower() == skill for name in same) else [skill]
        yield from ((name, skill) for name in [*own, *same])
    for _, _, narrower, _ in rows:
        for alike in (_list(names, "=") for names in narrower):
            first = alike[0].lower().strip('"') if alike[0].startswith('"') else alike[0]
            yield from ((name, first) for name in alike)


def _implied(rows: Iterable[Row], names: Mapping[str, str], loose: Mapping[str, str]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}

    def add(skill: str, other: str, chance: float) -> None:
        low, high = (names.get(key(name)) or loose.get(key(name)) or name for name in (skill, other))
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
