"""Checks whether the cited passages support a generated sentence; an unsupported sentence is dropped.

Numbers with their units, names, codes and quotations must occur in the passages, with the same negation. Enough of the words
must occur together in a few sentences of one passage, which must also be similar in meaning if embeddings are available. In
doubt a sentence is not supported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.dialogue.grounding.addresses import has_address
from assistant.dialogue.grounding.folded_words import (
    NUMERALS,
    content,
    fold,
    hidden_removed,
    is_number,
    located_words,
    stem,
    words,
)
from assistant.dialogue.grounding.polarity import OPPOSITES, clauses, negated
from assistant.dialogue.grounding.status_claims import claims_status
from assistant.dialogue.language_io import Excerpt
from assistant.domain.reply import Sentence
from retrieval.text import FUNCTION_WORDS, plain_sentences

__all__ = ["Near", "claims_status", "foreign_words", "has_address", "is_covered", "roles", "states_more", "supported"]

Near = Callable[[str, Sequence[str]], Sequence[float]]
"""Returns the cosine similarity (-1 to 1) of a text to each of the others."""


@dataclass(frozen=True)
class Limits:
    """Thresholds of support, tuned on the dev half of tests/evals/data/support.

    The share `local` of the words must occur in neighbouring sentences of a passage, and the share `clause` of each clause there
    or `whole_clause` in another sentence. `near` is the least similarity, and share and similarity together must reach `blend`.
    Without embeddings `lexical` replaces both. Two words are synonyms from a similarity of `synonym`.
    """

    lexical: float = 0.7
    local: float = 0.5
    clause: float = 0.3
    whole_clause: float = 0.6
    near: float = 0.5
    blend: float = 1.1
    synonym: float = 0.4


LIMITS = Limits()
WINDOW = 3
NEARLY = 0.6
_CLAUSE = re.compile(r"[.!?](?=\s|\Z)|[,;:()\u2013\u2014]+|\s-\s|\b(?:and|but|so|because|which|while|then|or)\b", re.IGNORECASE)
_QUOTED = re.compile('["\u201c\u201e\u00ab]([^"\u201c\u201d\u201e\u00ab\u00bb\n]{2,})["\u201d\u201c\u00bb]')
_UNITS = frozenset(
    map(stem, """% percent per cent minute second hour day week month year euro € $ £ dollar person people slide page word
        character line row column step question session mentor mentee participant reader member guest call meeting point part
        sample
        piece mm cm metre meter km kg gram litre degree working business sheet table sentence item action speaker
        customer supplier quote colleague team issue round reason option chart thousand million billion k m bn p pm am hundred
        mb gb""".split())
)  # fmt: skip


_ROLES = frozenset(
    """person mentor mentee curator manager boss lead leader director executive sponsor customer client supplier vendor
        buyer seller auditor accountant lawyer legal doctor nurse engineer developer analyst administrator owner moderator
        speaker panellist host audience recruiter hr finance treasury marketing press police government union team
        department friend rival colleague peer applicant candidate employer employee assistant secretary reviewer tester
        designer teacher coach expert user reader subscriber donor partner controller bank board committee regulator
        authority company competitor consultant trainer operator technician security staff intern student parent family
        treasurer cashier chair volunteer president minister beginner newcomer neighbour member senior junior adviser
        inspector driver planner scientist researcher architect deputy chief coworker wife husband sister brother daughter son
        friend apprentice trainee""".split()
)  # fmt: skip


_PRONOUN = re.compile(r"\b(?:they|their|them|he|she|his|her|him)\b", re.IGNORECASE)
_PARTS = frozenset("half third quarter fifth tenth double triple".split())
_DOES = re.compile(r"\s+(?:\w+ed|is|are|was|were|has|have|had|will|can|should|must|may|said|says)\b")
_DECIDING = frozenset(map(stem, _ROLES | OPPOSITES.keys()))


def supported(sentence: Sentence, excerpts: Sequence[Excerpt], near: Near | None) -> bool:
    """Whether the excerpts that the sentence cites support it."""
    if not sentence.cites or not all(1 <= cite <= len(excerpts) for cite in sentence.cites):
        return False
    text = sentence.text
    if hidden_removed(text) != text or has_address(text) or claims_status(text):
        return False
    cited = [_source(excerpts[cite - 1].text, excerpts[cite - 1].title) for cite in dict.fromkeys(sentence.cites)]
    sources = [source for source in cited if source.sentences]
    stems = tuple(dict.fromkeys(content(text)))
    if not sources or not stems or _missing(text, sources):
        return False
    return _carried(text, stems, sources, near)


def is_covered(text: str, excerpts: Sequence[Excerpt]) -> bool:
    """Whether every word, number, name and quotation of the text occurs anywhere in the excerpts."""
    sources = [_source(excerpt.text, excerpt.title) for excerpt in excerpts]
    known = frozenset().union(*(source.known for source in sources))
    return all(part in known for part in content(text)) and not _missing(text, sources)


def states_more(text: str, sources: Iterable[str]) -> bool:
    """Whether a number, name, code or quotation of the text occurs in none of the sources."""
    return _missing(text, [_source(source, "") for source in sources])


def foreign_words(text: str, sources: Iterable[str], allowed: Collection[str] = ()) -> frozenset[str]:
    """Stems of the content words that are neither in the sources nor allowed."""
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
    pieces = tuple(cell.strip() for piece in plain_sentences(text) for cell in piece.split("|") if re.search(r"\w", cell))
    return _Source(
        pieces,
        tuple(frozenset(content(piece)) for piece in pieces),
        frozenset(stem(word) for word in words(f"{title}\n{text}")) | frozenset(content(f"{title}\n{text}")),
        " ".join(words(f"{title}\n{text}")),
        frozenset(_figures(f"{title}\n{text}", 3)),
    )


def _missing(text: str, sources: Sequence[_Source]) -> bool:
    """Whether a number, name, code or quotation of the text occurs in none of the sources."""
    numbers = frozenset().union(*(source.numbers for source in sources))
    if any(figure not in numbers for figure in _figures(text)):
        return True
    known = frozenset().union(*(source.known for source in sources))
    if any(stem(name) not in known for name in names(text)):
        return True
    quotations = [" ".join(words(match)) for match in _QUOTED.findall(text)]
    return any(not any(f" {said} " in f" {source.folded} " for source in sources) for said in quotations if said)


def _figures(text: str, reach: int = 2) -> Iterable[tuple[str, str]]:
    """Each number alone, and with its unit: the first unit within `reach` words, or all of them if `reach` is over 2."""
    found = words(text)
    for place, word in enumerate(found):
        if word in "€$£%" or not (is_number(word) or word in NUMERALS):
            continue
        if word == "one":
            continue
        number = NUMERALS.get(word, word.lstrip("+"))
        yield number, ""
        beside = [stem(other) for other in [*found[place + 1 : place + 1 + reach], *found[max(0, place - 1) : place]]]
        units = [unit for unit in beside if unit in _UNITS]
        yield from ((number, unit) for unit in (units if reach > 2 else units[:1]))


def names(text: str) -> list[str]:
    """Words that must match exactly: codes, acronyms, and words capitalised within a sentence."""
    found = []
    for word in located_words(text):
        shown = text[word.start : word.end]
        first = not re.search(r"[^\W_].*$|[,;]\s*$", re.split(r"[.!?:\"\u201c\u201e(]\s*", text[: word.start])[-1], re.DOTALL)
        code = any(char.isdigit() for char in shown) and any(char.isalpha() for char in shown)
        mixed = any(char.isupper() for char in shown[1:])
        doer = first and _DOES.match(text, word.end)
        if code or mixed or (shown[0].isupper() and (doer or not first) and word.folded not in FUNCTION_WORDS):
            found.append(word.folded)
    return found


def _carried(text: str, stems: tuple[str, ...], sources: Sequence[_Source], near: Near | None) -> bool:
    """Whether a few sentences support the words, clauses, people, negation and order of the text."""
    known = frozenset().union(*(source.known for source in sources))
    best = max(sources, key=lambda source: _share(stems, _joined(_carriers(stems, source))))
    carriers = _with_clauses(text, _carriers(stems, best), best)
    share = _share(stems, _joined(carriers))
    said = [piece for piece, _ in carriers]
    if any(_share(clause, _joined(carriers)) < LIMITS.clause for clause in _clauses(text)):
        return False
    if share < LIMITS.local or _other_people(text, said, known) or negated(text, said):
        return False
    if set(_figures(text)) - {figure for source in said for figure in _figures(source, 3)} or _elsewhere(text, said):
        return False
    if _reordered(text, said) or _replaced(text, said[0], near):
        return False
    if set(words(text)) & _PARTS - set(words(" ".join(said))):
        return False
    if near is None or share >= 1.0:
        return share >= LIMITS.lexical
    closest = max(near(text, [*said, " ".join(said)]), default=0.0)
    return closest >= LIMITS.near and share + closest >= LIMITS.blend


def _carriers(stems: tuple[str, ...], source: _Source) -> list[tuple[str, frozenset[str]]]:
    """The sentence that shares most words with the text, and neighbours that each add more of them."""
    pieces = list(zip(source.sentences, source.stems, strict=True))
    wanted = frozenset(stems)
    best = max(range(len(pieces)), key=lambda n: len(wanted & pieces[n][1]) - 0.01 * len(pieces[n][1]))
    chosen, covered = {best}, wanted & pieces[best][1]
    around = [n for n in range(best - WINDOW, best + WINDOW + 1) if n != best and 0 <= n < len(pieces)]
    for n in sorted(around, key=lambda n: -len(wanted & pieces[n][1])):
        more = (wanted & pieces[n][1]) - covered
        if len(more) >= 2 or any(not is_number(word) for word in more - _DECIDING):
            chosen.add(n)
            covered |= wanted & pieces[n][1]
    return [pieces[best], *(pieces[n] for n in sorted(chosen - {best}))]


def _with_clauses(
    text: str, carriers: list[tuple[str, frozenset[str]]], source: _Source
) -> list[tuple[str, frozenset[str]]]:  # fmt: skip
    """Adds the sentence closest to each clause that the chosen ones do not support, since summaries span a passage."""
    found, pieces = list(carriers), list(zip(source.sentences, source.stems, strict=True))
    for clause in _clauses(text):
        if _share(clause, _joined(found)) < LIMITS.clause:
            closest = max(pieces, key=lambda piece: _share(clause, piece[1]))
            found += [closest] if _share(clause, closest[1]) >= LIMITS.whole_clause else []
    return found


def _joined(carriers: Sequence[tuple[str, frozenset[str]]]) -> frozenset[str]:
    return frozenset[str]().union(*(have for _, have in carriers))


def _elsewhere(text: str, said: Sequence[str]) -> bool:
    """Whether a number occurs in another context than in the source: in none of the source clauses closest to its own."""
    theirs = [clause.stems for piece in said for clause in clauses(piece)]
    for clause in clauses(text):
        figures = {word for word in clause.stems if is_number(word)}
        shared = [(len(clause.stems & other), other) for other in theirs]
        most = max((count for count, _ in shared), default=0)
        close = frozenset[str]().union(*(other for count, other in shared if count >= most * NEARLY))
        if figures - close:
            return True
    return False


def _replaced(text: str, source: str, near: Near | None) -> bool:
    """Whether the text is the source with one word replaced by a non-synonym; the first word may differ."""
    mine, theirs = content(text), content(source)
    for tag, low, high, start, end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        alone = tag == "replace" and high - low == end - start == 1 and low > 0 and mine[low] not in theirs
        framed = (
            alone and mine[low - 1] == theirs[start - 1] and (high == len(mine) or mine[high : high + 1] == theirs[end : end + 1])
        )
        if framed and (near is None or max(near(_word_of(text, mine[low]), [_word_of(source, theirs[start])])) < LIMITS.synonym):
            return True
    return False


def _word_of(text: str, wanted: str) -> str:
    return next((word for word in words(text) if stem(NUMERALS.get(word, word)) == wanted), wanted)


def _reordered(text: str, said: Sequence[str]) -> bool:
    """Whether the quotations of the text occur in the source in another order."""
    quoted = [words(match) for match in _QUOTED.findall(text)]
    if len(quoted) < 2:
        return False
    return not any(_in_order(quoted, words(piece)) for piece in [*said, " ".join(said)])


def _in_order(quoted: Sequence[list[str]], found: list[str]) -> bool:
    start = 0
    for each in quoted:
        places = [n for n in range(start, len(found)) if found[n : n + len(each)] == each]
        if not places:
            return False
        start = places[0] + 1
    return True


def _other_people(text: str, said: Sequence[str], known: Collection[str]) -> bool:
    """Whether the text names a role that these sentences do not; a pronoun in them may refer to one named in the passage."""
    theirs = roles(" ".join(said))
    new = roles(text) - theirs
    closest = roles(said[0])
    if closest and roles(text) and not closest & roles(text):
        return True
    meant = not theirs and _PRONOUN.search(said[0]) and all(stem(role) in known for role in new)
    return bool(new) and not meant


def roles(text: str) -> frozenset[str]:
    """The roles named in the text, in the singular."""
    return frozenset(word.removesuffix("'s").removesuffix("s") for word in words(text)) & _ROLES


def _share(stems: Collection[str], known: Collection[str]) -> float:
    return sum(part in known for part in stems) / len(stems) if stems else 0.0


def _clauses(text: str) -> list[tuple[str, ...]]:
    return [stems for clause in _CLAUSE.split(fold(text)) if len(stems := tuple(dict.fromkeys(content(clause)))) >= 2]
