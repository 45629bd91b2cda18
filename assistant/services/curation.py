"""The knowledge base and the expertise base: bring content in, search it as a mentee would, rebuild the indexes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.ports import Clock
from assistant.services.access import Actor, may
from assistant.services.results import Refusal
from assistant.services.retrieval_refusals import not_retrieved
from assistant.services.texts import is_id, refused_text
from retrieval.errors import BadSource
from retrieval.experts import ExpertHit
from retrieval.ingest import Progress, Report, load_articles, load_profiles
from retrieval.passage import Article, Profile
from retrieval.search import Evidence

if TYPE_CHECKING:
    from retrieval.build import Retrieval
    from retrieval.cost import Cost
    from retrieval.ports import Corpus

PROFILE_FILES = (".csv", ".jsonl")
LONGEST_ARTICLE_ID = 200


class Curation:
    def __init__(self, retrieval: Callable[[], Retrieval], corpus: Corpus, clock: Clock) -> None:
        self._retrieval, self._corpus, self._clock = retrieval, corpus, clock

    def load(self, folder: Path, progress: Progress) -> Report:
        """Articles, guides and mentors of a knowledge folder; for the start of the program, not for a person."""
        articles, profiles = read_sources(folder)
        return self._retrieval().ingest.run(articles, profiles, progress, ready=folder)

    def ingest(self, actor: Actor, path: Path, progress: Progress) -> Report | Refusal:
        """Articles (.md) and mentors (.csv, .jsonl) of a file or folder; unchanged ones cost nothing."""
        refusal = may(actor, "knowledge.ingest")
        if refusal:
            return refusal
        try:
            articles, profiles = read_sources(path)
            return self._retrieval().ingest.run(articles, profiles, progress)
        except BadSource as bad:
            return not_retrieved(bad)

    def search(self, actor: Actor, question: str, k: int = 5) -> Evidence | Refusal:
        return may(actor, "knowledge.search") or refused_text(question) or self._retrieval().search.search(question, k)

    def experts(self, actor: Actor, question: str, k: int = 5) -> tuple[ExpertHit, ...] | Refusal:
        return may(actor, "experts.search") or refused_text(question) or self._retrieval().experts.find(question, k)

    def article(self, actor: Actor, article_id: str) -> Article | Refusal | None:
        refusal = may(actor, "knowledge.search")
        if refusal or not is_id(article_id, LONGEST_ARTICLE_ID):
            return refusal
        return self._corpus.articles([article_id]).get(article_id)

    def articles(self, actor: Actor) -> tuple[Article, ...] | Refusal:
        """The whole base, by id."""
        return may(actor, "knowledge.search") or tuple(self._corpus.articles().values())

    def cost(self, actor: Actor, embedder: str | None = None) -> Cost | Refusal:
        """What a reindex would send to an endpoint, said before it does. Raises EmbeddingsUnavailable if none is set up."""
        return may(actor, "knowledge.reindex") or self._retrieval().cost(embedder)

    def reindex(self, actor: Actor, progress: Progress) -> Refusal | None:
        """Fresh indexes from the database, swapped in when complete. Raises RetrievalError."""
        refusal = may(actor, "knowledge.reindex")
        if refusal is None:
            self._retrieval().reindex(progress)
        return refusal

    def switch(self, actor: Actor, embedder: str, progress: Progress) -> bool | Refusal:
        """The same with another embedder; the old one serves meanwhile. Raises RetrievalError.

        False if another process serves: it has been told, and changes over itself.
        """
        return may(actor, "knowledge.reindex") or self._retrieval().reindex(progress, embedder)


def read_sources(path: Path) -> tuple[list[Article], list[Profile]]:
    """Articles and mentors of a file, or of a knowledge folder. Raises BadSource."""
    if path.is_file():
        if path.suffix in PROFILE_FILES:
            return [], load_profiles(path)
        return load_articles(path), []
    if not path.is_dir() or (path / "articles").is_dir():
        folders = [path / "articles", path / "guides"]
        articles = [article for folder in folders if folder.is_dir() or not path.exists() for article in load_articles(folder)]
        people = sorted(file for file in (path / "mentors").glob("*") if file.suffix in PROFILE_FILES)
        return articles, [profile for file in people for profile in load_profiles(file)]
    tables = [file for file in sorted(path.glob("*")) if file.suffix in PROFILE_FILES]
    articles = load_articles(path) if any(path.rglob("*.md")) or not tables else []
    return articles, [profile for file in tables for profile in load_profiles(file)]
