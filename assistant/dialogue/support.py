"""No support, no sentence. What a model says of passages is held against the very passages that it cites, sentence by sentence.

Numbers with their units, names, codes and quoted words must stand there; what is denied must be denied there, and what is not,
not; enough of its words must stand together in few sentences of one passage, the nearest of which is near in meaning where
that can be measured. In doubt a sentence is not supported: leaving it out costs less than saying what nobody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.dialogue.addresses import has_address
from assistant.dialogue.pieces import Excerpt
from assistant.dialogue.polarity import turned
from assistant.dialogue.status import claims_status
from assistant.dialogue.words import FUNCTION, NUMERALS, content, fold, is_number, located_words, stem, words
from assistant.domain.reply import Sentence

__all__ = ["Near", "claims_status", "foreign_words", "has_address", "stands", "supported"]

Near = Callable[[str, Sequence[str]], Sequence[float]]
"""The cosine (-1 to 1) of a text to each of the others."""


@dataclass(frozen=True)
class Limits:
    """What a sentence must reach: `local` of its words within three sentences of a passage and every clause `clause` of its own;
    the less of them, the nearer it must be in meaning. Without a measure of meaning, `lexical` is the limit."""

    lexical: float = 0.74
    local: float = 0.5
    clause: float = 0.34
    near: float = 0.55
    blend: float = 1.2


LIMITS = Limits()
WINDOW = 3
MOST_MEASURED = 6
_SENTENCE = re.compile(r"(?<=[.!?\u2026])[\"'\u201d\u2019*)]*\s+|\n+|(?<=[^|])\|(?=[^|])")
_CLAUSE = re.compile(r"[,;:()\u2013\u2014]+|\s-\s|\b(?:and|but|so|because|which|while|then|or)\b", re.IGNORECASE)
_QUOTED = re.compile('["\u201c\u201e\u00ab]([^"\u201c\u201d\u201e\u00ab\u00bb\n]{2,})["\u201d\u201c\u00bb]')
_UNITS = frozenset(
    map(stem, """% percent per cent minute second hour day week month year euro € $ £ dollar person people slide page word
        character line row column step question session mentor mentee participant reader member guest call meeting point part
        sample
        piece mm cm metre meter km kg gram litre degree working business sheet table sentence item action speaker time
        customer supplier quote colleague team issue round reason option chart thousand million billion k m bn p pm am hundred
        mb gb""".split())
)  # fmt: skip


def supported(sentence: Sentence, excerpts: Sequence[Excerpt], near: Near | None) -> bool:
    """Whether the excerpts that the sentence cites say it."""
    if not sentence.cites or not all(1 <= cite <= len(excerpts) for cite in sentence.cites):
        return False
    text = sentence.text
    if has_address(text) or claims_status(text):
        return False
    sources = [_source(excerpts[cite - 1].text, excerpts[cite - 1].title) for cite in dict.fromkeys(sentence.cites)]
    stems = tuple(dict.fromkeys(content(text)))
    if not stems or _missing(text, sources):
        return False
    return _carried(text, stems, sources, near)


def stands(text: str, excerpts: Sequence[Excerpt]) -> bool:
    """Whether every word, figure, name and quotation of the text stands in the excerpts, wherever."""
    sources = [_source(excerpt.text, excerpt.title) for excerpt in excerpts]
    known = frozenset().union(*(source.known for source in sources))
    return all(part in known for part in content(text)) and not _missing(text, sources)


def foreign_words(text: str, sources: Iterable[str], allowed: Collection[str] = ()) -> frozenset[str]:
    """Stems of the words that carry meaning and stand in none of the sources, nor among the allowed words."""
    mine = frozenset(content(text))
    if not mine:
        return frozenset()
    known = frozenset(part for source in sources for part in _stems(source))
    return mine - known - frozenset(part for word in allowed for part in content(word))


@dataclass(frozen=True)
class _Source:
    sentences: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    known: frozenset[str]
    folded: str
    numbers: frozenset[tuple[str, str]]


@lru_cache(maxsize=256)
def _stems(text: str) -> frozenset[str]:
    return frozenset(content(text))


@lru_cache(maxsize=64)
def _source(text: str, title: str) -> _Source:
    pieces = tuple(piece.strip() for piece in _SENTENCE.split(text) if piece and re.search(r"\w", piece))
    return _Source(
        pieces,
        tuple(frozenset(content(piece)) for piece in pieces),
        frozenset(stem(word) for word in words(f"{title}\n{text}")) | frozenset(content(f"{title}\n{text}")),
        " ".join(words(f"{title}\n{text}")),
        frozenset(_figures(f"{title}\n{text}")),
    )


def _missing(text: str, sources: Sequence[_Source]) -> bool:
    """Whether a figure, a name, a code or a quotation of the text stands in none of the sources."""
    numbers = frozenset().union(*(source.numbers for source in sources))
    if any(figure not in numbers for figure in _figures(text)):
        return True
    known = frozenset().union(*(source.known for source in sources))
    if any(stem(name) not in known for name in names(text)):
        return True
    quotations = [" ".join(words(match)) for match in _QUOTED.findall(text)]
    return any(not any(f" {said} " in f" {source.folded} " for source in sources) for said in quotations if said)


def _figures(text: str) -> Iterable[tuple[str, str]]:
    """Each number alone, and with the unit beside it."""
    found = words(text)
    for place, word in enumerate(found):
        if word in "€$£%" or not (is_number(word) or word in NUMERALS):
            continue
        if word == "one":
            continue
        number = NUMERALS.get(word, word.lstrip("+"))
        yield number, ""
        beside = [stem(other) for other in found[place + 1 : place + 3]]
        money = found[place - 1 : place] if place else []
        yield from ((number, unit) for unit in [*beside[:2], *money] if unit in _UNITS)


def names(text: str) -> list[str]:
    """Words that must be found as they are: codes, acronyms, and what is capitalised within a sentence."""
    found = []
    for word in located_words(text):
        shown = text[word.start : word.end]
        first = not re.search(r"[^\W_].*$|[,;]\s*$", re.split(r"[.!?:\"\u201c\u201e(]\s*", text[: word.start])[-1], re.DOTALL)
        code = any(char.isdigit() for char in shown) and any(char.isalpha() for char in shown)
        mixed = any(char.isupper() for char in shown[1:])
        if code or mixed or (shown[0].isupper() and not first and word.folded not in FUNCTION):
            found.append(word.folded)
    return found


def _carried(text: str, stems: tuple[str, ...], sources: Sequence[_Source], near: Near | None) -> bool:
    """Whether some few sentences carry the words, the clauses, the sense and the direction of the text."""
    known = frozenset().union(*(source.known for source in sources))
    if any(_share(clause, known) < LIMITS.clause for clause in _clauses(text)):
        return False
    share, window = max(((_share(stems, _windowed(source, n)), source.sentences[n : n + WINDOW])
                         for source in sources for n in range(len(source.sentences))), default=(0.0, ()))  # fmt: skip
    if share < LIMITS.local or turned(text, window):
        return False
    if near is None or share >= 1.0:
        return share >= LIMITS.lexical
    closest = _closest(text, stems, sources, near)
    return closest >= LIMITS.near and share + closest >= LIMITS.blend


def _closest(text: str, stems: tuple[str, ...], sources: Sequence[_Source], near: Near) -> float:
    """How near the nearest sentence is; only those that share most words are measured."""
    ranked = sorted(
        ((-_share(stems, have), place, piece) for source in sources
         for place, (piece, have) in enumerate(zip(source.sentences, source.stems, strict=True)))
    )  # fmt: skip
    pieces = [piece for _, _, piece in ranked[:MOST_MEASURED]]
    return max(near(text, pieces), default=0.0) if pieces else 0.0


def _windowed(source: _Source, first: int) -> frozenset[str]:
    return frozenset().union(*source.stems[first : first + WINDOW])


def _share(stems: Collection[str], known: Collection[str]) -> float:
    return sum(part in known for part in stems) / len(stems) if stems else 0.0


def _clauses(text: str) -> list[tuple[str, ...]]:
    return [stems for clause in _CLAUSE.split(fold(text)) if len(stems := tuple(dict.fromkeys(content(clause)))) >= 3]
