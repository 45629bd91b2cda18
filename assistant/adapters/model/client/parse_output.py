"""Parses the JSON object in a model's answer, and validates it against the requested type.

Skips code fences, <think> blocks and prose around the object. Does not repair invalid JSON: the model is asked again with a
description of the problem, which never contains the value of a field.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from assistant.adapters.model.client.chat import T

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

WITH_SCHEMA = "Answer with one JSON object and nothing else. It follows this JSON Schema:"
AGAIN = "That cannot be used: {problem}. Write the whole JSON object again, corrected, and nothing else."
MOST_STARTS = 20
_FENCED = re.compile(r"```[a-zA-Z]*\s*\n?(.*?)```", re.DOTALL)


class Unusable(Exception):
    """The answer cannot be used; `problem` is the description for the model."""

    def __init__(self, why: Literal["empty", "unreadable", "wrong_shape"], problem: str) -> None:
        super().__init__(why)
        self.why: Literal["empty", "unreadable", "wrong_shape"] = why
        self.problem = problem


def read(text: str, shape: type[T]) -> T:
    """The answer as an instance of `shape`. Raises Unusable."""
    from pydantic import ValidationError

    try:
        return shape.model_validate(_object(text))
    except ValidationError as error:
        raise Unusable("wrong_shape", _problems(error)) from None


def has_object(text: str) -> bool:
    """Whether the text contains a JSON object."""
    try:
        return isinstance(_object(text), dict)
    except Unusable:
        return False


@cache
def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """The strict JSON Schema of a type: every field is required and no other is allowed."""
    from openai import pydantic_function_tool

    strict: Any = pydantic_function_tool(shape)["function"]["parameters"]
    return {"type": "object", **_untitled(strict)}


@cache
def instruction(shape: type[BaseModel]) -> str:
    """The schema as text for the prompt, for endpoints that do not enforce it."""
    return f"{WITH_SCHEMA}\n{json.dumps(schema_of(shape), ensure_ascii=False, separators=(',', ':'))}"


def _object(text: str) -> Any:
    """The first JSON object in the text. Raises Unusable."""
    thought = text.rpartition("</think>")[2].strip()
    if not thought:
        raise Unusable("empty", "the answer was empty")
    for candidate in (thought, *_FENCED.findall(thought)):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    return _within(thought)


def _within(text: str) -> Any:
    decoder, place = json.JSONDecoder(), -1
    for _ in range(MOST_STARTS):
        place = text.find("{", place + 1)
        if place < 0:
            break
        try:
            return decoder.raw_decode(text, place)[0]
        except (ValueError, RecursionError):
            continue
    raise Unusable("unreadable", "it is not valid JSON")


def _problems(error: ValidationError) -> str:
    """The paths and types of the errors, without the values."""
    found = error.errors(include_url=False, include_context=False, include_input=False)[:6]
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'the answer'}: {one['type'].replace('_', ' ')}" for one in found)


def _untitled(schema: Any) -> Any:
    """Removes the titles that Pydantic adds, which only cost tokens."""
    if isinstance(schema, list):
        return [_untitled(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _untitled(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)}
