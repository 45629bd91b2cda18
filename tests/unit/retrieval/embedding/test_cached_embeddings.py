"""A question that is asked of several indexes is embedded once, and means the same every time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.cached import KEPT, CachedEmbeddings


class Counting:
    id, dimension = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_the_same_question_is_computed_once() -> None:
    model = Counting()
    recent = CachedEmbeddings(model)
    first, again = recent.embed(["abc"]), recent.embed(["abc"])
    assert model.asked == ["abc"]
    assert first.tolist() == again.tolist() == [[3, 1]]
    assert (recent.id, recent.dimension) == ("counting", 2)


def test_what_is_given_out_may_be_changed() -> None:
    recent = CachedEmbeddings(Counting())
    recent.embed(["abc"])[0, 0] = 9
    recent.embed(["abc"])[0, 0] = 8
    assert recent.embed(["abc"])[0, 0] == 3


def test_only_the_last_questions_are_kept() -> None:
    model = Counting()
    recent = CachedEmbeddings(model)
    for n in range(KEPT + 1):
        recent.embed([str(n)])
    recent.embed(["0"])
    recent.embed([str(KEPT)])
    assert model.asked[-2:] == [str(KEPT), "0"]


def test_many_texts_are_not_remembered() -> None:
    model = Counting()
    recent = CachedEmbeddings(model)
    recent.embed(["a", "b"])
    recent.embed(["a", "b"])
    assert model.asked == ["a", "b", "a", "b"]
