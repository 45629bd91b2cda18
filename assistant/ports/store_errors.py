"""Errors that every store may raise; the failed write is not acknowledged."""

from __future__ import annotations


class StoreUnavailable(Exception):
    """The database cannot be read or written now (disk full, read-only, locked)."""


class StoreDamaged(StoreUnavailable):
    """The database file fails its integrity check."""


class ValueNotStorable(StoreUnavailable):
    """The database cannot hold a given value, so a retry does not help. Nothing was changed."""
