"""What a service answers when it does not do what was asked: an expected failure is a value, worded for the person."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.ports import StoreUnavailable, ValueNotStorable
from prompts.catalog import text


@dataclass(frozen=True)
class Refusal:
    """One kind sentence that says what to do; `code` is the key of the saying. Nothing was changed."""

    code: str
    say: str


def not_stored(error: StoreUnavailable) -> Refusal:
    """Why nothing was stored or read, and whether trying again helps."""
    return refuse("not_storable" if isinstance(error, ValueNotStorable) else "storage")


def refuse(code: str, /, **values: object) -> Refusal:
    return Refusal(code, text(f"refuse.{code}", "en", **values))
