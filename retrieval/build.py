"""Wires retrieval, once, by hand. The only place that knows which vendor stands behind which port.

Vendors are imported when they are needed: importing this module costs nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.experts import Experts
from retrieval.ingest import EMBED_BATCH, Ingest, Progress, embed_units
from retrieval.recent import Recent
from retrieval.search import Search
from retrieval.shelf import Shelf

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors
    from retrieval.ports import Embeddings

EMBEDDERS = ("minilm", "wordllama")


@dataclass(frozen=True, slots=True)
class Retrieval:
    """All of retrieval, wired. Close it when the process ends."""

    search: Search
    experts: Experts
    ingest: Ingest
    corpus: SqlCorpus
    cache: SqlVectors
    embeddings: Embeddings
    shelf: Shelf

    def reindex(self, progress: Progress = lambda stage, done, total: None) -> None:
        """Embeds what has no vector yet, then builds a fresh index folder and swaps it in when it is complete.

        Searches go on meanwhile. Raises IndexLocked if another process owns the index.
        """
        from retrieval.adapters import sql_tables as tables

        for units in (tables.passages, tables.evidence):
            waiting = self.cache.missing(units, self.embeddings.id)
            for n in range(0, len(waiting), EMBED_BATCH):
                some = waiting[n : n + EMBED_BATCH]
                embed_units(self.corpus, self.cache, self.embeddings, units, some)
                progress("embedding", n + len(some), len(waiting))
        progress("index", 0, 1)
        self.shelf.rebuild()
        progress("index", 1, 1)

    def close(self) -> None:
        """Lets go of the index folder."""
        self.shelf.close()


def open_retrieval(engine: Engine, index_folder: Path, embedder: str = "minilm", threshold: float | None = None) -> Retrieval:
    """Opens retrieval over a database whose tables exist (see `adapters.sql_tables.metadata`).

    Never embeds. An index that is lost, damaged or old is rebuilt from the database; one that another process owns is
    replaced by a copy in memory. `threshold` overrides the calibrated one of the embedder (0..1).
    Raises ValueError for an unknown embedder.
    """
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors

    embeddings = Recent(make_embeddings(embedder))
    corpus, cache = SqlCorpus(engine), SqlVectors(engine)
    shelf = Shelf(Path(index_folder), corpus, cache, embeddings.id, embeddings.dimension)
    limit = threshold_of(embeddings.id) if threshold is None else threshold
    return Retrieval(
        Search(embeddings, shelf.vectors("passage_vectors"), shelf.words("passage_words"), corpus, limit),
        Experts(embeddings, shelf.vectors("people_vectors"), shelf.words("people_words"), corpus),
        Ingest(corpus, cache, embeddings, shelf),
        corpus,
        cache,
        embeddings,
        shelf,
    )


@cache
def make_embeddings(embedder: str) -> Embeddings:
    """The embedder of that name, "minilm" or "wordllama": one a process. Its model is loaded at the first use."""
    if embedder == "minilm":
        from retrieval.adapters.minilm_embeddings import MiniLMEmbeddings

        return MiniLMEmbeddings()
    if embedder == "wordllama":
        from retrieval.adapters.wordllama_embeddings import WordLlamaEmbeddings

        return WordLlamaEmbeddings()
    raise ValueError(f"There is no embedder {embedder!r}. Choose one of {', '.join(EMBEDDERS)}.")


def threshold_of(embedder_id: str) -> float:
    """The calibrated relevance threshold of an embedder."""
    table = json.loads((files("retrieval.adapters") / "data" / "thresholds.json").read_text("utf-8"))
    return float(table[embedder_id]["threshold"])
