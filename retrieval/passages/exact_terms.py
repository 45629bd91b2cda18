"""What a question wants to find word for word: identifiers such as ORA-00942 or SOX, phrases in quotation marks, and names.

A name is a capitalised word inside a sentence. Names count less than the others: they may be common to all that is found.
"""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.text import STOP_WORDS, identifiers, words

_NAME = re.compile(r"(?<=[a-z0-9,;:)] )([A-ZÀ-Þ][a-zà-ÿ]+)\b")
LONGEST_PHRASE = 12
"""Words in a quoted phrase; a longer quotation is told, not looked for."""
_QUOTED = re.compile(r"\"([^\"\n]{3,120})\"|“([^”\n]{3,120})”|«([^»\n]{3,120})»|„([^“\n]{3,120})“|`([^`\n]{2,120})`")


@lru_cache(maxsize=256)
def phrases(question: str) -> tuple[str, ...]:
    """The quoted phrases of two and more words, as words in lower case with single blanks."""
    found = (words(next(group for group in match.groups() if group)) for match in _QUOTED.finditer(question))
    return tuple(dict.fromkeys(" ".join(said) for said in found if 2 <= len(said) <= LONGEST_PHRASE))


@lru_cache(maxsize=256)
def codes_of(question: str) -> frozenset[str]:
    """The identifiers of a question, in lower case."""
    return frozenset(identifiers(question))


def wants_words(question: str) -> bool:
    """Whether a question names anything that must be found word for word."""
    return bool(phrases(question) or codes_of(question) or names(question))


@lru_cache(maxsize=256)
def names(question: str) -> frozenset[str]:
    """Capitalised words inside a sentence, in lower case, if the question has small letters as well."""
    found = frozenset(match.group(1).lower() for match in _NAME.finditer(question))
    return found - STOP_WORDS - codes_of(question)


def share_named(question: str, text: str) -> float:
    """The share of the names of a question that a text has, 0..1; 0 if it has none to find."""
    wanted = names(question)
    return len(wanted & set(words(text))) / len(wanted) if wanted else 0.0


def share_found(question: str, text: str) -> float:
    """The share of the identifiers and quoted phrases of a question that a text has, 0..1; 0 if it has none to find."""
    codes, quoted = codes_of(question), phrases(question)
    if not codes and not quoted:
        return 0.0
    here = len(codes & set(identifiers(text))) if codes else 0
    if quoted:
        said = f" {' '.join(words(text))} "
        here += sum(f" {phrase} " in said for phrase in quoted)
    return here / (len(codes) + len(quoted))
