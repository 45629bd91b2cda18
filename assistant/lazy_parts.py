"""Search and language that load their models on first use, so that commands that need neither start at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from assistant.ports import Language, Languages

if TYPE_CHECKING:
    from retrieval.embedding.label_similarity import LabelSimilarity
    from retrieval.facade import Retrieval
    from retrieval.passages.search import Evidence
    from retrieval.people.experts import ExpertHit


class LazySearch:
    """Opens the indexes at the first question."""

    def __init__(self, retrieval: Callable[[], Retrieval], similarity: Callable[[], LabelSimilarity]) -> None:
        self._retrieval, self._similarity = retrieval, similarity

    def search(self, question: str, k: int = 5) -> Evidence:
        return self._retrieval().search.search(question, k)

    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]:
        return self._retrieval().experts.find(question, k, exclude)

    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        return self._similarity().relevance(question, labels)


class LazyLanguages:
    """Loads the language adapter at the first turn."""

    def __init__(self, languages: Callable[[], Languages]) -> None:
        self._languages = languages

    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        return self._languages().turn(person, others)
