"""txtai with `hybrid` and `content` on, its vectors from outside."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.ports import Embeddings
from tests.bench.search.systems import Opened, Text, joined

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGES = ("txtai",)
_given: list[Embeddings] = []


def transform(texts: Sequence[str]) -> NDArray[np.float32]:
    """The hook for vectors from outside; txtai finds it by its name when it loads an index."""
    return _given[-1].embed(list(texts))


def build(texts: Sequence[Text], embeddings: Embeddings, folder: Path) -> None:
    """An index with its texts, saved."""
    made = _txtai(embeddings)(method="external", transform=f"{__name__}.transform", hybrid=True, content=True)
    made.index((key, joined(title, text), None) for key, title, text in texts)
    made.save(str(folder / "txtai"))


def open(folder: Path, embeddings: Embeddings) -> Opened:
    """The saved index."""
    made = _txtai(embeddings)()
    made.load(str(folder / "txtai"))
    return _Txtai(made)


class _Txtai:
    def __init__(self, embeddings: Any) -> None:
        self._embeddings = embeddings

    def ask(self, question: str, k: int) -> list[str]:
        return [found["id"] for found in self._embeddings.search(question, k)]


def _txtai(embeddings: Embeddings) -> Any:
    os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"
    _given.append(embeddings)
    from txtai import Embeddings as TxtaiEmbeddings

    return TxtaiEmbeddings
