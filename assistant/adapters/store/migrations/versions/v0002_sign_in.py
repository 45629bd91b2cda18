"""Adds passwords, sign-ins, the last seen notification by login, and indexes for polling changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "passwords",
        _login(primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _login(),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
    )
    op.create_index("ix_sign_ins_login", "sign_ins", ["login"])
    op.create_table("news_seen", _login(primary_key=True), sa.Column("upto", sa.Integer, nullable=False))
    op.create_index("ix_requests_changed", "requests", ["changed_at"])
    op.create_index("ix_outbox_recipient", "outbox", ["recipient", "id"])


def _login(*, primary_key: bool = False, nullable: bool = False) -> sa.Column[str]:
    account = sa.ForeignKey("accounts.login", ondelete="CASCADE")
    return sa.Column("login", sa.String(200), account, primary_key=primary_key, nullable=nullable)
