"""Detects a text that contradicts its source: a negation added or lost, or a word replaced by its antonym.

Each clause of the text is compared with the clauses of the source that share most of its words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.dialogue.grounding.folded_words import NUMERALS, is_negative, located_words, stem
from retrieval.text import FUNCTION_WORDS

_BREAK = re.compile(
    r"[,;:()\u2013\u2014!?|]+|[.](?=\s|\Z)|\s-\s|\s+(?=rather than\b|instead of\b|in place of\b|and not\b|but not\b|without\b)"
    r"|\b(?:but|because|so that|and|which|while|however|although|since|as|(?<!rather )than|when|if|until|unless|where"
    r"|that|who|whom|whose)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:rather than|instead of|in place of|leave out|leaves? off|left out|keep \w+ (?:\w+ )?away|keep away|drop the|"
    r"far from|free of|no longer|too \w+ to|fails? to|let go of|stops? \w+ing)\b",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(?:un|in|im|ir|dis|non)(?=[a-z]{4})")
_PAIRS = """
mentor mentee|buyer seller|supplier customer|before after|first last|more less|more fewer|most least|above below|over under|
increase decrease|raise lower|rise fall|high low|higher lower|highest lowest|long short|longer shorter|early late|earlier later|
always never|always rarely|open close|start end|start stop|begin end|largest smallest|large small|big small|maximum minimum|
inside outside|internal external|accept reject|allow forbid|include exclude|add remove|positive negative|public private|
upper lower|left right|shared private|same different|right wrong|good bad|best worst|easy hard|easy difficult|
slow fast|slower faster|quickly slowly|strong weak|sender recipient|junior senior|manual automatic|ascending descending|
oldest newest|older younger|old new|agree disagree|win lose|loss profit|buy sell|lend borrow|import export|up down|
alone together|one-to-one group|aloud silently|yes no|mandatory optional|required optional|all none|everyone nobody|
morning evening|single several|gross net|estimated actual|planned actual|required forbidden|weekly monthly|daily weekly|
daily monthly|monthly yearly|direct indirect|known unknown|with without|even only|many few|
everywhere nowhere|longer less|at-least at-most|faster slower|cheaper dearer|cheap expensive|innermost outermost|
horizontal vertical
"""
OPPOSITES: dict[str, set[str]] = {}
for _pair in _PAIRS.replace("\n", "").split("|"):
    _one, _other = (stem(_word) for _word in _pair.split())
    OPPOSITES.setdefault(_one, set()).add(_other)
    OPPOSITES.setdefault(_other, set()).add(_one)


class Clause(NamedTuple):
    """The stems of a clause, and whether it is negated."""

    stems: frozenset[str]
    denies: bool


def negated(text: str, source: Sequence[str]) -> bool:
    """Whether the text denies what these sentences state, states what they deny, or has the antonym of one of their words."""
    mine = clauses(text)
    theirs = [clause for piece in source for clause in clauses(piece)]
    nearest = clauses(source[0]) if source else ()
    denied = [clause for clause in theirs if clause.denies and (clause in nearest or _mostly(clause, mine))]
    only_denied = _all(denied).difference(*(clause.stems for clause in theirs if not clause.denies))
    if any(_against(clause, theirs) for clause in mine) or _opposed(text, source[:1]):
        return True
    agreed = any(clause.denies for clause in mine)
    return (not agreed and bool(only_denied & _all(mine))) or any(
        _swapped(clause, mine, clauses(piece)) for clause in mine for piece in source
    )


def _mostly(clause: Clause, mine: Collection[Clause]) -> bool:
    return len(clause.stems & _all(mine)) * 2 > len(clause.stems)


def _all(found: Collection[Clause]) -> frozenset[str]:
    return frozenset[str]().union(*(clause.stems for clause in found))


def _swapped(clause: Clause, mine: Collection[Clause], theirs: Collection[Clause]) -> bool:
    """Whether two clauses of one sentence have exchanged a word."""
    if len(clause.stems) < 2 or not clause.stems <= _all(theirs) or any(clause.stems <= other.stems for other in theirs):
        return False
    moved = _all(_nearest(clause, theirs)) - clause.stems
    return any(moved & other.stems - near.stems for other in mine if other is not clause for near in _nearest(other, theirs))


def _nearest(clause: Clause, others: Collection[Clause]) -> list[Clause]:
    most = max(len(clause.stems & other.stems) for other in others)
    return [other for other in others if most and len(clause.stems & other.stems) == most]


@lru_cache(maxsize=512)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text; a single word (as in an enumeration) is joined to the next clause."""
    found: list[Clause] = []
    short = frozenset[str]()
    for part in _BREAK.split(text):
        clause = _clause(part or "")
        if len(clause.stems) == 1 and not clause.denies:
            short |= clause.stems
        elif clause.stems:
            found.append(clause._replace(stems=clause.stems | short))
            short = frozenset()
    return (*found, Clause(short, False)) if short else tuple(found)


def _clause(text: str) -> Clause:
    denials = len(_INSTEAD.findall(text))
    stems = set[str]()
    for word in located_words(text):
        folded = word.folded
        denials += is_negative(folded)
        if folded in FUNCTION_WORDS or (len(folded) == 1 and folded.isalpha()):
            continue
        bare = _PREFIX.sub("", folded).removesuffix("less")
        stems.add(stem(NUMERALS.get(folded, folded)))
        if bare != folded:
            stems.add(stem(bare))
    return Clause(frozenset(stems), denials % 2 == 1)


def _against(clause: Clause, source: Collection[Clause]) -> bool:
    """Whether all closest clauses of the source have the opposite polarity."""
    shared = [(len(clause.stems & other.stems) / len(clause.stems | other.stems) ** 0.5, other) for other in source]
    most = max((count for count, _ in shared), default=0.0)
    if not most:
        return clause.denies and not any(other.denies for other in source)
    return all(other.denies != clause.denies for count, other in shared if count >= most * 0.9)


def _opposed(text: str, source: Sequence[str]) -> bool:
    mine = {stem(word.folded) for word in located_words(text)}
    theirs = {stem(word.folded) for piece in source for word in located_words(piece)}
    return any(word in OPPOSITES and word not in theirs and OPPOSITES[word] & theirs - mine for word in mine)
