"""The shapes of what a model answers, for each task. They forgive what does no harm: texts and lists are cut, null is nothing.

What an answer says is judged elsewhere, against the words it is made of. The schema that a model is shown is strict: every key
is there, no other is.
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
    """At most 1,000 characters of it; null is no text."""
    if value is None:
        return ""
    return value[:1000].strip() if isinstance(value, str) else value


def _one_of(words: object) -> BeforeValidator:
    """The word in small letters if it is one of these, else none."""

    def chosen(value: object) -> object:
        word = value.strip().lower().replace(" ", "_") if isinstance(value, str) else ""
        return word if word in get_args(words) else ""

    return BeforeValidator(chosen)


def _listed(kind: type | UnionType) -> BeforeValidator:
    """The first entries of this type; what is no list is an empty one."""

    def entries(value: object) -> object:
        every = value if isinstance(value, list) else []
        return [entry for entry in every if isinstance(entry, kind)][:MOST_ITEMS]

    return BeforeValidator(entries)


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[list[Text], _listed(str)]
KindOfNeed = Literal["", "specific", "vague", "trajectory", "out_of_scope"]
Topic = Literal["", "harassment", "burnout", "crisis", "confidential"]
Who = Literal["", "mentee", "mentor", "both"]
KindOfItem = Literal[
    "", "takeaway", "action", "proposal", "decision", "resource", "open_question", "other_expert", "competency"
]  # fmt: skip
assert set(get_args(KindOfItem)) == {"", *get_args(ItemKind)}


class Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", json_schema_extra=_strict)


class Marked(Shape):
    """understand: a quote for each slot that the message states."""

    task: Text = ""
    context: Text = ""
    tried: Text = ""
    outcome: Text = ""
    deadline: Text = ""
    format: Text = ""
    kind: Annotated[KindOfNeed, _one_of(KindOfNeed)]
    sensitive: Annotated[Topic, _one_of(Topic)] = ""


class Question(Shape):
    """ask and sharpen."""

    question: Text


def _lettered(value: object) -> object:
    """An object of letter and reason as the line it stands for."""
    return f"{value.get('who', '')}: {value.get('reason', '')}" if isinstance(value, dict) else value


class Reasons(Shape):
    """explain: a line for each person, which begins with their letter."""

    reasons: Annotated[list[Annotated[Text, BeforeValidator(_lettered)]], _listed(str | dict)]


def _only(key: str) -> BeforeValidator:
    """What stands under this key, where a model writes an object for a text."""
    return BeforeValidator(lambda value: value.get(key, "") if isinstance(value, dict) else value)


Quote = Annotated[Text, _only("quote")]


class Drafted(Shape):
    """brief: a quote for each field that is said."""

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
    """debrief."""

    items: Annotated[list[Noted], _listed(dict)]


class ThankYouNote(Shape):
    """thanks."""

    sentences: Texts


class Draft(Shape):
    """article."""

    title: Text = ""
    summary: Text = ""
    points: Annotated[list[Annotated[Text, _only("text")]], _listed(str | dict)]
