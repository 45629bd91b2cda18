"""Whether words that all stand in a source have changed places: a figure with another thing, what is before with what is after,
or the steps of a course. Each word alone is right then, and the whole is not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.dialogue.grounding.folded_words import FUNCTION, NUMERALS, content, is_negative, is_number, stem, words

OPPOSITE = {"before": "after", "after": "before", "into": "from", "from": "into", "above": "below", "below": "above",
            "over": "under", "under": "over"}  # fmt: skip
TWO_SIDED = frozenset({"into", "before", "after", "above", "below", "than"})
IN_ORDER = 0.6
"""So much of the words that a text shares with a sentence keeps the order of that sentence at least."""
LEAST_SHARED = 4
_CLAUSE = re.compile(r"[.!?;:,]+(?=\s|\Z)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\Z")


def exchanged(text: str, source: str) -> bool:
    """Whether a figure counts something else than in the source, or something stands on the other side of a direction."""
    mine, theirs = _counted(text), _counted(source)
    every = frozenset[str]().union(*theirs.values()) if theirs else frozenset()
    if any(thing in theirs and figures & every - theirs[thing] for thing, figures in mine.items()):
        return True
    if any(other in _after(source, OPPOSITE[way]) - _after(source, way) for way in OPPOSITE for other in _after(text, way)):
        return True
    given, told = _sides(source), _sides(text)
    for way in TWO_SIDED:
        before = {left for left, where, _, _ in given if where == way}
        beyond = {right for _, where, right, _ in given if where == way} - before
        if any(left in beyond and right not in beyond for left, where, right, _ in told if where == way):
            return True
    return any(
        (right, way, left, denied) in given or (left, way, right, not denied) in given
        for left, way, right, denied in told - given
    )


def disordered(text: str, sentence: str) -> bool:
    """Whether the text tells what the sentence tells in another order."""
    theirs = {word: place for place, word in reversed(list(enumerate(content(sentence))))}
    shared = [theirs[word] for word in dict.fromkeys(content(text)) if word in theirs]
    return len(shared) >= LEAST_SHARED and _rising(shared) < IN_ORDER * len(shared)


@lru_cache(maxsize=256)
def _counted(text: str) -> Mapping[str, frozenset[str]]:
    """By the thing that follows it, the figures that count it."""
    found: dict[str, frozenset[str]] = {}
    for told in map(words, _CLAUSE.split(text)):
        for place, word in enumerate(told):
            if not (is_number(word) or word in NUMERALS):
                continue
            figure = NUMERALS.get(word, _ORDINAL.sub("", word)) + ("%" if told[place + 1 : place + 2] == ["%"] else "")
            following = next((other for other in told[place + 1 :] if other not in FUNCTION and other != "%"), "")
            if following and not is_number(following) and following not in NUMERALS:
                found[stem(following)] = found.get(stem(following), frozenset()) | {figure}
    return found


@lru_cache(maxsize=256)
def _after(text: str, way: str) -> frozenset[str]:
    """What follows such a word."""
    told = words(text)
    places = [place for place, word in enumerate(told) if word == way]
    following = (next((other for other in told[place + 1 :] if other not in FUNCTION), "") for place in places)
    return frozenset(stem(word) for word in following if word)


@lru_cache(maxsize=256)
def _sides(text: str) -> frozenset[tuple[str, str, str, bool]]:
    """What stands on either side of a direction within a clause, and whether the clause denies it."""
    return frozenset(side for clause in _CLAUSE.split(text) for side in _sides_of(words(clause)))


def _sides_of(told: list[str]) -> Iterator[tuple[str, str, str, bool]]:
    for place, word in enumerate(told):
        if word in TWO_SIDED:
            left = next((other for other in reversed(told[:place]) if other not in FUNCTION), "")
            right = next((other for other in told[place + 1 :] if other not in FUNCTION), "")
            if left and right:
                yield stem(left), word, stem(right), any(map(is_negative, told[:place]))


def _rising(places: list[int]) -> int:
    """How many of them can be kept so that they rise."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)
