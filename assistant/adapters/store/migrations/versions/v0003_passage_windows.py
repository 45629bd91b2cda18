"""Adds the sentence vectors of passages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    passage = sa.ForeignKey("passages.id", ondelete="CASCADE")
    op.create_table(
        "passage_windows",
        sa.Column("passage_id", sa.String(220), passage, primary_key=True),
        sa.Column("embedder", sa.String(80), primary_key=True),
        sa.Column("spans", sa.Text, nullable=False),
        sa.Column("vectors", sa.LargeBinary, nullable=False),
    )
