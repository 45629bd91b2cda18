"""The parameters of one evaluation: its set and part, the embedder, and the folder for pictures."""

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
    """The argument of a runner. `protocol` is used by `experts` only; `out` is created when something is written to it."""

    found: Located
    part: str
    progress: Progress
    protocol: Protocol = "plain"
    out: Path = Path("var/eval")

    def embeddings(self, stage: str) -> Embeddings:
        """The configured embedder, which reports progress."""
        from assistant.settings import Settings
        from retrieval.embedders import make_embeddings

        settings = Settings()
        endpoint = settings.endpoint if settings.embedder == "openai" else None
        return EmbeddingsWithProgress(
            make_embeddings(settings.embedder, endpoint), lambda done: self.progress(f"embedding {stage}", done, 0)
        )


@dataclass
class EmbeddingsWithProgress:
    """Embeddings that report how many texts they have embedded."""

    inner: Embeddings
    report: Callable[[int], None]
    done: int = field(default=0, init=False)

    @property
    def id(self) -> str:
        return self.inner.id

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds in batches of 512, with progress after each."""
        import numpy as np

        parts = []
        for start in range(0, len(texts), 512):
            parts.append(self.inner.embed(texts[start : start + 512]))
            self.done += len(parts[-1])
            self.report(self.done)
        return np.concatenate(parts) if parts else self.inner.embed(texts)
