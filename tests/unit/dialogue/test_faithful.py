"""A question that somebody else worded stays its author's: facts, negations, whose words they are, and what new words state."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.dialogue.grounding.faithful import LONGEST, Objection, Said, objection
from tests.evals.lab.faithfulness import measured
from tests.evals.lab.training.openings import openings

GLAZE = Said(
    "Since we changed the clay in May the glaze on our mugs keeps crazing. I fired 12 of them slower, no luck. Marek says I "
    "should buy another kiln and sell raku instead. How do I stop the crazing without losing the matt surface before the fair on "
    "3 October?",
    asks=("How do I stop the crazing without losing the matt surface before the fair on 3 October?",),
    others=("Marek says I should buy another kiln and sell raku instead.",),
)


@pytest.mark.parametrize(
    "question",
    [
        "How do I stop the crazing without losing the matt surface before the fair on 3 October?",
        "What is the best way to stop my glaze from crazing and not lose the matt surface?",
        "How can we keep the matt surface of our mugs without the crazing since the change of clay in May?",
        "What should I try next, after firing twelve mugs slower, so that the glaze stops crazing but keeps its matt surface?",
        "How do I answer Marek, who says I should buy another kiln and sell raku instead, without losing the matt surface?",
    ],
)
def test_a_plain_rewording_passes(question: str) -> None:
    assert objection(question, GLAZE) == ""


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("How do I stop the crazing without losing the matt surface", "form"),
        ("How do I stop the crazing? And which clay without losing the surface?", "form"),
        ("I like mugs. How do I stop the crazing without losing the matt surface?", "form"),
        ("How do I stop the crazing,\nwithout losing the matt surface?", "form"),
        ("How do I stop the **crazing** without losing the matt surface?", "form"),
        ("How do I stop the crazing without losing the matt surface" + " of the mugs" * 8 + "?", "long"),
        ("How do I stop the crazing without losing the matt surface, see www.kiln.example?", "address"),
        ("How do I stop the crazing without losing the matt surface now that my session is booked?", "status"),
        ("How do I stop the crazing of 40 mugs without losing the matt surface?", "number"),
        ("How do I stop the crazing without losing the matt surface before the fair on 4 October?", "number"),
        ("How do I stop the crazing without losing the matt surface before Friday?", "name"),
        ("How do I tell Odile about the crazing without losing the matt surface?", "name"),
        ("How do I stop the crazing and lose the matt surface before the fair?", "negation lost"),
        ("How do I buy another kiln and sell raku?", "others' words"),
        ("How do I teach pottery without losing the matt surface?", "new words"),
        ("How do I stop the crazing without losing my pregnancy?", "new words"),
    ],
)
def test_what_its_author_would_not_sign_is_refused(question: str, why: Objection) -> None:
    assert objection(question, GLAZE) == why


def test_no_negation_is_added_and_no_wish_is_turned_round() -> None:
    said = Said(
        "I present to the board on Monday. How do I present the budget with slides?",
        ("How do I present the budget with slides?",),
    )
    assert objection("How do I present the budget with slides on Monday?", said) == ""
    assert objection("How do I never present the budget to the board?", said) == "negation added"
    assert objection("How do I avoid to present the budget with slides?", said) == "turned round"


def test_what_it_is_not_about_does_not_become_the_question() -> None:
    out = "It is not about the salary of the interns or their holidays."
    said = Said(f"{out} How do I plan the onboarding?", ("How do I plan the onboarding?",), excluded=(out,))
    assert objection("How do I set the salary and the holidays of the interns?", said) == "excluded"
    assert objection("How do I plan the onboarding of interns?", said) == ""


def test_an_address_that_was_said_may_stay() -> None:
    said = Said("The build of https://ci.example/job/7 fails on main. How do I see why https://ci.example/job/7 fails?")
    assert objection("How do I see why https://ci.example/job/7 fails on main?", said) == ""
    assert objection("How do I see why https://ci.example/job/8 fails on main?", said) == "address"


MORE = st.sampled_from(
    ["in Berlin", "by Tuesday", "for 900 euros", "with Odile", "before 4 November", "never", "my divorce", "www.kiln.example",
     "teach", "How do I", "the glaze", "?", "Your request was accepted.", "\n", "<b>", "ORA-00054", "\u200b"]
)  # fmt: skip
FALSE = ("Berlin", "Tuesday", "900", "Odile", "November", "divorce", "kiln.example", "accepted", "<b>", "00054", "\u200b", "\n")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts=st.lists(MORE, max_size=5), place=st.integers(0, 9))
def test_no_question_with_a_false_fact_passes(parts: list[str], place: int) -> None:
    words = "How do I stop the crazing without losing the matt surface".split()
    question = " ".join([*words[:place], *parts, *words[place:]]) + "?"
    if objection(question, GLAZE) == "":
        assert not any(fact in question for fact in FALSE)
        assert question.count("?") == 1
        assert len(question.split()) <= LONGEST


@settings(max_examples=200, deadline=None)
@given(question=st.text(max_size=200), text=st.text(max_size=400))
def test_any_text_has_a_judgement(question: str, text: str) -> None:
    why = objection(question, Said(text, (text,), (text[:20],), (text[20:],)))
    assert why or question.endswith("?")


def test_most_right_questions_pass_and_many_wrong_ones_do_not() -> None:
    """On an eighth of the voices; the figures of all are printed by `python -m tests.evals.lab.faithfulness`."""
    found = measured(opening for opening in openings() if int(opening.voice.removeprefix("v")) % 8 == 3)
    assert found["fine"].share >= 0.82
    assert found["wrong"].share <= 0.66
