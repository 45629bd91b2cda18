"""How good a sharp question is, as far as it can be counted: the words it should hold, its length, its question mark."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 45
_WORD = re.compile(r"\w+")


def held(keyword: str, text: str) -> bool:
    """Whether the words of `keyword` stand side by side in `text`, whatever their case or a plural s."""
    wanted, words = _stems(keyword), _stems(text)
    return bool(wanted) and any(words[n : n + len(wanted)] == wanted for n in range(len(words) - len(wanted) + 1))


def keyword_recall(keywords: Sequence[str], text: str) -> float | None:
    """The share of the keywords that `text` holds; None when there are none."""
    return sum(held(keyword, text) for keyword in keywords) / len(keywords) if keywords else None


def word_count(text: str) -> int:
    return len(text.split())


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.lower())]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
