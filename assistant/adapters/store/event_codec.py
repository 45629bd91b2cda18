"""Encodes events as a type name and a JSON object of all fields, and decodes them without loss.

Old databases contain these names and fields: a field may be added with a default, but none may be renamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.domain.events import EVENTS, Event
from assistant.domain.stages import name_of

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_BY_NAME: dict[str, type[Event]] = {name_of(kind): kind for kind in EVENTS}
_ADAPTERS: dict[type[Event], TypeAdapter[Any]] = {}


class UnknownEvent(ValueError):
    """A stored event that this version cannot read: written by a newer Askwell, or damaged."""


def encode(event: Event) -> tuple[str, str]:
    """The type name and the JSON text. Raises ValueError for a lone surrogate."""
    kind = type(event)
    return name_of(kind), _adapter(kind).dump_json(event).decode()


def decode(name: str, body: str) -> Event:
    """The event of a type name and its JSON text. Raises UnknownEvent."""
    kind = _BY_NAME.get(name)
    if kind is None:
        raise UnknownEvent(name)
    try:
        event: Event = _adapter(kind).validate_json(body)
    except ValueError as error:
        raise UnknownEvent(name) from error
    return event


def _adapter(kind: type[Event]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
