"""Questions: the one most worth asking, at most two, never one twice, and with options from what was asked or found."""

from __future__ import annotations

from itertools import pairwise
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.clarify import (
    AGAINST_NONE,
    FACET,
    LEAST_WORTH,
    MOST_QUESTIONS,
    WITH_OPTIONS,
    Candidate,
    decides,
    information_gain,
    is_question,
    next_question,
    options_for,
    own_questions,
    subject,
    tells_something,
)
from assistant.dialogue.understanding import Understanding
from assistant.domain.need import SLOTS, Facet, Need, Slot
from assistant.domain.reply import Asks, Kind

LABELS = ["storyline", "numbers", "design", "nerves", "agenda"]
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.builds(lambda family, n: f"{family}:{n}", st.sampled_from(["article", "mentor"]), st.integers(0, 30)),
        st.floats(0.01, 5, allow_nan=False),
        st.frozensets(st.sampled_from(LABELS), max_size=3),
    ),
    max_size=8,
    unique_by=lambda c: c.id,
).map(tuple)
NAMES = st.sets(st.sampled_from([*SLOTS, FACET]))
NEEDS = st.builds(
    lambda filled, closed, facet: Need(
        {s: Slot("plain words", "plain words") for s in SLOTS if s in filled},
        (Facet(FACET, "design"),) if facet else (), frozenset({*closed, *([FACET] if facet else [])}),
    ),
    NAMES, NAMES, st.booleans(),
)  # fmt: skip
WORTH = st.dictionaries(st.sampled_from([*SLOTS, FACET, "none"]), st.floats(0, 1), max_size=8)
ASKS = st.lists(st.sampled_from(["How do I begin?", "Who decides?", "What does it cost?"]), unique=True).map(tuple)
ASKED = st.lists(st.sampled_from([*(Asks("slot", s) for s in SLOTS), Asks("facet", FACET)]), unique=True, max_size=3)
NOTHING: tuple[Candidate, ...] = ()
ARTICLES = (
    Candidate("article:a:1", 2, frozenset({"numbers"})),
    Candidate("article:b:1", 1, frozenset({"design"})),
    Candidate("article:c:1", 1, frozenset()),
)


def judged(worth: dict[str, float], *asks: str) -> Understanding:
    """A turn of which is known what is worth asking, and which questions it asks itself."""
    return Understanding(Kind.VAGUE, worth=worth, asks=asks)


CLAIMS = st.builds(lambda worth, asks: judged(worth, *asks), WORTH, ASKS)


@given(NEEDS, ASKED, CANDIDATES, CLAIMS)
def test_a_question_is_about_something_open_and_new(
    need: Need, asked: list[Asks], found: tuple[Candidate, ...], claim: Understanding
) -> None:
    ask = next_question(need, asked, found, claim)
    if ask is None:
        return
    assert len(asked) < MOST_QUESTIONS
    assert ask.asks not in asked
    assert ask.asks.name not in need.closed
    if ask.asks.kind == "slot":
        assert ask.asks.name not in need.slots
        assert ask.options == ()
    else:
        assert len(ask.options) >= 2


@given(NEEDS, CANDIDATES, CLAIMS)
def test_however_little_is_answered_there_are_at_most_two_and_none_twice(
    need: Need, found: tuple[Candidate, ...], claim: Understanding
) -> None:
    asked: list[Asks] = []
    while (ask := next_question(need, asked, found, claim)) is not None:
        asked.append(ask.asks)
        assert len(asked) <= 2
    assert len(set(asked)) == len(asked)


@given(NEEDS, CANDIDATES, WORTH.filter(bool))
def test_what_is_asked_is_the_most_probable_and_not_much_less_so_than_that_nothing_is(
    need: Need, found: tuple[Candidate, ...], worth: dict[str, float]
) -> None:
    ask = next_question(need, (), found, judged(worth, "How do I begin?", "Who decides?"))
    open_ones = {name: chance for name, chance in worth.items() if name not in {*need.closed, *need.slots, "none"}}
    enough = max(LEAST_WORTH, AGAINST_NONE * worth.get("none", 0.0))
    if ask is None:
        assert max(open_ones.values(), default=0.0) < enough
        return
    names = (*WITH_OPTIONS, FACET) if ask.asks.kind == "facet" else (ask.asks.name,)
    best = max(open_ones.values())
    assert best in [open_ones[name] for name in names if name in open_ones]
    assert best >= enough


@pytest.mark.parametrize(
    ("worth", "name"),
    [
        ({"tried": 0.6, "deadline": 0.5, "none": 0.2}, "tried"),
        ({"tried": 0.5, "deadline": 0.6, "none": 0.2}, "deadline"),
        ({"tried": 0.4, "none": 0.6}, "tried"),
        ({"tried": 0.3, "none": 0.7}, ""),
        ({"tried": 0.2, "none": 0.1}, ""),
        ({"none": 1.0}, ""),
    ],
)
def test_worth_decides(worth: dict[str, float], name: str) -> None:
    ask = next_question(Need(), (), NOTHING, judged(worth))
    assert (ask.asks.name if ask else "") == name


def test_what_is_known_closed_or_asked_leaves_its_place_to_the_next() -> None:
    claim = judged({"task": 0.9, "context": 0.8, "tried": 0.7, "format": 0.6, "none": 0.1})
    need = Need({"task": Slot("slides", "slides")}, closed=frozenset({"context"}))
    first = next_question(need, (), NOTHING, claim)
    assert first is not None
    assert first.asks == Asks("slot", "tried")
    second = next_question(need, (first.asks,), NOTHING, claim)
    assert second is not None
    assert second.asks == Asks("slot", "format")
    assert next_question(need, (first.asks, second.asks), NOTHING, claim) is None


def test_of_several_own_questions_the_mentee_says_which_comes_first() -> None:
    own = ("How do I begin?", "Who decides?", "What does it cost?", "When is it due?", "Is it allowed?")
    ask = next_question(Need(), (), ARTICLES, judged({FACET: 0.8, "none": 0.1}, *own))
    assert ask is not None
    assert (ask.asks, ask.options) == (Asks("facet", FACET), own[:4])
    assert next_question(Need(), (ask.asks,), ARTICLES, judged({FACET: 0.8, "none": 0.1}, *own)) is None


@pytest.mark.parametrize("own", [(), ("How do I begin?",)])
def test_which_part_is_never_asked_without_options(own: tuple[str, ...]) -> None:
    assert next_question(Need(), (), NOTHING, judged({FACET: 0.8, "none": 0.1}, *own)) is None


def test_which_part_is_asked_with_options_from_what_was_found_where_there_are_no_own_questions() -> None:
    ask = next_question(Need(), (), ARTICLES, judged({FACET: 0.8, "none": 0.1}, "How do I begin?"))
    assert ask is not None
    assert set(ask.options) == {"numbers", "design"}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("How do I begin?", True), ("Can I say no to a fourth?", True), ("Q2 who decides when it is a bug?", True),
        ("By when must it be there?", True), ("Third, what's the fee?", True),
        ("Full mirror or a cache?", True), ("Lost property, who decides?", True),
        ("Everything's half done?", False), ("Three the no wait?", False), ("To contract a receptionist?", False),
        ("What can I do when learn what a cost centre is?", False), ("What should I know about the way forward?", False),
        ("Speech for the jubilarians?", False),
    ],
)  # fmt: skip
def test_only_questions_are_offered_as_the_mentees_own(text: str, question: bool) -> None:
    assert is_question(text) is question
    ask = next_question(Need(), (), NOTHING, judged({FACET: 0.8}, "How do I begin?", "Who decides?", text))
    assert ask is not None
    assert (text in ask.options) is question or text == "How do I begin?"


def test_questions_of_which_several_cannot_be_read_are_no_choice() -> None:
    read = ("How do I begin?", "Who decides?")
    assert own_questions(judged({}, *read, "Everything's half done?")) == read
    assert own_questions(judged({}, *read, "Everything's half done?", "Speech for the jubilarians?")) == ()
    assert own_questions(judged({}, "How do I begin?", "Everything's half done?")) == ()


@pytest.mark.parametrize("name", WITH_OPTIONS)
def test_an_open_question_names_what_it_is_about_or_is_not_asked(name: str) -> None:
    claim, long = judged({name: 0.8}), "the rota of the eleven drivers and " * 6
    ask = next_question(Need(), (), NOTHING, claim, "question about safety")
    assert ask is not None
    assert (ask.asks, subject(Need(), "question about safety")) == (Asks("slot", name), "question about safety")
    assert next_question(Need(), (), NOTHING, claim, long) is None
    assert next_question(Need({"outcome": Slot("a plan", "a plan")}), (), NOTHING, claim, "hi, can you help me?") is not None


@pytest.mark.parametrize(
    ("need", "said", "named"),
    [
        (Need({"task": Slot("the board slides. All of them", "")}), "long " * 30, "the board slides"),
        (Need({"context": Slot("a new CFO", "")}), "", "a new CFO"),
        (Need(), "Hello\nthe board slides?\nskip", "the board slides? skip"),
        (Need(), "hi, can I ask you something?", ""),
        (Need(), "word " * 17, ""),
    ],
)
def test_what_it_is_about_is_a_slot_or_a_short_message(need: Need, said: str, named: str) -> None:
    assert subject(need, said) == named


@pytest.mark.parametrize("name", WITH_OPTIONS)
def test_options_that_decide_are_offered_once_instead_of_an_open_question(name: str) -> None:
    claim = judged({name: 0.8, "none": 0.1})
    ask = next_question(Need(), (), ARTICLES, claim)
    assert ask is not None
    assert ask.asks == Asks("facet", FACET)
    assert set(ask.options) == {"numbers", "design"}
    again = next_question(Need(), (ask.asks,), ARTICLES, claim)
    assert again is not None
    assert (again.asks, again.options) == (Asks("slot", name), ())


def test_an_unjudged_turn_is_asked_for_its_topic_and_then_for_success() -> None:
    """A language that does not judge what is worth asking."""
    unjudged = Understanding(Kind.VAGUE)
    topic = next_question(Need(), (), NOTHING, unjudged, "hello, can I ask you something?")
    assert topic is not None
    assert topic.asks == Asks("slot", "task")
    success = next_question(Need(), (topic.asks,), NOTHING, unjudged, "the board slides for the new CFO")
    assert success is not None
    assert success.asks == Asks("slot", "outcome")
    assert next_question(Need(), (topic.asks, success.asks), NOTHING, unjudged, "the board slides") is None


@pytest.mark.parametrize(
    ("said", "something"),
    [("Hi, can you help me please?", False), ("I want to talk to someone", False), ("", False), ("the new board slides", True)],
)
def test_asking_for_help_alone_tells_nothing(said: str, something: bool) -> None:
    assert tells_something(said) is something


@given(NEEDS, CANDIDATES)
def test_options_come_from_what_was_found_and_are_two_to_four(need: Need, found: tuple[Candidate, ...]) -> None:
    options = options_for(need, found)
    assert len(options) in (0, 2, 3, 4)
    assert len(set(options)) == len(options)
    assert set(options) <= {label for c in found for label in c.labels}


@given(CANDIDATES)
def test_options_are_not_what_was_said(found: tuple[Candidate, ...]) -> None:
    need = Need({"task": Slot("my Storyline and the numbers", "q")})
    assert not {"storyline", "numbers", "agenda"} & set(options_for(need, found, "hm, agendas"))


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


def test_facets_of_one_article_decide_between_its_passages() -> None:
    one_article = (ARTICLES[0], Candidate("article:a:2", 1, frozenset({"design"})))
    assert decides(("numbers", "design"), one_article)


def test_a_choice_that_leaves_the_first_mentor_is_not_offered() -> None:
    both = frozenset({"numbers", "design"})
    one_mentor = (Candidate("mentor:m1", 2, both),)
    assert not decides(("numbers", "design"), one_mentor)
    open_ask = next_question(Need(), (), one_mentor, judged({"task": 0.8}))
    assert open_ask is not None
    assert (open_ask.asks, open_ask.options) == (Asks("slot", "task"), ())


def test_an_option_that_one_mentor_has_changes_who_is_first() -> None:
    mentors = (Candidate("mentor:m1", 2, frozenset()), Candidate("mentor:m2", 1, frozenset({"design"})))
    assert decides(("design", "numbers"), mentors)
