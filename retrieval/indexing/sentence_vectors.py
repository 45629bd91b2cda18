"""The sentence that answers: each passage keeps the directions of its sentences, and the nearest one counts for the whole.

The direction of a passage is the mean of all it says, so one telling sentence in a long passage is hard to see. The best
passages are therefore looked at again, sentence by sentence; the same look says which sentence to show.
Vectors are kept as one byte a number with a scale for each row, which costs no quality and a quarter of the room.
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
"""The share of the nearest sentence; the whole passage has the rest. Measured: 0.3 to 0.6 are nearly equal."""
MOST = 40
"""Sentences kept of one passage."""
TELLING = 5
"""A sentence of fewer words is shown only if the passage has no longer one."""


@dataclass(frozen=True, slots=True)
class NearestSentence:
    """The nearest sentence of a passage: its span in the passage's text and its cosine (-1 to 1) with the question."""

    start: int
    end: int
    cosine: float


@dataclass(frozen=True, slots=True)
class SentenceVectors:
    """The sentences of one passage and their directions, packed."""

    spans: tuple[Span, ...]
    packed: bytes


class SentenceVectorStore(Protocol):
    """Where the sentences of passages are."""

    def kept(self, passage_ids: Sequence[str]) -> Mapping[str, SentenceVectors]:
        """By id of the passage; those without any are left out."""


def spans_of(text: str) -> list[Span]:
    """The sentences of a passage that have a direction of their own, without headings, tables and code."""
    spans = quotable(text)
    telling = [span for span in spans if count_words(text[slice(*span)]) >= TELLING]
    return (telling or spans)[:MOST]


def text_of(passage: Passage, span: Span) -> str:
    """What is embedded of a sentence: under its heading, since a sentence alone often does not say what it is about."""
    head = passage.headings[-1] if passage.headings else passage.title
    said = passage.text[slice(*span)]
    return f"{head}: {said}" if head else said


def kept_of(passages: Sequence[Passage], embeddings: Embeddings) -> dict[str, SentenceVectors]:
    """The sentences of these passages with their directions, by id."""
    spans = {passage.id: spans_of(passage.text) for passage in passages}
    texts = [text_of(passage, span) for passage in passages for span in spans[passage.id]]
    vectors, low, found = embeddings.embed(texts), 0, {}
    for passage in passages:
        mine = spans[passage.id]
        if mine:
            found[passage.id] = SentenceVectors(tuple(mine), packed(vectors[low : low + len(mine)]))
        low += len(mine)
    return found


def nearest(vector: NDArray[np.float32], kept: Mapping[str, SentenceVectors]) -> dict[str, NearestSentence]:
    """The nearest sentence of each passage to a direction of length 1; the first of equals."""
    import numpy as np

    if not kept:
        return {}
    found, low = {}, 0
    cosines = np.vecdot(np.concatenate([unpacked(one.packed, len(vector)) for one in kept.values()]), vector)
    for key, one in kept.items():
        here = cosines[low : low + len(one.spans)]
        at = int(here.argmax())
        found[key] = NearestSentence(*one.spans[at], float(here[at]))
        low += len(one.spans)
    return found


def with_windows(dense: Mapping[str, float], windows: Mapping[str, NearestSentence]) -> dict[str, float]:
    """Cosines of whole passages and of their nearest sentences, added by SHARE.

    A passage that was not looked at counts as if its sentence were the worst of those seen; one that was found by its words
    alone as if the whole were the worst found.
    """
    if not windows:
        return dict(dense)
    low, floor = min(window.cosine for window in windows.values()), min(dense.values(), default=0.0)
    return {
        key: (1 - SHARE) * dense.get(key, floor) + SHARE * (windows[key].cosine if key in windows else low)
        for key in dense.keys() | windows.keys()
    }


def packed(vectors: NDArray[np.float32]) -> bytes:
    """Rows of shape (n, dimension) as n scales (float32) and n rows of one byte a number."""
    import numpy as np

    scales = np.maximum(np.abs(vectors).max(axis=1, initial=1e-9), 1e-9).astype("<f4") / 127
    return bytes(scales.tobytes() + np.rint(vectors / scales[:, None]).astype(np.int8).tobytes())


def unpacked(blob: bytes, dimension: int) -> NDArray[np.float32]:
    """The rows again, shape (n, dimension)."""
    import numpy as np

    count = len(blob) // (dimension + 4)
    scales = np.frombuffer(blob, dtype="<f4", count=count)
    rows = np.frombuffer(blob, dtype=np.int8, offset=4 * count).reshape(count, dimension)
    whole: NDArray[np.float32] = rows.astype(np.float32) * scales[:, None]
    return whole
