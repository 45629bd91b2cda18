"""Questions never fail because of an endpoint: when it gives no direction, there is none, and words alone are searched.

A direction that is missing is a row of zeros; the vector indexes find nothing for it. After a failure the endpoint is left
alone for a while, so that the next questions are answered at once.
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
    """The same embeddings for questions. May be used by many threads."""

    def __init__(self, embeddings: Embeddings, clock: Callable[[], float] = time.monotonic) -> None:
        self._embeddings, self._clock = embeddings, clock
        self.id, self.dimension = embeddings.id, embeddings.dimension
        self._again = float("-inf")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), dimension): rows of length 1, or all of zeros while the endpoint fails."""
        import numpy as np

        if self._clock() >= self._again:
            try:
                return self._embeddings.embed(texts)
            except EmbeddingsUnavailable as error:
                self._again = self._clock() + REST_SECONDS
                log.warning("%s Questions are answered by words alone for %d seconds.", error, REST_SECONDS)
        return np.zeros((len(texts), self.dimension), dtype=np.float32)
