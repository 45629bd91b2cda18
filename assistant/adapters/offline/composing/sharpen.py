"""The sharp question: the author's own ask, whole, made understandable with at most one addition.

Candidates go from the plain ask to the ask with one clause of the message; a trained judge chooses the one that its author would
most likely confirm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.adapters.offline.composing.candidates import LONGEST, Candidate, Material, addition, candidates, finished
from assistant.adapters.offline.composing.judge import Judge, Source
from assistant.adapters.offline.composing.plain_words import cleaned
from assistant.adapters.offline.composing.question_writer import MessageWords, QuestionWriter, Score
from assistant.adapters.offline.composing.questions import direct, told
from assistant.adapters.offline.composing.written import CLOSE, told_apart, worded_anew, written
from assistant.adapters.offline.reading.unit_model import Reader, Reading, Unit
from assistant.dialogue.grounding.faithful import Said
from assistant.domain.need import SLOTS, Need

ASKS, LEAST_ASKED = 3, 0.08
"""Most units tried as the ask, and the least probability of one beside the likeliest."""
ADDITIONS, LEAST_ADDED = 2, 0.12
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Sharp:
    """A question, the judge's probability that its author confirms it, and whether it is only the author's sentence."""

    text: str
    fine: float = 0.0
    own: bool = False


class Sharpener:
    def __init__(self, reader: Reader, writer: QuestionWriter | None = None) -> None:
        self._reader, self._writer, self._judge = reader, writer or QuestionWriter(), Judge()

    def question(self, need: Need, said: Sequence[str]) -> Sharp:
        """One question of at most LONGEST words from the first message and later answers; empty if there is nothing to ask."""
        opening, reading = self._read(said)
        source, message = source_of(need, reading), self._writer.message(opening, reading)
        wordings = self.wordings(source, message)
        if not wordings:
            return Sharp(_last_resort(need, source))
        best, fine = self._judge.ranked(source, wordings, self._scores(message, [one.text for one in wordings]))[0]
        return Sharp(best.text, fine)

    def wordings(self, source: Source, message: MessageWords | None, styles: Sequence[int] = (CLOSE,)) -> list[Candidate]:
        """All wordings of a question: those built by rule, and those that were written.

        Nothing is written anew once an ask was answered, corrected or edited: that one is worded by rule.
        """
        built = offered(source)
        anew = written(self._writer, message, source.units, styles) if message and not source.later else []
        return list({one.text.casefold(): one for one in [*anew, *built]}.values())

    def fine(self, need: Need, said: Sequence[str], question: str) -> float:
        """The probability that its author confirms a question, whoever worded it."""
        opening, reading = self._read(said)
        scores = self._scores(self._writer.message(opening, reading), [question])
        return self._judge.ranked(source_of(need, reading), [worded_anew(question, reading.units)], scores)[0][1]

    def heard(self, need: Need, said: Sequence[str]) -> Said:
        """What was said, told apart: asks, words of somebody else, and what it is not about."""
        _, reading = self._read(said)
        edited = [need.value(name) for name in SLOTS if need.value(name)]
        return told_apart("\n".join([*said, *source_of(need, reading).later, *edited]), reading.units)

    def _scores(self, message: MessageWords | None, questions: Sequence[str]) -> list[Score]:
        return self._writer.scores(message, questions) if message else []

    def _read(self, said: Sequence[str]) -> tuple[str, Reading]:
        opening = said[0] if said else ""
        return opening, self._reader.read(opening) if _WORD.search(opening) else Reading()

    def asks(self, reading: Reading) -> list[str]:
        """The asks of a message that could each be its question, as questions, in the order in which they were said."""
        units = [unit for unit in reading.units if unit.asked >= 2 * LEAST_ASKED or unit.roles.get("A", 0.0) >= 0.75]
        questions = [
            finished(found[0].text) for unit in units if (found := direct(unit.text)) and len(found[0].text.split()) <= 18
        ]
        return list(dict.fromkeys(questions))


def source_of(need: Need, reading: Reading) -> Source:
    """The units of the first message, followed by what was said later: a task or part that was answered, corrected or edited."""
    units = list(reading.units)
    said = " ".join(unit.text for unit in units)
    later = [facet.value for facet in need.facets if facet.value]
    task = need.get("task")
    if task and not _within(task.quote, said):
        later.insert(0, task.value)
    context = need.get("context")
    about = context.value if context and not _within(context.quote, said) else ""
    return Source(tuple(units), tuple(later), about)


def offered(source: Source) -> list[Candidate]:
    """Wordings for the likeliest asks with the likeliest additions."""
    texts = [Material(unit.text, unit.taken) for unit in source.units]
    found: list[Candidate] = []
    additions = _additions(source.units)
    for place in _asks(source.units):
        near = [n for n in (place - 1,) if n >= 0 and source.units[n].role in "SOW"]
        found += candidates(texts, place, list(dict.fromkeys([*additions, *near]))[:ADDITIONS])
    for words in source.later:
        places = [*texts, Material(words)]
        found += candidates(places, len(texts), additions[:1])
    return list({candidate.text.casefold(): candidate for candidate in found}.values())


def _asks(units: Sequence[Unit]) -> list[int]:
    ranked = sorted(range(len(units)), key=lambda n: -units[n].asked)
    return [n for k, n in enumerate(ranked[:ASKS]) if k == 0 or units[n].asked >= LEAST_ASKED]


def _additions(units: Sequence[Unit]) -> list[int]:
    """Units that may say what the ask is about; never somebody else's words."""
    ranked = sorted((n for n, unit in enumerate(units) if unit.role not in "XNGE"), key=lambda n: -units[n].added)
    return [n for n in ranked if units[n].added >= LEAST_ADDED][:ADDITIONS]


def _last_resort(need: Need, source: Source) -> str:
    """A question about a clause of whatever is known, for a message without anything like an ask."""
    likely = sorted(source.units, key=lambda unit: -unit.asked)
    known = [*source.later, need.value("task"), *(unit.text for unit in likely), need.value("context"), need.value("outcome")]
    for words in filter(None, known):
        clause = addition(Material(words), LONGEST - 6) or cleaned(words)
        found = direct(clause) or told(clause)
        if found and len(found[0].text.split()) <= LONGEST:
            return finished(found[0].text)
    return ""


def _within(quote: str, said: str) -> bool:
    """Whether all words of a quote stand in what was said first, one after another."""
    return " ".join(_WORD.findall(quote.casefold())) in " ".join(_WORD.findall(said.casefold()))
