"""Questions: at most three, never about what is known, closed or hinted, with options from what was found."""

from __future__ import annotations

from itertools import pairwise
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.clarify import (
    BRIEF_WORTH,
    COST,
    FACET,
    MOST_QUESTIONS,
    Candidate,
    decides,
    information_gain,
    next_question,
    options_for,
    uncertainty,
)  # fmt: skip
from assistant.domain.need import SLOTS, Facet, Need, Slot
from assistant.domain.reply import Asks

LABELS = ["storyline", "numbers", "design", "nerves", "agenda"]
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.integers(0, 30).map(str),
        st.floats(0.01, 5, allow_nan=False),
        st.frozensets(st.sampled_from(LABELS), max_size=3),
    ),
    max_size=8,
    unique_by=lambda c: c.id,
).map(tuple)
NAMES = st.sets(st.sampled_from([*SLOTS, FACET]))
NEEDS = st.builds(
    lambda filled, closed, hinted, facet: Need(
        {s: Slot("plain words", "plain words") for s in SLOTS if s in filled},
        (Facet(FACET, "design"),) if facet else (), frozenset({*closed, *([FACET] if facet else [])}), frozenset(hinted),
    ),
    NAMES, NAMES, NAMES, st.booleans(),
)  # fmt: skip
ASKED = st.lists(st.sampled_from([*(Asks("slot", s) for s in BRIEF_WORTH), Asks("facet", FACET)]), unique=True, max_size=4)


@given(NEEDS, ASKED, CANDIDATES)
def test_a_question_is_about_something_open_and_new(need: Need, asked: list[Asks], found: tuple[Candidate, ...]) -> None:
    ask = next_question(need, asked, found)
    if ask is None:
        return
    assert len(asked) < MOST_QUESTIONS
    assert ask.asks not in asked
    assert ask.asks.name not in need.closed
    if ask.asks.kind == "slot":
        assert ask.asks.name in list(need.missing())
        assert ask.options == ()
    else:
        assert ask.asks.name not in {f.name for f in need.facets}


@given(NEEDS, CANDIDATES)
def test_however_it_is_answered_there_are_at_most_three(need: Need, found: tuple[Candidate, ...]) -> None:
    asked: list[Asks] = []
    while (ask := next_question(need, asked, found)) is not None:
        asked.append(ask.asks)
        assert len(asked) <= len(COST)
    assert len(asked) <= 3


@given(NEEDS, CANDIDATES)
def test_options_come_from_what_was_found_and_are_two_to_four(need: Need, found: tuple[Candidate, ...]) -> None:
    options = options_for(need, found)
    assert len(options) in (0, 2, 3, 4)
    assert len(set(options)) == len(options)
    assert set(options) <= {label for c in found for label in c.labels}


@given(CANDIDATES)
def test_options_are_not_what_was_said(found: tuple[Candidate, ...]) -> None:
    need = Need({"task": Slot("my Storyline and the numbers", "q")})
    assert not {"storyline", "numbers"} & set(options_for(need, found))


@given(CANDIDATES, st.permutations(LABELS))
def test_gain_is_bounded_and_grows_with_options(found: tuple[Candidate, ...], labels: list[str]) -> None:
    gains = [information_gain(labels[:n], found) for n in range(len(labels) + 1)]
    assert gains[0] == pytest.approx(0, abs=1e-9)
    for fewer, more in pairwise(gains):
        assert more >= fewer - 1e-9
    assert gains[-1] <= log2(len(found)) + 1e-9 if found else gains[-1] == 0


@given(CANDIDATES, st.floats(0.1, 100))
def test_gain_does_not_depend_on_the_scale_of_weights(found: tuple[Candidate, ...], scale: float) -> None:
    scaled = [Candidate(c.id, c.weight * scale, c.labels) for c in found]
    assert information_gain(LABELS, scaled) == pytest.approx(information_gain(LABELS, found), abs=1e-6)


def test_a_label_that_all_share_tells_nothing() -> None:
    same = [Candidate(str(n), 1.0, frozenset({"agenda"})) for n in range(4)]
    assert information_gain(("agenda",), same) == pytest.approx(0)
    assert options_for(Need(), same) == ()


def test_the_order_of_the_found_does_not_matter() -> None:
    found = [Candidate(str(n), 1.0, frozenset({label})) for n, label in enumerate(LABELS)]
    assert options_for(Need(), found) == options_for(Need(), list(reversed(found)))


def test_an_empty_need_is_asked_for_its_task_first() -> None:
    ask = next_question(Need(), (), ())
    assert ask is not None
    assert ask.asks == Asks("slot", "task")


def found(weights: dict[str, float]) -> list[Candidate]:
    return [Candidate(key, weight, frozenset()) for key, weight in weights.items()]


def test_doubt_is_how_open_the_right_article_and_mentor_are() -> None:
    assert uncertainty(()) == 1.0
    assert uncertainty(found({"article:a:one": 1, "article:a:two": 1, "mentor:m": 1})) == 0.0
    assert uncertainty(found({"article:a:one": 1, "article:b:two": 1, "mentor:m": 1, "mentor:n": 1})) == pytest.approx(1.0)
    assert 0 < uncertainty(found({"article:a": 9, "article:b": 1, "mentor:m": 9, "mentor:n": 1})) < 0.6


NAMED = Need({"context": Slot("two directors took it apart", "q")}, closed=frozenset({FACET}))
PART_ASKED = [Asks("facet", FACET)]


def test_in_doubt_the_task_is_asked_after_the_part_else_what_the_brief_misses() -> None:
    open_ask = next_question(NAMED, PART_ASKED, found({"article:a": 1, "article:b": 1, "mentor:m": 1, "mentor:n": 1}))
    sure_ask = next_question(NAMED, PART_ASKED, found({"article:a": 1, "mentor:m": 1}))
    assert open_ask is not None
    assert open_ask.asks == Asks("slot", "task")
    assert sure_ask is not None
    assert sure_ask.asks == Asks("slot", "outcome")


def test_a_third_question_has_to_be_worth_more_than_a_first() -> None:
    both = [*PART_ASKED, Asks("slot", "task")]
    assert next_question(NAMED, both, found({"article:a": 1, "article:b": 1, "mentor:m": 1, "mentor:n": 1})) is None


def both(first: frozenset[str], second: frozenset[str]) -> tuple[Candidate, ...]:
    """Two parts of one article and one mentor."""
    return (Candidate("article:a:1", 2, first), Candidate("article:a:2", 1, second), Candidate("mentor:m", 1, frozenset()))


def test_a_choice_that_leaves_the_first_article_and_mentor_is_not_offered() -> None:
    same = both(frozenset({"numbers"}), frozenset({"design"}))
    other = (*same[:1], Candidate("article:b:1", 1, frozenset({"design"})), same[2])
    assert (decides(("numbers", "design"), same), decides(("numbers", "design"), other)) == (False, True)
    need = Need({s: Slot("plain words", "plain words") for s in SLOTS})
    assert next_question(need, (), same) is None
    assert next_question(need, (), other) is not None


def test_an_option_that_one_mentor_has_changes_who_is_first() -> None:
    mentors = (Candidate("mentor:m1", 2, frozenset()), Candidate("mentor:m2", 1, frozenset({"design"})))
    assert decides(("design", "numbers"), mentors)


def test_near_to_an_answer_the_part_is_worth_asking_as_a_second_question() -> None:
    need = Need({s: Slot("plain words", "plain words") for s in SLOTS})
    one = (Candidate("article:a", 1, frozenset()), Candidate("mentor:m", 1, frozenset()))
    asked = [Asks("slot", "outcome")]
    question = next_question(need, asked, one, unclear=True)
    assert question is not None
    assert question.asks.name == FACET
    assert next_question(need, asked, one) is None
    assert next_question(need, [*asked, Asks("slot", "task")], one, unclear=True) is None


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("The bill has gone up again and I was told to find out why.", "task"),
        ("ideally nobody calls any more", "outcome"),
        ("word " * 20, "context"),
    ],
)
def test_what_is_half_said_is_not_asked(said: str, slot: str) -> None:
    asked = [Asks("facet", "part")]
    for _ in range(3):
        found = next_question(Need(), asked, (), said, unclear=True)
        if found is None:
            break
        assert found.asks.name != slot
        asked.append(found.asks)
