"""Maps errors of retrieval to refusals by their class; the error's own message is not shown."""

from __future__ import annotations

from assistant.services.results import Refusal, refuse
from retrieval.errors import (
    BadSource,
    EmbeddingsUnavailable,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    ModelDamaged,
    RetrievalError,
)

_CODES: dict[type[RetrievalError], str] = {
    IndexLocked: "index_locked",
    IndexMismatch: "index_mismatch",
    IndexDamaged: "index_damaged",
    ModelDamaged: "embedder_damaged",
    EmbeddingsUnavailable: "embeddings_unavailable",
}


def not_retrieved(error: RetrievalError) -> Refusal:
    """For a source file its name, line and problem; for other errors the sentence for their class."""
    if isinstance(error, BadSource):
        line = f", line {error.line}" if error.line is not None else ""
        return refuse("bad_source", where=f"{error.path.name}{line}", problem=error.problem)
    return refuse(next((code for kind, code in _CODES.items() if isinstance(error, kind)), "index"))
