"""How long it takes to find people: `python -m tests.bench.experts --people 10000 --contributions 100000`.

Texts are made of random words with the frequencies of a language, and vectors are random directions near the one of
their topic, so that the whole path is gone (both halves, fusion, votes, activity, profiles, quotes) without a day of
embedding. The question's own embedding is not in the figure.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.figures import quantile
from assistant.evaluation.in_memory import experts_in_memory
from retrieval.adapters.dated_index import DatedIndex
from retrieval.passage import Profile
from retrieval.people.contributions import Contribution

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS, WORDS, DIMENSION = 200, 20_000, 384


class Random384:
    """A direction for each text, drawn from its words; the first word says the topic."""

    id, dimension = "random", DIMENSION

    def __init__(self) -> None:
        self._topics = np.random.default_rng(1).standard_normal((TOPICS, DIMENSION))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 384), rows of length 1."""
        rows = np.random.default_rng(len(texts)).standard_normal((len(texts), DIMENSION))
        rows += np.stack([self._topics[int(text.split()[0][1:]) % TOPICS] for text in texts])
        unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit


def milliseconds(people: int, contributions: int, questions: int = 200, seed: int = 1) -> list[float]:
    """The time of each question, in the order they were asked."""
    dice, embeddings = Random(seed), Random384()
    profiles = [_profile(f"p{n:06d}", dice) for n in range(people)]
    held = [
        Contribution(f"c{n:07d}", f"p{int(people * dice.random() ** 2):06d}", NOW - timedelta(days=dice.uniform(0, 730)),
                     "answer", f"t{dice.randrange(TOPICS)}", _text(dice, 30))
        for n in range(contributions)
    ]  # fmt: skip
    index = DatedIndex(DIMENSION)
    index.put(held, embeddings.embed([one.matched for one in held]))
    experts = experts_in_memory(profiles, embeddings, index)
    taken = []
    for _ in range(questions):
        question = _text(dice, 12)
        start = perf_counter()
        experts.find(question, 10, at=NOW)
        taken.append(1000 * (perf_counter() - start))
    return taken


def _profile(key: str, dice: Random) -> Profile:
    text = f"{_text(dice, 15)}. {_text(dice, 15)}."
    return Profile(key, key, _text(dice, 3), "D", "senior", "UTC", ("en",), (), ("call",), 1, "", text)


def _text(dice: Random, size: int) -> str:
    return " ".join(["W" + str(dice.randrange(TOPICS)), *("w" + str(int(WORDS * dice.random() ** 3)) for _ in range(size))])


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description="Time the search for people.")
    options.add_argument("--people", type=int, default=10_000)
    options.add_argument("--contributions", type=int, default=100_000)
    options.add_argument("--questions", type=int, default=200)
    given = options.parse_args()
    taken = milliseconds(given.people, given.contributions, given.questions)
    told = ", ".join(f"p{100 * share:.0f} {quantile(taken, share) or 0:.1f} ms" for share in (0.5, 0.95))
    print(f"experts, {given.people:,} people, {given.contributions:,} contributions: {told}")


if __name__ == "__main__":
    main()
