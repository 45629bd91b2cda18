"""Scales, weights and measures: the laws, and numbers worked out by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.measures import average_precision, hit, mcc, mean, measure, ndcg, precision, reciprocal_rank
from retrieval.passages.answerability import class_strengths, strongest, threshold_keeping
from retrieval.passages.fuse import fuse, ranked, stretch

SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1, 50, allow_nan=False), max_size=8)


@given(SCORES)
def test_stretched_scores_are_within_0_and_1_and_keep_their_order(scores: dict[str, float]) -> None:
    out = stretch(scores)
    assert all(0 <= value <= 1 for value in out.values())
    for one, other in pairwise(ranked(scores)):
        assert out[one[0]] >= out[other[0]]


@given(SCORES, SCORES, st.floats(0, 1))
def test_fusing_knows_every_candidate_and_stays_within_0_and_1(
    dense: dict[str, float], lexical: dict[str, float], weight: float
) -> None:
    out = fuse(dense, lexical, weight)
    assert out.keys() == dense.keys() | lexical.keys()
    assert all(-1e-9 <= value <= 1 + 1e-9 for value in out.values())


def test_equal_scores_are_ordered_by_id() -> None:
    assert ranked({"b": 1.0, "a": 1.0, "c": 2.0}) == [("c", 2.0), ("a", 1.0), ("b", 1.0)]


def test_the_strength_of_an_article_is_the_mean_of_its_three_nearest() -> None:
    nearest = [("a#0", 0.9), ("b#0", 0.8), ("a#1", 0.6), ("a#2", 0.3), ("a#3", 0.2)]
    owners = {key: key[0] for key, _ in nearest}
    strengths = class_strengths(nearest, owners, {"a": 4, "b": 5})
    assert strengths["a"] == pytest.approx(0.6)
    assert strengths["b"] == pytest.approx((0.8 + 0.2 + 0.2) / 3), "members beyond the list count as its last"
    assert class_strengths(nearest, owners, {"a": 4, "b": 1})["b"] == pytest.approx(0.8)
    assert strongest({"b": 0.5, "a": 0.5}) == ("a", 0.5)
    assert strongest({}) == ("", 0.0)


def test_a_threshold_keeps_the_share_it_promises() -> None:
    right = [n / 100 for n in range(101)]
    assert threshold_keeping(right, 0.95) == pytest.approx(0.05)
    assert threshold_keeping([], 0.95) == 0.0


def test_ranking_measures_by_hand() -> None:
    ranking, relevant = ["x", "a", "y", "b"], {"a", "b"}
    assert reciprocal_rank(ranking, relevant) == 0.5
    assert average_precision(ranking, relevant) == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert precision(ranking, relevant, 5) == pytest.approx(0.4)
    assert hit(ranking, relevant, 1) == 0.0
    assert ndcg(["a", "b"], relevant) == pytest.approx(1.0)
    assert ndcg(ranking, relevant) == pytest.approx((0.63093 + 0.43068) / (1 + 0.63093), abs=1e-4)


def test_mcc_by_hand_and_its_interval_holds_the_value() -> None:
    pairs = [("y", "y")] * 6 + [("n", "n")] * 3 + [("y", "n")] * 2 + [("n", "y")]
    assert mcc(pairs) == pytest.approx((6 * 3 - 2 * 1) / (7 * 8 * 4 * 5) ** 0.5)
    assert mcc([("y", "y")] * 3) == 0.0
    one = measure("MCC", pairs, mcc)
    assert one.low <= one.value <= one.high
    assert one == measure("MCC", pairs, mcc), "the same items give the same interval"
    assert measure("x", [], mean).value == 0.0
