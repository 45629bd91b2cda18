"""Vectors that come with content: a base that ships with its vectors is ready at once instead of after a minute.

A file holds, for one embedder, the vector of each text by its content hash and the sentences of each passage. What the file
does not have, because the content was changed, is embedded as usual; nothing depends on it.
Made anew by `python -m retrieval.indexing.prebuilt_vectors FOLDER`, where FOLDER holds articles and mentors.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.indexing.sentence_vectors import SentenceVectors, kept_of
from retrieval.passage import Unit
from retrieval.passages.split import passages_of
from retrieval.people.profile_text import evidence_of

if TYPE_CHECKING:
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_sentence_vectors import SqlSentenceVectors
    from retrieval.adapters.sql_vectors import SqlVectors
    from retrieval.passage import Article, Profile
    from retrieval.ports import Embeddings

FOLDER = "vectors"


def path_of(content: Path, embedder: str) -> Path:
    """Where the vectors of a content folder are for an embedder."""
    return content / FOLDER / f"{embedder}.npz"


def make(articles: Sequence[Article], profiles: Sequence[Profile], embeddings: Embeddings, path: Path) -> int:
    """Writes the file; how many texts it holds."""
    import numpy as np

    from retrieval.indexing.ingest import unit_vectors

    heads = {article.id: article.head for article in articles}
    passages = [passage for article in articles for passage in passages_of(article)]
    units = [Unit(p.id, p.indexed_text, heads[p.article_id]) for p in passages]
    units += [Unit(part.id, part.matched) for profile in profiles for part in evidence_of(profile)]
    hashes = {unit.id: unit.content_hash for unit in units}
    kept = {hashes[key]: one for key, one in kept_of(passages, embeddings).items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        hashes=np.array([unit.content_hash for unit in units]),
        vectors=unit_vectors(embeddings, units).astype(np.float16),
        passages=np.array(list(kept)),
        spans=np.array([json.dumps(one.spans) for one in kept.values()]),
        lengths=np.array([len(one.packed) for one in kept.values()]),
        packed=np.frombuffer(b"".join(one.packed for one in kept.values()), dtype=np.uint8),
    )
    return len(units)


def take(path: Path, corpus: SqlCorpus, cache: SqlVectors, embedder: str, windows: SqlSentenceVectors | None) -> None:
    """Keeps what the file has of the texts that have no vector yet, and of the passages without sentences."""
    from retrieval.adapters import sql_tables as tables

    if not path.is_file():
        return
    waiting = {
        unit.content_hash
        for units in (tables.passages, tables.evidence)
        for unit in corpus.units(units, cache.missing(units, embedder))
    }
    bare = windows.missing() if windows is not None else []
    if waiting or bare:
        _take(path, waiting, {u.id: u.content_hash for u in corpus.units(tables.passages, bare)}, cache, embedder, windows)


def _take(
    path: Path, waiting: set[str], bare: dict[str, str], cache: SqlVectors, embedder: str, windows: SqlSentenceVectors | None
) -> None:
    import numpy as np

    with np.load(path, allow_pickle=False) as file:
        row = {str(key): n for n, key in enumerate(file["hashes"])}
        known = sorted(waiting & row.keys())
        if known:
            vectors = file["vectors"][[row[key] for key in known]].astype(np.float32)
            cache.keep(known, embedder, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
        if windows is not None and bare:
            sentences = _sentences(file)
            windows.keep({key: sentences[digest] for key, digest in bare.items() if digest in sentences})


def _sentences(file: Any) -> dict[str, SentenceVectors]:
    """By content hash of the passage."""
    packed, low, found = file["packed"].tobytes(), 0, {}
    for key, spans, length in zip(file["passages"], file["spans"], file["lengths"], strict=True):
        found[str(key)] = SentenceVectors(tuple((a, b) for a, b in json.loads(str(spans))), packed[low : low + int(length)])
        low += int(length)
    return found


if __name__ == "__main__":
    import sys

    from retrieval.adapters.minilm_embeddings import MiniLMEmbeddings
    from retrieval.importing.content_files import load_articles, load_profiles

    content = Path(sys.argv[1])
    embeddings = MiniLMEmbeddings()
    found = [article for name in ("articles", "guides") for article in load_articles(content / name)]
    people = [profile for file in sorted((content / "mentors").glob("*.csv")) for profile in load_profiles(file)]
    print(make(found, people, embeddings, path_of(content, embeddings.id)), "texts")
