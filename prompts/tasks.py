"""The prompts of the language model, one file a task: a system part, a user part with `{variables}`, examples as data beside.

A prompt is filled with exactly the variables it names; a missing or an unknown one is a bug and raises at once. Values are
inserted as they are and never read as templates. What others wrote is put into a fence, whose code nobody can guess.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

TASKS = ("understand", "ask", "sharpen", "answer", "explain", "brief", "debrief", "thanks", "article")
_PARTS = "\n=== user ===\n"
_VARIABLE = re.compile(r"\{([a-z_]+)\}")
_FENCE_LIKE = re.compile(r"<(?=[\s/\\]*data)", re.IGNORECASE)
_BROKEN = "\u2039"


class UnknownPrompt(KeyError):
    """No prompt for such a task, or the variables do not match it."""


@dataclass(frozen=True)
class Prompt:
    """`version` are twelve hexadecimal digits of the SHA-256 of the prompt's file and its examples."""

    task: str
    system: str
    user: str
    version: str

    @property
    def name(self) -> str:
        """What is stored with a result."""
        return f"{self.task}@{self.version}"

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(_VARIABLE.findall(self.user))

    def filled(self, **values: str) -> str:
        """The user part with every variable replaced; raises UnknownPrompt on any mismatch."""
        if self.variables != set(values):
            raise UnknownPrompt(f"{self.task} wants {sorted(self.variables)}, got {sorted(values)}")
        return _VARIABLE.sub(lambda match: values[match[1]], self.user)


def prompt(task: str) -> Prompt:
    """The prompt of a task; raises UnknownPrompt if there is none."""
    if task not in TASKS:
        raise UnknownPrompt(task)
    return _shipped(task)


def read(task: str, text: str, examples: str) -> Prompt:
    """A prompt from the text of its file and the lines of its examples. Raises ValueError if it has not both parts."""
    system, mark, user = text.partition(_PARTS)
    if not mark or not system.startswith(f"Task: {task}\n"):
        raise ValueError(f"{task}: a prompt begins with its task and has a system and a user part")
    version = hashlib.sha256(f"{text}\0{examples}".encode()).hexdigest()[:12]
    shown = [_example(json.loads(line)) for line in examples.splitlines() if line.strip()]
    return Prompt(task, "\n\n".join([system.strip(), *shown]), user.strip("\n"), version)


def fence(text: str, nonce: str) -> str:
    """The text as data: between marks with a code of this call; what looks like such a mark inside it is broken."""
    if not nonce:
        raise ValueError("a fence needs a code")
    inside = _FENCE_LIKE.sub(_BROKEN, text.replace(nonce, _BROKEN))
    return f"<data-{nonce}>\n{inside}\n</data-{nonce}>"


@cache
def _shipped(task: str) -> Prompt:
    folder = resources.files("prompts").joinpath("tasks")
    text, examples = (folder.joinpath(f"{task}.{end}").read_text("utf-8") for end in ("md", "examples.jsonl"))
    return read(task, text, examples)


def _example(row: dict[str, object]) -> str:
    right = row["out"] if isinstance(row["out"], str) else json.dumps(row["out"], ensure_ascii=False, separators=(",", ":"))
    return f"Example:\n{row['in']}\n=> {right}"
