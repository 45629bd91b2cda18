"""Writes articles and profiles to the database, the vector cache and the search indexes.

Content is compared by hash, so unchanged content costs nothing and is not embedded again. An interrupted run does no harm:
the database is written first, one transaction a batch; then the missing vectors are cached batch by batch; the index folder
is sealed last, and an unsealed one is rebuilt from the database when it is opened. Running again continues.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from retrieval.errors import EmbeddingsUnavailable
from retrieval.indexing.ingest_report import IngestPlan, IngestReport, plan_ingest, report_of
from retrieval.indexing.lexical_entries import passage_words, profile_words
from retrieval.indexing.prebuilt_vectors import load_prebuilt, path_of
from retrieval.indexing.sentence_embedding import embed_missing_sentences
from retrieval.indexing.unit_embedding import Progress, embed_batches, embed_units
from retrieval.passage import Article, Profile

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.indexing.index_manager import IndexManager
    from retrieval.passages.sentence_vectors import SentenceVectorWriter
    from retrieval.ports import ContentStore, Embeddings, LexicalIndex, UnitKind, VectorIndex, VectorStore

    Job = tuple[UnitKind, VectorIndex, IngestPlan]

Content = TypeVar("Content", Article, Profile)
log = logging.getLogger(__name__)

BATCH = 64
"""Articles or profiles a transaction."""


class Ingest:
    """Writes content for one embedder; one run at a time."""

    def __init__(
        self,
        corpus: ContentStore,
        cache: VectorStore,
        embeddings: Embeddings,
        index_manager: IndexManager,
        sentences: SentenceVectorWriter | None = None,
    ) -> None:
        self._corpus = corpus
        self._cache = cache
        self._embeddings = embeddings
        self._index_manager = index_manager
        self._sentences = sentences

    def run(
        self,
        articles: Sequence[Article] = (),
        profiles: Sequence[Profile] = (),
        progress: Progress = lambda stage, done, total: None,
        *,
        prune: bool = False,
        prebuilt: Path | None = None,
    ) -> IngestReport:
        """Adds and replaces what changed. With `prune`, articles that are not given are removed if any article is given, and
        profiles likewise. `prebuilt` is a content folder that may have prebuilt vectors.

        If an embedding endpoint fails, the content is stored without vectors and only keyword search finds it; the report
        counts these texts as waiting. Raises IndexLocked, before anything is written, if there is work to do and another
        process owns the index.
        """
        article_plan = plan_ingest(self._corpus.hashes("articles"), articles, prune)
        profile_plan = plan_ingest(self._corpus.hashes("profiles"), profiles, prune)
        embedded = 0
        if self._has_work(article_plan, profile_plan):
            with self._index_manager.writing(self._embeddings.id) as indexes:
                self._put_articles(articles, article_plan, indexes.passage_words, indexes.passage_vectors, progress)
                self._put_profiles(profiles, profile_plan, indexes.people_words, indexes.people_vectors, progress)
                if prebuilt is not None:
                    file = path_of(prebuilt, self._embeddings.id)
                    load_prebuilt(file, self._corpus, self._cache, self._embeddings.id, self._sentences)
                jobs: list[Job] = [
                    ("passages", indexes.passage_vectors, article_plan),
                    ("evidence", indexes.people_vectors, profile_plan),
                ]
                embedded = self._embed(jobs, progress)
        if self._sentences is not None:
            embed_missing_sentences(self._corpus, self._sentences, self._embeddings, progress)
        return report_of(article_plan, profile_plan, embedded, self._index_manager.missing)

    def _has_work(self, *plans: IngestPlan) -> bool:
        return any(plan.written or plan.removed for plan in plans) or bool(self._cache.count_missing(self._embeddings.id))

    def _put_articles(
        self, articles: Sequence[Article], plan: IngestPlan, words: LexicalIndex, vectors: VectorIndex, progress: Progress
    ) -> None:
        old = self._corpus.children("passages", plan.replaced)
        words.delete(old)
        vectors.delete(old)
        self._corpus.remove("articles", plan.removed)
        written = plan.written
        for batch in _batches([a for a in articles if a.id in written], "articles", progress):
            words.upsert([passage_words(passage) for passage in self._corpus.put_articles(batch)])

    def _put_profiles(
        self, profiles: Sequence[Profile], plan: IngestPlan, words: LexicalIndex, vectors: VectorIndex, progress: Progress
    ) -> None:
        words.delete(plan.replaced)
        vectors.delete(self._corpus.children("evidence", plan.replaced))
        self._corpus.remove("profiles", plan.removed)
        written = plan.written
        for batch in _batches([p for p in profiles if p.id in written], "mentors", progress):
            self._corpus.put_profiles(batch)
            words.upsert([profile_words(profile) for profile in batch])

    def _embed(self, jobs: Sequence[Job], progress: Progress) -> int:
        """Indexes the vectors of all units that are new or have none; returns how many had to be embedded."""
        waiting = [
            (kind, key)
            for kind, _, plan in jobs
            for key in sorted({*self._corpus.children(kind, sorted(plan.written)),
                               *self._cache.missing(kind, self._embeddings.id)})
        ]  # fmt: skip
        embedded = 0
        for start, batch in embed_batches(waiting):
            try:
                for kind, index, _ in jobs:
                    keys = [key for other, key in batch if other == kind]
                    embedded += embed_units(self._corpus, self._cache, self._embeddings, kind, keys, index)
            except EmbeddingsUnavailable as error:
                log.warning("%s %d texts are not embedded yet; only keyword search finds them. To embed them: askwell reindex",
                            error, len(waiting) - start)  # fmt: skip
                break
            progress("embedding", start + len(batch), len(waiting))
        return embedded


def _batches(items: Sequence[Content], stage: str, progress: Progress) -> Iterator[Sequence[Content]]:
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        yield batch
        progress(stage, start + len(batch), len(items))
