"""The tables of the corpus, for SQLAlchemy. The application's migrations import `metadata`.

`embeddings` caches vectors by content hash; it holds no text and can be deleted at any time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.types import TypeEngine

from retrieval.ports import OwnerKind, UnitKind

metadata = MetaData()


def required(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> Column[Any]:
    """A column that has a value in every row."""
    return Column(name, kind, nullable=False)


def required_texts(names: str) -> list[Column[Any]]:
    """Columns of text of any length, by names with blanks between them."""
    return [required(name, Text) for name in names.split()]


def part_of(table: str, name: str, *, key: str = "id", primary_key: bool = False) -> Column[Any]:
    """The key of a row of another table, whose deletion deletes this row too."""
    return Column(name, ForeignKey(f"{table}.{key}", ondelete="CASCADE"), nullable=False, primary_key=primary_key)


def _hash(primary_key: bool = False) -> Column[Any]:
    return Column("content_hash", String(64), nullable=False, primary_key=primary_key)


articles = Table(
    "articles",
    metadata,
    Column("id", String(200), primary_key=True),
    *required_texts("title summary topics audience owner"),
    required("reviewed_on", Date),
    required("review_every", Integer),
    *required_texts("source text facets"),
    _hash(),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String(220), primary_key=True),
    part_of("articles", "article_id"),
    required("ordinal", Integer),
    required("headings", Text),
    required("start", Integer),
    required("end", Integer),
    _hash(),
    Index("ix_passages_article_id", "article_id"),
)

profiles = Table(
    "profiles",
    metadata,
    Column("id", String(200), primary_key=True),
    *required_texts("name title department level time_zone languages skills formats"),
    required("weekly_capacity", Integer),
    *required_texts("office_hours evidence country"),
    _hash(),
)

evidence = Table(
    "profile_evidence",
    metadata,
    Column("id", String(220), primary_key=True),
    part_of("profiles", "profile_id"),
    required("start", Integer),
    required("end", Integer),
    required("matched_text", Text),
    _hash(),
    Index("ix_profile_evidence_profile_id", "profile_id"),
)

embeddings = Table(
    "embeddings",
    metadata,
    _hash(primary_key=True),
    Column("embedder", String(80), primary_key=True),
    required("vector", LargeBinary),
)

sentence_vectors = Table(
    "passage_windows",
    metadata,
    part_of("passages", "passage_id", primary_key=True),
    Column("embedder", String(80), primary_key=True),
    required("spans", Text),
    required("vectors", LargeBinary),
)

TABLES: dict[OwnerKind | UnitKind, Table] = {
    "articles": articles,
    "profiles": profiles,
    "passages": passages,
    "evidence": evidence,
}
OWNERS: dict[OwnerKind, Table] = {"articles": articles, "profiles": profiles}
UNITS: dict[UnitKind, Table] = {"passages": passages, "evidence": evidence}
