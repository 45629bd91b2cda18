"""Aligns an inexact quote with the exact words of its text, because models change punctuation and sometimes a word.

Tries an exact match, then a match of words without case and punctuation, then a fuzzy match with one difference in eight words
for quotes of four to 120 words. Words that change the meaning must match: negations, numbers, hedges, modals, conditions,
persons and names. The result is always a substring of the text on word boundaries.

"a … b" is bridged if both parts have at least two words and occur in order in one sentence, with few words between them and no
negation, hedge, modal or condition among these; the result includes the words between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from assistant.dialogue.grounding.folded_words import (
    CONDITIONS,
    DAYS,
    HEDGES,
    MODALS,
    NUMERALS,
    QUANTITIES,
    Word,
    is_negative,
    is_number,
    located_words,
    stem,
)  # fmt: skip
from retrieval.text import FUNCTION_WORDS, PERSONAL_PRONOUNS

PER_WORDS = 8
SHORTEST_FUZZY = 4
LONGEST_FUZZY = 120
LONGEST_GAP = 12
MOST_ANCHORS = 64
"""Places tried for a quote; more occur only in repetitive text."""
LONGEST_WORD = 64
"""Quotes up to this many characters are tried at every place."""
_ELLIPSIS = re.compile(r"(?<!\s)\s*+(?:\u2026|\.\s?\.\s?\.+|\[\u2026\]|\[\.\.\.\]|\(\u2026\)|\(\.\.\.\))\s*")
_BREAK = re.compile(r"[.!?\u2026](?=\s|$)|\n\s*\n|\n\s*[-*+]\s")
_TURNING = frozenset("stop refuse except".split())
_GUARDED = _TURNING | HEDGES | MODALS | QUANTITIES | CONDITIONS | PERSONAL_PRONOUNS | DAYS | NUMERALS.keys()
_TURNS = re.compile(r"(?:un|in|im|ir|il|non|dis|mis)")


class _Text(NamedTuple):
    text: str
    words: tuple[Word, ...]
    places: dict[str, list[int]]


class _Found(NamedTuple):
    """A fuzzy match from word `first` to `end`; ordered by fewest differences, then by greatest length."""

    amiss: int
    shortness: int
    first: int
    end: int


def located(quote: str, text: str) -> str | None:
    """The substring of `text` that matches the quote, or None."""
    if not quote.strip():
        return None
    if is_quoted(quote, text):
        return quote
    parts = [part for part in _ELLIPSIS.split(quote.strip()) if re.search(r"\w", part)]
    if not parts:
        return None
    whole = _indexed(text)
    span = _span(parts[0], whole) if len(parts) == 1 else _bridged(parts, whole)
    return _cut(quote, text, *span) if span else None


def is_quoted(quote: str, text: str) -> bool:
    """Whether the text contains the quote exactly, on word boundaries."""
    if not quote.strip():
        return False
    opens, closes = _in_word(quote[0]), _in_word(quote[-1])
    at, tried = text.find(quote), 0
    while at >= 0 and (tried < MOST_ANCHORS or len(quote) <= LONGEST_WORD):
        tried += 1
        end = at + len(quote)
        if not (opens and at and _in_word(text[at - 1])) and not (closes and end < len(text) and _in_word(text[end])):
            return True
        at += 1
        while opens and at < len(text) and _in_word(text[at - 1]):
            at += 1
        at = text.find(quote, at)
    return False


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


@lru_cache(maxsize=16)
def _indexed(text: str) -> _Text:
    places: dict[str, list[int]] = {}
    found = located_words(text)
    for number, word in enumerate(found):
        places.setdefault(word.folded, []).append(number)
    return _Text(text, found, places)


def _span(quote: str, whole: _Text) -> tuple[int, int] | None:
    """The character span of the same words, or of nearly the same words."""
    wanted = located_words(quote)
    if not wanted:
        return None
    for first in _runs([word.folded for word in wanted], whole):
        span = _outer(whole, first, first + len(wanted))
        if span:
            return span
    if not SHORTEST_FUZZY <= len(wanted) <= LONGEST_FUZZY:
        return None
    ranked = sorted(set(_nearly(quote, wanted, whole)))
    return next((span for found in ranked if (span := _outer(whole, found.first, found.end))), None)


def _runs(wanted: Sequence[str], whole: _Text) -> Iterator[int]:
    """Every place (in words) where the wanted words occur consecutively."""
    if any(word not in whole.places for word in wanted):
        return
    rarest = min(range(len(wanted)), key=lambda n: len(whole.places[wanted[n]]))
    if len(whole.places[wanted[rarest]]) > MOST_ANCHORS:
        yield from _repeated_runs(wanted, whole)
        return
    for place in whole.places[wanted[rarest]]:
        first = place - rarest
        if first >= 0 and all(
            first + n < len(whole.words) and whole.words[first + n].folded == word for n, word in enumerate(wanted)
        ):
            yield first


def _repeated_runs(wanted: Sequence[str], whole: _Text) -> Iterator[int]:
    """The same in linear time (Knuth, Morris and Pratt), for words that all occur often."""
    fallback = [0] * len(wanted)
    length = 0
    for n in range(1, len(wanted)):
        while length and wanted[n] != wanted[length]:
            length = fallback[length - 1]
        length += wanted[n] == wanted[length]
        fallback[n] = length
    length = 0
    for place, word in enumerate(whole.words):
        while length and (length == len(wanted) or word.folded != wanted[length]):
            length = fallback[length - 1]
        length += word.folded == wanted[length]
        if length == len(wanted):
            yield place + 1 - length


def _nearly(quote: str, wanted: Sequence[Word], whole: _Text) -> Iterator[_Found]:
    """Fuzzy matches. With k differences allowed, one of k + 1 parts of the quote must match exactly; it is the anchor."""
    allowed = max(1, len(wanted) // PER_WORDS)
    aligner = _Aligner(quote, wanted, whole)
    parts = allowed + 1
    cuts = [round(n * len(wanted) / parts) for n in range(parts + 1)]
    for low, high in pairwise(cuts):
        anchors = _runs([word.folded for word in wanted[low:high]], whole)
        for _, place in zip(range(MOST_ANCHORS), anchors, strict=False):
            after = aligner.reach(high, place + high - low, 1, allowed)
            before = aligner.reach(low - 1, place - 1, -1, allowed)
            if after and before and after[0] + before[0] <= allowed and aligner.clear(before[1] + 1, after[1]):
                yield _Found(after[0] + before[0], before[1] - after[1], before[1] + 1, after[1])


_Reached = tuple[int, int] | None


class _Aligner:
    """Extends an anchor in both directions; remembers every pair of positions, so that each is computed once."""

    def __init__(self, quote: str, wanted: Sequence[Word], whole: _Text) -> None:
        self.wanted, self.whole = wanted, whole
        self._mine = [_free(quote, word) for word in wanted]
        self._known: dict[tuple[int, int, int], tuple[int, _Reached]] = {}

    def reach(self, mine: int, theirs: int, step: int, left: int) -> _Reached:
        """The differences up to the quote's end (its beginning if `step` is -1) and the position reached in the text, or None."""
        words = self.whole.words
        while 0 <= mine < len(self.wanted) and 0 <= theirs < len(words) and self.wanted[mine].folded == words[theirs].folded:
            mine, theirs = mine + step, theirs + step
        if not 0 <= mine < len(self.wanted):
            return 0, theirs
        if not left:
            return None
        tried, found = self._known.get((mine, theirs, step), (-1, None))
        if found is None and tried < left:
            found = self._amiss(mine, theirs, step, left)
            self._known[mine, theirs, step] = left, found
        return found if found and found[0] <= left else None

    def _amiss(self, mine: int, theirs: int, step: int, left: int) -> _Reached:
        """The best of leaving out either word or replacing one by the other."""
        words = self.whole.words
        tries = []
        missing = self._mine[mine]
        if missing:
            tries.append(self.reach(mine + step, theirs, step, left - 1))
        if 0 <= theirs < len(words) and _free(self.whole.text, words[theirs]):
            tries.append(self.reach(mine, theirs + step, step, left - 1))
            if missing and _alike(self.wanted[mine].folded, words[theirs].folded):
                tries.append(self.reach(mine + step, theirs + step, step, left - 1))
        best = min((found for found in tries if found), key=lambda found: (found[0], -step * found[1]), default=None)
        return (best[0] + 1, best[1]) if best else None

    def clear(self, first: int, end: int) -> bool:
        """Whether no protected word is next to an end at which the quote's own word is missing."""
        words = self.whole.words
        text = self.whole.text
        starts = first == 0 or _same(words[first].folded, self.wanted[0].folded)
        ends = end == len(words) or _same(words[end - 1].folded, self.wanted[-1].folded)
        return (starts or _free(text, words[first - 1])) and (ends or _free(text, words[end]))


def _free(text: str, word: Word) -> bool:
    """Whether a word may differ: it is no negation, number, hedge, modal, condition, person or name."""
    folded = word.folded
    guarded = is_negative(folded) or is_number(folded) or folded in _GUARDED or folded in "%€$£"
    return not guarded and not text[word.start].isupper() and "'" not in folded


def _same(left: str, right: str) -> bool:
    return left == right or _alike(left, right)


def _alike(left: str, right: str) -> bool:
    """Two spellings or forms of one word, or two function words."""
    if left in FUNCTION_WORDS and right in FUNCTION_WORDS:
        return True
    short, long = sorted((left, right), key=len)
    if long.endswith(short) and _TURNS.fullmatch(long.removesuffix(short)):
        return False
    return stem(left) == stem(right) or (len(short) >= 4 and _one_apart(short, long))


def _one_apart(short: str, long: str) -> bool:
    """Whether one letter is added, changed or swapped with the next."""
    if len(long) - len(short) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    changed = short[start + 1 :] == long[start + 1 :]
    swapped = short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    return changed or swapped


def _bridged(parts: Sequence[str], whole: _Text) -> tuple[int, int] | None:
    """The span from the first part to the last, if each follows the former within one sentence."""
    wanted = [[word.folded for word in located_words(part)] for part in parts]
    if min(map(len, wanted)) < 2:
        return None
    for first in islice(_runs(wanted[0], whole), MOST_ANCHORS):
        end: int | None = first + len(wanted[0])
        for part in wanted[1:]:
            end = _next(part, end, whole) if end else None
        if end and not _BREAK.search(whole.text, whole.words[first].start, whole.words[end - 1].start):
            return _outer(whole, first, end)
    return None


def _next(part: Sequence[str], after: int, whole: _Text) -> int | None:
    """The end of the part if it begins within LONGEST_GAP words, with no word between that changes the meaning."""
    for first in range(after, min(after + LONGEST_GAP + 1, len(whole.words) - len(part) + 1)):
        if [word.folded for word in whole.words[first : first + len(part)]] == list(part):
            return first + len(part)
        folded = whole.words[first].folded
        if is_negative(folded) or folded in HEDGES | MODALS | CONDITIONS:
            return None
    return None


def _outer(whole: _Text, first: int, end: int) -> tuple[int, int] | None:
    """The character span of these words with adjoining underscores, or None if it would cut a word."""
    if end <= first:
        return None
    text, low, high = whole.text, whole.words[first].start, whole.words[end - 1].end
    while low > 0 and text[low - 1] == "_":
        low -= 1
    while high < len(text) and text[high] == "_":
        high += 1
    cut = (low > 0 and _joined(text[low - 1], text[low])) or (high < len(text) and _joined(text[high], text[high - 1]))
    return None if cut else (low, high)


def _joined(outside: str, inside: str) -> bool:
    return (outside.isalnum() or outside == "_") and (inside.isalnum() or inside == "_")


def _cut(quote: str, text: str, low: int, high: int) -> str:
    """The span's text, with the closing punctuation mark if the quote has it too."""
    last = quote.rstrip(" \"'\u201d\u2019*_")[-1:]
    return text[low : high + 1] if last in ".!?" and text[high : high + 1] == last else text[low:high]
