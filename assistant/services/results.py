"""Refusals: an expected failure of a service is a value, worded for the person."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.ports import StoreUnavailable, ValueNotStorable
from prompts.catalog import text


@dataclass(frozen=True)
class Refusal:
    """One sentence that says what to do; `code` is its key in the catalogue. Nothing was changed."""

    code: str
    say: str


def not_stored(error: StoreUnavailable) -> Refusal:
    """The refusal for a store error; it says whether a retry helps."""
    return refuse("not_storable" if isinstance(error, ValueNotStorable) else "storage")


def refuse(code: str, /, **values: object) -> Refusal:
    return Refusal(code, text(f"refuse.{code}", "en", **values))
