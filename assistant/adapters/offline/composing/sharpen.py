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
from assistant.adapters.offline.composing.question_writer import MessageWords, QuestionWriter
from assistant.adapters.offline.composing.questions import direct, told
from assistant.adapters.offline.composing.written import CLOSE, written
from assistant.adapters.offline.reading.unit_model import Reader, Reading, Unit
from assistant.domain.need import Need

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
        self._reader, self._writer = reader, writer or QuestionWriter()
        self._judge = Judge(self._writer)

    def question(self, need: Need, said: Sequence[str]) -> Sharp:
        """One question of at most LONGEST words from the first message and later answers; empty if there is nothing to ask."""
        opening = said[0] if said else ""
        reading = self._reader.read(opening) if opening.strip() else Reading()
        source, wordings = offered(need, opening, reading, self._writer)
        if not wordings:
            return Sharp(_last_resort(need, source))
        ranked = self._judge.ranked(source, wordings)
        best, fine = ranked[0]
        return Sharp(best.text, fine)

    def asks(self, reading: Reading) -> list[str]:
        """The asks of a message that could each be its question, as questions, in the order in which they were said."""
        units = [unit for unit in reading.units if unit.asked >= 2 * LEAST_ASKED or unit.roles.get("A", 0.0) >= 0.75]
        questions = [
            finished(found[0].text) for unit in units if (found := direct(unit.text)) and len(found[0].text.split()) <= 18
        ]
        return list(dict.fromkeys(questions))


def offered(
    need: Need, opening: str, reading: Reading, writer: QuestionWriter, styles: Sequence[int] = (CLOSE,)
) -> tuple[Source, list[Candidate]]:
    """What the question can be made of, and all its wordings: those built by rule, and those that the writer made.

    Nothing is written anew once an ask was answered, corrected or edited: that one is worded by rule.
    """
    source = _source(need, reading, writer.source(opening, reading))
    found = {candidate.text.casefold(): candidate for candidate in _offered(source)}
    if source.message and not source.later:
        for candidate in written(writer, source.message, source.units, styles):
            found.setdefault(candidate.text.casefold(), candidate)
    return source, list(found.values())


def _source(need: Need, reading: Reading, message: MessageWords | None) -> Source:
    """The units of the first message, followed by what was said later: a task or part that was answered, corrected or edited."""
    units = list(reading.units)
    said = " ".join(unit.text for unit in units)
    later = [facet.value for facet in need.facets if facet.value]
    task = need.get("task")
    if task and not _within(task.quote, said):
        later.insert(0, task.value)
    context = need.get("context")
    about = context.value if context and not _within(context.quote, said) else ""
    return Source(tuple(units), tuple(later), about, message)


def _offered(source: Source) -> list[Candidate]:
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
