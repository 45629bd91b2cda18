"""What a wording must be before it is taken: a form, and no word that carries meaning beyond those it was given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from assistant.dialogue.polarity import turned
from assistant.dialogue.support import claims_status, foreign_words, has_address
from assistant.dialogue.words import HEDGES, is_negative, words

_INNER_END = re.compile(r"[.!?\u2026]['\")\]]*\s+\S|\n")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s|[Mm]ine|[Oo]urs)\b")
_WISHES = frozenset("want wants wanted learn learning hope hopes hoping plan plans planning wish interested curious".split())


def one_question(text: str, most_words: int) -> bool:
    """One sentence with one question mark at its end and so many words at most, with no address in it."""
    ends = text.endswith("?") and text.count("?") == 1
    return ends and not _INNER_END.search(text) and 3 <= len(text.split()) <= most_words and not has_address(text)


def first_person(text: str) -> bool:
    return _FIRST_PERSON.search(text) is not None


def one_line(text: str, most_words: int) -> bool:
    """A plain line or two sentences of so many words at most: no question, no status, no address, no line break."""
    plain = "?" not in text and "\n" not in text and not has_address(text) and not claims_status(text)
    return plain and 1 <= len(text.split()) <= most_words


def drawn(text: str, sources: Iterable[str], allowed: Collection[str] = ()) -> bool:
    """Whether all that carries meaning comes from the sources or the allowed words."""
    return not foreign_words(text, sources, allowed)


def shared(text: str, source: str) -> float:
    """How much of what carries meaning in the source is in the text, 0 to 1; 1 if the source has nothing to share."""
    every = foreign_words(source, ())
    return 1 - len(foreign_words(source, (text,))) / len(every) if every else 1.0


def uses(text: str, source: str) -> bool:
    """Whether the text has a word that carries meaning from the source."""
    return foreign_words(text, (source,)) != foreign_words(text, ())


def negations(text: str) -> Counter[str]:
    """The words that deny, each as often as it stands there."""
    return Counter("not" if word.endswith("n't") else word for word in words(text) if is_negative(word))


def doubts(text: str) -> frozenset[str]:
    """The words that turn, weaken or only wish what is said; negations count as one."""
    found = set(words(text))
    kept = {word for word in found if word in HEDGES | _WISHES}
    return frozenset(kept | ({"not"} if negations(text) else set()))


def faithful(text: str, source: str) -> bool:
    """Whether the text turns nothing round that the source says, and weakens or strengthens nothing."""
    kept = doubts(source) - {"would", "could"} <= doubts(text) and negations(text) == negations(source)
    return kept and not turned(text, sentences(source))


def sentences(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part.strip()]
