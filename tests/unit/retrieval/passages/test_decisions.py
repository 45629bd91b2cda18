"""Known, unclear, unknown: what moves the strength of the evidence, and what is worth citing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.passage import Passage
from retrieval.passages.citing import worth_citing
from retrieval.passages.known_decision import NO_SIGNS, Signs, covered, outcome_of, strength_of
from retrieval.passages.search import Evidence, Hit


def test_each_sign_moves_the_strength_its_way() -> None:
    usual = Signs(0.4, 0.35, 0.4)
    assert strength_of(usual) == pytest.approx(0.4)
    for better in (replace(usual, sentence=0.6), replace(usual, coverage=0.9), replace(usual, agreement=1.0)):
        assert strength_of(better) > strength_of(usual)
    assert strength_of(NO_SIGNS) == 0.0
    assert strength_of(Signs(1.0, 1.0, 1.0, 1.0)) == 1.0


def test_three_outcomes_follow_the_threshold() -> None:
    assert [outcome_of(strength, 0.5) for strength in (0.5, 0.49, 0.35, 0.34, 0.0)] == [
        "known", "unclear", "unclear", "unknown", "unknown"
    ]  # fmt: skip
    assert Evidence((), 0.4, False, unclear=True).outcome == "unclear"
    assert (Evidence((), 0.9, True).outcome, Evidence((), 0.0, False).outcome) == ("known", "unknown")


def test_coverage_of_little() -> None:
    assert (covered([], ["a"]), covered(["a", "a", "b"], ["a"])) == (0.0, 0.5)


def hit(key: str, dense: float, text: str = "Interest rates move the price of a bond.") -> Hit:
    return Hit(Passage(f"{key}#0", key, "", (), text, 0, len(text)), dense, dense, 0.0, text)


def test_only_what_is_nearly_as_near_is_cited_once_an_article() -> None:
    cited = worth_citing([hit("a", 0.8), hit("a", 0.7), hit("b", 0.6), hit("c", 0.5)])
    assert [one.passage.article_id for one in cited] == ["a", "b"]
    assert worth_citing([]) == ()
