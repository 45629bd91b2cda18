"""Sentence vectors: a passage is scored by its whole and by its nearest sentence.

The vector of a passage averages all it says, so one relevant sentence in a long passage is hard to find. The best passages
are therefore scored again sentence by sentence, which also finds the sentence to show. Vectors are quantised to one byte a
number with a scale for each row: a quarter of the size, without loss of quality.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrieval.passage import Passage
from retrieval.passages.quote import quotable
from retrieval.ports import Embeddings
from retrieval.text import Span, count_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHARE = 0.4
"""The weight of the nearest sentence; the whole passage has the rest. Measured: 0.3 to 0.6 are nearly equal."""
MAX_SENTENCES = 40
"""Sentences embedded of one passage."""
MIN_WORDS = 5
"""A shorter sentence is embedded only if the passage has no longer one."""


@dataclass(frozen=True, slots=True)
class NearestSentence:
    """The nearest sentence of a passage: its span in the passage's text and its cosine (-1 to 1) with the question."""

    start: int
    end: int
    cosine: float


@dataclass(frozen=True, slots=True)
class SentenceVectors:
    """The sentences of one passage and their vectors, quantised (see `packed`)."""

    spans: tuple[Span, ...]
    packed: bytes


class SentenceVectorStore(Protocol):
    """Reads the sentence vectors of passages, for one embedder."""

    def kept(self, passage_ids: Sequence[str]) -> Mapping[str, SentenceVectors]:
        """By passage id; passages without any are left out."""


class SentenceVectorWriter(SentenceVectorStore, Protocol):
    """Reads and writes the sentence vectors of passages, for one embedder."""

    def keep(self, rows: Mapping[str, SentenceVectors]) -> None:
        """Stores sentence vectors by passage id; stored ones are not replaced."""

    def missing(self) -> list[str]:
        """Ids of the passages without sentence vectors, sorted."""


def spans_of(text: str) -> list[Span]:
    """The sentences of a passage that are embedded, without headings, tables and code."""
    spans = quotable(text)
    long_enough = [span for span in spans if count_words(text[slice(*span)]) >= MIN_WORDS]
    return (long_enough or spans)[:MAX_SENTENCES]


def text_of(passage: Passage, span: Span) -> str:
    """The text embedded for a sentence: under its heading, since a sentence alone often does not name its subject."""
    head = passage.headings[-1] if passage.headings else passage.title
    sentence = passage.text[slice(*span)]
    return f"{head}: {sentence}" if head else sentence


def embed_sentences(passages: Sequence[Passage], embeddings: Embeddings) -> dict[str, SentenceVectors]:
    """The sentences of these passages with their vectors, by passage id; passages without sentences are left out."""
    spans = {passage.id: spans_of(passage.text) for passage in passages}
    texts = [text_of(passage, span) for passage in passages for span in spans[passage.id]]
    vectors, low, found = embeddings.embed(texts), 0, {}
    for passage in passages:
        mine = spans[passage.id]
        if mine:
            found[passage.id] = SentenceVectors(tuple(mine), packed(vectors[low : low + len(mine)]))
        low += len(mine)
    return found


def nearest(vector: NDArray[np.float32], sentences: Mapping[str, SentenceVectors]) -> dict[str, NearestSentence]:
    """For each passage the sentence nearest to a unit vector; the first of equals."""
    import numpy as np

    if not sentences:
        return {}
    found, low = {}, 0
    cosines = np.vecdot(np.concatenate([unpacked(vectors_of.packed, len(vector)) for vectors_of in sentences.values()]), vector)
    for key, vectors_of in sentences.items():
        mine = cosines[low : low + len(vectors_of.spans)]
        best = int(mine.argmax())
        found[key] = NearestSentence(*vectors_of.spans[best], float(mine[best]))
        low += len(vectors_of.spans)
    return found


def with_sentences(dense: Mapping[str, float], sentences: Mapping[str, NearestSentence]) -> dict[str, float]:
    """The weighted sum of each passage's cosine and that of its nearest sentence.

    A passage without a scored sentence gets the lowest cosine of the scored sentences; a passage found by keywords only
    gets the lowest cosine of the passages found.
    """
    if not sentences:
        return dict(dense)
    low, floor = min(found.cosine for found in sentences.values()), min(dense.values(), default=0.0)
    return {
        key: (1 - SHARE) * dense.get(key, floor) + SHARE * (sentences[key].cosine if key in sentences else low)
        for key in dense.keys() | sentences.keys()
    }


def packed(vectors: NDArray[np.float32]) -> bytes:
    """Quantises rows of shape (n, dimension) to n scales (float32) followed by n rows of one byte a number."""
    import numpy as np

    scales = np.maximum(np.abs(vectors).max(axis=1, initial=1e-9), 1e-9).astype("<f4") / 127
    return bytes(scales.tobytes() + np.rint(vectors / scales[:, None]).astype(np.int8).tobytes())


def unpacked(blob: bytes, dimension: int) -> NDArray[np.float32]:
    """The rows of `packed`, shape (n, dimension)."""
    import numpy as np

    count = len(blob) // (dimension + 4)
    scales = np.frombuffer(blob, dtype="<f4", count=count)
    rows = np.frombuffer(blob, dtype=np.int8, offset=4 * count).reshape(count, dimension)
    vectors: NDArray[np.float32] = rows.astype(np.float32) * scales[:, None]
    return vectors
