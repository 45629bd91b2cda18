"""Which of the dates in a message is the mentee's deadline: the one that belongs to the ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.adapters.offline.dates.deadline import deadline_spans
from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.unit_model import Unit

LEAST = 0.35
"""Least probability that a unit states a date."""
CUED = 0.6
"""Weight above which a time phrase begins with a word such as "by"."""
_LIMIT = re.compile(r"(?:by|before|b4|until|till|due|no\slater|not\slater|latest|ahead\sof)\b", re.IGNORECASE)
_FOR_THEN = re.compile(rf"{_LIMIT.pattern}|(?:for|on|at)\b", re.IGNORECASE)
_WAITING = re.compile(r"\b(?:wait(?:ing|s|ed)?|stay(?:ing|s|ed)?|go on|lasts?)\s*$", re.IGNORECASE)
_OBLIGED = re.compile(r"\b(?:i|we)(?:'m| am| are|'re)? (?:need to|must|have to|has to|got to|to|should)\b", re.IGNORECASE)
_PAST_EVENT = re.compile(
    r"\b(?:i|we|he|she|they|it)(?: also| already| just| then| even| both| all)* "
    r"(?:[a-z]+ed|was|were|had|did|went|met|spoke|sent|wrote|told|got|gave|said|saw|came|took|rang|asked|began|held)\b[^.;!?]*$",
    re.IGNORECASE,
)
"""What somebody did, before a time without a limit: when it was, not when something is due."""
_DETERMINED = re.compile(r"\b(?:the|our|my|his|her|their|this|that|a|an) [^\W\d_]+$", re.IGNORECASE)
_NOUN_AFTER = re.compile(
    r" (?!(?:at|in|on|of|and|or|but|so|if|when|to|is|was|for|with|by|because|since|as|please|latest|morning|afternoon|evening|"
    r"night|noon|i|we|he|she|they|it|you|how|what|who|can|could|should|do|does)\b)[a-z]{3,}"
)


def deadline(units: Sequence[Unit], asked: Unit | None) -> list[Span]:
    """The time phrase of the deadline, or nothing.

    First a limit in the ask itself ("by Friday"), then the unit that most probably states a date, then a date of the wish
    or a limit of something that the author has to do.
    """
    own = [unit for unit in units if unit.role != "X"]
    limits = [phrase for phrase in _phrases(asked) if _limits(asked, phrase)] if asked else []
    if asked and limits:
        return [_placed(asked, max(limits, key=lambda phrase: phrase.score))]
    dated = [unit for unit in own if unit is asked or unit.roles.get("D", 0.0) >= LEAST]
    dated.sort(key=lambda unit: -(unit.roles.get("D", 0.0) + (0.2 if unit is asked else 0.0)))
    for unit in dated:
        found = [phrase for phrase in _phrases(unit) if phrase.score > CUED or unit is not asked]
        if found:
            return [_placed(unit, max(found, key=lambda phrase: phrase.score))]
    return next(([_placed(unit, phrase)] for unit in own for phrase in _phrases(unit) if _binds(unit, phrase)), [])


def _phrases(unit: Unit) -> Iterator[Span]:
    for start, end, weight in deadline_spans(unit.text):
        past = _PAST_EVENT.search(unit.text[:start]) and not _LIMIT.match(unit.text, start)
        if not inside_a_noun(unit.text, start, end) and not past:
            yield Span(start, end, weight)


def inside_a_noun(text: str, start: int, end: int) -> bool:
    """Whether a time only qualifies the noun after it, as in "before the December plan goes out"."""
    return bool(_DETERMINED.search(text[start:end]) and _NOUN_AFTER.match(text, end))


def _limits(unit: Unit, phrase: Span) -> bool:
    return bool(_LIMIT.match(unit.text, phrase.start)) and not _WAITING.search(unit.text[: phrase.start])


def _binds(unit: Unit, phrase: Span) -> bool:
    """Whether a date that no unit states as such binds the author: a date of the wish, or a limit of a duty of theirs."""
    if unit.role == "W":
        return bool(_FOR_THEN.match(unit.text, phrase.start))
    duty = unit.role not in "ENG" and _OBLIGED.search(unit.text[: phrase.start].replace("\u2019", "'"))
    return bool(duty) and _limits(unit, phrase)


def _placed(unit: Unit, phrase: Span) -> Span:
    return Span(unit.span.start + phrase.start, unit.span.start + phrase.end, phrase.score)
