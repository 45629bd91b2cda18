"""Reads dated evidence of expertise from the database: questions answered, competencies attested, and articles owned.

A closed request counts as a question answered by its mentor if a session was held or an exchange was handed back. Nothing is
copied: data that is erased from the database disappears here at the next refresh; only embeddings stay in the vector cache.
Questions are matched but never shown. While one thread refreshes, or while the embedder fails, the others use the last state.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Row, func, or_, select

from assistant.adapters.store.sql_engine import reading
from assistant.adapters.store.sql_tables import events, requests
from assistant.domain.events import CompetencyAttested, Event, HandedBack, SessionHeld
from assistant.domain.stages import Closed, name_of
from retrieval.adapters.sql_tables import articles, profiles
from retrieval.adapters.sql_vectors import IN_BATCH, batches
from retrieval.errors import RetrievalError
from retrieval.passage import text_hash
from retrieval.people.contributions import Contribution, of_answer, of_article, of_debrief

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.adapters.dated_index import DatedIndex
    from retrieval.people.contributions import Fading, Near
    from retrieval.ports import Embeddings, VectorCache

REQUESTS_EVERY, ARTICLES_EVERY = 5.0, 60.0
"""Seconds between two refreshes of the requests, and of the articles."""
_CLOSED = (requests.c.stage == name_of(Closed)) & requests.c.mentor.is_not(None) & (requests.c.question != "")
_MARK = (func.count(), func.sum(requests.c.version), func.max(requests.c.changed_at))
"""Changes when a request is closed, changed or erased."""
_KEPT = or_(articles.c.owner == profiles.c.id, articles.c.owner == profiles.c.name)
Made = Mapping[str, Sequence[Contribution]]
log = logging.getLogger(__name__)


class SqlContributions:
    """Implements ContributionSearch over the read model of requests and the articles. Safe for many threads."""

    def __init__(self, engine: Engine, embeddings: Embeddings, cache: VectorCache) -> None:
        from retrieval.adapters.dated_index import DatedIndex

        self._engine, self._embeddings, self._cache = engine, embeddings, cache
        self._index = DatedIndex(embeddings.dimension)
        self._requests, self._articles = _Indexed(), _Indexed()
        self._mark: tuple[object, ...] = ()
        self._requests_at, self._articles_at = -REQUESTS_EVERY, -ARTICLES_EVERY
        self._refreshing = threading.Lock()

    def near(self, question: str, vector: NDArray[np.float32], before: datetime, k: int) -> Sequence[Near]:
        """The k nearest contributions that are dated before `before`."""
        return self._refreshed().near(question, vector, before, k)

    def activity(self, topic: str | None, before: datetime, fading: Fading) -> Mapping[str, float]:
        """The sum of time-decayed weights by person, in one topic or (None) in all."""
        return self._refreshed().activity(topic, before, fading)

    def _refreshed(self) -> DatedIndex:
        if monotonic() - self._requests_at >= REQUESTS_EVERY and self._refreshing.acquire(blocking=False):
            try:
                self._refresh_requests()
                if monotonic() - self._articles_at >= ARTICLES_EVERY:
                    self._refresh_articles()
                    self._articles_at = monotonic()
            except RetrievalError as error:
                log.warning("Recent contributions are not counted yet. %s", error)
            finally:
                self._requests_at = monotonic()
                self._refreshing.release()
        return self._index

    def _refresh_requests(self) -> None:
        with reading(self._engine) as db:
            mark = tuple(db.execute(select(*_MARK).where(_CLOSED)).one())
            if mark == self._mark:
                return
            rows: dict[str, Row[Any]] = {row.id: row for row in db.execute(select(requests).where(_CLOSED))}
        stamps = {key: (row.version, row.question) for key, row in rows.items()}
        self._update(self._requests, stamps, lambda changed: _of_requests(self._engine, [rows[key] for key in changed]))
        self._mark = mark

    def _refresh_articles(self) -> None:
        query = select(articles, profiles.c.id.label("keeper")).join(profiles, _KEPT).order_by(articles.c.id, profiles.c.id)
        with reading(self._engine) as db:
            rows = {row.id: row for row in db.execute(query)}
        stamps = {key: (row.content_hash, row.keeper) for key, row in rows.items()}
        self._update(self._articles, stamps, lambda changed: {key: [_of_article(rows[key])] for key in changed})

    def _update(self, seen: _Indexed, stamps: Mapping[str, object], make: Callable[[Sequence[str]], Made]) -> None:
        """Indexes what is new or changed by its stamp, and removes what is gone. On RetrievalError nothing has changed."""
        changed = [key for key, stamp in stamps.items() if seen.stamps.get(key) != stamp]
        made = make(changed)
        all_made = [one for some in made.values() for one in some]
        vectors = self._vectors(all_made) if all_made else None
        gone = {*changed, *(seen.stamps.keys() - stamps.keys())}
        if stale := [one for key in gone for one in seen.ids.pop(key, ())]:
            self._index.remove(stale)
        if vectors is not None:
            self._index.put(all_made, vectors)
        seen.ids |= {key: tuple(one.id for one in some) for key, some in made.items()}
        seen.stamps = dict(stamps)

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


class _Indexed:
    """What is indexed: the stamp of each source, and the ids of its contributions."""

    def __init__(self) -> None:
        self.stamps: dict[str, object] = {}
        self.ids: dict[str, tuple[str, ...]] = {}


def _of_article(row: Row[Any]) -> Contribution:
    topic = next(iter(json.loads(row.topics)), "")
    return of_article(row.id, row.keeper, row.reviewed_on, topic, f"{row.title}. {row.summary}")


def _of_requests(engine: Engine, rows: Sequence[Row[Any]]) -> Made:
    """Contributions of the mentors by request: the question, and each attested competency.

    Only requests in which a session was held or a written exchange was handed back.
    """
    ids = [row.id for row in rows]
    with reading(engine) as db:
        helped = {row.request_id for row in _events(db, ids, (SessionHeld, HandedBack))}
        attested = list(_events(db, ids, (CompetencyAttested,)))
    made = {row.id: [of_answer(row.id, row.mentor, row.changed_at, "", row.question)] for row in rows if row.id in helped}
    mentors = {row.id: row.mentor for row in rows}
    for event in attested:
        if event.request_id in made:
            shown = of_debrief(event.request_id, event.seq, mentors[event.request_id], event.at, json.loads(event.body)["text"])
            made[event.request_id].append(shown)
    return made


def _events(db: Connection, ids: Sequence[str], kinds: Sequence[type[Event]]) -> Iterator[Row[Any]]:
    names = [name_of(kind) for kind in kinds]
    for some in batches(ids, IN_BATCH):
        mine = events.c.request_id.in_(some) & events.c.type.in_(names)
        yield from db.execute(select(events).where(mine).order_by(events.c.request_id, events.c.seq))
