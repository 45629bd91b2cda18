"""Words and sentences, without a vendor: what the splitter, the quotes and the skills share.

Everything here is pure and works on any text. Offsets are in characters of the text that was given.
"""

from __future__ import annotations

import re
from functools import lru_cache

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


def words(text: str) -> list[str]:
    """The words in lower case, in order."""
    return [word.lower() for word in _WORD.findall(text)]


def count_words(text: str) -> int:
    """How many words a reader sees: runs without a blank."""
    return len(text.split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light English stem, enough to let "presenting" meet "presents"; never shorter than three letters."""
    for ending in ("'s", "’s"):  # noqa: RUF001
        word = word.removesuffix(ending)
    if word.isdigit() or len(word) < 4:
        return word
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ations", "ate"), ("ation", "ate"), ("ings", ""), ("ing", ""),
                        ("ers", ""), ("ed", ""), ("es", ""), ("er", ""), ("ly", ""), ("s", "")):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) + len(put) >= 3 and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


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
