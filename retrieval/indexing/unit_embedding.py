"""Embeds passages and profile sentences that have no vector yet, in batches; each batch is cached as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.passage import Unit
    from retrieval.ports import Embeddings, UnitKind, UnitStore, VectorCache, VectorIndex, VectorStore

Progress = Callable[[str, int, int], None]
"""Called with the stage ("articles", "mentors", "embedding", "sentences", "index"), the number done, and the total."""

UNIT_KINDS: tuple[UnitKind, UnitKind] = ("passages", "evidence")
HEAD_SHARE = 0.3
"""The weight of the article's title and summary in the vector of a passage."""
EMBED_BATCH = 64
"""Texts between two calls of progress; at most these are embedded again after an interruption."""

Item = TypeVar("Item")


def embed_batches(items: Sequence[Item]) -> Iterator[tuple[int, Sequence[Item]]]:
    """The items in batches of EMBED_BATCH, each with the number of items before it."""
    for start in range(0, len(items), EMBED_BATCH):
        yield start, items[start : start + EMBED_BATCH]


def texts_waiting(corpus: UnitStore, store: VectorStore, embedder: str) -> Iterator[Sequence[str]]:
    """The texts that `embed_missing` would embed, batch by batch."""
    for kind in UNIT_KINDS:
        seen = set[str]()
        for _, batch in embed_batches(store.missing(kind, embedder)):
            fresh = {u.content_hash: u for u in corpus.units(kind, batch) if u.content_hash not in seen}
            seen |= fresh.keys()
            yield [*(unit.text for unit in fresh.values()), *_heads(list(fresh.values()))]


def embed_missing(corpus: UnitStore, store: VectorStore, embeddings: Embeddings, progress: Progress) -> None:
    """Embeds every unit without a vector and caches it, batch by batch. Raises RetrievalError."""
    waiting = [(kind, key) for kind in UNIT_KINDS for key in store.missing(kind, embeddings.id)]
    for start, batch in embed_batches(waiting):
        for kind in UNIT_KINDS:
            embed_units(corpus, store, embeddings, kind, [key for other, key in batch if other == kind])
        progress("embedding", start + len(batch), len(waiting))


def embed_units(
    corpus: UnitStore,
    cache: VectorCache,
    embeddings: Embeddings,
    kind: UnitKind,
    ids: Sequence[str],
    index: VectorIndex | None = None,
) -> int:
    """Puts the vectors of these units into the cache and the index; returns how many had to be embedded."""
    import numpy as np

    units = corpus.units(kind, ids)
    if not units:
        return 0
    known = dict(cache.vectors([unit.content_hash for unit in units], embeddings.id))
    fresh = {unit.content_hash: unit for unit in units if unit.content_hash not in known}
    if fresh:
        vectors = unit_vectors(embeddings, list(fresh.values()))
        cache.keep(list(fresh), embeddings.id, vectors)
        known.update(zip(fresh, vectors, strict=True))
    if index is not None:
        index.upsert([unit.id for unit in units], np.stack([known[unit.content_hash] for unit in units]))
    return len(fresh)


def unit_vectors(embeddings: Embeddings, units: Sequence[Unit]) -> NDArray[np.float32]:
    """Shape (len(units), dimension): the vector of each text, mixed with that of its head if it has one.

    The head says what the whole article is about. Measured: shares of 0.2 to 0.4 are equally good on public FAQs; a larger
    share helps easy questions and hides what is particular to a passage in a base of similar articles.
    """
    import numpy as np

    heads = _heads(units)
    embedded = embeddings.embed([*(unit.text for unit in units), *heads])
    head_vectors = dict(zip(heads, embedded[len(units) :], strict=True))
    mixed = embedded[: len(units)].copy()
    for row, unit in enumerate(units):
        if unit.head:
            mixed[row] = (1 - HEAD_SHARE) * mixed[row] + HEAD_SHARE * head_vectors[unit.head]
    normalised: NDArray[np.float32] = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)
    return normalised


def _heads(units: Sequence[Unit]) -> list[str]:
    return list(dict.fromkeys(unit.head for unit in units if unit.head))
