"""The sharp question: the author's own ask, alone or after one clause of the message, at most 30 words, one question."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.offline.composing.candidates import LONGEST, Candidate, Material, Shape, addition, candidates
from assistant.adapters.offline.composing.judge import Judge, Source, features
from assistant.adapters.offline.composing.question_writer import Score
from assistant.adapters.offline.composing.questions import Form
from assistant.adapters.offline.composing.sharpen import Sharpener, offered, source_of
from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.unit_model import Reader, Reading, Unit
from assistant.domain.need import SLOTS, Facet, Need, Slot
from tests.evals.lab.training.openings import openings

READER = Reader()
SHARPENER = Sharpener(READER)
POOR = Score(-6.0, -12.0, 0.0, 0.5, 0.5)
SAMPLE = random.Random(7).sample([message for message in openings() if message.fine], 80)


def need(part: str = "", **values: str) -> Need:
    slots = {name: Slot(values[name], values[name]) for name in SLOTS if values.get(name)}
    return Need(slots, (Facet("part", part),) if part else ())


def unit(text: str, role: str = "A", asked: float = 0.0, added: float = 0.0) -> Unit:
    return Unit(Span(0, len(text)), text, {role: 0.9, "N": 0.1}, asked, added)


def rules(need: Need, reading: Reading) -> list[Candidate]:
    return offered(source_of(need, reading))


def sharp(opening: str, need: Need | None = None) -> str:
    return SHARPENER.question(need or Need(), (opening,)).text


@pytest.mark.parametrize(
    ("opening", "question"),
    [
        ("How do I end a tradition?", "How do I end a tradition?"),
        ("how do you get people to label their samples", "How do I get people to label their samples?"),
        ("Could you tell me how to read a cash-flow statement?", "How do I read a cash-flow statement?"),
        ("I would like to know whether I should call the supplier first.", "Should I call the supplier first?"),
    ],
)
def test_a_plain_ask_is_its_own_question(opening: str, question: str) -> None:
    assert sharp(opening) == question


def test_the_ask_is_found_behind_what_the_message_tells() -> None:
    text = "I run a bakery with four people. We had a nice summer. How do I plan the Sunday shifts fairly? Thanks a lot, Ina"
    assert "plan the Sunday shifts fairly?" in sharp(text)
    assert "Ina" not in sharp(text)


def test_somebody_elses_words_are_not_the_ask() -> None:
    told = '"Please send me the report by noon, and why is it late?" That is what my boss wrote this morning.'
    question = sharp(f"{told} How do I ask for two more days?")
    assert "ask for two more days?" in question
    assert "send me the report" not in question


def test_a_later_task_is_offered_beside_the_first_message() -> None:
    wordings = rules(need(task="how do I move the archive to Lyon"), Reading((unit("hello there, I need help"),)))
    assert "How do I move the archive to Lyon?" in [candidate.text for candidate in wordings]


def test_a_chosen_part_is_offered() -> None:
    reading = Reading((unit("How do I write the plan?", asked=0.9),))
    wordings = rules(need("how do I order the chapters"), reading)
    assert "How do I order the chapters?" in [candidate.text for candidate in wordings]


def test_others_words_are_never_added() -> None:
    units = (
        unit("We moved the depot to Lyon in May.", "S", added=0.5),
        unit("Deliver every pallet before noon.", "X", added=0.9),
        unit("How do I plan the routes?", asked=0.9),
    )
    wordings = rules(Need(), Reading(units))
    texts = " ".join(candidate.text for candidate in wordings)
    assert "We moved the depot to Lyon in May: how do I plan the routes?" in texts
    assert "pallet" not in texts


@pytest.mark.parametrize("said", [(), ("",), ("   ",), ("...",)])
def test_with_nothing_said_and_nothing_known_there_is_no_question(said: tuple[str, ...]) -> None:
    assert SHARPENER.question(Need(), said).text == ""


def test_what_is_known_is_asked_about_where_nothing_was_asked() -> None:
    question = SHARPENER.question(need(task="the kickoff agenda"), ()).text
    assert "kickoff agenda" in question
    assert question.endswith("?")


def test_the_asks_of_a_message_are_told_apart_in_their_order() -> None:
    units = (
        unit("How do I move the archive?", asked=0.5), unit("We are four.", "S"), unit("Who signs the lease?", asked=0.4),
        unit("How do I move the archive?", asked=0.3),
    )  # fmt: skip
    assert SHARPENER.asks(Reading(units)) == ["How do I move the archive?", "Who signs the lease?"]


def test_real_messages_give_one_short_question_of_their_own_words() -> None:
    for message in SAMPLE:
        question = sharp(message.text)
        assert 0 < len(question.split()) <= LONGEST, message.text
        assert question.endswith("?")
        assert question.count("?") == 1
        said = set(re.findall(r"[^\W_]{6,}", message.text.lower()))
        foreign = set(re.findall(r"[^\W_]{6,}", question.lower())) - said
        assert len(foreign) <= 2, (foreign, question, message.text)


def test_it_is_deterministic() -> None:
    text = SAMPLE[0].text
    assert Sharpener(Reader()).question(Need(), (text,)) == Sharpener(Reader()).question(Need(), (text,))


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_at_most_one_short_question(task: str, context: str, part: str) -> None:
    question = SHARPENER.question(need(part, task=task, context=context), (task,)).text
    assert len(question.split()) <= LONGEST
    assert question == "" or question.endswith("?")


@pytest.mark.parametrize("piece", ["i ", "and, ", "so ", "before ", "i really ", " - ", ", ", "how do i ", "?"])
def test_no_text_makes_it_slow(piece: str) -> None:
    text = f"{piece * (8_000 // len(piece))}x"
    every, reading = need(text, task=text, context=text, outcome=text), Reading((unit(text, asked=0.9, added=0.9),) * 3)
    begun = time.process_time()
    rules(every, reading)
    assert time.process_time() - begun < 2


def test_the_first_wording_is_the_ask_alone_and_no_wording_comes_twice() -> None:
    units = [Material("We moved to Lyon in May."), Material("How do I plan the routes?"), Material("The lease ends soon.")]
    found = candidates(units, 1, (0, 1, 2))
    assert found[0] == Candidate("How do I plan the routes?", Shape.ALONE, Form.ASKED, 1)
    assert len({candidate.text.casefold() for candidate in found}) == len(found)
    assert {candidate.added for candidate in found} == {-1, 0, 2}


@pytest.mark.parametrize(
    ("text", "room", "clause"),
    [
        ("We moved to Lyon in May.", 20, "We moved to Lyon in May"),
        ("We moved to Lyon in May.", 3, ""),
        ("Why did we move?", 20, ""),
        ("Please help", 20, ""),
        ("Lyon", 20, ""),
    ],
)
def test_what_is_added_is_a_whole_clause_that_fits_and_asks_nothing(text: str, room: int, clause: str) -> None:
    assert addition(Material(text), room) == clause


def test_of_a_long_unit_the_clause_with_most_wanted_words_is_added() -> None:
    text = "we had a long and rather wet summer in the yard, the depot moved to Lyon, and everybody has got used to it by now"
    start = text.index("Lyon")
    assert addition(Material(text, ((start, start + 4, 0.9),)), 12) == "the depot moved to Lyon"


class Undecided(Judge):
    """A judge that likes all wordings equally."""

    def fine(self, found: object) -> float:
        return 0.5


def test_the_judge_ranks_by_probability_and_keeps_the_order_of_equals() -> None:
    wordings = [Candidate(f"How do I plan {n}?", Shape.ALONE, Form.ASKED, 0) for n in range(3)]
    source = Source((unit("How do I plan?", asked=0.9),))
    assert [candidate for candidate, _ in Undecided().ranked(source, wordings)] == wordings
    chances = [chance for _, chance in Judge().ranked(source, wordings)]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)


def test_the_judge_prefers_the_ask_to_a_remark() -> None:
    units = (unit("The weather was nice", "N", asked=0.01), unit("How do I plan the Sunday shifts of a bakery?", asked=0.95))
    told = Candidate("What can I do when the weather was nice?", Shape.ALONE, Form.TOLD, 0)
    ask = Candidate("How do I plan the Sunday shifts of a bakery?", Shape.ALONE, Form.ASKED, 1)
    assert Judge().ranked(Source(units), [told, ask])[0][0] == ask


def test_a_lost_negation_counts_for_the_judge() -> None:
    source = Source((unit("How do I not lose the order?", asked=0.9),))
    kept, lost = (Candidate(f"How do I {said} the order?", Shape.ALONE, Form.ASKED, 0) for said in ("not lose", "lose"))
    assert features(source, kept)["loses no"] == 0.0
    assert features(source, lost)["loses no"] == 1.0


def test_every_feature_is_a_number_of_moderate_size() -> None:
    for message in SAMPLE[:20]:
        source = source_of(Need(), READER.read(message.text))
        for candidate in offered(source):
            assert all(-2 <= value <= 3 for value in features(source, candidate, POOR).values())
