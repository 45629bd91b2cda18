"""No support, no sentence. What a model says of passages is held against the very passages that it cites, sentence by sentence.

Numbers with their units, names, codes and quoted words must stand there; what is denied must be denied there, and what is not,
not; enough of its words must stand together in few sentences of one passage, the nearest of which is near in meaning where
that can be measured. In doubt a sentence is not supported: leaving it out costs less than saying what nobody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.dialogue.grounding.addresses import has_address
from assistant.dialogue.grounding.folded_words import (
    FUNCTION,
    NUMERALS,
    content,
    fold,
    hidden_removed,
    is_number,
    located_words,
    stem,
    words,
)
from assistant.dialogue.grounding.polarity import OPPOSITES, clauses, turned
from assistant.dialogue.grounding.status_claims import claims_status
from assistant.dialogue.language_io import Excerpt
from assistant.domain.reply import Sentence

__all__ = ["Near", "claims_status", "foreign_words", "has_address", "roles", "stands", "states_more", "supported"]

Near = Callable[[str, Sequence[str]], Sequence[float]]
"""The cosine (-1 to 1) of a text to each of the others."""


@dataclass(frozen=True)
class Limits:
    """What a sentence must reach: `local` of its words in sentences of a passage that stand near one another, and every clause
    `clause` of its own there, or `whole_clause` in another sentence of the passage; the less of them, the nearer it must be in
    meaning. Without a measure of meaning, `lexical` is the limit. Two words are the same at `synonym`. Made with the dev half of
    tests/evals/data/support."""

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
_SENTENCE = re.compile(r"(?<=[.!?\u2026])[\"'\u201d\u2019*)]*\s+|\n+|(?<=[^|])\|(?=[^|])")
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
    """Whether the excerpts that the sentence cites say it."""
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


def stands(text: str, excerpts: Sequence[Excerpt]) -> bool:
    """Whether every word, figure, name and quotation of the text stands in the excerpts, wherever."""
    sources = [_source(excerpt.text, excerpt.title) for excerpt in excerpts]
    known = frozenset().union(*(source.known for source in sources))
    return all(part in known for part in content(text)) and not _missing(text, sources)


def states_more(text: str, sources: Iterable[str]) -> bool:
    """Whether a figure, a name, a code or a quotation of the text stands in none of the sources."""
    return _missing(text, [_source(source, "") for source in sources])


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
        frozenset(_figures(f"{title}\n{text}", 3)),
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


def _figures(text: str, reach: int = 2) -> Iterable[tuple[str, str]]:
    """Each number alone, and with the unit beside it: the first within reach, or all within a longer one."""
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
    """Words that must be found as they are: codes, acronyms, and what is capitalised within a sentence."""
    found = []
    for word in located_words(text):
        shown = text[word.start : word.end]
        first = not re.search(r"[^\W_].*$|[,;]\s*$", re.split(r"[.!?:\"\u201c\u201e(]\s*", text[: word.start])[-1], re.DOTALL)
        code = any(char.isdigit() for char in shown) and any(char.isalpha() for char in shown)
        mixed = any(char.isupper() for char in shown[1:])
        doer = first and _DOES.match(text, word.end)
        if code or mixed or (shown[0].isupper() and (doer or not first) and word.folded not in FUNCTION):
            found.append(word.folded)
    return found


def _carried(text: str, stems: tuple[str, ...], sources: Sequence[_Source], near: Near | None) -> bool:
    """Whether some few sentences carry the words, the clauses, the people, the sense and the direction of the text."""
    known = frozenset().union(*(source.known for source in sources))
    best = max(sources, key=lambda source: _share(stems, _joined(_carriers(stems, source))))
    carriers = _with_clauses(text, _carriers(stems, best), best)
    share = _share(stems, _joined(carriers))
    said = [piece for piece, _ in carriers]
    if any(_share(clause, _joined(carriers)) < LIMITS.clause for clause in _clauses(text)):
        return False
    if share < LIMITS.local or _strangers(text, said, known) or turned(text, said):
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
    """The sentence that shares most with the text, and those near it that each bring some more of its words."""
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
    """With the sentence of the passage that carries most of a clause which those chosen do not: a summary reaches further."""
    found, pieces = list(carriers), list(zip(source.sentences, source.stems, strict=True))
    for clause in _clauses(text):
        if _share(clause, _joined(found)) < LIMITS.clause:
            closest = max(pieces, key=lambda piece: _share(clause, piece[1]))
            found += [closest] if _share(clause, closest[1]) >= LIMITS.whole_clause else []
    return found


def _joined(carriers: Sequence[tuple[str, frozenset[str]]]) -> frozenset[str]:
    return frozenset[str]().union(*(have for _, have in carriers))


def _elsewhere(text: str, said: Sequence[str]) -> bool:
    """Whether a figure stands beside other words than in the source: not in a clause that shares most with its own."""
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
    """Whether the text is the source with one word in another's place that does not mean the same; the first word may differ."""
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
    """Whether what the text quotes stands there in another order."""
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


def _strangers(text: str, said: Sequence[str], known: Collection[str]) -> bool:
    """Whether somebody is named whom these sentences do not name; where they name nobody, it may be who the passage is about."""
    theirs = roles(" ".join(said))
    new = roles(text) - theirs
    closest = roles(said[0])
    if closest and roles(text) and not closest & roles(text):
        return True
    meant = not theirs and _PRONOUN.search(said[0]) and all(stem(role) in known for role in new)
    return bool(new) and not meant


def roles(text: str) -> frozenset[str]:
    """The roles that are named, in the singular."""
    return frozenset(word.removesuffix("'s").removesuffix("s") for word in words(text)) & _ROLES


def _share(stems: Collection[str], known: Collection[str]) -> float:
    return sum(part in known for part in stems) / len(stems) if stems else 0.0


def _clauses(text: str) -> list[tuple[str, ...]]:
    return [stems for clause in _CLAUSE.split(fold(text)) if len(stems := tuple(dict.fromkeys(content(clause)))) >= 2]
