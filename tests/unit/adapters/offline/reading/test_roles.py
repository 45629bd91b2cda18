"""From units to slots: whole units of the author's own, never somebody else's words; what is worth asking; the kind."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.adapters.offline.reading import message_kind, roles
from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.unit_model import Reader, Reading, Unit
from assistant.adapters.offline.reading.worth_asking import worth_asking
from assistant.dialogue.grounding.evidence import checked
from assistant.dialogue.understanding import Act, Turn
from assistant.domain.need import SLOTS
from assistant.domain.reply import Kind
from tests.evals.lab.training.openings import openings

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
READER = Reader()
LANGUAGE = OfflineLanguage(reader=READER)
SAMPLE = random.Random(5).sample(openings(), 60)


def reading(*units: tuple[str, str], asked: int = -1, sure: float = 0.9) -> tuple[str, Reading]:
    """A text of units with their roles, and what is read of it; the rest of the probability goes to asides."""
    text, made = "", []
    for n, (role, words) in enumerate(units):
        span = Span(len(text), len(text) + len(words))
        made.append(Unit(span, words, {role: sure, "N": 1 - sure}, asked=0.9 if n == asked else 0.0))
        text += f"{words} "
    return text, Reading(tuple(made))


def stated(*units: tuple[str, str], asked: int = -1, sure: float = 0.9) -> dict[str, list[str]]:
    text, read = reading(*units, asked=asked, sure=sure)
    return {slot: [span.of(text) for span in spans] for slot, spans in roles.stated(text, read).items()}


def test_each_role_fills_its_slot_with_the_whole_unit() -> None:
    found = stated(
        ("S", "We run a bakery."), ("T", "I tried a rota on paper."), ("A", "How do I plan the shifts?"),
        ("W", "Nobody works three Sundays."), ("D", "It starts on 3 May."), ("F", "In writing please."), asked=2,
    )  # fmt: skip
    assert found == {
        "task": ["How do I plan the shifts"],
        "context": ["We run a bakery"],
        "tried": ["I tried a rota on paper"],
        "outcome": ["Nobody works three Sundays"],
        "deadline": ["on 3 May"],
        "format": ["In writing"],
    }


@pytest.mark.parametrize("role", ["X", "N", "E"])
def test_others_words_asides_and_exclusions_fill_nothing(role: str) -> None:
    texts = ("The plan is due by Friday.", "A 20 minute call with the board.", "We moved to Lyon in May.")
    assert stated(*((role, text) for text in texts)) == {}


def test_an_ask_in_others_words_is_no_task() -> None:
    assert stated(("X", "Please resubmit the plan by Friday."), asked=0) == {}


def test_a_date_in_others_words_is_no_deadline_even_where_the_model_half_takes_it_for_one() -> None:
    text = '"deliver it by Friday" it said. How do I say no?'
    units = (
        Unit(Span(0, 31), text[:31], {"X": 0.55, "D": 0.45}),
        Unit(Span(32, 47), text[32:], {"A": 0.9}, asked=0.9),
    )
    assert "deadline" not in roles.stated(text, Reading(units))


def test_a_doubtful_role_fills_no_slot() -> None:
    assert stated(("S", "We run a bakery."), ("W", "Nobody works three Sundays."), sure=0.5) == {}


def test_a_date_in_the_ask_is_its_deadline() -> None:
    found = stated(("S", "We met on 2 March."), ("A", "How do I get the stand built before 9 May?"), asked=1)
    assert found["deadline"] == ["before 9 May"]


@pytest.mark.parametrize(
    ("ask", "date", "found"),
    [
        ("How do I get the contracts signed by 4 December?", "The audit is on 14 December.", "by 4 December"),
        ("How do I get certified in seven weeks?", "We fly on 4 November.", "on 4 November"),
        ("Is it better to wait till November?", "He expects my letter by Monday.", "by Monday"),
    ],
)
def test_a_limit_in_the_ask_wins_over_another_date(ask: str, date: str, found: str) -> None:
    assert stated(("D", date), ("A", ask), asked=1)["deadline"] == [found]


@pytest.mark.parametrize(
    ("role", "words", "found"),
    [
        ("S", "I need to write to him before Thursday.", ["before Thursday"]),
        ("W", "I want one page for the committee on 10 December.", ["for the committee on 10 December"]),
        ("S", "They stay until Friday.", None),
        ("X", "I must have it by Friday.", None),
    ],
)
def test_without_a_stated_date_that_of_the_wish_or_of_a_duty_is_the_deadline(role: str, words: str, found: object) -> None:
    assert stated((role, words), ("A", "How do I plan?"), asked=1).get("deadline") == found


def test_what_the_author_calls_success_is_it() -> None:
    found = stated(("F", "Success is a walk-away price."), ("A", "How do I plan?"), asked=1)
    assert found["outcome"] == ["Success is a walk-away price"]
    assert "outcome" not in stated(("X", "Success is a full order book."), ("A", "How do I plan?"), asked=1)


def test_what_was_tried_names_no_format() -> None:
    assert "format" not in stated(("T", "I tried a call last week."), ("A", "How do I write to him?"), asked=1)


def test_a_month_before_a_noun_is_no_deadline() -> None:
    found = stated(("A", "How do I stop it before the December plan goes out on Friday?"), asked=0)
    assert found["deadline"] == ["on Friday"]


def test_what_is_said_in_confidence_fills_no_slot() -> None:
    said = ("S", "Between us, and for nobody else:"), ("S", "the Larch affair is why I dread it."), ("S", "We sell pumps.")
    found = stated(*said, ("A", "How do I open the talk?"), asked=3)
    assert found == {"task": ["How do I open the talk"], "context": ["We sell pumps"]}


def test_units_of_a_situation_keep_their_order_and_neighbours_are_one_quote() -> None:
    found = stated(
        ("S", "We run a bakery."), ("A", "How do I plan?"), ("O", "Everybody is tired."), ("S", "We are four."), asked=1
    )
    assert found["context"] == ["We run a bakery", "Everybody is tired. We are four"]


def test_what_it_is_not_about_is_quoted() -> None:
    text, read = reading(("E", "It's not about the money."), ("A", "How do I plan?"), asked=1)
    assert [span.of(text) for span in roles.excluded(text, read)] == ["It's not about the money"]


def test_nobody_asks_in_others_words() -> None:
    for role in "XG":
        assert roles.asked_unit(reading((role, "Please resubmit it."), asked=0)[1]) is None


def test_presence_is_a_probability_of_every_slot() -> None:
    found = roles.presence(reading(("S", "We run a bakery."), ("A", "How do I plan?"), asked=1)[1])
    assert set(found) == set(SLOTS)
    assert found["context"] == found["task"] == 0.9
    assert found["tried"] == 0.0


def test_what_is_worth_asking_is_named_by_slot() -> None:
    found = worth_asking(Reading(worths={"none": 0.3, "refer": 0.1, "topic": 0.2, "which": 0.1, "success": 0.3}))
    assert found == pytest.approx({"none": 0.4, "task": 0.2, "part": 0.1, "outcome": 0.3, "context": 0.0, "tried": 0.0})
    assert worth_asking(Reading()) == {}


@pytest.mark.parametrize(
    ("kinds", "acts", "kind"),
    [
        ({"wants_person": 0.9}, set(), Kind.WANTS_PERSON),
        ({"specific": 0.9}, {Act.WANTS_PERSON}, Kind.WANTS_PERSON),
        ({"trajectory": 0.9}, set(), Kind.TRAJECTORY),
        ({"out_of_scope": 0.9}, set(), Kind.OUT_OF_SCOPE),
        ({"specific": 0.6, "out_of_scope": 0.4}, set(), None),
        ({"wants_person": 0.4, "trajectory": 0.3}, set(), None),
        ({}, set(), None),
    ],
)
def test_an_ordinary_request_has_no_kind_of_its_own(kinds: dict[str, float], acts: set[Act], kind: Kind | None) -> None:
    assert message_kind.kind_of(Reading(kinds=kinds), frozenset(acts)) is kind


def test_a_message_may_ask_nothing() -> None:
    assert message_kind.asks_nothing(Reading(kinds={"other": 0.8}))
    assert not message_kind.asks_nothing(Reading(kinds={"other": 0.3, "vague": 0.7}))


def test_every_quote_of_a_real_message_is_in_it_and_its_authors_own() -> None:
    for message in SAMPLE:
        read = READER.read(message.text)
        others = [unit.span for unit in read.units if unit.role == "X"]
        for slot, spans in roles.stated(message.text, read).items():
            assert not any(span.shared(other) for span in spans for other in others), (slot, message.text)
        claim = LANGUAGE.understand(Turn(message.text, MONDAY, "Europe/Berlin"))
        assert all(found.quote in message.text for found in claim.slots)
        assert all(quote in message.text for quote in claim.negated)
        assert checked(claim, message.text).slots == claim.slots
        assert all(question.endswith("?") and question.count("?") == 1 for question in claim.asks)
