"""What a service answers when it does not do what was asked: an expected failure is a value, worded for the person."""

from __future__ import annotations

from dataclasses import dataclass

from prompts.catalog import text


@dataclass(frozen=True)
class Refusal:
    """One kind sentence that says what to do; `code` is the key of the saying. Nothing was changed."""

    code: str
    say: str


def refuse(code: str, /, **values: object) -> Refusal:
    return Refusal(code, text(f"refuse.{code}", "en", **values))
