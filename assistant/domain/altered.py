"""`dataclasses.replace` for values that are replaced often: it copies the fields at once and calls no constructor.

Only for frozen dataclasses without slots, `__post_init__` and cached properties. mypy checks the names and types of the fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from dataclasses import replace as altered
else:
    Value = TypeVar("Value")

    def altered(value: Value, /, **changes: object) -> Value:
        """The value with some fields changed."""
        after = object.__new__(type(value))
        vars(after).update(vars(value), **changes)
        return after


__all__ = ["altered"]
