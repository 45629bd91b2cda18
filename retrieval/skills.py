"""What a person who knows one thing probably knows as well: a small taxonomy, written by hand, kept as data.

Text matching cannot see that somebody who writes "React developer" can help with CSS. The taxonomy can: each skill has
other names, and implies further skills with a chance. The chance that a person knows a skill is that of the best single
statement, never a sum, so listing many skills adds nothing to any one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

CHANCE = {1: 0.25, 2: 0.45, 3: 0.7}
"""What the marks 1, 2 and 3 in the file mean."""
LONGEST_NAME = 5
SHORT_QUESTION = 3
"""In a question of so many words the exact spelling of a name does not matter."""

_TOKEN = re.compile(r"[.]?[^\W_]+(?:[#+]+|(?:[.&'’][^\W_]+)*)", re.UNICODE)  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Names to skills, and skills to what they imply."""

    names: Mapping[tuple[str, ...], str]
    exact: Mapping[str, str]
    implied: Mapping[str, Mapping[str, float]]

    def mentioned(self, text: str) -> frozenset[str]:
        """The skills that a text names; the longest name at each place counts."""
        tokens = [match.group() for match in _TOKEN.finditer(text)]
        folded = [_fold(token) for token in tokens]
        short = len(tokens) <= SHORT_QUESTION
        found, at = set(), 0
        while at < len(tokens):
            for length in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
                skill = self.names.get(tuple(folded[at : at + length]))
                if skill is None and length == 1:
                    skill = self.exact.get(tokens[at]) or (short and self.exact.get(tokens[at].capitalize())) or None
                if skill is not None:
                    found.add(skill)
                    break
            at += length
        return frozenset(found)

    def chances(self, known: Iterable[str]) -> dict[str, float]:
        """How likely a person who shows these skills knows each skill, 0..1."""
        best: dict[str, float] = {}
        for skill in sorted(known):
            best[skill] = 1.0
            for other, chance in self.implied.get(skill, {}).items():
                best[other] = max(chance, best.get(other, 0.0))
        return best


@lru_cache(maxsize=1)
def taxonomy() -> Taxonomy:
    """The taxonomy that ships with Askwell."""
    return read((files("retrieval") / "data" / "skills.txt").read_text("utf-8"))


def read(text: str) -> Taxonomy:
    """A taxonomy from its file (the form stands at the head of the file). Raises ValueError for a broken line."""
    names: dict[tuple[str, ...], str] = {}
    exact: dict[str, str] = {}
    rows: list[tuple[str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3:
            raise ValueError(f"skills, line {number}: not three parts")
        skill, others, implied = parts
        rows.append((skill, _list(implied)))
        for name in _list(others):
            if name.startswith('"'):
                exact[name.strip('"')] = skill
            else:
                names.setdefault(_key(name), skill)
        if skill not in {name.lower() for name in exact}:
            names[_key(skill)] = skill
    return Taxonomy(names, exact, {skill: _implied(names, parts) for skill, parts in rows})


def _implied(names: Mapping[tuple[str, ...], str], parts: Iterable[str]) -> dict[str, float]:
    found = {}
    for part in parts:
        name, _, mark = part.rpartition(" ")
        found[names.get(_key(name), name)] = CHANCE[int(mark)]
    return found


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _key(name: str) -> tuple[str, ...]:
    return tuple(_fold(match.group()) for match in _TOKEN.finditer(name))


def _fold(token: str) -> str:
    """Lower case, and without the plural s of longer words."""
    low = token.lower()
    return low[:-1] if len(low) > 4 and low.endswith("s") and not low.endswith("ss") else low
