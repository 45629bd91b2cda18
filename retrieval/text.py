"""English text: words, stems, stop words, identifiers and sentences. Offsets are in characters of the given text."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Protocol

import snowballstemmer

STOP_WORDS = frozenset(
    """a about above after again all also am an and any anyone are as ask at be because been before being but by can
    cannot could did do does doing done down during each else ever every few for from get gets getting give go going
    good got had has have having he help her here hers him his how i if in into is it its just know let like me more
    most much my need no nor not now of off on once one only or other our ours out over own please really same she
    should so some someone something such than thanks that the their them then there these they thing things this
    those through to too under until up us use very want was way we were what when where which while who whom whose
    why will with would you your yours""".split()
)

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9]+(?:['’][a-z]+)?|[^\W\d_]+", re.UNICODE)  # noqa: RUF001
_IDENTIFIER = re.compile(r"(?<![\w.+#/-])[\w.+#/-]*[\w+#]", re.UNICODE)
_BREAK = re.compile(
    r"""(?<=[.!?…])["'”’)\]*_]*\s+(?=["'“‘(\[*_]*[A-Z0-9À-ÖØ-Þ#>-])"""  # noqa: RUF001
    r"""|\n\s*\n|\n(?=\s*(?:[-*+>|#]|\d+[.)])\s?)|\n(?=\|)"""
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|prof|no|fig|approx|incl|resp|ca|st)|\b[A-Z]|(?:\A|\n)[ \t]*\d{1,3})\.$",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\A(?:\s|[-*+>|#]+\s|\d{1,3}[.)]\s|\[[ xX]\]\s)+|[\s|]+\Z")
UNDERLINED = re.compile(
    r"(?:\A|\n[ \t]*\n) {0,3}(?P<line>(?![-*+>|#`~]|\d{1,3}[.)])[^\n]*[^\s.!?:;,])[ \t]*\n {0,3}(?:={2,}|-{2,})[ \t]*(?=\n|\Z)"
)
"""A heading that is underlined (setext): one line after a blank one, not a sentence, a list item or a table row."""

Span = tuple[int, int]
_per_thread = threading.local()


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


def words(text: str) -> list[str]:
    """The words in lower case, in order."""
    return [word.lower() for word in _WORD.findall(text)]


def count_words(text: str) -> int:
    """How many words a reader sees: runs without a blank."""
    return len(text.split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball stem of a lower-case English word ("presenting" and "presents" meet); a word with digits stays as it is."""
    for ending in ("'s", "\u2019s"):
        word = word.removesuffix(ending)
    return word if any(char.isdigit() for char in word) else _stemmer().stemWord(word)


def _stemmer() -> _Stemmer:
    """The stemmer of this thread; a stemmer keeps its state while it works."""
    if not hasattr(_per_thread, "stemmer"):
        _per_thread.stemmer = snowballstemmer.stemmer("english")
    stemmer: _Stemmer = _per_thread.stemmer
    return stemmer


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, with repeats."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def identifiers(text: str) -> list[str]:
    """Words that must be found exactly, in lower case: codes and names with digits or signs, and acronyms."""
    found = []
    for match in _IDENTIFIER.finditer(text):
        token = match.group().strip("-/")
        if is_identifier(token):
            found.append(token.lower())
    return found


def is_identifier(token: str) -> bool:
    """Whether a token looks like a code (SAP-4711, k8s, node.js, C#) or an acronym (SOX, IPE)."""
    if token.isalpha() and not token.isupper():
        return False
    if len(token) < 2 or token.isdigit() or token.lower() in STOP_WORDS:
        return False
    has_letter = any(char.isalpha() for char in token)
    has_mark = any(char.isdigit() or char in "+#_" for char in token) or bool(re.search(r"\w\.\w", token))
    acronym = token.isupper() and token.isalpha() and len(token) <= 6
    return has_letter and (has_mark or acronym or token.startswith("."))


def sentences(text: str) -> list[Span]:
    """Spans of the sentences and list items, without the marks of lists, quotes and headings around them."""
    spans, start = [], 0
    for match in _BREAK.finditer(text):
        if _ABBREVIATION.search(text, max(0, match.start() - 12), match.start()) and "\n" not in match.group():
            continue
        closing = len(match.group()) - len(match.group().lstrip("\"'”’)]*_"))  # noqa: RUF001
        spans.append((start, match.start() + closing))
        start = match.end()
    spans.append((start, len(text)))
    trimmed = (_trim(text, *span) for span in spans)
    return [(low, high) for low, high in trimmed if any(char.isalnum() for char in text[low:high])]


def _trim(text: str, start: int, end: int) -> Span:
    """The span without blanks and list marks at its ends."""
    piece = text[start:end]
    head = _MARKS.match(piece)
    start += head.end() if head else 0
    end -= len(text[start:end]) - len(text[start:end].rstrip(" \t\r\n|"))
    return start, max(start, end)
