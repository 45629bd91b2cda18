"""Wordings that the question writer makes of a message, as far as its author could sign them.

A wording that loses a negation, brings in a fact, or makes somebody else's wish the author's is left out
(`assistant.dialogue.grounding.faithful`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.adapters.offline.composing.candidates import LONGEST, Candidate, Shape, finished
from assistant.adapters.offline.composing.plain_words import cleaned
from assistant.adapters.offline.composing.question_writer import MessageWords, QuestionWriter
from assistant.adapters.offline.composing.questions import Form, direct
from assistant.adapters.offline.reading.unit_model import Unit
from assistant.dialogue.grounding.faithful import Said, objection

CLOSE, FREE = 0, 1
"""Styles: near to the words of the ask, and freer."""
SURELY_ASKED, SURELY_NOT_OWN = 0.3, 0.6
"""Least probabilities of an ask that a question must keep to, and of words that are not the author's own."""
_CONTENT = re.compile(r"[^\W_]{4,}")


def written(writer: QuestionWriter, message: MessageWords, units: Sequence[Unit], styles: Sequence[int]) -> list[Candidate]:
    """Questions of at most LONGEST words, the likeliest of the first style first, each once."""
    author = told_apart(message.text, units)
    found: dict[str, Candidate] = {}
    for style in styles:
        for wording in writer.wordings(message, style):
            question = finished(cleaned(wording))
            if len(question.split()) <= LONGEST and not objection(question, author):
                found.setdefault(question.casefold(), placed(question, units))
    return list(found.values())


def told_apart(text: str, units: Sequence[Unit]) -> Said:
    """What an author said: the asks that a question must keep to, words of somebody else, and what it is not about."""
    return Said(
        text,
        tuple(unit.text for unit in units if unit.asked >= SURELY_ASKED and unit.role in "AW"),
        tuple(unit.text for unit in units if unit.roles.get("X", 0.0) >= SURELY_NOT_OWN),
        tuple(unit.text for unit in units if unit.roles.get("E", 0.0) + unit.roles.get("N", 0.0) >= SURELY_NOT_OWN),
    )


def placed(question: str, units: Sequence[Unit]) -> Candidate:
    """A question by whomever as a candidate: the unit that it asks, and another one from which it takes most words, if any."""
    own = _content(question)
    asked = max(range(len(units)), key=lambda n: units[n].asked * (0.2 + len(own & _content(units[n].text))), default=0)
    rest = own - (_content(units[asked].text) if units else set())
    added = max(range(len(units)), key=lambda n: len(rest & _content(units[n].text)), default=-1)
    found = added >= 0 and len(rest & _content(units[added].text)) > 0
    return Candidate(question, Shape.WRITTEN, Form.WRITTEN, asked, added if found else -1)


def worded_anew(question: str, units: Sequence[Unit]) -> Candidate:
    """A question by a person or a model as if built by rule: on the unit that it shares most with, or after another one."""
    clause, _, asked = question.rpartition(": ")
    base = _closest(units, asked)
    form = next((found.form for found in direct(units[base].text)[:1]), Form.WHOLE) if base >= 0 else Form.ASKED
    added = _closest(units, clause) if clause else -1
    after = added not in (-1, base)
    return Candidate(
        question, Shape.AFTER if after else Shape.ALONE, form, base if base >= 0 else len(units), added if after else -1
    )


def _closest(units: Sequence[Unit], words: str) -> int:
    """The place of the unit with most of these words, the likelier ask if it is equal; -1 if none has any."""
    shared = [len(_content(words) & _content(unit.text)) + unit.asked for unit in units]
    best = max(range(len(units)), key=lambda n: shared[n], default=-1)
    return best if best >= 0 and shared[best] >= 1 else -1


def _content(words: str) -> set[str]:
    return {word.casefold() for word in _CONTENT.findall(words)}
