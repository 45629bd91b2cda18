"""A small embedder without a model, and content to find, for tests that are about something else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, create_engine

from retrieval.adapters.sql_tables import metadata
from retrieval.passage import Article, Profile
from retrieval.text import content_stems


class WordEmbeddings:
    """Each word is a direction; counts what it embeds."""

    id = "words-512"
    dimension = 512

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        out = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in content_stems(text):
                out[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        unit: NDArray[np.float32] = out / np.linalg.norm(out, axis=1, keepdims=True)
        return unit


def article(key: str, title: str, text: str) -> Article:
    return Article(key, title, "", (), (), "Owner", date(2026, 1, 1), 180, "Own", text)


def profile(key: str, title: str, evidence: str, skills: tuple[str, ...] = ()) -> Profile:
    return Profile(key, f"Name {key}", title, "Finance", "senior", "UTC", ("en",), skills, ("call",), 1, "", evidence)


ARTICLES = [
    article("bread", "Baking bread", "Knead the dough well. Bake the bread in a hot oven for forty minutes."),
    article("boats", "Sailing boats", "Hoist the sail before leaving harbour. A boat heels when the wind is strong."),
    article("code", "Error ORA-00942", "The error ORA-00942 means that a table is missing. Ask for the grant."),
]
PROFILES = [
    profile("p1", "Baker", "I bake bread every morning. My ovens are hot.", ("baking",)),
    profile("p2", "Sailor", "I sailed a boat around the cape. Wind does not scare me.", ("sailing",)),
]


def database(folder: Path) -> Engine:
    engine = create_engine(f"sqlite:///{folder / 'test.db'}")
    metadata.create_all(engine)
    return engine
