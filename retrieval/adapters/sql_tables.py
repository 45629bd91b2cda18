"""The tables of the corpus, for SQLAlchemy. The application's migrations import `metadata`.

`embeddings` caches vectors by content hash; it holds no text and can be deleted at any time.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

from retrieval.ports import OwnerKind, UnitKind

metadata = MetaData()

articles = Table(
    "articles",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("reviewed_on", Date, nullable=False),
    Column("review_every", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String(220), primary_key=True),
    Column("article_id", String(200), ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("headings", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Index("ix_passages_article_id", "article_id"),
)

profiles = Table(
    "profiles",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("skills", Text, nullable=False),
    Column("formats", Text, nullable=False),
    Column("weekly_capacity", Integer, nullable=False),
    Column("office_hours", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
)

evidence = Table(
    "profile_evidence",
    metadata,
    Column("id", String(220), primary_key=True),
    Column("profile_id", String(200), ForeignKey("profiles.id", ondelete="CASCADE"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("matched_text", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Index("ix_profile_evidence_profile_id", "profile_id"),
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("content_hash", String(64), primary_key=True),
    Column("embedder", String(80), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

sentence_vectors = Table(
    "passage_windows",
    metadata,
    Column("passage_id", String(220), ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True),
    Column("embedder", String(80), primary_key=True),
    Column("spans", Text, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
)

TABLES: dict[OwnerKind | UnitKind, Table] = {
    "articles": articles,
    "profiles": profiles,
    "passages": passages,
    "evidence": evidence,
}
OWNERS: dict[OwnerKind, Table] = {"articles": articles, "profiles": profiles}
UNITS: dict[UnitKind, Table] = {"passages": passages, "evidence": evidence}
