"""Falls back to keyword search when an embedding endpoint fails: the question gets a zero vector.

The vector indexes find nothing for a zero vector. After a failure the endpoint is not called for REST_SECONDS, so the next
questions are answered without a delay.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from retrieval.errors import EmbeddingsUnavailable
from retrieval.ports import Embeddings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REST_SECONDS = 30.0
log = logging.getLogger(__name__)


class FallbackEmbeddings:
    """Embeds questions; gives zero vectors while the endpoint fails. May be used by many threads."""

    def __init__(self, embeddings: Embeddings, clock: Callable[[], float] = time.monotonic) -> None:
        self._embeddings, self._clock = embeddings, clock
        self.id, self.dimension = embeddings.id, embeddings.dimension
        self._retry_at = float("-inf")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension): rows of length 1, or zero rows while the endpoint fails."""
        import numpy as np

        if self._clock() >= self._retry_at:
            try:
                return self._embeddings.embed(texts)
            except EmbeddingsUnavailable as error:
                self._retry_at = self._clock() + REST_SECONDS
                log.warning("%s Only keyword search answers questions for %d seconds.", error, REST_SECONDS)
        return np.zeros((len(texts), self.dimension), dtype=np.float32)
