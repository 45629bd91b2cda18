"""Finds planned points that the notes do not cover: put off explicitly, or none of their content words occurs.

A point of a single content word counts as uncovered only if it is put off: it may be covered in other words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.adapters.offline.debrief.lexicon import either, says, words
from assistant.adapters.offline.debrief.units import Statement

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = re.compile(r"(?:ations?|ingly|ings?|ments?|ness|edly|ed|ies|es|s|ly|y|e|al|ion|er|ility|ances?)$")
_STEM, _HALF = 3, 0.5


def not_covered(planned: Sequence[str], units: Sequence[Statement]) -> tuple[str, ...]:
    """The planned points, in order, that no sentence covers. Formal parts count only if the notes put them off."""
    put_off = [_stems(unit.text) for unit in units if says("turn.defer", unit.text)]
    said = [_stems(unit.text) for unit in units if not says("turn.defer", unit.text)]
    heard = frozenset[str]().union(*said) if said else frozenset[str]()
    letters = frozenset(word.lower() for unit in units for word in re.findall(r"\b[A-Z]{2,5}\b", unit.text))
    return tuple(point for point in dict.fromkeys(planned) if _missing(point, heard, put_off, letters))


def _missing(point: str, heard: frozenset[str], put_off: Sequence[frozenset[str]], letters: frozenset[str]) -> bool:
    wanted = _stems(point)
    if not wanted:
        return False
    if any(_share(wanted, words) >= _HALF for words in put_off):
        return True
    if re.fullmatch(either("plan.formal"), point.strip(), re.IGNORECASE):
        return False
    return len(point.split()) > 1 and _share(wanted, heard) == 0 and not (_initials(point) & letters)


def _share(wanted: frozenset[str], heard: frozenset[str]) -> float:
    return sum(any(_same(stem, other) for other in heard) for stem in wanted) / len(wanted)


def _same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or (len(shorter) > _STEM and longer.startswith(shorter))


def _stems(text: str) -> frozenset[str]:
    small = set(words("plan.small"))
    return frozenset(_stem(word) for word in _WORD.findall(text.lower()) if word not in small and not word.isdigit())


def _stem(word: str) -> str:
    stem = _ENDINGS.sub("", word)
    return stem if len(stem) >= _STEM else word


def _initials(point: str) -> frozenset[str]:
    """Possible abbreviations of a point: "out-of-tolerance procedure" is OOT."""
    initials = [word[0] for word in _WORD.findall(point.lower())]
    spans = [(a, b) for a in range(len(initials)) for b in range(a + 3, len(initials) + 1)]
    return frozenset("".join(initials[a:b]) for a, b in spans)
