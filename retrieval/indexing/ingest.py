"""Brings articles and profiles in: into SQL, into the cache of vectors, into the four indexes.

Everything goes by content hash, so what did not change costs nothing, least of all embedding. The order makes an
interruption harmless: SQL first, a batch a transaction; then the vectors that are missing, kept as they are made; the
index folder is sealed last, and one that was not sealed is rebuilt from SQL when it is opened. To go on, run again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from retrieval.errors import EmbeddingsUnavailable
from retrieval.importing.content_files import load_articles, load_profiles
from retrieval.importing.import_report import Problem
from retrieval.indexing.prebuilt_vectors import path_of, take
from retrieval.indexing.sentence_job import refine
from retrieval.passage import Article, Passage, Profile, Unit, content_hash
from retrieval.people.profile_text import words_once
from retrieval.ports import Embeddings, LexicalIndex, VectorIndex

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Table

    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors
    from retrieval.adapters.sql_vectors import SqlVectors
    from retrieval.indexing.index_manager import IndexManager

    Keyed = TypeVar("Keyed", Article, Profile)

log = logging.getLogger(__name__)

__all__ = ["Ingest", "Progress", "Report", "load_articles", "load_profiles"]

Progress = Callable[[str, int, int], None]
"""Called with the stage ("articles", "mentors", "embedding"), how many are done, and how many there are."""

BATCH = 64
"""Articles or profiles a transaction."""
HEAD_SHARE = 0.3
"""How much of a passage's vector is that of its article's title and summary."""
EMBED_BATCH = 64
"""Texts between two reports of progress; at most these are embedded again after an interruption."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did. Counts of articles and of profiles, of passages and sentences that were
    embedded, and of those that still wait for it; what of the files was not taken, and what was not used."""

    articles_added: int = 0
    articles_changed: int = 0
    articles_removed: int = 0
    articles_unchanged: int = 0
    profiles_added: int = 0
    profiles_changed: int = 0
    profiles_removed: int = 0
    profiles_unchanged: int = 0
    embedded: int = 0
    waiting: int = 0
    refused: tuple[Problem, ...] = ()
    unused: tuple[Problem, ...] = ()
    more_refused: int = 0
    more_unused: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """Ids by what is to be done with them."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]

    @property
    def replaced(self) -> tuple[str, ...]:
        return self.changed + self.removed

    @property
    def written(self) -> frozenset[str]:
        return frozenset(self.added + self.changed)


class Ingest:
    """Brings content in; one run at a time."""

    def __init__(
        self,
        corpus: SqlCorpus,
        cache: SqlVectors,
        embeddings: Embeddings,
        index_manager: IndexManager,
        windows: SqlSentenceVectors | None = None,
    ) -> None:
        self._corpus = corpus
        self._cache = cache
        self._embeddings = embeddings
        self._index_manager = index_manager
        self._windows = windows

    def run(
        self,
        articles: Sequence[Article] = (),
        profiles: Sequence[Profile] = (),
        progress: Progress = lambda stage, done, total: None,
        *,
        prune: bool = False,
        ready: Path | None = None,
    ) -> Report:
        """Add and replace what changed. With `prune`, articles that are not given are removed if any article is given, and
        profiles likewise. `ready` is a content folder that may have prebuilt vectors.

        Where an endpoint that embeds fails, the content comes in without vectors and is found by its words alone;
        the texts that wait are counted in the report. Raises IndexLocked, before anything is written, if there is
        work and another process owns the index.
        """
        from retrieval.adapters import sql_tables as tables

        of_articles = _plan(self._corpus.hashes(tables.articles), articles, prune)
        of_profiles = _plan(self._corpus.hashes(tables.profiles), profiles, prune)
        embedded = 0
        if self._has_work(of_articles, of_profiles):
            with self._index_manager.writing(self._embeddings.id) as indexes:
                self._put_articles(articles, of_articles, indexes.passage_words, indexes.passage_vectors, progress)
                self._put_profiles(profiles, of_profiles, indexes.people_words, indexes.people_vectors, progress)
                if ready is not None:
                    take(path_of(ready, self._embeddings.id), self._corpus, self._cache, self._embeddings.id, self._windows)
                embedded = self._embed(
                    [
                        (tables.passages, indexes.passage_vectors, of_articles),
                        (tables.evidence, indexes.people_vectors, of_profiles),
                    ],
                    progress,
                )
        if self._windows is not None:
            refine(self._corpus, self._windows, self._embeddings, progress)
        return _report(of_articles, of_profiles, embedded, self._index_manager.missing)

    def _has_work(self, *plans: _Plan) -> bool:
        return any(plan.written or plan.removed for plan in plans) or bool(self._cache.count_missing(self._embeddings.id))

    def _put_articles(
        self, articles: Sequence[Article], plan: _Plan, words: LexicalIndex, vectors: VectorIndex, progress: Progress
    ) -> None:
        from retrieval.adapters import sql_tables as tables

        old = self._corpus.children(tables.passages, plan.replaced)
        words.delete(old)
        vectors.delete(old)
        self._corpus.remove(tables.articles, plan.removed)
        written = plan.written
        for some in _batches([a for a in articles if a.id in written], "articles", progress):
            words.upsert([passage_words(passage) for passage in self._corpus.put_articles(some)])

    def _put_profiles(
        self, profiles: Sequence[Profile], plan: _Plan, words: LexicalIndex, vectors: VectorIndex, progress: Progress
    ) -> None:
        from retrieval.adapters import sql_tables as tables

        words.delete(plan.replaced)
        vectors.delete(self._corpus.children(tables.evidence, plan.replaced))
        self._corpus.remove(tables.profiles, plan.removed)
        written = plan.written
        for some in _batches([p for p in profiles if p.id in written], "mentors", progress):
            self._corpus.put_profiles(some)
            words.upsert([profile_words(profile) for profile in some])

    def _embed(self, jobs: Sequence[tuple[Table, VectorIndex, _Plan]], progress: Progress) -> int:
        """Vectors for all that is new or has none; how many were not in the cache."""
        waiting = [
            (units, index, key)
            for units, index, plan in jobs
            for key in sorted({*self._corpus.children(units, sorted(plan.written)),
                               *self._cache.missing(units, self._embeddings.id)})
        ]  # fmt: skip
        embedded = 0
        for n in range(0, len(waiting), EMBED_BATCH):
            some = waiting[n : n + EMBED_BATCH]
            try:
                for units, index, _ in jobs:
                    keys = [key for table, _, key in some if table is units]
                    embedded += embed_units(self._corpus, self._cache, self._embeddings, units, keys, index)
            except EmbeddingsUnavailable as error:
                log.warning("%s %d texts wait for their vectors; bring them in later with: askwell reindex", error,
                            len(waiting) - n)  # fmt: skip
                break
            progress("embedding", n + len(some), len(waiting))
        return embedded


def texts_waiting(corpus: SqlCorpus, cache: SqlVectors, embedder: str) -> Iterator[Sequence[str]]:
    """What `embed_missing` would embed, batch by batch."""
    from retrieval.adapters import sql_tables as tables

    for units in (tables.passages, tables.evidence):
        waiting, seen = cache.missing(units, embedder), set[str]()
        for n in range(0, len(waiting), EMBED_BATCH):
            fresh = {u.content_hash: u for u in corpus.units(units, waiting[n : n + EMBED_BATCH]) if u.content_hash not in seen}
            seen |= fresh.keys()
            yield [*(unit.text for unit in fresh.values()), *_heads(list(fresh.values()))]


def embed_missing(corpus: SqlCorpus, cache: SqlVectors, embeddings: Embeddings, progress: Progress) -> None:
    """A vector in the cache for every text that has none; what is done is kept, batch by batch. Raises RetrievalError."""
    from retrieval.adapters import sql_tables as tables

    waiting = [(units, key) for units in (tables.passages, tables.evidence) for key in cache.missing(units, embeddings.id)]
    for n in range(0, len(waiting), EMBED_BATCH):
        some = waiting[n : n + EMBED_BATCH]
        for units in (tables.passages, tables.evidence):
            embed_units(corpus, cache, embeddings, units, [key for table, key in some if table is units])
        progress("embedding", n + len(some), len(waiting))


def embed_units(
    corpus: SqlCorpus,
    cache: SqlVectors,
    embeddings: Embeddings,
    units: Table,
    ids: Sequence[str],
    index: VectorIndex | None = None,
) -> int:
    """Gives these passages or sentences their vectors, in the cache and in the index; how many were embedded."""
    import numpy as np

    found = corpus.units(units, ids)
    if not found:
        return 0
    known = dict(cache.vectors([unit.content_hash for unit in found], embeddings.id))
    fresh = {unit.content_hash: unit for unit in found if unit.content_hash not in known}
    if fresh:
        made = unit_vectors(embeddings, list(fresh.values()))
        cache.keep(list(fresh), embeddings.id, made)
        known.update(zip(fresh, made, strict=True))
    if index is not None:
        index.upsert([unit.id for unit in found], np.stack([known[unit.content_hash] for unit in found]))
    return len(fresh)


def unit_vectors(embeddings: Embeddings, units: Sequence[Unit]) -> NDArray[np.float32]:
    """Shape (len(units), dimension): the direction of each text, turned towards that of its head if it has one.

    The head says what the whole is about. Measured: 0.2 to 0.4 are equally good on public FAQs; more helps easy questions to
    the right article and hides what a passage says of its own (a base of near twins).
    """
    import numpy as np

    heads = _heads(units)
    made = embeddings.embed([*(unit.text for unit in units), *heads])
    of_head = dict(zip(heads, made[len(units) :], strict=True))
    out = made[: len(units)].copy()
    for row, unit in enumerate(units):
        if unit.head:
            out[row] = (1 - HEAD_SHARE) * out[row] + HEAD_SHARE * of_head[unit.head]
    turned: NDArray[np.float32] = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    return turned


def _heads(units: Sequence[Unit]) -> list[str]:
    return list(dict.fromkeys(unit.head for unit in units if unit.head))


def passage_words(passage: Passage) -> tuple[str, str, str]:
    """Id, title and text of a passage for the lexical index."""
    return passage.id, " / ".join(dict.fromkeys([passage.title, *passage.headings])), passage.text


def profile_words(profile: Profile) -> tuple[str, str, str]:
    """Id, title and text of a person for the lexical index."""
    return profile.id, "", words_once(profile)


def _plan(known: Mapping[str, str], given: Sequence[Article] | Sequence[Profile], prune: bool) -> _Plan:
    hashes = {value.id: content_hash(value) for value in given}
    return _Plan(
        tuple(key for key in hashes if key not in known),
        tuple(key for key, value in hashes.items() if key in known and known[key] != value),
        tuple(key for key in known if key not in hashes) if prune and hashes else (),
        tuple(key for key, value in hashes.items() if known.get(key) == value),
    )


def _batches(items: Sequence[Keyed], stage: str, progress: Progress) -> Iterator[Sequence[Keyed]]:
    for start in range(0, len(items), BATCH):
        some = items[start : start + BATCH]
        yield some
        progress(stage, start + len(some), len(items))


def _report(articles: _Plan, profiles: _Plan, embedded: int, waiting: int) -> Report:
    return Report(
        articles_added=len(articles.added),
        articles_changed=len(articles.changed),
        articles_removed=len(articles.removed),
        articles_unchanged=len(articles.unchanged),
        profiles_added=len(profiles.added),
        profiles_changed=len(profiles.changed),
        profiles_removed=len(profiles.removed),
        profiles_unchanged=len(profiles.unchanged),
        embedded=embedded,
        waiting=waiting,
    )
