"""Finds what a question wants matched exactly: identifiers such as ORA-00942 or SOX, quoted phrases, and names.

A name is a capitalised word inside a sentence. Names weigh less, because everything that is found may have them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.text import STOP_WORDS, identifiers, words

_NAME = re.compile(r"(?<=[a-z0-9,;:)] )([A-ZÀ-Þ][a-zà-ÿ]+)\b")
LONGEST_PHRASE = 12
"""Words in a quoted phrase; a longer quotation is ignored."""
_QUOTED = re.compile(r"\"([^\"\n]{3,120})\"|“([^”\n]{3,120})”|«([^»\n]{3,120})»|„([^“\n]{3,120})“|`([^`\n]{2,120})`")


@lru_cache(maxsize=256)
def phrases(question: str) -> tuple[str, ...]:
    """The quoted phrases of at least two words, in lower case with single spaces."""
    found = (words(next(group for group in match.groups() if group)) for match in _QUOTED.finditer(question))
    return tuple(dict.fromkeys(" ".join(phrase) for phrase in found if 2 <= len(phrase) <= LONGEST_PHRASE))


@lru_cache(maxsize=256)
def codes_of(question: str) -> frozenset[str]:
    """The identifiers of a question, in lower case."""
    return frozenset(identifiers(question))


def wants_words(question: str) -> bool:
    """Whether a question has an identifier, a quoted phrase or a name."""
    return bool(phrases(question) or codes_of(question) or names(question))


@lru_cache(maxsize=256)
def names(question: str) -> frozenset[str]:
    """Capitalised words inside a sentence, in lower case."""
    found = frozenset(match.group(1).lower() for match in _NAME.finditer(question))
    return found - STOP_WORDS - codes_of(question)


def share_named(question: str, text: str) -> float:
    """The share of the question's names that a text has, 0..1; 0 if the question has none."""
    wanted = names(question)
    return len(wanted & set(words(text))) / len(wanted) if wanted else 0.0


def share_found(question: str, text: str) -> float:
    """The share of the question's identifiers and quoted phrases that a text has, 0..1; 0 if the question has none."""
    codes, quoted = codes_of(question), phrases(question)
    if not codes and not quoted:
        return 0.0
    matched = len(codes & set(identifiers(text))) if codes else 0
    if quoted:
        content = f" {' '.join(words(text))} "
        matched += sum(f" {phrase} " in content for phrase in quoted)
    return matched / (len(codes) + len(quoted))
