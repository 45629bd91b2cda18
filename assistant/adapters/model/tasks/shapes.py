"""The output types of the tasks. They tolerate harmless deviations: long texts and lists are cut, null is an empty text.

The content of an answer is verified elsewhere. The JSON Schema shown to the model is strict: all keys are required, no others
are allowed.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict

from assistant.domain.debrief import ItemKind

MOST_ITEMS = 60


def _strict(schema: dict[str, Any]) -> None:
    schema.pop("title", None)
    schema.pop("description", None)
    for value in schema.get("properties", {}).values():
        value.pop("title", None)
        value.pop("default", None)
    schema["required"] = list(schema.get("properties", {}))
    schema["additionalProperties"] = False


def _text(value: object) -> object:
    """The text cut at 1,000 characters; null is an empty text."""
    if value is None:
        return ""
    return value[:1000].strip() if isinstance(value, str) else value


def _one_of(words: object) -> BeforeValidator:
    """The value in lower case if it is one of these words, else empty."""

    def chosen(value: object) -> object:
        word = value.strip().lower().replace(" ", "_") if isinstance(value, str) else ""
        return word if word in get_args(words) else ""

    return BeforeValidator(chosen)


def _listed(kind: type | UnionType) -> BeforeValidator:
    """The first entries of this type; empty if the value is not a list."""

    def entries(value: object) -> object:
        every = value if isinstance(value, list) else []
        return [entry for entry in every if isinstance(entry, kind)][:MOST_ITEMS]

    return BeforeValidator(entries)


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[list[Text], _listed(str)]
Who = Literal["", "mentee", "mentor", "both"]
KindOfItem = Literal[
    "", "takeaway", "action", "proposal", "decision", "resource", "open_question", "other_expert", "competency"
]  # fmt: skip
assert set(get_args(KindOfItem)) == {"", *get_args(ItemKind)}


class Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_extra=_strict)


def _only(key: str) -> BeforeValidator:
    """The value of this key, if the model wrote an object instead of a text."""
    return BeforeValidator(lambda value: value.get(key, "") if isinstance(value, dict) else value)


Quote = Annotated[Text, _only("quote")]


class Drafted(Shape):
    """Output of `brief`: a quote for each field that the mentee stated."""

    background: Quote
    tried: Quote = ""
    success: Quote = ""
    deadline: Quote = ""
    materials: Quote = ""
    questions: Texts = []


class Noted(Shape):
    kind: Annotated[KindOfItem, _one_of(KindOfItem)] = ""
    quote: Text = ""
    owner: Annotated[Who, _one_of(Who)] = ""


class Minutes(Shape):
    """Output of `debrief`."""

    items: Annotated[list[Noted], _listed(dict)]


class ThankYouNote(Shape):
    """Output of `thanks`."""

    sentences: Texts


class Draft(Shape):
    """Output of `article`."""

    title: Text = ""
    summary: Text = ""
    points: Annotated[list[Annotated[Text, _only("text")]], _listed(str | dict)]
