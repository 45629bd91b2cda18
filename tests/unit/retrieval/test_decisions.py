"""Known, unclear, unknown; answer, ask, decline; and answers that are known by examples alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.decision import NO_SIGNS, Signs, covered, margin_of, outcome_of, strength_of
from retrieval.examples import Examples
from retrieval.letters import Letters
from retrieval.passage import Passage
from retrieval.search import Evidence, Hit
from retrieval.turn import ACTIONS, chances_of, decide, features_of, weights_of, with_context, worth_citing
from tests.contract.retrieval.support import WordEmbeddings

BASE = {
    "refund": ("I want my money back", "please refund the money", "when is my refund paid", "refund for a broken mattress"),
    "delivery": ("where is my parcel", "when is the delivery of the parcel", "track the delivery", "parcel is late"),
    "size": ("which mattress size fits", "size of a double bed", "what size shall I order", "king size bed"),
}
OWNERS = [owner for owner, texts in BASE.items() for _ in texts]
TEXTS = [text for texts in BASE.values() for text in texts]


@pytest.fixture(scope="module")
def examples() -> Examples:
    return Examples(OWNERS, TEXTS, WordEmbeddings())


def test_examples_find_what_answers_and_abstain_from_the_rest(examples: Examples) -> None:
    assert examples.answer("is the delivery of my parcel late") == "delivery"
    assert examples.answer("refund my money please") == "refund"
    assert examples.answer("who won the cricket game yesterday") is None
    assert examples.answer("") is None


def test_a_typing_error_is_no_other_word(examples: Examples) -> None:
    ((owner, strength), (_, other)) = examples.strongest(["track the delivrey", "mend the volcano"])
    assert owner == "delivery"
    assert strength > other


def test_a_left_out_example_is_judged_as_if_it_had_never_been_there(examples: Examples) -> None:
    for row in (0, 5, 11):
        rest = [n for n in range(len(TEXTS)) if n != row]
        without = Examples([OWNERS[n] for n in rest], [TEXTS[n] for n in rest], WordEmbeddings())
        owner, best, strength = examples.left_out()[row]
        ((found, direct),) = without.strongest([TEXTS[row]])
        assert owner == OWNERS[row]
        assert found == best
        assert strength == pytest.approx(direct, abs=0.05)  # the rarity of letters is that of the whole base


def test_the_line_needs_no_more_than_one_example() -> None:
    single = Examples(["only"], ["one question"], WordEmbeddings())
    assert single.answer("one question") == "only"
    with pytest.raises(ValueError, match="one at least"):
        Examples([], [], WordEmbeddings())


def test_letters_are_nearest_to_the_same_text_and_far_from_unknown_ones() -> None:
    near = Letters(["delivery date", "refund"]).nearness("Delivery-Date")
    assert near[0] == pytest.approx(1.0)
    assert near[1] < 0.2
    assert np.all(Letters(["delivery date"]).nearness("zzz") == 0)


def test_each_sign_moves_the_strength_its_way() -> None:
    usual = Signs(0.4, 0.05, 0.35, 0.4)
    assert strength_of(usual) == pytest.approx(0.4)
    for better in (replace(usual, sentence=0.6), replace(usual, coverage=0.9), replace(usual, agreement=1.0)):
        assert strength_of(better) > strength_of(usual)
    assert strength_of(NO_SIGNS) == 0.0
    assert strength_of(Signs(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)) == 1.0


def test_three_outcomes_follow_the_threshold() -> None:
    assert [outcome_of(strength, 0.5) for strength in (0.5, 0.49, 0.35, 0.34, 0.0)] == [
        "known", "unclear", "unclear", "unknown", "unknown"
    ]  # fmt: skip
    assert Evidence((), 0.4, False, unclear=True).outcome == "unclear"
    assert (Evidence((), 0.9, True).outcome, Evidence((), 0.0, False).outcome) == ("known", "unknown")


def test_margin_and_coverage_of_little() -> None:
    assert (margin_of({}), margin_of({"a": 0.4}), margin_of({"a": 0.4, "b": 0.3})) == (0.0, 0.4, pytest.approx(0.1))
    assert (covered([], ["a"]), covered(["a", "a", "b"], ["a"])) == (0.0, 0.5)


def hit(key: str, dense: float, text: str = "Interest rates move the price of a bond.") -> Hit:
    return Hit(Passage(f"{key}#0", key, "", (), text, 0, len(text)), dense, dense, 0.0, text)


def evidence(near: float, *hits: Hit, agreement: float = 1.0) -> Evidence:
    return Evidence(hits, near, near > 0.35, signs=Signs(near, 0.05, near, agreement, 1.0))


HISTORY = ("How do interest rates move bond prices?", "When interest rates rise, the price of a bond falls.")
STRONG = evidence(0.7, hit("bonds", 0.75), hit("rates", 0.45), hit("funds", 0.4))
WEAK = evidence(0.2, hit("bonds", 0.22), hit("cats", 0.2), hit("dogs", 0.2), agreement=0.0)


@pytest.mark.parametrize("embedder", ["minilm-l6-v2-int8", "wordllama-l2-256", "never measured"])
def test_a_turn_is_answered_asked_back_or_declined(embedder: str) -> None:
    weights = weights_of(embedder)
    answer = features_of("How do interest rates move the price of a bond", HISTORY, STRONG, STRONG, 0.8)
    ask = features_of("What awards has the actor received in this series?", (), evidence(0.5, hit("a", 0.5), hit("b", 0.48)),
                      evidence(0.5, hit("a", 0.5), hit("b", 0.48)), None)  # fmt: skip
    decline = features_of("Is my insurance more expensive?", HISTORY, WEAK, replace(WEAK, hits=(hit("x", 0.2),)), 0.4)
    assert [decide(one, weights) for one in (answer, ask, decline)] == list(ACTIONS)
    assert sum(chances_of(ask, weights).values()) == pytest.approx(1.0)


def test_what_was_mentioned_is_not_unheard_of() -> None:
    said = features_of("What happens to the bond?", HISTORY, STRONG, STRONG, 0.5)
    unsaid = features_of("What happens to the actor?", HISTORY, STRONG, STRONG, 0.5)
    assert (said["names_the"], said["names_the_unheard_of"]) == (1.0, 0.0)
    assert (unsaid["names_the"], unsaid["names_the_unheard_of"]) == (1.0, 1.0)


def test_the_length_of_the_conversation_says_nothing() -> None:
    short, long = (features_of("Why?", HISTORY * times, STRONG, STRONG, 0.5) for times in (1, 9))
    assert short == long


def test_nothing_found_and_nothing_said_has_features_too() -> None:
    empty = Evidence((), 0.0, False)
    assert decide(features_of("", (), empty, empty, None), weights_of("minilm-l6-v2-int8")) in ACTIONS


def test_only_what_is_nearly_as_near_is_cited_once_an_article() -> None:
    cited = worth_citing([hit("a", 0.8), hit("a", 0.7), hit("b", 0.6), hit("c", 0.5)])
    assert [one.passage.article_id for one in cited] == ["a", "b"]
    assert worth_citing([]) == ()


def test_the_turn_before_gives_context() -> None:
    assert with_context("And why?", ["First?", "Second?"]) == "Second?\nAnd why?"
    assert with_context("And why?", []) == "And why?"
