"""Loads the prompts for the language model: one Markdown file for each task, with a JSONL file of examples.

A file has a system part and a user part with `{variables}`. A prompt must be given exactly its variables; a missing or unknown
one raises. Values are inserted literally, never as templates. Text from people is enclosed in a `fence` with a random code.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

TASKS = ("sharpen", "answer", "brief", "debrief", "thanks", "article")
_PARTS = "\n=== user ===\n"
_VARIABLE = re.compile(r"\{([a-z_]+)\}")
_FENCE_LIKE = re.compile(r"<(?=[\s/\\]*data)", re.IGNORECASE)
_BROKEN = "\u2039"


class UnknownPrompt(KeyError):
    """There is no prompt for the task, or the variables do not match it."""


@dataclass(frozen=True)
class Prompt:
    """A prompt; `version` is the first twelve hexadecimal digits of the SHA-256 of its file and examples."""

    task: str
    system: str
    user: str
    version: str

    @property
    def name(self) -> str:
        """The identifier stored with a result, "task@version"."""
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
    """Parses a prompt file and its examples. Raises ValueError if a part is missing."""
    system, mark, user = text.partition(_PARTS)
    if not mark or not system.startswith(f"Task: {task}\n"):
        raise ValueError(f"{task}: a prompt must begin with its task and have a system and a user part")
    version = hashlib.sha256(f"{text}\0{examples}".encode()).hexdigest()[:12]
    shown = [_example(json.loads(line)) for line in examples.splitlines() if line.strip()]
    return Prompt(task, "\n\n".join([system.strip(), *shown]), user.strip("\n"), version)


def fence(text: str, nonce: str) -> str:
    """Encloses untrusted text in tags with the random code `nonce`; tags inside the text are broken up."""
    if not nonce:
        raise ValueError("a fence needs a nonce")
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
