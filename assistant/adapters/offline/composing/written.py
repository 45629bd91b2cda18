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
from assistant.adapters.offline.composing.questions import Form
from assistant.adapters.offline.reading.unit_model import Unit
from assistant.dialogue.grounding.faithful import Said, objection

CLOSE, FREE = 0, 1
"""Styles: near to the words of the ask, and freer."""
_CONTENT = re.compile(r"[^\W_]{4,}")


def written(
    writer: QuestionWriter, source: MessageWords, units: Sequence[Unit], styles: Sequence[int] = (CLOSE,)
) -> list[Candidate]:
    """Questions of at most LONGEST words, the likeliest of the first style first, each once."""
    author = said(source.text, units)
    found: dict[str, Candidate] = {}
    for style in styles:
        for wording in writer.wordings(source, style):
            question = finished(cleaned(wording))
            if len(question.split()) <= LONGEST and not objection(question, author):
                found.setdefault(question.casefold(), placed(question, units))
    return list(found.values())


def said(text: str, units: Sequence[Unit]) -> Said:
    """What an author said, from the units of a message: its likeliest ask, what is not their own, what it is not about."""
    asks = [max(units, key=lambda unit: unit.asked).text] if units else []
    return Said(
        text,
        tuple(asks),
        tuple(unit.text for unit in units if unit.role == "X" and unit.text not in asks),
        tuple(unit.text for unit in units if unit.role == "E" and unit.text not in asks),
    )


def placed(question: str, units: Sequence[Unit]) -> Candidate:
    """A question by whomever as a candidate: the unit that it asks, and another one from which it takes most words, if any."""
    own = _content(question)
    asked = max(range(len(units)), key=lambda n: units[n].asked * (0.2 + len(own & _content(units[n].text))), default=0)
    rest = own - (_content(units[asked].text) if units else set())
    added = max(range(len(units)), key=lambda n: len(rest & _content(units[n].text)), default=-1)
    found = added >= 0 and len(rest & _content(units[added].text)) > 0
    return Candidate(question, Shape.WRITTEN, Form.WRITTEN, asked, added if found else -1)


def _content(words: str) -> set[str]:
    return {word.casefold() for word in _CONTENT.findall(words)}
