"""Chooses the one or two sentences of a passage that answer a question best, as an exact substring.

A sentence is scored by the words it shares with the question, weighted by their rarity among the sentences of the passage. The
next sentence is added if it has words of the question that the first one lacks.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from retrieval.text import UNDERLINED, Span, content_stems, count_words, sentences

_CODE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t].*$", re.MULTILINE)
_TABLE = re.compile(r"^ {0,3}\|.*$", re.MULTILINE)
_LINK = re.compile(
    r"^[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?(?:!?\[[^\]\n]*\]\([^)\n]*\)|<?https?://[^\s>]+>?)[.;,]?[ \t]*$", re.MULTILINE
)
"""A line that consists of a link."""

LONGEST = 60
"""Words in a quote of two sentences."""


def best_quote(question: str, text: str) -> str:
    """An exact substring of `text`; the first sentence if no word is shared, "" if there is no sentence."""
    spans, stems, lengths = _read(text)
    if not spans:
        return text.strip()
    wanted = frozenset(content_stems(question))
    weights = _weights(wanted, stems)
    worth = [_worth(wanted & stem, weights) / length for stem, length in zip(stems, lengths, strict=True)]
    best = max(range(len(spans)), key=lambda n: (worth[n], -n))
    low, high = spans[best]
    after = best + 1
    if after < len(spans) and wanted & stems[after] - stems[best]:
        short = count_words(text[low : spans[after][1]]) <= LONGEST
        high = spans[after][1] if short and "\n" not in text[high : spans[after][0]] else high
    return text[low:high]


@lru_cache(maxsize=1_024)
def _read(text: str) -> tuple[list[Span], list[frozenset[str]], list[float]]:
    """The quotable sentences of a passage with their stems and the divisors for their length."""
    spans = quotable(text)
    return spans, [frozenset(content_stems(text[slice(*span)])) for span in spans], [_length(text, span) for span in spans]


def quotable(text: str) -> list[Span]:
    """The sentences without headings, tables, bare links and code, unless there is nothing else."""
    spans = sentences(text)
    other = sorted(match.span() for pattern in (_CODE, _HEADING, UNDERLINED, _TABLE, _LINK) for match in pattern.finditer(text))
    starts, ends = [low for low, _ in other], list(accumulate((high for _, high in other), max))
    prose = [(low, high) for low, high in spans if not _reaches(low, bisect_left(starts, high), ends)]
    return prose or spans


def _reaches(start: int, before: int, ends: Sequence[int]) -> bool:
    """Whether any of the first `before` spans ends after `start`; `ends` is the running maximum of their ends."""
    return before > 0 and ends[before - 1] > start


def _weights(wanted: frozenset[str], stems: Sequence[frozenset[str]]) -> dict[str, float]:
    count = len(stems)
    return {word: math.log(1 + count / (1 + sum(word in stem for stem in stems))) for word in wanted}


def _worth(shared: frozenset[str], weights: dict[str, float]) -> float:
    return sum(weights[word] for word in sorted(shared))


def _length(text: str, span: Span) -> float:
    """A divisor that mildly penalises very short and very long sentences."""
    return 1.0 + abs(math.log(max(1, count_words(text[slice(*span)])) / 16)) * 0.25
