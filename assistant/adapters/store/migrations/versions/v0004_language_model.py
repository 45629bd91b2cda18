"""Adds token usage of the language model, and whether each person allows it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("model", sa.Boolean, nullable=False, server_default=sa.true()))
    numbers = ("calls", "prompt", "completion", "cached")
    op.create_table(
        "usage",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(200)),
        sa.Column("task", sa.String(40), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("prompt_version", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in numbers),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
    )
    op.create_index("ix_usage_day", "usage", ["day", "person"])
    op.create_index("ix_usage_person", "usage", ["person", "day"])
