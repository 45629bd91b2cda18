"""Whether a question that somebody else worded is still its author's: form, facts, negations, and whose words they are.

A question may be worded anew. Every number, date, name, code and address in it must have been said, no negation of the ask may be
lost and none added, words of somebody else and what it is not about may not become the ask, and a new word is allowed only if it
states nothing: a frame, another form or spelling of a said word, or a word that may stand for one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from assistant.dialogue.grounding.addresses import has_address
from assistant.dialogue.grounding.folded_words import (
    DAYS,
    NUMERALS,
    SHORT_FORMS,
    fold,
    hidden_removed,
    in_full,
    is_negative,
    is_number,
    located_words,
    stem,
    words,
)
from assistant.dialogue.grounding.plain_wording import COMMON, GRAVE, PLAIN, groups
from assistant.dialogue.grounding.polarity import OPPOSITES
from assistant.dialogue.grounding.status_claims import claims_status
from assistant.dialogue.grounding.word_order import recounted
from retrieval.text import FUNCTION_WORDS, plain_sentences

Objection = Literal[
    "", "form", "long", "address", "status", "number", "name", "negation lost", "negation added", "turned round", "others' words",
    "excluded", "new words",
]  # fmt: skip
LONGEST, LEAST = 30, 3
MOST_SAID = 20_000
"""Characters of what was said that are compared."""
DENIED_SHARE = 0.75
SAID_FOR_A_NEW_ONE, MOST_NEW = 3, 2
"""Said words that carry meaning beside which one new word is let pass, and how many at most."""
LEAST_FOREIGN, FOREIGN_SHARE = 3, 0.5
LONG_WORD, SPELT_ALIKE, SAME_BEGINNING = 6, 0.85, 4
_ADDRESS = re.compile(r"\S*(?:://|www\.|@\w)\S*|\b[\w.-]+\.\w{2,}(?:/\S*)?", re.IGNORECASE)
_STRANGE = re.compile(r"[<>\[\]{}|\\^~*_#`]")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\Z")
_WITH_UNIT = re.compile(r"([\d.,:]*\d)([a-z%]+)\Z")
_ORDINALS = {
    word: str(number)
    for number, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
_NUMERALS = NUMERALS | {"seventy": "70", "eighty": "80"}
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_GROUPED = re.compile(r"(?<=\d)[., ](?=\d{3}(?!\d))")
_TIMES = DAYS - {"may", "march", "sun", "second"} | frozenset(
    "tonight weekend noon midnight morning afternoon evening spring summer autumn winter easter christmas".split()
)


@dataclass(frozen=True)
class Said:
    """What an author said: everything, and of it the asks, what is not the author's own, and what it is not about."""

    text: str
    asks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @cached_property
    def whole(self) -> _Words:
        return _Words.of(self.text[:MOST_SAID])


def objection(question: str, said: Said) -> Objection:
    """The first reason why the author would not sign this question; "" if there is none. Linear in what was said."""
    return next((why for why in objections(question, said)), "")


def objections(question: str, said: Said) -> Iterator[Objection]:
    """All reasons, the plainest first."""
    checks: tuple[tuple[Objection, bool], ...] = (
        ("form", not _one_question(question, said)),
        ("long", len(question.split()) > LONGEST),
        ("address", _unsaid_address(question, said)),
        ("status", claims_status(question)),
    )
    yield from (why for why, holds in checks if holds)
    asked = _Words.of(question)
    yield from (why for why, holds in _facts(asked, question, said) if holds)
    yield from (why for why, holds in _meaning(asked, question, said) if holds)


def _one_question(question: str, said: Said) -> bool:
    plain = hidden_removed(question) == question and not (set(_STRANGE.findall(question)) - set(said.text))
    ends = question.endswith("?") and question.count("?") == 1 and "\n" not in question and "!" not in question
    return plain and ends and len(plain_sentences(question)) == 1 and len(question.split()) >= LEAST


def _unsaid_address(question: str, said: Said) -> bool:
    if not has_address(question):
        return False
    known = fold(said.text)
    return not all(fold(found.rstrip("?.,;:)")) in known for found in _ADDRESS.findall(question)) or not _ADDRESS.search(question)


@dataclass(frozen=True)
class _Words:
    """The words of a text: as they are, as stems, as numbers."""

    all: tuple[str, ...]
    stems: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Words:
        found = tuple(part for word in words(in_full(text)) for part in _parts(word))
        figures = {_plain_figure(figure) for figure in _FIGURE.findall(text)}
        return cls(found, frozenset(map(stem, found)), frozenset(filter(None, map(_number, found))) | figures)

    def has_form_of(self, word: str) -> bool:
        """Whether one of them is another form or spelling of the word, or may stand for it."""
        near = self._by_beginning.get(word[:SAME_BEGINNING], ())
        return any(_derived(word, other) for other in near) or bool(groups(word) & self._groups) or self.spells(word)

    def spells(self, word: str) -> bool:
        """Whether one of them looks like a misspelling of the word."""
        return len(word) >= LONG_WORD and any(_spelt(word, other) for other in self._by_beginning.get(word[0], ()))

    @cached_property
    def content(self) -> frozenset[str]:
        """Stems of the words that carry meaning."""
        return frozenset(stem(word) for word in self.all if word not in FUNCTION_WORDS and len(word) > 1)

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[str]]:
        """The words by their first letter, and by their first letters."""
        found: dict[str, list[str]] = {}
        for word in set(self.all):
            found.setdefault(word[:1], []).append(word)
            if len(word) >= SAME_BEGINNING > 1:
                found.setdefault(word[:SAME_BEGINNING], []).append(word)
        return found

    @cached_property
    def _groups(self) -> frozenset[int]:
        return frozenset(place for word in self.all for place in groups(word))


def _parts(word: str) -> tuple[str, ...]:
    """A number and its unit apart."""
    match = _WITH_UNIT.match(word)
    return (match[1], match[2]) if match and match[2] not in ("st", "nd", "rd", "th") else (word,)


def _number(word: str) -> str:
    if word in _NUMERALS and word not in ("one", "twice"):
        return _NUMERALS[word]
    if word in _ORDINALS and word not in ("first", "second"):
        return _ORDINALS[word]
    bare = _ORDINAL.sub("", word)
    return _plain_figure(bare) if is_number(bare) and bare.lstrip("+-")[:1].isdigit() else ""


def _plain_figure(figure: str) -> str:
    """Without a sign and without marks between thousands; with a decimal point."""
    return _GROUPED.sub("", figure.strip("+-.,")).replace(",", ".").rstrip(":")


def _facts(asked: _Words, question: str, said: Said) -> Iterator[tuple[Objection, bool]]:
    known = said.whole
    yield "number", bool(asked.numbers - known.numbers)
    own = [name for name in _names(question) if stem(SHORT_FORMS.get(name, name)) not in known.stems]
    times = [word for word in asked.all if word in _TIMES and stem(word) not in known.stems]
    near = [name for name in own if not known.spells(name)]
    yield "name", bool(near or times)


def _names(text: str) -> list[str]:
    """Words with a capital inside the sentence or with letters and digits mixed."""
    found = []
    for word in located_words(text):
        shown = text[word.start : word.end]
        mixed = any(char.isupper() for char in shown[1:]) or (any(map(str.isdigit, shown)) and any(map(str.isalpha, shown)))
        inside = shown[:1].isupper() and bool(re.search(r"[\w,;'\")]\s*$", text[: word.start]))
        if (mixed or inside) and word.folded not in FUNCTION_WORDS and not _WITH_UNIT.match(word.folded):
            found.append(_ORDINAL.sub("", word.folded))
    return [name for name in found if not is_number(name) or re.search(r"[a-z]", name)]


def _meaning(asked: _Words, question: str, said: Said) -> Iterator[tuple[Objection, bool]]:
    yield "negation lost", any(_lost(ask, question, asked) for ask in said.asks)
    yield "negation added", _NO.search(_SO_THAT.sub(" ", question)) is not None and not _denies(said.text)
    yield "turned round", recounted(question, said.text) or any(_turned(ask, question, asked) for ask in said.asks)
    unquoted = _Words.of(_QUOTED.sub(" ", question)).content
    yield "others' words", not _ATTRIBUTED.search(question) and _only_from(unquoted, said.others, said.text)
    yield "excluded", _only_from(unquoted, said.excluded, said.text)
    yield "new words", bool(new_words(question, said))


def _lost(ask: str, question: str, asked: _Words) -> bool:
    """Whether a clause that the ask denies stands in the question without any denial."""
    if _NO.search(question) or _APART.search(question) or (asked.stems & _STOPPING) - _Words.of(ask).stems:
        return False
    for clause in _CLAUSE.split(_NOT_KNOWN.sub(" ", in_full(ask))):
        if clause and _denies(clause):
            stems = _Words.of(clause).content
            if stems and _NO.search(clause) and len(stems & asked.content) >= DENIED_SHARE * len(stems):
                return True
    return False


def _denies(text: str) -> bool:
    found = words(in_full(text))
    return any(is_negative(word) or stem(word) in _STOPPING for word in found) or bool(_APART.search(text))


def _turned(ask: str, question: str, asked: _Words) -> bool:
    """Whether a new word is the opposite of one of the ask, or the question would stop what the ask wants."""
    theirs = _Words.of(ask)
    new = asked.content - theirs.stems
    if any(OPPOSITES.get(word, frozenset[str]()) & theirs.content - asked.stems for word in new):
        return True
    if _denies(ask):
        return False
    stopped = _STOPS.search(question)
    after = _Words.of(stopped[1]).content if stopped else frozenset[str]()
    return bool(after) and 2 * len(after & theirs.content) > len(after)


def _only_from(own: frozenset[str], part: Iterable[str], text: str) -> bool:
    """Whether much of what the question says stands in these units alone."""
    rest = text
    for unit in part:
        rest = rest.replace(unit, " ")
    theirs = frozenset[str]().union(*(_Words.of(unit).content for unit in part)) - _Words.of(rest[:MOST_SAID]).stems
    only = own & theirs
    return len(only) >= LEAST_FOREIGN and len(only) >= FOREIGN_SHARE * len(own)


def new_words(question: str, said: Said) -> list[str]:
    """The words of the question that state something which was not said.

    Beside enough said words one or two new ones are let pass that name a thing, such as "slugs" where traps were counted: never a
    verb of what the author wants, a comparison, a time, or a word that says something about a person.
    """
    known, verbs, every = said.whole, _verbs(question), _Words.of(question)
    found = [word for word in every.all if _states(word, word in verbs, known)]
    room = (len(every.content & known.stems) + 1) // SAID_FOR_A_NEW_ONE
    named = len(found) <= min(room, MOST_NEW) and all(_names_a_thing(word, verbs) for word in found)
    return [] if named else found


def _names_a_thing(word: str, verbs: Collection[str]) -> bool:
    return not (word in verbs or _COMPARED.search(word) or stem(word) in _GRAVE or word.isdigit())


def _states(word: str, wanted: bool, known: _Words) -> bool:
    """Whether the word was not said and says more than how it is worded; `wanted`: it says what the author wants to do."""
    plain = word in FUNCTION_WORDS or word in PLAIN or len(word) == 1 or bool(is_number(word) or _number(word))
    common = not wanted and stem(word) in _COMMON
    return not (plain or common or stem(word) in known.stems or known.has_form_of(word))


def _verbs(question: str) -> set[str]:
    """What the author asks to do: the word after "do I", "can I", "to"."""
    return {found[1] or found[2] for found in _TO_DO.finditer(fold(question))}


def _derived(word: str, other: str) -> bool:
    """Whether two words have one beginning and usual endings, or one is joined of the other and more."""
    same = 0
    for one, two in zip(word, other, strict=False):
        if one != two:
            break
        same += 1
    derived = same >= SAME_BEGINNING and word[same:] in _ENDINGS and other[same:] in _ENDINGS
    joined = same >= SAME_BEGINNING and (same == len(word) or same == len(other)) and len(other) > same + 2
    return derived or joined


def _spelt(word: str, other: str) -> bool:
    close = len(word) >= LONG_WORD and word[0] == other[:1] and abs(len(word) - len(other)) <= 1
    return close and SequenceMatcher(None, word, other, autojunk=False).ratio() >= SPELT_ALIKE


_STOPPING = frozenset(
    map(stem, "stop avoid prevent refuse decline reject quit skip lose miss lack fail omit exclude except".split())
)
"""Verbs that deny what follows them."""
_STOPS = re.compile(
    r"\b(?:(?:do|can|could|should|would|must|may) (?:i|we)|to|not) "
    r"(?:stop|avoid|prevent|refuse|decline|reject|quit|cancel|end)\b(.*)",
    re.IGNORECASE,
)
_NO = re.compile(r"\b(?:not|no|never|without|nobody|nothing|none|cannot|neither|nor)\b|n't\b", re.IGNORECASE)
_SO_THAT = re.compile(r"\bso\b(?! (?:far|long|much|many|little|few)\b)[^,;:?]*", re.IGNORECASE)
_ATTRIBUTED = re.compile(
    r"\b(?:wants?|wanted|says?|said|writes?|wrote|thinks?|demands?|asks? (?:me|us|for)|insists?|expects?|answer|respond|"
    r"reply|decline|"
    r"refuse|according)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"\u201c][^\"\u201c\u201d]*[\"\u201d]")
_APART = re.compile(
    r"\b(?:only|alone|ignore\w*|leav(?:e|ing)|left out|outside|away|miss\w*|lost|former|skip\w*|out|off|rather|"
    r"instead of|rather than|in place of|other than|free of|out of|no longer|away from|keep\w* [^,;.?]{1,60} from|"
    r"too \w+ to|un(?:able|less|til)|\w+less)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:()!?]+|[.](?=\s|\Z)|\s-\s|\s(?=(?:without|instead of|rather than|and not|not just) )|"
    r"\b(?:but|because|so that|and|which|while|although|since|when|if|until|unless|where|how|what|"
    r"why|who|whether)\b",
    re.IGNORECASE,
)
_NOT_KNOWN = re.compile(
    r"\b(?:yes or no|not (?:just|only)|"
    r"(?:do not|don't|dont|can't|cannot|cant|could not|couldn't|didn't|never|not|no longer|i'm not|am not) (?:\w+ )?"
    r"(?:know|sure|understand|see|find|figure|get|tell|decide|believe|think|remember|seem)\w*|no (?:idea|clue)|why (?:not|don't|"
    r"can't|doesn't|isn't|won't)|or not|if not|nothing (?:else|more)|"
    r"(?:isn't|aren't|don't|can't|won't|shouldn't|doesn't) (?:it|there|they|we|i|you|he|she)\b)",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:fast|slow|quick|long|short|high|low|bigg?|large|small|cheap|dear|earli|late?|loud|quiet|hard|easi|soft|strong|weak|warm|"
    r"cold|hott?|cool|light|heavi|wide?|narrow|deep|thick|thinn?|old|young|new|rich|poor|safe?|simple?|clean|smart|strict|few|near|"
    r"great|nice?|bright|dark|close?|tight|loose?|rough|smooth|sharp|happi|busi|fair|full|clear)(?:er|r|est|st)\Z|less\Z|\A(?:un|non)"
)
_GRAVE = frozenset(map(stem, GRAVE | _TIMES))
_COMMON = frozenset(map(stem, COMMON))
_TO_DO = re.compile(
    r"\b(?:do|can|could|should|would|must|may|shall|will|did|does) (?:i|we)(?: (?:best|still|even|really|also|ever|just|first|"
    r"actually|\w+ly))? (\w+)|\bto (\w+)"
)
_ENDINGS = frozenset(
    "e y s es ed d er ers or ors r rs ing ings ment ments ion ions ation ations tion al ally ly ity ness able ible ance ence ful "
    "ship ive ative ous ist ists ie ies ied ier i ically ic ical ics ize ise ised ized ising age ages ary ant ent t en th".split()
) | {""}
