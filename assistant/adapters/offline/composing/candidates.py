"""All wordings of a sharp question that a message offers: its ask as a direct question, alone or after one clause of it.

Other additions were tried and judged: "given that" or "when" with a clause, a noun phrase before a colon, a noun in place of a
pronoun, and a date at the end were confirmed in less than one of twenty cases. At most LONGEST words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.adapters.offline.composing.plain_words import cleaned, lowered, raised
from assistant.adapters.offline.composing.questions import Direct, Form, direct

LONGEST = 30
LONGEST_ADDITION = 17
LEAST_ADDITION = 3
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_CLAUSE_BORDER = re.compile(
    r"[,;:()]\s+|\s[-\u2013\u2014]+\s|\s(?=(?:and|but|because|so|which|where|while|although|since) )", re.IGNORECASE
)
_JOINT = re.compile(r"^(?:and|but|so|because|which|that|where|while|although|or|then|since)\s+", re.IGNORECASE)
_OTHER_ASK = re.compile(r"\?|^(?:how|what|why|can|could|should|do|does|is|are|would|any|tell|please|help)\b", re.IGNORECASE)
_CONTENT = re.compile(r"[^\W_]{4,}")
_MARKS = re.compile(r"(?<![?!])[?!]++(?=[\"')\],.;:]*(?:\s|$))")


class Shape(StrEnum):
    """How a candidate is built: the ask alone, after one clause that says what it is about, or written word by word."""

    ALONE = "alone"
    AFTER = "after"
    WRITTEN = "written"


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


def candidates(units: Sequence[Material], asked: int, additions: Sequence[int]) -> list[Candidate]:
    """Wordings for the ask in the unit `asked`, each without repetition; the first is the plainest.

    `additions` are the units that may say what it is about.
    """
    found: dict[str, Candidate] = {}
    for question in direct(units[asked].text)[:4]:
        for candidate in _of(units, asked, question, additions):
            if len(candidate.text.split()) <= LONGEST:
                found.setdefault(candidate.text.casefold(), candidate)
    return list(found.values())


def _of(units: Sequence[Material], asked: int, question: Direct, additions: Sequence[int]) -> Iterator[Candidate]:
    yield Candidate(finished(question.text), Shape.ALONE, question.form, asked)
    for place in additions:
        clause = addition(units[place], LONGEST - len(question.text.split())) if place != asked else ""
        if clause and not _content(clause) <= _content(question.text) and question.form is not Form.WHOLE:
            yield Candidate(finished(f"{raised(clause)}: {lowered(question.text)}"), Shape.AFTER, question.form, asked, place)


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


def finished(question: str) -> str:
    """With a capital letter, one mark at the end, also where it quotes a question, and no space before a mark."""
    line = _MARKS.sub("", question)
    line = re.sub(r"(?<=\S)[ ]+(?=[,;:.](?:\s|$))", "", " ".join(line.split())).rstrip(" ,.;:-")
    return f"{raised(line)}?"


def _content(words: str) -> set[str]:
    return {word.casefold() for word in _CONTENT.findall(words)}
