"""Vectors that ship with content, so that it can be searched at once instead of after a minute of embedding.

A file holds, for one embedder, the vector of each text by its content hash and the sentence vectors of each passage. Texts
that changed since are not in it and are embedded as usual. `python -m retrieval.prebuild content FOLDER` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.indexing.unit_embedding import UNIT_KINDS, unit_vectors
from retrieval.passage import Unit
from retrieval.passages.sentence_vectors import SentenceVectors, embed_sentences
from retrieval.passages.split import passages_of
from retrieval.people.profile_text import evidence_of

if TYPE_CHECKING:
    from retrieval.passage import Article, Profile
    from retrieval.passages.sentence_vectors import SentenceVectorWriter
    from retrieval.ports import Embeddings, UnitStore, VectorCache, VectorStore

FOLDER = "vectors"


def path_of(content: Path, embedder: str) -> Path:
    """The file of a content folder for an embedder."""
    return content / FOLDER / f"{embedder}.npz"


def write_prebuilt(articles: Sequence[Article], profiles: Sequence[Profile], embeddings: Embeddings, path: Path) -> int:
    """Embeds the content and writes the file; returns the number of texts in it."""
    import numpy as np

    heads = {article.id: article.head for article in articles}
    passages = [passage for article in articles for passage in passages_of(article)]
    units = [Unit(p.id, p.indexed_text, heads[p.article_id]) for p in passages]
    units += [Unit(part.id, part.matched) for profile in profiles for part in evidence_of(profile)]
    hashes = {unit.id: unit.content_hash for unit in units}
    sentences = {hashes[key]: found for key, found in embed_sentences(passages, embeddings).items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        hashes=np.array([unit.content_hash for unit in units]),
        vectors=unit_vectors(embeddings, units).astype(np.float16),
        passages=np.array(list(sentences)),
        spans=np.array([json.dumps(found.spans) for found in sentences.values()]),
        lengths=np.array([len(found.packed) for found in sentences.values()]),
        packed=np.frombuffer(b"".join(found.packed for found in sentences.values()), dtype=np.uint8),
    )
    return len(units)


def load_prebuilt(
    path: Path, corpus: UnitStore, store: VectorStore, embedder: str, sentences: SentenceVectorWriter | None
) -> None:  # fmt: skip
    """Stores the vectors of the file that the corpus still lacks; nothing if there is no file."""
    if not path.is_file():
        return
    waiting = {unit.content_hash for kind in UNIT_KINDS for unit in corpus.units(kind, store.missing(kind, embedder))}
    passage_ids = sentences.missing() if sentences is not None else []
    if waiting or passage_ids:
        hashes = {unit.id: unit.content_hash for unit in corpus.units("passages", passage_ids)}
        _load(path, waiting, hashes, store, embedder, sentences)


def _load(
    path: Path,
    waiting: set[str],
    passages: dict[str, str],
    cache: VectorCache,
    embedder: str,
    sentences: SentenceVectorWriter | None,
) -> None:
    """`waiting` are content hashes without a vector, `passages` ids and hashes of passages without sentence vectors."""
    import numpy as np

    with np.load(path, allow_pickle=False) as file:
        row = {str(key): n for n, key in enumerate(file["hashes"])}
        known = sorted(waiting & row.keys())
        if known:
            vectors = file["vectors"][[row[key] for key in known]].astype(np.float32)
            cache.keep(known, embedder, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
        if sentences is not None and passages:
            shipped = _sentences(file)
            sentences.keep({key: shipped[digest] for key, digest in passages.items() if digest in shipped})


def _sentences(file: Any) -> dict[str, SentenceVectors]:
    """The sentence vectors of the file, by content hash of the passage."""
    packed, low, found = file["packed"].tobytes(), 0, {}
    for key, spans, length in zip(file["passages"], file["spans"], file["lengths"], strict=True):
        found[str(key)] = SentenceVectors(tuple((a, b) for a, b in json.loads(str(spans))), packed[low : low + int(length)])
        low += int(length)
    return found
