"""Who helped with what, read from the record: a closed request whose session a mentor held is a question answered.

Nothing is stored a second time. What is erased from the record is gone here at the next look; only a direction is kept in
the cache of vectors, and a question is matched, never shown. While one thread looks the others use what is known by then,
and so does everybody while an embedder fails.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, select

from assistant.adapters.sql_engine import reading
from assistant.adapters.sql_tables import events, requests
from assistant.domain.events import HandedBack, SessionHeld
from assistant.domain.stages import Closed, name_of
from retrieval.contributions import Contribution, of_answer, request_key
from retrieval.errors import RetrievalError
from retrieval.passage import text_hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.adapters.dated_index import DatedIndex
    from retrieval.contributions import Fading, Near
    from retrieval.ports import Embeddings, VectorCache

LOOK_EVERY = 5.0
"""Seconds between two looks at the record."""
IN_BATCH = 500
_CLOSED = (requests.c.stage == name_of(Closed)) & requests.c.mentor.is_not(None) & (requests.c.question != "")
_HELPED = events.c.type.in_([name_of(kind) for kind in (SessionHeld, HandedBack)])
log = logging.getLogger(__name__)


class SqlContributions:
    """A ContributionSearch over the read model of requests; may be used by many threads."""

    def __init__(self, engine: Engine, embeddings: Embeddings, cache: VectorCache) -> None:
        from retrieval.adapters.dated_index import DatedIndex

        self._engine, self._embeddings, self._cache = engine, embeddings, cache
        self._index = DatedIndex(embeddings.dimension)
        self._closed: frozenset[str] = frozenset()
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
        if monotonic() - self._looked >= LOOK_EVERY and self._looking.acquire(blocking=False):
            try:
                self._look()
            except RetrievalError as error:
                log.warning("What was closed lately is not counted yet. %s", error)
            finally:
                self._looked = monotonic()
                self._looking.release()
        return self._index

    def _look(self) -> None:
        """Takes over what was closed or erased since the last look."""
        columns = (requests.c.id, requests.c.mentor, requests.c.changed_at, requests.c.question)
        with reading(self._engine) as db:
            count, last = db.execute(select(func.count(), func.max(requests.c.changed_at)).where(_CLOSED)).one()
            if (count, last) == self._mark:
                return
            rows = db.execute(select(*columns).where(_CLOSED).order_by(requests.c.id)).all()
            fresh = {row.id: row for row in rows if row.id not in self._closed}
            helped = _helped(db, list(fresh))
        closed = frozenset(row.id for row in rows)
        if gone := self._closed - closed:
            self._index.remove(request_key(key) for key in gone)
            self._closed &= closed
        new = [of_answer(row.id, row.mentor, row.changed_at, "", row.question) for key, row in fresh.items() if key in helped]
        if new:
            self._index.put(new, self._vectors(new))
        self._closed, self._mark = closed, (count, last)

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


def _helped(db: Connection, ids: Sequence[str]) -> frozenset[str]:
    """Those of the requests in which somebody helped: a session was held, or an exchange in writing was handed back."""
    found: set[str] = set()
    for start in range(0, len(ids), IN_BATCH):
        query = select(events.c.request_id).where(events.c.request_id.in_(ids[start : start + IN_BATCH]) & _HELPED)
        found.update(db.execute(query).scalars())
    return frozenset(found)
