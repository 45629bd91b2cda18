"""Detects a text whose words are all in the source but in another relation: a number moved to another noun, "before" swapped
with "after", or steps in another order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.dialogue.grounding.folded_words import NUMERALS, content, is_negative, is_number, stem, words
from retrieval.text import FUNCTION_WORDS

OPPOSITE = {"before": "after", "after": "before", "into": "from", "from": "into", "above": "below", "below": "above",
            "over": "under", "under": "over"}  # fmt: skip
TWO_SIDED = frozenset({"into", "before", "after", "above", "below", "than"})
IN_ORDER = 0.6
"""The least share of common words that must be in the order of the sentence."""
LEAST_SHARED = 4
_CLAUSE = re.compile(r"[.!?;:,]+(?=\s|\Z)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\Z")


def exchanged(text: str, source: str) -> bool:
    """Whether a number counts another noun than in the source, or the two sides of a preposition are swapped."""
    if recounted(text, source):
        return True
    if any(noun in _after(source, OPPOSITE[prep]) - _after(source, prep) for prep in OPPOSITE for noun in _after(text, prep)):
        return True
    source_sides, text_sides = _sides(source), _sides(text)
    for prep in TWO_SIDED:
        lefts = {left for left, found, _, _ in source_sides if found == prep}
        rights = {right for _, found, right, _ in source_sides if found == prep} - lefts
        if any(left in rights and right not in rights for left, found, right, _ in text_sides if found == prep):
            return True
    return any(
        (right, prep, left, denied) in source_sides or (left, prep, right, not denied) in source_sides
        for left, prep, right, denied in text_sides - source_sides
    )


def recounted(text: str, source: str) -> bool:
    """Whether a number counts another noun than in the source."""
    mine, theirs = _counted(text), _counted(source)
    every = frozenset[str]().union(*theirs.values()) if theirs else frozenset()
    return any(thing in theirs and bool(figures & every - theirs[thing]) for thing, figures in mine.items())


def disordered(text: str, sentence: str) -> bool:
    """Whether the words that the text shares with the sentence are in another order."""
    theirs = {word: place for place, word in reversed(list(enumerate(content(sentence))))}
    shared = [theirs[word] for word in dict.fromkeys(content(text)) if word in theirs]
    return len(shared) >= LEAST_SHARED and _rising(shared) < IN_ORDER * len(shared)


@lru_cache(maxsize=256)
def _counted(text: str) -> Mapping[str, frozenset[str]]:
    """Maps each noun to the numbers before it."""
    found: dict[str, frozenset[str]] = {}
    for clause in map(words, _CLAUSE.split(text)):
        for place, word in enumerate(clause):
            if not (is_number(word) or word in NUMERALS):
                continue
            figure = NUMERALS.get(word, _ORDINAL.sub("", word)) + ("%" if clause[place + 1 : place + 2] == ["%"] else "")
            following = next((other for other in clause[place + 1 :] if other not in FUNCTION_WORDS and other != "%"), "")
            if following and not is_number(following) and following not in NUMERALS:
                found[stem(following)] = found.get(stem(following), frozenset()) | {figure}
    return found


@lru_cache(maxsize=256)
def _after(text: str, preposition: str) -> frozenset[str]:
    """Stems of the first content word after each occurrence of the preposition."""
    found = words(text)
    places = [place for place, word in enumerate(found) if word == preposition]
    following = (next((other for other in found[place + 1 :] if other not in FUNCTION_WORDS), "") for place in places)
    return frozenset(stem(word) for word in following if word)


@lru_cache(maxsize=256)
def _sides(text: str) -> frozenset[tuple[str, str, str, bool]]:
    """(left, preposition, right, negated) for each two-sided preposition within a clause."""
    return frozenset(side for clause in _CLAUSE.split(text) for side in _sides_of(words(clause)))


def _sides_of(clause: list[str]) -> Iterator[tuple[str, str, str, bool]]:
    for place, word in enumerate(clause):
        if word in TWO_SIDED:
            left = next((other for other in reversed(clause[:place]) if other not in FUNCTION_WORDS), "")
            right = next((other for other in clause[place + 1 :] if other not in FUNCTION_WORDS), "")
            if left and right:
                yield stem(left), word, stem(right), any(map(is_negative, clause[:place]))


def _rising(places: list[int]) -> int:
    """The length of the longest increasing subsequence."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)
