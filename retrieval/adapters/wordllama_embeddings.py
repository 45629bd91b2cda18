"""Embeds with wordllama: averaged word vectors from an installed package, about 70 times as fast as MiniLM and less accurate.

For machines on which minutes of embedding are too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelDamaged


class WordLlamaEmbeddings:
    """The light embedder, 256 numbers a text. The model is loaded at the first use."""

    id = "wordllama-l2-256"
    dimension = 256

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 256), rows of length 1; a text without words gives the first unit vector."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        raw = np.nan_to_num(np.asarray(self._model.embed(list(texts)), dtype=np.float32))
        norm = np.linalg.norm(raw, axis=1, keepdims=True)
        raw[norm[:, 0] < 1e-9, 0] = 1.0
        return np.ascontiguousarray(raw / np.linalg.norm(raw, axis=1, keepdims=True), dtype=np.float32)

    @cached_property
    def _model(self) -> Any:
        try:
            import wordllama

            folder = Path(wordllama.__file__).parent
            return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
        except (ImportError, OSError, ValueError) as error:
            raise ModelDamaged("The embedder wordllama is not installed. Install Askwell again.") from error
