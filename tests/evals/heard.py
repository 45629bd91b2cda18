"""How much of what a capable model says is shown: `python -m tests.evals.heard`, `--refused` also prints what is not.

The answers are recorded, see `data/heard/README.md`; the functions that judge them are the product's own.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assistant.adapters.model.chat import ModelFailed
from assistant.adapters.model.language import ModelLanguage
from assistant.adapters.offline.language import OfflineLanguage
from assistant.adapters.tiktoken_counter import TiktokenCounter
from assistant.dialogue.pieces import Excerpt, Shown, Wanted
from assistant.dialogue.support import Near
from assistant.dialogue.veil import Veil
from assistant.domain.brief import Brief
from assistant.domain.need import Need
from assistant.domain.reply import Kind
from tests.evals.answers import near
from tests.fake_chat import FakeChat

_SENTENCE = re.compile(r"(.+?) (\[[\d, ]+\]\.?\s*)", re.DOTALL)
SPOKEN = Path(__file__).parent / "data" / "heard" / "spoken.jsonl"


@dataclass(frozen=True)
class Heard:
    """One thing that the model said, and what of it a person gets to read ("" for nothing)."""

    task: str
    text: str
    got: str


@cache
def offline() -> OfflineLanguage:
    return OfflineLanguage()


def heard(measure: Near | None, change: Callable[[str], str] = lambda text: text) -> Iterator[Heard]:
    """Every question, reason and sentence of the recorded answers, each changed before it is said."""
    for line in SPOKEN.read_text("utf-8").splitlines():
        row = json.loads(line)
        row["said"] = _changed(row["said"], change)
        model = ModelLanguage(
            FakeChat(lambda call, said=row["said"]: said), offline(), lambda: 60.0, lambda task, usage: None, Veil(), measure,
            TiktokenCounter(), 100_000,
        )  # fmt: skip
        yield from _TASKS[row["task"]](model, row["given"], row["said"])


def shares(found: Sequence[Heard]) -> dict[str, tuple[int, int]]:
    """By task how much is shown, of how much."""
    tasks = dict.fromkeys(one.task for one in found)
    return {
        task: (sum(bool(one.got) for one in found if one.task == task), sum(one.task == task for one in found)) for task in tasks
    }


def _changed(said: Any, change: Callable[[str], str]) -> Any:
    if isinstance(said, dict):
        return {key: _changed(value, change) for key, value in said.items()}
    if isinstance(said, list):
        return [_changed(value, change) for value in said]
    return _SENTENCE.sub(lambda match: f"{change(match[1])} {match[2]}", said) if "] " in f"{said} " else change(said)


def _asked(model: ModelLanguage, given: Sequence[Any], said: dict[str, str]) -> Iterator[Heard]:
    wanted = TypeAdapter(Wanted).validate_python(given[0])
    yield Heard("ask", said["question"], _tried(lambda: model.ask(wanted)) or "")


def _sharpened(model: ModelLanguage, given: Sequence[Any], said: dict[str, str]) -> Iterator[Heard]:
    need = TypeAdapter(Need).validate_python(given[0])
    yield Heard("sharpen", said["question"], _tried(lambda: model.sharpen(need, Kind(given[1]))) or "")


def _explained(model: ModelLanguage, given: Sequence[Any], said: dict[str, list[str]]) -> Iterator[Heard]:
    people = [TypeAdapter(Shown).validate_python(one) for one in given[1]]
    reasons = _tried(lambda: model.explain(given[0], people)) or tuple(person.plain for person in people)
    for line in said["reasons"]:
        place = ord(line[0]) - ord("A")
        yield Heard("explain", line, "" if reasons[place] == people[place].plain else reasons[place])


def _answered(model: ModelLanguage, given: Sequence[Any], said: str) -> Iterator[Heard]:
    excerpts = [TypeAdapter(Excerpt).validate_python(one) for one in given[1]]
    shown = [sentence.text for sentence in _tried(lambda: model.answer(given[0], excerpts)) or ()]
    for sentence, _ in _SENTENCE.findall(said):
        yield Heard("answer", sentence, next((one for one in shown if sentence.rstrip(".") == one.rstrip(".")), ""))


def _briefed(model: ModelLanguage, given: Sequence[Any], said: dict[str, Any]) -> Iterator[Heard]:
    draft = TypeAdapter(Brief).validate_python(given[0])
    asked = (_tried(lambda: model.brief(draft, given[1])) or draft).mentor_questions
    yield from (Heard("brief, questions", question, question if question in asked else "") for question in said["questions"])


def _tried(say: Callable[[], Any]) -> Any:
    try:
        return say()
    except ModelFailed:
        return None


_TASKS: dict[str, Callable[..., Iterator[Heard]]] = {
    "ask": _asked, "sharpen": _sharpened, "explain": _explained, "answer": _answered, "brief": _briefed,
}  # fmt: skip


def main(words: Sequence[str]) -> int:
    found = list(heard(near()))
    for task, (shown, every) in shares(found).items():
        print(f"{task:18} {shown:3} of {every:3} shown")
    if "--refused" in words:
        for one in found:
            if not one.got:
                print(f"{one.task}: {one.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
