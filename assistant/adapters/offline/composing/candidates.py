"""All wordings of a sharp question that a message offers, from the plain ask to the ask with one addition.

A candidate is the author's own ask as a direct question, alone, after one whole clause of the message that says what it is about,
or before one ("given that ..."), or with the date that belongs to it. At most LONGEST words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.adapters.offline.composing.plain_words import cleaned, lowered, raised
from assistant.adapters.offline.composing.questions import Form, direct
from assistant.adapters.offline.dates.deadline import deadline_spans

LONGEST = 30
LONGEST_ADDITION = 17
LEAST_ADDITION = 3
LEAST_TOPIC, LONGEST_TOPIC = 0.4, 7
"""Least mean probability that a question takes the words of a noun phrase over; its most words."""
_DETERMINERS = frozenset(
    "the a an my our your his her their its this that these those some any every each no one two three four five six seven "
    "eight nine ten of".split()
)
_BEFORE_NOUN = (
    r"the|a|an|my|our|his|her|their|its|this|these|those|some|every|each|two|three|four|five|six|seven|eight|nine|ten|\d[\d.,]*"
)
_NO_NOUN = (
    r"is|are|was|were|has|have|had|can|will|and|but|or|that|which|who|to|in|on|at|for|with|from|by|because|so|when|if|it|i|we|they|"
    r"he|she|you|do|does|did|don't|doesn't|isn't|says?|said|keeps?|wants?|goes|comes|gets?|makes?|takes?"
)
_NOUN = rf"(?:(?!(?:{_NO_NOUN})\b)[\w'/&-]+\s*)"
_NOUN_PHRASE = re.compile(
    rf"\b(?:(?:{_BEFORE_NOUN})\s+){_NOUN}{{1,4}}(?:(?:of|for|in|at|on|with|from)\s+(?:the|a|an|my|our|his|her|their)?\s*{_NOUN}{{1,3}})?|"
    r"(?<![.!?]\s)(?<!^)\b[A-Z][\w-]+(?:\s+[A-Z][\w-]+){0,3}"
)
_PRONOUN = re.compile(
    r"\b(?:him|her|them|it|this|he|she|they|his|their|its|"
    r"that(?=\s*(?:$|[,;]|(?:to|in|on|for|with|by|before|without|and|so|when|from|at)\b)))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_CLAUSE_BORDER = re.compile(
    r"[,;:()]\s+|\s[-\u2013\u2014]+\s|\s(?=(?:and|but|because|so|which|where|while|although|since) )", re.IGNORECASE
)
_JOINT = re.compile(r"^(?:and|but|so|because|which|that|where|while|although|or|then|since)\s+", re.IGNORECASE)
_TIMED = re.compile(r"(?:by|before|until|till|within|ahead of|no later|not later)\b", re.IGNORECASE)
_OTHER_ASK = re.compile(r"\?|^(?:how|what|why|can|could|should|do|does|is|are|would|any|tell|please|help)\b", re.IGNORECASE)
_CONTENT = re.compile(r"[^\W_]{4,}")


class Shape(StrEnum):
    """How a candidate is built."""

    ALONE = "alone"
    TOPIC = "topic"
    NAMED = "named"
    AFTER = "after"
    GIVEN = "given"
    DATED = "dated"


@dataclass(frozen=True)
class Candidate:
    """One wording. `asked` and `added` are numbers of the units it is made of; `added` is -1 if it is the ask alone."""

    text: str
    shape: Shape
    form: Form
    asked: int
    added: int = -1


@dataclass(frozen=True)
class Material:
    """A unit as text, with the places of its words and the probability that a good question takes each one over."""

    text: str
    taken: tuple[tuple[int, int, float], ...] = ()


def candidates(units: Sequence[Material], asked: int, additions: Sequence[int], dated: int = -1) -> list[Candidate]:
    """Wordings for the ask in the unit `asked`, each without repetition; the first is the plainest.

    `additions` are the units that may say what it is about, `dated` is the unit with its date or -1.
    """
    found: dict[str, Candidate] = {}
    for question in direct(units[asked].text)[:3]:
        for candidate in _of(units, asked, question.text, question.form, additions, dated):
            if len(candidate.text.split()) <= LONGEST:
                found.setdefault(candidate.text.casefold(), candidate)
    return list(found.values())


def _of(
    units: Sequence[Material], asked: int, question: str, form: Form, additions: Sequence[int], dated: int
) -> Iterator[Candidate]:
    yield Candidate(finished(question), Shape.ALONE, form, asked)
    for place in additions:
        if place == asked:
            continue
        topic = topic_of(units[place])
        if topic and not _content(topic) <= _content(question):
            yield Candidate(finished(f"{raised(topic)}: {lowered(question)}"), Shape.TOPIC, form, asked, place)
            if replaced := with_noun(question, topic):
                yield Candidate(finished(replaced), Shape.NAMED, form, asked, place)
        clause = addition(units[place], LONGEST - len(question.split()))
        if not clause or _content(clause) <= _content(question):
            continue
        yield Candidate(finished(f"{raised(clause)}: {lowered(question)}"), Shape.AFTER, form, asked, place)
        if form is not Form.TOLD:
            yield Candidate(finished(f"{question} when {lowered(clause)}"), Shape.GIVEN, form, asked, place)
    if dated >= 0 and dated != asked and (when := date_phrase(units[dated].text)) and not deadline_spans(question):
        yield Candidate(finished(f"{question} {when}"), Shape.DATED, form, asked, dated)


def addition(unit: Material, room: int) -> str:
    """The whole unit, or the clause of it that a good question would rather take over; "" if none fits or it is a question."""
    line = cleaned(unit.text)
    most = min(room, LONGEST_ADDITION)
    if _OTHER_ASK.search(line):
        return ""
    if LEAST_ADDITION <= len(line.split()) <= most:
        return line
    parts = [_JOINT.sub("", part.strip(" ,.;:")) for part in _CLAUSE_BORDER.split(line)[:8]]
    whole = [part for part in parts if LEAST_ADDITION + 1 <= len(part.split()) <= most]
    weight = {unit.text[a:b].casefold(): chance for a, b, chance in unit.taken}
    return max(
        whole, key=lambda part: (sum(weight.get(word.casefold(), 0.0) for word in _WORD.findall(part)), len(part)), default=""
    )


def topic_of(unit: Material) -> str:
    """The noun phrase of a unit whose words a good question would most likely take over; "" if there is none."""
    best, most = "", LEAST_TOPIC
    for match in _NOUN_PHRASE.finditer(unit.text[:400]):
        inside = [
            chance
            for a, b, chance in unit.taken
            if match.start() <= a and b <= match.end() and unit.text[a:b].casefold() not in _DETERMINERS
        ]
        if inside and (mean := sum(inside) / len(inside)) > most:
            best, most = match[0], mean
    words = cleaned(best)
    return words if 1 <= len(words.split()) <= LONGEST_TOPIC else ""


def with_noun(question: str, topic: str) -> str:
    """The question with its only pronoun replaced by the noun phrase; "" if it has none or several different ones."""
    found = list(_PRONOUN.finditer(question))
    if not found or len({match[0].casefold() for match in found}) > 1:
        return ""
    first = found[0]
    noun = lowered(topic)
    if (
        first[0].casefold() in ("his", "her", "their", "its")
        and re.match(r"\s+\w", question[first.end() :])
        and first[0].casefold() != "her"
    ):
        noun = f"{noun}'" if noun.endswith("s") else f"{noun}'s"
    return f"{question[: first.start()]}{noun}{question[first.end() :]}"


def date_phrase(unit: str) -> str:
    """The first phrase of a unit that says by when; "" if there is none."""
    for start, end, _ in deadline_spans(unit):
        phrase = unit[start:end].strip()
        if _TIMED.match(phrase):
            return lowered(phrase)
    return ""


def finished(question: str) -> str:
    """With a capital letter, one mark at the end and no space before a mark."""
    line = re.sub(r"[?!]+(?=\s|$)", "", question)
    line = re.sub(r"(?<=\S)[ ]+(?=[,;:.](?:\s|$))", "", " ".join(line.split())).rstrip(" ,.;:-")
    return f"{raised(line)}?"


def _content(words: str) -> set[str]:
    return {word.casefold() for word in _CONTENT.findall(words)}
