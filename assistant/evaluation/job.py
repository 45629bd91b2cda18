"""One measurement to run: which set, which part, with which embedder, and where its pictures go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.evaluation.sets import Located

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.ports import Embeddings

Progress = Callable[[str, int, int], None]
Protocol = Literal["plain", "rolling"]


@dataclass(frozen=True)
class Job:
    """What a runner is given. `protocol` matters to `experts` alone; `out` is made when something is written into it."""

    found: Located
    part: str
    progress: Progress
    protocol: Protocol = "plain"
    out: Path = Path("var/eval")

    def embeddings(self, stage: str) -> Embeddings:
        """The configured embedder, telling how far it is."""
        from assistant.settings import Settings
        from retrieval.embedders import make_embeddings

        chosen = Settings()
        endpoint = chosen.endpoint if chosen.embedder == "openai" else None
        return Watched(make_embeddings(chosen.embedder, endpoint), lambda done: self.progress(f"embedding {stage}", done, 0))


@dataclass
class Watched:
    """Embeddings that tell how many texts they have embedded so far."""

    inner: Embeddings
    tell: Callable[[int], None]
    done: int = field(default=0, init=False)

    @property
    def id(self) -> str:
        return self.inner.id

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """In batches, so that progress is seen on long runs."""
        import numpy as np

        parts = []
        for start in range(0, len(texts), 512):
            parts.append(self.inner.embed(texts[start : start + 512]))
            self.done += len(parts[-1])
            self.tell(self.done)
        return np.concatenate(parts) if parts else self.inner.embed(texts)
