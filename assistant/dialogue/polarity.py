"""Whether a sentence says the contrary of its source: a "not" more or less, or the other of two opposites."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dialogue.words import FUNCTION, content, is_negative, located_words, stem

SCOPE = 8
_CLAUSE = re.compile(
    r"[,;:()\u2013\u2014.!?|]+|\s-\s|\b(?:but|because|so that|and|which|while|however|although|since)\b", re.IGNORECASE
)
_INSTEAD = re.compile(r"\b(?:rather than|instead of|in place of|than)\b", re.IGNORECASE)
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
daily monthly|monthly yearly|manager team|direct indirect|known unknown|stable unstable|equal unequal|ready unready
""".replace("\n", "")
_OPPOSITES: dict[str, set[str]] = {}
for _pair in _PAIRS.split("|"):
    _one, _other = (stem(_word) for _word in _pair.split())
    _OPPOSITES.setdefault(_one, set()).add(_other)
    _OPPOSITES.setdefault(_other, set()).add(_one)


def turned(text: str, source: Sequence[str]) -> bool:
    """Whether the text denies what these sentences say, says what they deny, or has the opposite of a word of theirs."""
    mine = frozenset(content(text))
    shared = [(len(mine & frozenset(content(piece))), piece) for piece in source]
    most = max((count for count, _ in shared), default=0)
    closest = [piece for count, piece in shared if count and count * 2 >= most]
    return _denied(text, closest) or _opposed(text, closest)


def _denied(text: str, source: Sequence[str]) -> bool:
    plain, negated = _sides(text)
    said, denied = frozenset[str](), frozenset[str]()
    for piece in source:
        more, less = _sides(piece)
        said, denied = said | more, denied | less
    ours = negated & (said | denied)
    if negated and not (ours & denied) and not (ours == frozenset() and denied):
        return True
    theirs = (denied - said) & (plain - negated)
    return len(theirs) * 2 >= len(denied - said) > 0 and not negated


def _sides(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems that are said as they are, and those in the scope of a negation: its clause, some words on."""
    plain, negated = set[str](), set[str]()
    for clause in _CLAUSE.split(text):
        if not clause:
            continue
        left = 0
        for word in located_words(clause):
            if is_negative(word.folded):
                left = SCOPE
            elif word.folded not in FUNCTION:
                (negated if left else plain).add(stem(word.folded))
            left = max(0, left - 1)
        said, _, instead = _parted(clause)
        if instead and not said:
            negated |= set(content(instead))
    return frozenset(plain), frozenset(negated)


def _parted(clause: str) -> tuple[str, str, str]:
    match = _INSTEAD.match(clause.strip())
    return ("", match.group(), clause.strip()[match.end() :]) if match else (clause, "", "")


def _opposed(text: str, source: Sequence[str]) -> bool:
    mine = {stem(word.folded) for word in located_words(text)}
    theirs = {stem(word.folded) for piece in source for word in located_words(piece)}
    return any(word in _OPPOSITES and word not in theirs and _OPPOSITES[word] & theirs - mine for word in mine)
