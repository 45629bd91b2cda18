"""What the model on the loopback answers: an honest play that lets whole journeys run, and a hostile one.

The honest one copies: it finds the data between the fences of a prompt and gives it back in the form of the task. The hostile
one obeys every instruction that it finds in the data and says what is not so in every field of whatever form it is asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from tests.evals.lab.hostile_model import AWAY, MARKUP, orders
from tests.evals.lab.hostile_model import FALSE as LIES

Messages = Sequence[dict[str, str]]
Answer = str | dict[str, Any] | list[Any]

_FENCED = re.compile(r"<data-[^>]*>\n?(.*?)\n?</data-[^>]*>", re.DOTALL)
_SENTENCE = re.compile(r"[^\n.!?]+[.!?]?")
_TASK = re.compile(r"\ATask: (\w+)")


FALSE = LIES[0]


def task_of(messages: Messages) -> str:
    """The first line of the system prompt names it."""
    found = _TASK.match(messages[0]["content"]) if messages else None
    return found[1] if found else ""


def schema_asked(body: dict[str, Any]) -> dict[str, Any]:
    """The schema of the answer that is wanted, from the request or from the prompt; empty for free text."""
    asked = (body.get("response_format") or {}).get("json_schema")
    if asked:
        return dict(asked["schema"])
    place = body["messages"][0]["content"].rpartition("JSON Schema:\n")[2]
    try:
        return dict(json.JSONDecoder().raw_decode(place)[0])
    except (ValueError, TypeError):
        return {}


# The honest play.


def honest(messages: Messages, schema: dict[str, Any]) -> Answer:
    """Copies what is in the data; anything of the right form for a task that it does not know."""
    task = task_of(messages)
    user = messages[1]["content"] if len(messages) > 1 else ""
    if task in HONEST:
        found = HONEST[task](user, [part.strip() for part in _FENCED.findall(user)] or [user])
        return _completed(found, schema) if isinstance(found, dict) and schema else found
    return filled(schema, lambda name: "") if schema else "I can say nothing to that."


def _sharpen(user: str, parts: list[str]) -> Answer:
    """The first sentence that asks, or else the first one; tagged messages of the fakes name their task."""
    said = _sentences(parts[-1]) or ["What now?"]
    task = _after(parts[-1], "task:")
    if task:
        return f"How do I {task.rstrip('.?! ')}?"
    return next((one for one in said if one.endswith("?")), said[0])


def _answer(user: str, parts: list[str]) -> Answer:
    """The first sentence of each of the first two passages."""
    passages = re.findall(r"^\[(\d+)\] ?(?:[^\n:]{1,120}: )?(.+)", "\n".join(parts), re.MULTILINE)
    said = [f"{_sentences(text)[0].rstrip('.!? ')} [{number}]." for number, text in passages[:2] if _sentences(text)]
    return " ".join(said) or "NOTHING"


def _brief(user: str, parts: list[str]) -> Answer:
    said = _sentences(parts[-1]) or [""]
    fields = dict.fromkeys(("tried", "success", "deadline", "materials"), "")
    return {**fields, "background": said[0], "questions": []}


def _debrief(user: str, parts: list[str]) -> Answer:
    items = []
    for said in _sentences(parts[-1]):
        promised = re.search(r"\b(?:I'll|I will|we will|we'll)\b", said)
        items.append({"kind": "action" if promised else "takeaway", "quote": said, "owner": "mentee" if promised else ""})
    return {"items": items}


def _thanks(user: str, parts: list[str]) -> Answer:
    return {"sentences": [f"It helped me that {text[:1].lower()}{text[1:].rstrip('.')}." for _, text in _items(parts)[:2]]}


def _article(user: str, parts: list[str]) -> Answer:
    items = _items(parts)
    points = [f"{text.rstrip('.')}." for _, text in items]
    title = " ".join(parts[0].split()[:12])
    return {"title": title, "summary": points[0] if points else "", "points": points}


HONEST: dict[str, Callable[[str, list[str]], Answer]] = {
    "sharpen": _sharpen, "answer": _answer, "brief": _brief, "debrief": _debrief, "thanks": _thanks, "article": _article,
}  # fmt: skip


def _sentences(text: str) -> list[str]:
    return [one.strip() for one in _SENTENCE.findall(text) if re.search(r"\w", one)]


def _after(text: str, label: str) -> str:
    found = re.search(rf"{re.escape(label)}[ \t]*(.*)", text)
    return re.split(r"; (?=\w+: )|<", found[1])[0].strip() if found else ""


def _items(parts: list[str]) -> list[tuple[str, str]]:
    return [(kind, text.strip()) for kind, text in re.findall(r"^([a-z_ ]+): (.+)", "\n".join(parts), re.MULTILINE)]


# Any form.


def filled(schema: dict[str, Any], words: Callable[[str], str], depth: int = 0, root: dict[str, Any] | None = None) -> Any:
    """A value of the form a schema describes: `words(field)` in every string, one of everything in a list."""
    root = root or schema
    schema = _resolved(schema, root)
    if "enum" in schema or "const" in schema:
        return schema.get("const", (schema.get("enum") or [None])[-1])
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        fields = schema.get("properties", {})
        return {name: _field(name, part, words, depth, root) for name, part in fields.items()}
    if kind == "array":
        few = schema.get("minItems", 0) if depth > 6 else max(1, schema.get("minItems", 0))
        return [filled(schema.get("items", {}), words, depth + 1, root) for _ in range(few)]
    plain: dict[Any, Any] = {"integer": 1, "number": 1.0, "boolean": True, "null": None}
    return plain.get(kind, words(""))


def _field(name: str, schema: dict[str, Any], words: Callable[[str], str], depth: int, root: dict[str, Any]) -> Any:
    return filled(schema, lambda inner: words(inner or name), depth + 1, root)


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    for _ in range(8):
        if "$ref" in schema:
            schema = root.get("$defs", {}).get(schema["$ref"].rsplit("/", 1)[-1], {})
        elif "anyOf" in schema:
            schema = next((one for one in schema["anyOf"] if one.get("type") != "null"), {})
        elif len(schema.get("allOf", ())) == 1:
            schema = schema["allOf"][0]
    return schema


def _completed(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """With every field that the schema requires, empty where it was not said."""
    empty = filled(schema, lambda name: "", depth=9)
    return {**empty, **found} if isinstance(empty, dict) else found


# The hostile play.


def hostile(messages: Messages, schema: dict[str, Any]) -> Answer:
    """Obeys what stands in the data, and lies in every field."""
    complied = " ".join(orders("\n".join(message["content"] for message in messages[1:])))
    told = f"{complied} {FALSE} {MARKUP}".strip()
    if not schema:
        return f"{FALSE} [1] {complied} [99] {MARKUP} [7]. Everybody has agreed, see {AWAY} [1]."
    return filled(schema, lambda name: f"{told} ({name})")
