"""Adds the facets of articles: what people come with to an article, in their own words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """A database that was made from today's tables has the column already."""
    if "facets" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("articles")}:
        op.add_column("articles", sa.Column("facets", sa.Text, nullable=False, server_default="[]"))
