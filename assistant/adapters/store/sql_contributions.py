"""Who did what that shows what they know, read from the record: a closed request whose session a mentor held is a question
answered, a competency that he attested in it is another, and an article with his id or name as its owner is one he keeps.

Nothing is stored a second time. What is erased from the record is gone here at the next look; only a direction is kept in
the cache of vectors, and a question is matched, never shown. While one thread looks the others use what is known by then,
and so does everybody while an embedder fails.
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

LOOK_EVERY, ARTICLES_EVERY = 5.0, 60.0
"""Seconds between two looks at the requests, and at the articles."""
_CLOSED = (requests.c.stage == name_of(Closed)) & requests.c.mentor.is_not(None) & (requests.c.question != "")
_MARK = (func.count(), func.sum(requests.c.version), func.max(requests.c.changed_at))
"""Another value as soon as a request was closed, changed or erased."""
_KEPT = or_(articles.c.owner == profiles.c.id, articles.c.owner == profiles.c.name)
Made = Mapping[str, Sequence[Contribution]]
log = logging.getLogger(__name__)


class SqlContributions:
    """A ContributionSearch over the read model of requests and the articles; may be used by many threads."""

    def __init__(self, engine: Engine, embeddings: Embeddings, cache: VectorCache) -> None:
        from retrieval.adapters.dated_index import DatedIndex

        self._engine, self._embeddings, self._cache = engine, embeddings, cache
        self._index = DatedIndex(embeddings.dimension)
        self._requests, self._articles = _Seen(), _Seen()
        self._mark: tuple[object, ...] = ()
        self._looked, self._leafed = -LOOK_EVERY, -ARTICLES_EVERY
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
                self._look_at_requests()
                if monotonic() - self._leafed >= ARTICLES_EVERY:
                    self._look_at_articles()
                    self._leafed = monotonic()
            except RetrievalError as error:
                log.warning("What was done lately is not counted yet. %s", error)
            finally:
                self._looked = monotonic()
                self._looking.release()
        return self._index

    def _look_at_requests(self) -> None:
        with reading(self._engine) as db:
            mark = tuple(db.execute(select(*_MARK).where(_CLOSED)).one())
            if mark == self._mark:
                return
            rows: dict[str, Row[Any]] = {row.id: row for row in db.execute(select(requests).where(_CLOSED))}
        stamps = {key: (row.version, row.question) for key, row in rows.items()}
        self._take(self._requests, stamps, lambda changed: _of_requests(self._engine, [rows[key] for key in changed]))
        self._mark = mark

    def _look_at_articles(self) -> None:
        query = select(articles, profiles.c.id.label("keeper")).join(profiles, _KEPT).order_by(articles.c.id, profiles.c.id)
        with reading(self._engine) as db:
            rows = {row.id: row for row in db.execute(query)}
        stamps = {key: (row.content_hash, row.keeper) for key, row in rows.items()}
        self._take(self._articles, stamps, lambda changed: {key: [_of_article(rows[key])] for key in changed})

    def _take(self, seen: _Seen, stamps: Mapping[str, object], make: Callable[[Sequence[str]], Made]) -> None:
        """Takes over what is new or changed by its stamp, and forgets what is gone. Raises RetrievalError, nothing taken."""
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


class _Seen:
    """What was taken over: the stamp of each source, and the ids of what it gave."""

    def __init__(self) -> None:
        self.stamps: dict[str, object] = {}
        self.ids: dict[str, tuple[str, ...]] = {}


def _of_article(row: Row[Any]) -> Contribution:
    topic = next(iter(json.loads(row.topics)), "")
    return of_article(row.id, row.keeper, row.reviewed_on, topic, f"{row.title}. {row.summary}")


def _of_requests(engine: Engine, rows: Sequence[Row[Any]]) -> Made:
    """What closed requests show of their mentors, by request: the question, and each competency that was attested. A request
    counts if somebody helped: a session was held, or an exchange in writing was handed back."""
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
