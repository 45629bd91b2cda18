"""Checks of generated texts: their form, and that every content word comes from the sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher

from assistant.dialogue.grounding.entailment import claims_status, foreign_words, has_address
from assistant.dialogue.grounding.folded_words import HEDGES, content, in_full, is_negative, words
from assistant.dialogue.grounding.polarity import negated
from retrieval.text import plain_sentences

LONG_WORD = 6
SPELT_ALIKE = 0.85
_NO_LONGER = re.compile(r"\bno longer\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s|[Mm]ine|[Oo]urs)\b")
_WISHES = frozenset("want wants wanted learn learning hope hopes hoping plan plans planning wish interested curious".split())


def one_question(text: str, most_words: int) -> bool:
    """Whether it is one sentence ending in its only question mark, of at most `most_words`, without an address."""
    ends = text.endswith("?") and text.count("?") == 1
    return ends and len(plain_sentences(text)) == 1 and 3 <= len(text.split()) <= most_words and not has_address(text)


def first_person(text: str) -> bool:
    return _FIRST_PERSON.search(text) is not None


def one_line(text: str, most_words: int) -> bool:
    """Whether it is one line of at most `most_words`, without a question, an address or a claim about the request's status."""
    plain = "?" not in text and "\n" not in text and not has_address(text) and not claims_status(text)
    return plain and 1 <= len(text.split()) <= most_words


def drawn(text: str, sources: Iterable[str], allowed: Collection[str] = ()) -> bool:
    """Whether every content word comes from the sources, allowing for misspellings, or from the allowed words."""
    text, sources = in_full(_NO_LONGER.sub(" ", text)), [in_full(source) for source in sources]
    foreign = foreign_words(text, sources, allowed)
    if not foreign:
        return True
    own = {word for source in sources for word in words(source)}
    return all(any(_misspelt(word, other) for other in own) for word in words(text) if foreign & set(content(word)))


def _misspelt(word: str, other: str) -> bool:
    """Whether two words look like spellings of one: same first letter, about one letter more, less or different."""
    alike = len(word) >= LONG_WORD and word[:1] == other[:1] and abs(len(word) - len(other)) <= 1
    return alike and SequenceMatcher(None, word, other, autojunk=False).ratio() >= SPELT_ALIKE


def shared(text: str, source: str) -> float:
    """The share (0 to 1) of the source's content words that are in the text; 1 if the source has none."""
    text, source = in_full(text), in_full(source)
    every = foreign_words(source, ())
    return 1 - len(foreign_words(source, (text,))) / len(every) if every else 1.0


def uses(text: str, source: str) -> bool:
    """Whether the text has a content word of the source."""
    return foreign_words(text, (source,)) != foreign_words(text, ())


def negations(text: str) -> Counter[str]:
    """Counts the negations; "no longer" is not one."""
    found = words(in_full(_NO_LONGER.sub(" ", text)))
    return Counter("not" if word.endswith("n't") else word for word in found if is_negative(word))


def doubts(text: str) -> frozenset[str]:
    """The hedges and wishes of the text, and "not" if it has a negation."""
    found = set(words(text))
    kept = {word for word in found if word in HEDGES | _WISHES}
    return frozenset(kept | ({"not"} if negations(text) else set()))


def faithful(text: str, source: str) -> bool:
    """Whether the text keeps the negations and hedges of the source and reverses nothing."""
    kept = doubts(source) - {"would", "could"} <= doubts(text) and negations(text) == negations(source)
    return kept and not negated(text, plain_sentences(source))
