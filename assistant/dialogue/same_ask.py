"""Compares questions of the mentee: which asks are not the chosen question, and whether a question was said word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST = 3
SAME = 0.6
"""Share of the content words of the shorter question from which two are the same ask."""
FEWEST = 3
"""Words after its frame by which a question is known again."""
_FRAME = re.compile(
    r"(?:how|what|who|which|when|where|why)?(?: (?:do|does|can|could|should|would|shall|is|are))?(?: (?:i|we|you))? ",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+(?:['\u2019]\w+)?")
_SMALL = frozenset(
    """a an and any anybody are as ask at be best by can could do does for from get has have help here how i if in is it me my
    need of on one or our please should so some somebody someone that the their them there they this to us we what when where
    which who why with would you your""".split()
)


def other_asks(asks: Sequence[str], question: str) -> tuple[str, ...]:
    """The asks that are neither the question nor one another, in their order, at most MOST."""
    kept: list[str] = []
    for ask in asks:
        if not any(_same(ask, other) for other in (question, *kept)):
            kept.append(ask)
    return tuple(kept[:MOST])


def word_for_word(question: str, said: Sequence[str]) -> str:
    """The part of what was said that has the words of the question in their order; empty if there is none."""
    words = [word.casefold() for word in _WORD.findall(question)]
    if not words:
        return ""
    for text in said:
        tokens = list(_WORD.finditer(text))
        folded = [token[0].casefold() for token in tokens]
        start = _run(folded, words)
        if start >= 0:
            return text[tokens[start].start() : tokens[start + len(words) - 1].end()]
    return ""


def said_as(ask: str, said: Sequence[str]) -> str:
    """The words that a question was made of, whole or after its frame ("how do I"); empty if they were not said so."""
    rest = _FRAME.sub("", ask, count=1)
    return word_for_word(ask, said) or (word_for_word(rest, said) if len(rest.split()) >= FEWEST else "")


def _same(one: str, other: str) -> bool:
    ours, theirs = _content(one), _content(other)
    fewer = min(len(ours), len(theirs))
    return len(ours & theirs) >= SAME * fewer if fewer else not ours


def _content(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text)) - _SMALL


def _run(words: Sequence[str], wanted: Sequence[str]) -> int:
    """Where the wanted words begin one after another, or -1."""
    joined, sought = "\n".join(["", *words, ""]), "\n".join(["", *wanted, ""])
    place = joined.find(sought)
    return joined.count("\n", 0, place) if place >= 0 else -1
