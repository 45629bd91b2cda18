"""Reads what OpenAI-compatible servers really send, and what LangChain's reader drops: text in parts, refusals, thinking, errors.

A mixin before LangChain's chat model, which leaves such fields to classes for single providers. What it finds beside the text is
kept with the message: `THOUGHT` and `DECLINED` in its `additional_kwargs`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.client.faults import reported

THOUGHT, DECLINED = "askwell_thought", "askwell_declined"
_THINKING = ("reasoning_content", "reasoning", "reasoning_details", "thinking")


class OddAnswers:
    """Overrides how an answer and a piece of a stream become messages. Raises ModelFailed for an error in place of an answer."""

    def _create_chat_result(self, response: Any, generation_info: Any = None) -> Any:
        whole = response if isinstance(response, dict) or not hasattr(response, "model_dump") else _dumped(response)
        if not isinstance(whole, dict):
            raise ModelFailed("unreadable")
        choices = _choices(whole)
        made = super()._create_chat_result({**whole, "choices": [_tidied(one, "message") for one in choices]}, generation_info)  # type: ignore[misc]
        for one, generation in zip(choices, made.generations, strict=False):
            generation.message.additional_kwargs |= _beside(one.get("message"))
        return made

    def _convert_chunk_to_generation_chunk(self, chunk: Any, default_chunk_class: type, base_generation_info: Any) -> Any:
        if chunk.get("error"):
            raise reported(chunk["error"])
        choices = chunk.get("choices") or []
        tidy = {**chunk, "choices": [_tidied(one, "delta") for one in choices]}
        made = super()._convert_chunk_to_generation_chunk(tidy, default_chunk_class, base_generation_info)  # type: ignore[misc]
        if made is not None and choices:
            made.message.additional_kwargs |= _beside(choices[0].get("delta"))
        return made


def quiet() -> None:
    """Keeps the SDK from warning on the terminal about fields of another type than OpenAI's own."""
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)


def _dumped(response: Any) -> Any:
    """The fields that were sent; the SDK fills in the others with None."""
    whole = response.model_dump(warnings=False)
    return {name: value for name, value in whole.items() if name != "choices" or name in response.model_fields_set}


def _choices(whole: Mapping[str, Any]) -> list[Any]:
    if whole.get("error"):
        raise reported(whole["error"])
    if "choices" not in whole:
        raise ModelFailed("unreadable")
    choices = [one for one in whole["choices"] or () if isinstance(one, dict)]
    if not choices:
        raise ModelFailed("empty")
    return choices


def _tidied(choice: Any, key: str) -> dict[str, Any]:
    """A choice with its text as one string, whatever parts it came in."""
    inner = choice.get(key) or {}
    return {**choice, key: {"role": "assistant", **_without_nulls(inner), "content": _text(inner.get("content"))}}


def _without_nulls(inner: Mapping[str, Any]) -> dict[str, Any]:
    """Without empty fields and calls of tools, which are never asked for."""
    return {name: value for name, value in inner.items() if value is not None and name not in ("tool_calls", "function_call")}


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return "".join(_part(part) for part in parts)


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict) or part.get("type", "text") not in ("text", "output_text"):
        return ""
    text = part.get("text")
    return text if isinstance(text, str) else str(text.get("value", "")) if isinstance(text, dict) else ""


def _beside(inner: Any) -> dict[str, bool]:
    """Whether the model thought or declined here."""
    if not isinstance(inner, dict):
        return {}
    thought = any(inner.get(name) for name in _THINKING)
    return ({THOUGHT: True} if thought else {}) | ({DECLINED: True} if inner.get("refusal") else {})
