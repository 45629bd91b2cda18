"""A knowledge base of one article that records what it was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from assistant.domain.mentor import Mentor
from retrieval.passage import Article, Passage, Profile
from retrieval.passages.search import Evidence, Hit
from retrieval.people.experts import ExpertHit
from tests.fakes.mentor_directory import FakeMentors

BODY = "Put the ask on the first slide. Then show the one number that decides. Leave the rest in the appendix."
ARTICLE = Article(
    "board-slides",
    "Board slides",
    "Lead with the ask.",
    ("board slides",),
    ("mentee",),
    "petra",
    date(2026, 10, 1),
    365,
    "own",
    BODY,
)


class FakeBase:
    """Implements Passages, People, Relevance and Articles; it knows an answer to "board" questions and records all in `asked`."""

    def __init__(self, directory: FakeMentors) -> None:
        self._directory = directory
        self.asked: list[str] = []

    def search(self, question: str, k: int = 5) -> Evidence:
        self.asked.append(question)
        known = "board" in question.lower()
        passage = Passage("board-slides#0", ARTICLE.id, ARTICLE.title, ("The ask", ), BODY, 0, len(BODY))  # fmt: skip
        hit = Hit(passage, 0.9, 0.8, 1.0, "Put the ask on the first slide.")
        return Evidence((hit,), 0.8 if known else 0.1, known)

    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]:
        self.asked.append(question)
        able = [m for m in self._directory.all() if m.id not in exclude and m.blocks]
        return tuple(ExpertHit(profile(m), 0.9 - 0.1 * n, "I have done this.", m.skills[:1]) for n, m in enumerate(able))[:k]

    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        return [0.5] * len(labels)

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]:
        return {ARTICLE.id: ARTICLE}


def profile(mentor: Mentor) -> Profile:
    return Profile(
        mentor.id, mentor.name, mentor.title, mentor.department, mentor.level, mentor.time_zone, mentor.languages,
        mentor.skills, mentor.formats, mentor.capacity, "", "I have done this.",
    )  # fmt: skip
