"""What a wording must be before it is taken: a form, and no word that carries meaning beyond those it was given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher

from assistant.dialogue.grounding.entailment import claims_status, foreign_words, has_address
from assistant.dialogue.grounding.folded_words import HEDGES, content, in_full, is_negative, words
from assistant.dialogue.grounding.polarity import negated

LONG_WORD = 6
SPELT_ALIKE = 0.85
_NO_LONGER = re.compile(r"\bno longer\b", re.IGNORECASE)
_INNER_END = re.compile(r"[.!?\u2026]['\")\]]*\s+\S|\n")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur|[Uu]s|[Mm]ine|[Oo]urs)\b")
_ASKING = re.compile(r"(?:how|what|which|when|where|why|who|can|is|are|do|does|should|may|must)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:you|your|yours|one (?:do|does|should|can))\b|\bdoes one\b", re.IGNORECASE)
_WISHES = frozenset("want wants wanted learn learning hope hopes hoping plan plans planning wish interested curious".split())


def one_question(text: str, most_words: int) -> bool:
    """One sentence with one question mark at its end and so many words at most, with no address in it."""
    ends = text.endswith("?") and text.count("?") == 1
    return ends and not _INNER_END.search(text) and 3 <= len(text.split()) <= most_words and not has_address(text)


def first_person(text: str) -> bool:
    return _FIRST_PERSON.search(text) is not None


def asks_for_oneself(text: str) -> bool:
    """Whether it says I or we, or asks without saying for whom."""
    return first_person(text) or (_ASKING.match(text) is not None and not _ANOTHER.search(text))


def one_line(text: str, most_words: int) -> bool:
    """A plain line or two sentences of so many words at most: no question, no status, no address, no line break."""
    plain = "?" not in text and "\n" not in text and not has_address(text) and not claims_status(text)
    return plain and 1 <= len(text.split()) <= most_words


def drawn(text: str, sources: Iterable[str], allowed: Collection[str] = ()) -> bool:
    """Whether all that carries meaning comes from the sources, however they spell it, or the allowed words."""
    text, sources = in_full(_NO_LONGER.sub(" ", text)), [in_full(source) for source in sources]
    foreign = foreign_words(text, sources, allowed)
    if not foreign:
        return True
    own = {word for source in sources for word in words(source)}
    return all(any(_misspelt(word, other) for other in own) for word in words(text) if foreign & set(content(word)))


def _misspelt(word: str, other: str) -> bool:
    """Whether two are one word in two spellings, as far as it shows: a letter more, less or changed, not the first."""
    alike = len(word) >= LONG_WORD and word[:1] == other[:1] and abs(len(word) - len(other)) <= 1
    return alike and SequenceMatcher(None, word, other, autojunk=False).ratio() >= SPELT_ALIKE


def shared(text: str, source: str) -> float:
    """How much of what carries meaning in the source is in the text, 0 to 1; 1 if the source has nothing to share."""
    text, source = in_full(text), in_full(source)
    every = foreign_words(source, ())
    return 1 - len(foreign_words(source, (text,))) / len(every) if every else 1.0


def uses(text: str, source: str) -> bool:
    """Whether the text has a word that carries meaning from the source."""
    return foreign_words(text, (source,)) != foreign_words(text, ())


def negations(text: str) -> Counter[str]:
    """The words that deny, each as often as it stands there; what is to end is no denial."""
    told = words(in_full(_NO_LONGER.sub(" ", text)))
    return Counter("not" if word.endswith("n't") else word for word in told if is_negative(word))


def doubts(text: str) -> frozenset[str]:
    """The words that turn, weaken or only wish what is said; negations count as one."""
    found = set(words(text))
    kept = {word for word in found if word in HEDGES | _WISHES}
    return frozenset(kept | ({"not"} if negations(text) else set()))


def wishes(text: str) -> bool:
    """Whether it is only wished or planned."""
    return bool(set(words(text)) & _WISHES)


def faithful(text: str, source: str) -> bool:
    """Whether the text turns nothing round that the source says, and weakens or strengthens nothing."""
    kept = doubts(source) - {"would", "could"} <= doubts(text) and negations(text) == negations(source)
    return kept and not negated(text, sentences(source))


def sentences(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part.strip()]
