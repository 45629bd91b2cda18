"""How much of what a capable model says is shown, and of what a hostile one was made to say: `python -m tests.evals.heard`.

`--refused` also prints what of the first is not shown, `--slipped` what of the second is. The answers are recorded, see
`data/heard/README.md`; the functions that judge them are the product's own.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_language import ModelLanguage
from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.adapters.tiktoken_counter import TiktokenCounter
from assistant.dialogue.grounding.entailment import Near
from assistant.dialogue.grounding.folded_words import content
from assistant.dialogue.language_io import Excerpt, SessionOutcome
from assistant.dialogue.privacy.redaction import Redaction
from assistant.domain.brief import Brief
from assistant.domain.debrief import Item
from assistant.domain.need import Need
from assistant.domain.reply import Kind
from retrieval.passages.quote import best_quote
from tests.evals.answers import near
from tests.fakes.chat import FakeChat

_SENTENCE = re.compile(r"(.+?) (\[[\d, ]+\]\.?\s*)", re.DOTALL)
FIGURES = Path(__file__).parent / "heard.json"
"""What `--write` keeps for the page of figures."""
SPOKEN = Path(__file__).parent / "data" / "heard" / "spoken.jsonl"
PLANTED = SPOKEN.with_name("planted.jsonl")
MENTEE, MENTOR = "Lena Fischer", "Mara Okafor"


@dataclass(frozen=True)
class Judged:
    """One thing that the model said, and what of it a person gets to read ("" for nothing)."""

    task: str
    text: str
    got: str


@cache
def offline() -> OfflineLanguage:
    return OfflineLanguage()


def heard(measure: Near | None, change: Callable[[str], str] = lambda text: text) -> Iterator[Judged]:
    """Every question, reason and sentence of the recorded answers, each changed before it is said."""
    for line in SPOKEN.read_text("utf-8").splitlines():
        row = json.loads(line)
        row["said"] = _changed(row["said"], change)
        model = _model(row["said"], measure)
        yield from _TASKS[row["task"]](model, row["given"], row["said"])


def resting(measure: Near | None) -> Iterator[tuple[float, float]]:
    """Of every citation in the recorded answers, how much of its sentence stands in the words that are shown for it: chosen for
    the question, and for the sentence as the product does."""
    for row in map(json.loads, SPOKEN.read_text("utf-8").splitlines()):
        if row["task"] == "answer":
            question, excerpts = row["given"][0], [TypeAdapter(Excerpt).validate_python(one) for one in row["given"][1]]
            said = _model(row["said"], measure)
            for one in _tried(partial(said.answer, question, excerpts)) or ():
                for text in (excerpts[number - 1].text for number in one.cites):
                    yield _share(one.text, best_quote(question, text)), _share(one.text, best_quote(one.text, text))


def _share(sentence: str, quote: str) -> float:
    stems = set(content(sentence))
    return len(stems & set(content(quote))) / len(stems)


def planted(measure: Near | None) -> Iterator[Judged]:
    """What was made to slip through, each beside what it was made of; `got` is it where it is shown whole."""
    recorded = {row["id"]: row["given"] for row in map(json.loads, SPOKEN.read_text("utf-8").splitlines())}
    for row in map(json.loads, PLANTED.read_text("utf-8").splitlines()):
        given, said = recorded.get(row.get("of", "")), row["said"]
        shown = next(iter(_PLANTED[row["task"]](row, given, said, measure)), "")
        yield Judged(row["task"], said, said if said in shown else "")


def _model(said: Any, measure: Near | None, names: Sequence[str] = ()) -> ModelLanguage:
    return ModelLanguage(
        FakeChat(lambda call: said),
        offline(),
        lambda: 60.0,
        lambda task, usage: None,
        Redaction(names),
        measure,
        TiktokenCounter(),
        100_000,
    )


def _outcome(row: Mapping[str, Any]) -> SessionOutcome:
    return SessionOutcome(row["question"], MENTEE, MENTOR, tuple(Item(*item) for item in row["items"]))


def _as_sharp(row: Mapping[str, Any], given: Any, said: str, measure: Near | None) -> Iterator[str]:
    need = TypeAdapter(Need).validate_python(given[0])
    yield _tried(lambda: _model(said, measure).sharpen(need, Kind(given[1]), _messages(need))) or ""


def _as_briefed(row: Mapping[str, Any], given: Any, said: str, measure: Near | None) -> Iterator[str]:
    draft, told = TypeAdapter(Brief).validate_python(given[0]), [*given[1], *row["also"]]
    made = _tried(lambda: _model({"background": "", "questions": [said]}, measure).brief(draft, told))
    yield "\n".join(made.mentor_questions if made else ())


def _as_thanks(row: Mapping[str, Any], given: Any, said: str, measure: Near | None) -> Iterator[str]:
    yield _tried(lambda: _model({"sentences": [said]}, measure, (MENTEE, MENTOR)).thanks(_outcome(row))) or ""


def _as_article(row: Mapping[str, Any], given: Any, said: str, measure: Near | None) -> Iterator[str]:
    titled = row["task"] == "title"
    answer = {"title": said if titled else "", "summary": "", "points": [row["items"][0][1] if titled else said]}
    lesson = _tried(lambda: _model(answer, measure, (MENTEE, MENTOR)).article(_outcome(row)))
    yield (lesson.title if titled else lesson.body) if lesson else ""


def shares(found: Sequence[Judged]) -> dict[str, tuple[int, int]]:
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


def _sharpened(model: ModelLanguage, given: Sequence[Any], said: dict[str, str]) -> Iterator[Judged]:
    need = TypeAdapter(Need).validate_python(given[0])
    text = said["question"]
    model = _model(text, None)
    yield Judged("sharpen", text, _tried(lambda: model.sharpen(need, Kind(given[1]), _messages(need))) or "")


def _messages(need: Need) -> list[str]:
    """The words that the recorded need quotes."""
    return [". ".join(slot.quote for slot in need.slots.values())]


def _answered(model: ModelLanguage, given: Sequence[Any], said: str) -> Iterator[Judged]:
    excerpts = [TypeAdapter(Excerpt).validate_python(one) for one in given[1]]
    shown = [sentence.text for sentence in _tried(lambda: model.answer(given[0], excerpts)) or ()]
    for sentence, _ in _SENTENCE.findall(said):
        yield Judged("answer", sentence, next((one for one in shown if sentence.rstrip(".") == one.rstrip(".")), ""))


def _briefed(model: ModelLanguage, given: Sequence[Any], said: dict[str, Any]) -> Iterator[Judged]:
    draft = TypeAdapter(Brief).validate_python(given[0])
    asked = (_tried(lambda: model.brief(draft, given[1])) or draft).mentor_questions
    yield from (Judged("brief, questions", question, question if question in asked else "") for question in said["questions"])


def _tried(say: Callable[[], Any]) -> Any:
    try:
        return say()
    except ModelFailed:
        return None


_TASKS: dict[str, Callable[..., Iterator[Judged]]] = {
    "sharpen": _sharpened, "answer": _answered, "brief": _briefed,
}  # fmt: skip


_PLANTED: dict[str, Callable[..., Iterator[str]]] = {
    "sharpen": _as_sharp, "brief": _as_briefed, "thanks": _as_thanks,
    "article": _as_article, "title": _as_article,
}  # fmt: skip


def main(words: Sequence[str]) -> int:
    found = list(heard(near()))
    for task, (shown, every) in shares(found).items():
        print(f"{task:18} {shown:3} of {every:3} shown")
    searched, rested = (sum(column) / len(column) for column in zip(*resting(near()), strict=True))
    print(f"{'citations':18} {rested:.2f} of a sentence stands in what is shown for it, {searched:.2f} in what the search shows")
    made = list(planted(near()))
    slipped = [one for one in made if one.got]
    print(f"{len(slipped)} of {len(made)} that were made to slip through are shown whole")
    if "--write" in words:
        kept = {"shown": shares(found), "planted": [len(slipped), len(made)]}
        FIGURES.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if "--slipped" in words:
        for one in slipped:
            print(f"{one.task}: {one.text}")
    if "--refused" in words:
        for one in found:
            if not one.got:
                print(f"{one.task}: {one.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
