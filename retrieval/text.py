"""English text: words, stems, stop words, identifiers and sentences, for search and for the assistant alike.

Offsets are in characters of the given text, and every function takes time linear in its length.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

import snowballstemmer

SMALL_WORDS = frozenset("a an the and or of in on for to at by".split())
"""Words that any phrase may gain or lose without another meaning."""
PERSONAL_PRONOUNS = frozenset("i you he she we they me him her us them my your his our their".split())
_ASKING_WORDS = frozenset("anyone ask get gets getting give go going good got help know please thanks want".split())
_SHARED_STOP_WORDS = (
    SMALL_WORDS
    | PERSONAL_PRONOUNS
    | frozenset(
        """about above after again all also am any are as be because been before being but can cannot could did do does doing
        done down during each else ever every few from had has have having here hers how if into is it its just let like more
        most much need no nor not now off once one only other ours out over own really same should so some someone something
        such than that then there these thing things this those through too under until up use very was way were what when
        where which while who whom whose why will with would yours""".split()
    )
)
STOP_WORDS = _SHARED_STOP_WORDS | _ASKING_WORDS
"""Words that say nothing about what is searched for; the thresholds of search were calibrated with these."""
FUNCTION_WORDS = _SHARED_STOP_WORDS | frozenset(
    """across along although always among another around away below beside between both either enough etc even everybody
    everyone everything further hence herself however himself instead itself least less made make makes making many may maybe
    might mine must myself needs neither never nobody none nothing often ones onto others otherwise ought per perhaps quite
    rather shall since somebody sometimes soon still theirs themselves therefore though thus together toward towards unless
    upon used using via well whatever whenever whether whoever whole within without yes yet yourself
    am's it's that's there's here's what's who's let's i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's
    she'd she'll we're we've we'd we'll they're they've they'd they'll don't doesn't didn't isn't aren't wasn't weren't hasn't
    haven't hadn't won't wouldn't can't couldn't shouldn't mustn't needn't""".split()
)
"""Words that state nothing by themselves. Unlike the stop words they leave "want" and "help", which a sentence must not invent,
and have all conditions and contractions, which other checks compare."""

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9]+(?:['’][a-z]+)?|[^\W\d_]+", re.UNICODE)  # noqa: RUF001
_IDENTIFIER = re.compile(r"(?<![\w.+#/-])[\w.+#/-]*[\w+#]", re.UNICODE)
_BREAK = re.compile(
    r"""(?<=[.!?…])["'”’)\]*_]*\s+(?=["'“‘(\[*_]*[A-Z0-9À-ÖØ-Þ#>-])"""  # noqa: RUF001
    r"""|\n\s*\n|\n(?=\s*(?:[-*+>|#]|\d+[.)])\s?)|\n(?=\|)"""
)
_END = re.compile(r"""(?<![.!?…])(?P<marks>[.!?…]++)["'”’)\]*_]*+(?P<gap>\s++|\Z)""")  # noqa: RUF001
_ABBREVIATION = re.compile(
    r"(?:(?<![\w'’])(?:e\.g|i\.e|a\.m|p\.m|etc|vs|mr|mrs|ms|dr|sr|jr|rev|prof|no|fig|approx|incl|resp|ca|cf|st|min|max|dept|ext"  # noqa: RUF001
    r"|vol|pp?|(?-i:[A-Z]))|(?:\A|\n)[^\w\n]*\d{1,3})\Z",
    re.IGNORECASE,
)
_CAPITAL_NEXT = re.compile(r"\.\s+[A-Z]")
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


def is_abbreviation(text: str, stop: int) -> bool:
    """Whether the mark at `stop` is the full stop of an abbreviation, an initial or the number of a list item."""
    found = _ABBREVIATION.search(text, max(0, stop - 12), stop) if text[stop] == "." else None
    return found is not None and not (found.group().lower() == "no" and _CAPITAL_NEXT.match(text, stop))


def sentence_ends(text: str) -> Iterator[Span]:
    """Where a sentence ends and where the next begins: after marks at the end of a word, whatever follows them."""
    for found in _END.finditer(text):
        marks, after = found["marks"], text[found.end() : found.end() + 1]
        open_end = after.islower() if marks.startswith("..") else len(marks) == 1 and is_abbreviation(text, found.start())
        if not open_end:
            yield found.start("gap"), found.end()


def plain_sentences(text: str) -> list[str]:
    """The sentences of text without markup, also where no capital follows; a line break ends one."""
    found = []
    for line in text.split("\n"):
        start = 0
        for end, after in [*sentence_ends(line), (len(line), len(line))]:
            found.append(line[start:end].strip())
            start = after
    return [sentence for sentence in found if any(char.isalnum() for char in sentence)]


def sentences(text: str) -> list[Span]:
    """Spans of the sentences and list items of Markdown, without the marks of lists, quotes and headings around them.

    In contrast to `plain_sentences`, a sentence begins with a capital or a figure, and a line may break within one.
    """
    spans, start = [], 0
    for match in _BREAK.finditer(text):
        if "\n" not in match.group() and is_abbreviation(text, match.start() - 1):
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
