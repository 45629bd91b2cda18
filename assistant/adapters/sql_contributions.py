"""Who helped with what, read from the record: a closed request whose session a mentor held is a question answered.

Nothing is stored a second time. What is erased from the record is gone here at the next look; only a direction is kept in
the cache of vectors, and a question is matched, never shown.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, select

from assistant.adapters.sql_engine import reading
from assistant.adapters.sql_tables import requests
from assistant.domain.stages import Closed, name_of
from retrieval.contributions import Contribution, of_answer
from retrieval.passage import text_hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.adapters.dated_index import DatedIndex
    from retrieval.contributions import Fading, Near
    from retrieval.ports import Embeddings, VectorCache

LOOK_EVERY = 5.0
"""Seconds between two looks at the record."""
_HELD = (requests.c.stage == name_of(Closed)) & requests.c.mentor.is_not(None) & (requests.c.question != "")


class SqlContributions:
    """A ContributionSearch over the read model of requests; may be used by many threads."""

    def __init__(self, engine: Engine, embeddings: Embeddings, cache: VectorCache) -> None:
        self._engine, self._embeddings, self._cache = engine, embeddings, cache
        self._index: DatedIndex | None = None
        self._known: frozenset[str] = frozenset()
        self._mark: tuple[int, datetime | None] = (0, None)
        self._looked = -LOOK_EVERY
        self._looking = threading.Lock()

    def near(self, question: str, vector: NDArray[np.float32], before: datetime, k: int) -> Sequence[Near]:
        """The k nearest that became known before a moment."""
        return self._fresh().near(question, vector, before, k)

    def activity(self, topic: str | None, before: datetime, fading: Fading) -> Mapping[str, float]:
        """By person the faded weights in a topic."""
        return self._fresh().activity(topic, before, fading)

    def _fresh(self) -> DatedIndex:
        with self._looking:
            if self._index is None:
                from retrieval.adapters.dated_index import DatedIndex

                self._index = DatedIndex(self._embeddings.dimension)
            if monotonic() - self._looked >= LOOK_EVERY:
                self._look(self._index)
                self._looked = monotonic()
            return self._index

    def _look(self, index: DatedIndex) -> None:
        """Takes over what was closed or erased since the last look."""
        columns = (requests.c.id, requests.c.mentor, requests.c.changed_at, requests.c.question)
        with reading(self._engine) as db:
            count, last = db.execute(select(func.count(), func.max(requests.c.changed_at)).where(_HELD)).one()
            if (count, last) == self._mark:
                return
            rows = db.execute(select(*columns).where(_HELD).order_by(requests.c.id)).all()
        held = [of_answer(row.id, row.mentor, row.changed_at, "", row.question) for row in rows]
        index.remove(self._known - {one.id for one in held})
        new = [one for one in held if one.id not in self._known]
        if new:
            index.put(new, self._vectors(new))
        self._known, self._mark = frozenset(one.id for one in held), (count, last)

    def _vectors(self, new: Sequence[Contribution]) -> NDArray[np.float32]:
        import numpy as np

        hashes = [text_hash(one.matched) for one in new]
        known = dict(self._cache.vectors(hashes, self._embeddings.id))
        missing = {key: one.matched for key, one in zip(hashes, new, strict=True) if key not in known}
        if missing:
            made = self._embeddings.embed(list(missing.values()))
            self._cache.keep(list(missing), self._embeddings.id, made)
            known.update(zip(missing, made, strict=True))
        return np.stack([known[key] for key in hashes])
