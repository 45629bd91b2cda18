"""What holds of every question made of a real first message: nothing denied, no number and no name of its clause is lost.

The messages are all those of the training data, with the units and roles that their writers gave them; no model is run.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from assistant.adapters.offline.composing.candidates import LONGEST, Candidate, Material, Shape, candidates, finished
from assistant.adapters.offline.composing.plain_words import cleaned
from assistant.adapters.offline.composing.questions import Direct, Form, direct
from tests.evals.lab.training.openings import Opening, openings

MESSAGES = openings()
SAMPLE = random.Random(11).sample(MESSAGES, 1_000)
OWN_WORDS = (Form.ASKED, Form.EMBEDDED, Form.WHOLE)
"""Forms in which the author asked: their question is the author's clause."""
_WORD = re.compile(r"[^\W_]+(?:['.,-][^\W_]+)*")
_NO = re.compile(r"(?:not|no|never|without|nobody|nothing|none|cannot|neither|nor|\w+n't)$", re.IGNORECASE)
_FRAME = frozenset(
    "what which where when whether would could should does have that this with will about from there they them your been into "
    "know tell please really".split()
)
"""Words of four letters and more that may belong to the frame around a clause."""
_PRONOUNS = frozenset("i you it that this they we he she there".split())


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def clause(line: str, question: Direct) -> list[str]:
    """The words of a cleaned line from which a question was made, found from its end by the words they share."""
    said, wanted = words(line), [word.lower() for word in words(question.text)]
    if question.form is Form.WHOLE:
        return said
    first = len(said)
    for word in reversed([word for word in wanted if len(word) > 3 and word not in _FRAME]):
        first = next((n for n in range(first - 1, -1, -1) if said[n].lower() == word), first)
    if first == len(said):
        return []
    lead = [n for n in range(max(0, first - 5), first) if said[n].lower() == wanted[0]]
    return said[lead[-1] if lead else first :]


def lost(line: str, question: Direct) -> list[str]:
    """Negations, numbers and capitalised names of the clause that the question does not have."""
    kept = {word.lower() for word in words(question.text)}
    return [word for word in clause(line, question) if must_stay(word) and word.lower() not in kept]


def must_stay(word: str) -> bool:
    named = word[:1].isupper() and word.lower().partition("'")[0] not in _PRONOUNS
    return bool(_NO.match(word)) or any(letter.isdigit() for letter in word) or named


def questions() -> Iterator[tuple[str, Direct]]:
    """Every question of an ask of every message, with its cleaned line."""
    for unit in (unit for message in MESSAGES for unit in message.units):
        if unit.asked or "A" in unit.roles:
            yield from ((cleaned(unit.text), question) for question in direct(unit.text))


def offered(message: Opening) -> Iterator[Candidate]:
    """All wordings for each unit of a message that could be its ask, after any of its other units."""
    units = [Material(unit.text) for unit in message.units]
    additions = [n for n, unit in enumerate(message.units) if unit.roles[0] not in "XNGE"]
    for n, unit in enumerate(message.units):
        if unit.asked or unit.roles[0] in "AOW":
            yield from candidates(units, n, additions)


def test_no_negation_number_or_name_of_the_authors_clause_is_lost() -> None:
    made = [(line, question) for line, question in questions() if question.form in OWN_WORDS]
    assert len(made) > 4_000
    assert sum(bool(clause(line, question)) for line, question in made) > 0.95 * len(made)
    assert [(line, question.text) for line, question in made if lost(line, question)] == []


def test_nearly_every_ask_gives_a_question() -> None:
    asks = [unit.text for message in MESSAGES for unit in message.units if unit.asked and unit.roles[0] == "A"]
    silent = [text for text in asks if not direct(text)]
    assert len(silent) < 0.05 * len(asks), silent[:20]


def test_every_wording_is_one_short_question() -> None:
    made = [candidate.text for message in SAMPLE for candidate in offered(message)]
    assert len(made) > 4_000
    assert [text for text in made if len(text.split()) > LONGEST] == []
    assert [text for text in made if text.count("?") != 1 or not text.endswith("?")] == []
    assert [text for text in made if text != " ".join(text.split()) or text[:1].islower()] == []


def test_an_added_clause_stands_before_the_whole_question_in_its_own_words() -> None:
    for message in SAMPLE:
        for candidate in offered(message):
            if candidate.shape is Shape.AFTER:
                clause, _, question = candidate.text.partition(": ")
                assert set(words(clause.lower())) <= set(words(cleaned(message.units[candidate.added].text).lower()))
                assert candidate.added != candidate.asked
                assert question


@pytest.mark.parametrize(
    ("line", "question", "gone"),
    [
        ("how do I not lose 3 pallets in Lyon", "how do I lose pallets", ["not", "3", "Lyon"]),
        ("I don't know how to keep the bay unlocked", "how do I keep the bay unlocked", []),
        ("no cover since May, what do I do with the night shift", "what do I do with the night shift", []),
        ("why doesn't the pump start", "why does the pump start", ["doesn't"]),
    ],
)
def test_what_is_lost_is_seen(line: str, question: str, gone: list[str]) -> None:
    assert lost(line, Direct(question, Form.ASKED)) == gone


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("how do I start ?", "How do I start?"),
        ("what do I answer to \"can you do it cheaper?\"", "What do I answer to \"can you do it cheaper\"?"),
        ("is this link https://a.example/?d=e right??!", "Is this link https://a.example/?d=e right?"),
        ("which one , the old", "Which one, the old?"),
    ],
)  # fmt: skip
def test_a_question_ends_with_one_mark(written: str, question: str) -> None:
    assert finished(written) == question
