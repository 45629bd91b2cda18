"""Stores articles, passages and profiles in SQL, through SQLAlchemy Core.

Articles and profiles have a hash of all their fields, passages and evidence a hash of the text that is embedded. A batch is
one transaction, so an interrupted ingest leaves only complete articles.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Engine, Row, Select, Table, func, select

from retrieval.adapters import sql_tables as tables
from retrieval.adapters.sql_ids import given, of_ids, one_read
from retrieval.adapters.sql_vectors import IN_BATCH, batches
from retrieval.passage import Article, Passage, Profile, Unit, content_hash
from retrieval.passages.split import passages_of
from retrieval.people.profile_text import ProfileSentence, evidence_of
from retrieval.ports import OwnerKind, UnitKind

REMEMBERED = 20_000
"""Profiles, and their evidence, cached in memory so that a question does not read them again."""
_WHOLE = {table: select(table).order_by(table.c.id) for table in (tables.articles, tables.profiles, tables.evidence)}
_HASHES = select(tables.profiles.c.id, tables.profiles.c.content_hash).order_by(tables.profiles.c.id)
_SIZES = select(tables.passages.c.article_id, func.count()).group_by(tables.passages.c.article_id)
_PASSAGES = (
    select(*(tables.passages.c[name] for name in ("id", "article_id", "headings", "start", "end")))
    .add_columns(tables.articles.c.title, tables.articles.c.text)
    .join(tables.articles)
    .order_by(tables.passages.c.id)
)
_MATCHED = (
    select(tables.profiles.c.id.label("profile_id"), tables.profiles.c.content_hash)
    .add_columns(*(tables.evidence.c[name] for name in ("id", "start", "end", "matched_text")))
    .outerjoin_from(tables.profiles, tables.evidence)
    .order_by(tables.evidence.c.id)
)
Value = TypeVar("Value")
_LISTS = frozenset({"topics", "facets", "audience", "languages", "skills", "formats", "headings"})


class SqlCorpus:
    """A ContentStore over an engine; the tables must exist (`create_tables` creates them where no migration does)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._profiles: dict[str, tuple[str, Profile]] = {}
        self._evidence: dict[str, tuple[str, tuple[ProfileSentence, ...]]] = {}

    def create_tables(self) -> None:
        """Creates the missing tables."""
        tables.metadata.create_all(self._engine)

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]:
        """Articles by id, sorted by id; all if ids is None."""
        return {row.id: _article(row) for row in self._rows(tables.articles, ids)}

    def profiles(self, ids: Iterable[str] | None = None) -> dict[str, Profile]:
        """Profiles by id, sorted by id; all if ids is None. Cached while their content hash stays the same."""

        def read(stale: Sequence[str]) -> Iterator[tuple[str, str, Profile]]:
            return ((row.id, row.content_hash, _profile(row)) for row in self._rows(tables.profiles, stale))

        return _remembered(self._profiles, self._hashes_of(ids), read)

    def passages(self, ids: Iterable[str] | None = None) -> dict[str, Passage]:
        """Passages by id, with their text cut from the article; all if ids is None."""
        return {row.id: _passage(row) for row in self._selected(_PASSAGES, tables.passages.c.id, ids)}

    def evidence(self, ids: Iterable[str] | None = None) -> dict[str, ProfileSentence]:
        """Sentences of profiles, by id of the sentence."""
        rows = self._rows(tables.evidence, ids)
        return {row.id: _evidence(row) for row in rows}

    def evidence_of(self, profile_ids: Sequence[str]) -> dict[str, ProfileSentence]:
        """All sentences of these people, by id of the sentence. Cached like profiles."""

        def read(stale: Sequence[str]) -> Iterator[tuple[str, str, tuple[ProfileSentence, ...]]]:
            parts: dict[tuple[str, str], list[ProfileSentence]] = {}
            for row in self._selected(_MATCHED, tables.profiles.c.id, stale):
                mine = parts.setdefault((row.profile_id, row.content_hash), [])
                mine += [_evidence(row)] if row.id else []
            return ((key, hashed, tuple(mine)) for (key, hashed), mine in parts.items())

        found = _remembered(self._evidence, self._hashes_of(profile_ids), read)
        return {part.id: part for parts in found.values() for part in parts}

    def sizes(self, article_ids: Iterable[str]) -> dict[str, int]:
        """The number of passages of each of these articles."""
        with one_read(self._engine) as db:
            query = of_ids(db, _SIZES, tables.passages.c.article_id)
            return {key: int(count) for key, count in db.execute(query, given(set(article_ids))).all()}

    def hashes(self, kind: OwnerKind | UnitKind) -> dict[str, str]:
        """The content hash of each row, by id."""
        table = tables.TABLES[kind]
        with self._engine.connect() as db:
            return {row.id: row.content_hash for row in db.execute(select(table.c.id, table.c.content_hash))}

    def _hashes_of(self, ids: Iterable[str] | None) -> dict[str, str]:
        """The content hashes of profiles by id, sorted by id."""
        return {row.id: row.content_hash for row in self._selected(_HASHES, tables.profiles.c.id, ids)}

    def fingerprint(self) -> str:
        """One hash of everything that is indexed: an index with the same fingerprint is up to date."""
        total = hashlib.sha256()
        with self._engine.connect() as db:
            for table in tables.UNITS.values():
                for row in db.execute(select(table.c.id, table.c.content_hash).order_by(table.c.id)):
                    total.update(f"{row[0]} {row[1]}\n".encode())
        return total.hexdigest()

    def children(self, kind: UnitKind, owner_ids: Sequence[str]) -> list[str]:
        """Ids of the passages of these articles, or of the evidence of these profiles."""
        units = tables.UNITS[kind]
        column = _owner(units)
        found: list[str] = []
        with self._engine.connect() as db:
            for part in batches(owner_ids, IN_BATCH):
                found += db.execute(select(units.c.id).where(column.in_(part)).order_by(units.c.id)).scalars()
        return found

    def units(self, kind: UnitKind, ids: Sequence[str]) -> list[Unit]:
        """The texts to embed for these passages, or for this evidence."""
        if kind == "evidence":
            return [Unit(key, part.matched) for key, part in self.evidence(ids).items()]
        passages = self.passages(ids)
        heads = {key: a.head for key, a in self.articles({p.article_id for p in passages.values()}).items()}
        return [Unit(key, p.indexed_text, heads[p.article_id]) for key, p in passages.items()]

    def count_units(self, *kinds: UnitKind) -> int:
        """The number of units of these kinds; of both kinds if none is given."""
        selected = [tables.UNITS[kind] for kind in kinds or tables.UNITS]
        with self._engine.connect() as db:
            return sum(db.execute(select(func.count()).select_from(t)).scalar_one() for t in selected)

    def put_articles(self, articles: Sequence[Article]) -> list[Passage]:
        """Adds or replaces articles in one transaction; returns their passages."""
        cut = {article.id: passages_of(article) for article in articles}
        rows = [{**_row(article), "content_hash": content_hash(article)} for article in articles]
        heads = {article.id: article.head for article in articles}
        units = [_passage_row(n, passage, heads[key]) for key, found in cut.items() for n, passage in enumerate(found)]
        self._replace(tables.articles, tables.passages, rows, units)
        return [passage for found in cut.values() for passage in found]

    def put_profiles(self, profiles: Sequence[Profile]) -> None:
        """Adds or replaces profiles and their evidence in one transaction."""
        parts = [part for profile in profiles for part in evidence_of(profile)]
        rows = [{**_row(profile), "content_hash": content_hash(profile)} for profile in profiles]
        self._replace(tables.profiles, tables.evidence, rows, [_evidence_row(part) for part in parts])

    def remove(self, kind: OwnerKind, ids: Sequence[str]) -> None:
        """Removes articles with their passages, or profiles with their evidence."""
        owners, units = tables.OWNERS[kind], tables.passages if kind == "articles" else tables.evidence
        with self._engine.begin() as db:
            for part in batches(ids, IN_BATCH):
                _clear(db, units, part)
                db.execute(owners.delete().where(owners.c.id.in_(part)))

    def _replace(self, owners: Table, units: Table, rows: list[dict[str, Any]], parts: list[dict[str, Any]]) -> None:
        ids = [row["id"] for row in rows]
        with self._engine.begin() as db:
            for batch in batches(ids, IN_BATCH):
                _clear(db, units, batch)
            known = {key for batch in batches(ids, IN_BATCH) for key in
                     db.execute(select(owners.c.id).where(owners.c.id.in_(batch))).scalars()}  # fmt: skip
            for row in rows:
                if row["id"] in known:
                    db.execute(owners.update().where(owners.c.id == row["id"]).values(row))
            if fresh := [row for row in rows if row["id"] not in known]:
                db.execute(owners.insert(), fresh)
            if parts:
                db.execute(units.insert(), parts)

    def _rows(self, table: Table, ids: Iterable[str] | None) -> Iterator[Row[Any]]:
        return self._selected(_WHOLE[table], table.c.id, ids)

    def _selected(self, query: Select[Any], key: Column[str], ids: Iterable[str] | None) -> Iterator[Row[Any]]:
        """The rows of a query for these ids; all if ids is None."""
        with one_read(self._engine) as db:
            if ids is None:
                yield from db.execute(query)
                return
            yield from db.execute(of_ids(db, query, key), given(set(ids))).all()


def _remembered(
    seen: dict[str, tuple[str, Value]], now: Mapping[str, str], read: Callable[[Sequence[str]], Iterable[tuple[str, str, Value]]]
) -> dict[str, Value]:
    """The values with the hashes of `now`, from the cache or read and cached; the cache is cleared when it grows too large."""
    found = {key: value for key, hashed in now.items() if (value := seen.get(key)) and value[0] == hashed}
    stale = [key for key in now if key not in found]
    fresh = {key: (hashed, value) for key, hashed, value in read(stale)} if stale else {}
    if len(seen) + len(fresh) > REMEMBERED:
        seen.clear()
    seen.update(fresh)
    found |= fresh
    return {key: found[key][1] for key in now if key in found}


def _clear(db: Connection, units: Table, owner_ids: Sequence[str]) -> None:
    """Removes the passages of articles with their sentence vectors, or the evidence of profiles."""
    mine = _owner(units).in_(owner_ids)
    if units is tables.passages:
        gone = select(units.c.id).where(mine)
        db.execute(tables.sentence_vectors.delete().where(tables.sentence_vectors.c.passage_id.in_(gone)))
    db.execute(units.delete().where(mine))


def _owner(units: Table) -> Any:
    return units.c.article_id if units is tables.passages else units.c.profile_id


def _row(value: Article | Profile) -> dict[str, Any]:
    raw = {field.name: getattr(value, field.name) for field in fields(value)}
    return {key: json.dumps(item, ensure_ascii=False) if key in _LISTS else item for key, item in raw.items()}


def _passage_row(ordinal: int, passage: Passage, head: str) -> dict[str, Any]:
    return {
        "id": passage.id,
        "article_id": passage.article_id,
        "ordinal": ordinal,
        "headings": json.dumps(passage.headings, ensure_ascii=False),
        "start": passage.start,
        "end": passage.end,
        "content_hash": Unit(passage.id, passage.indexed_text, head).content_hash,
    }


def _evidence_row(part: ProfileSentence) -> dict[str, Any]:
    return {
        "id": part.id,
        "profile_id": part.profile_id,
        "start": part.start,
        "end": part.end,
        "matched_text": part.matched,
        "content_hash": Unit(part.id, part.matched).content_hash,
    }


def _values(row: Row[Any], kind: type[Article] | type[Profile]) -> dict[str, Any]:
    raw = {field.name: getattr(row, field.name) for field in fields(kind)}
    return {key: tuple(json.loads(item)) if key in _LISTS else item for key, item in raw.items()}


def _article(row: Row[Any]) -> Article:
    return Article(**_values(row, Article))


def _profile(row: Row[Any]) -> Profile:
    return Profile(**_values(row, Profile))


def _evidence(row: Row[Any]) -> ProfileSentence:
    return ProfileSentence(row.id, row.profile_id, row.start, row.end, row.matched_text)


def _passage(row: Row[Any]) -> Passage:
    text = row.text[row.start : row.end]
    return Passage(row.id, row.article_id, row.title, _headings(row.headings), text, row.start, row.end)


@lru_cache(maxsize=4_096)
def _headings(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))
