"""Rounds of fresh first messages, played against the product and judged blind.

    python -m tests.evals.lab.rounds play MESSAGES.jsonl OUT.jsonl
    python -m tests.evals.lab.rounds sheet MESSAGES.jsonl NEW.jsonl OLD.jsonl SHEET.txt KEY.json
    python -m tests.evals.lab.rounds table

`play` writes what the product makes of each message; `sheet` mixes two versions without their names; `table` prints the figures
of all rounds in tests/evals/data/rounds. A message has `id`, `text`, `kind`, `means` (what its writer wants) and `answers` to
what may be asked. A judge sees the message, what is meant and both versions in random order, and grades each by itself: the
question (F fine, A awkward, W wrong, R rightly no question), wrong fields of those shown, questions worth asking of those asked,
and the brief (S as it stands, E after one edit, N no).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.domain.reply import Asks, Reply
from assistant.domain.request import Request
from assistant.evaluation.stage import open_stage
from assistant.services.results import Refusal
from tests.evals.lab.mentee import Said
from tests.evals.lab.play import Answers, Player, Step

ROUNDS = Path(__file__).parents[1] / "data" / "rounds"
SKIP = "skip"
_LONG = re.compile(r"\w{4,}")
NO_REQUEST = ("other", "out_of_scope")


def play(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every message as a request of its own, with its own answers, up to the brief for the first person suggested."""
    with TemporaryDirectory(prefix="askwell-eval-") as folder:
        app = open_stage(Path(folder), lambda *_: None)
        try:
            player = Player(app.services)
            return [_played(player, message) for message in messages]
        finally:
            app.close()


def _played(player: Player, message: Mapping[str, Any]) -> dict[str, Any]:
    answers = message.get("answers", {})
    steps = player.talk(message["id"], message["text"], answers_of(answers), most=6)
    last = steps[-1]
    reply = next((step.reply for step in reversed(steps) if step.reply and step.reply.sharp_question), last.reply)
    brief, asked_late = _brief(player, last.after, answers)
    return {
        "id": message["id"],
        "asked": [_asked(step.reply) for step in steps if step.reply and step.reply.asks] + asked_late,
        "question": reply.sharp_question if reply else "",
        "said": last.reply.say if last.reply else "",
        "understood": {name: slot.value for name, slot in last.after.need.slots.items()},
        "brief": brief,
    }


def answers_of(answers: Mapping[str, str]) -> Answers:
    """A mentee who says these words when asked for a part, or skips."""

    def answer(asks: Asks, options: tuple[str, ...]) -> Said:
        own = answers.get(asks.name) or (answers.get("part") or answers.get("task") if asks.kind == "facet" else "")
        nearest = max(options, key=lambda option: len(_words(option) & _words(own or "")), default="")
        chosen = nearest if asks.kind == "facet" and _words(nearest) & _words(own or "") else own
        return Said(chosen or SKIP)

    return answer


def _brief(player: Player, request: Request, answers: Mapping[str, str]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The fields of the brief for the first person, and what was still asked for it."""
    if not request.question or not request.matches:
        return {}, []
    services = player.services
    services.conversation.confirm(player.actor, request.id)
    chosen = services.briefing.choose(player.actor, request.id, request.matches[0].mentor)
    if isinstance(chosen, Refusal) or chosen.brief is None:
        return {}, []
    late = [reply for reply in chosen.replies[len(request.replies) :] if reply.asks]
    step: Step | None = None
    for reply in late:
        if reply.asks and (own := answers.get(reply.asks.name)):
            step = player.say(chosen, Said(own))
    brief = (step.after if step else chosen).brief
    fields: dict[str, str] = {field.name: field.text for field in brief.fields if field.stated} if brief else {}
    return fields, [_asked(reply) for reply in late]


def _asked(reply: Reply) -> dict[str, Any]:
    return {"question": reply.question, "options": [o for o in reply.options if o not in (SKIP, "something else")]}


def _words(text: str) -> set[str]:
    return set(_LONG.findall(text.casefold()))


def sheet(messages: Sequence[Mapping[str, Any]], new: Mapping[str, Any], old: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The text for a judge, and by message which version is A: "new" or "old"."""
    rng, key, blocks = random.Random(messages[0]["id"]), {}, []
    for message in messages:
        id_ = message["id"]
        first = rng.choice(("new", "old"))
        key[id_] = first
        pair = (new[id_], old[id_]) if first == "new" else (old[id_], new[id_])
        shown = "\n".join(_shown(version, letter) for version, letter in zip(pair, "AB", strict=True))
        blocks.append(
            f"## {id_}\nMESSAGE: {message['text']}\nWRITER MEANS: {message['means']} (kind: {message['kind']})\n{shown}\n"
        )
    return "\n".join(blocks), key


def _shown(version: Mapping[str, Any], letter: str) -> str:
    asked = [
        f"asked back: {ask['question']}" + (f"  options: {ask['options']}" if ask["options"] else "") for ask in version["asked"]
    ]
    outcome = f"QUESTION: {version['question']}" if version["question"] else f"SAID INSTEAD: {version['said']}"
    understood = " | ".join(f"{name}: {value}" for name, value in version["understood"].items()) or "(nothing)"
    brief = " | ".join(f"{name}: {text}" for name, text in version["brief"].items() if name != "question")
    return "\n".join([f"--- {letter}", *asked, outcome, f"understood: {understood}", *([f"BRIEF: {brief}"] if brief else [])])


@dataclass(frozen=True)
class Share:
    """A count of a whole, or of nothing."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part / self.whole:.2f}" if self.whole else "-"


def table(folder: Path = ROUNDS) -> str:
    """A row for each round, version and judge, oldest round first."""
    names = (
        "round",
        "version",
        "judge",
        "fine",
        "awkward",
        "wrong",
        "rightly no question",
        "wrong fields",
        "worth asking",
        "brief",
    )
    head = f"| {' | '.join(names)} |"
    rows = [head, "|---" * 10 + "|"]
    for path in sorted(folder.glob("*.judged.json")):
        judged = json.loads(path.read_text("utf-8"))
        kinds = {m["id"]: m["kind"] for m in _lines(path.with_name(path.name.replace(".judged.json", ".jsonl")))}
        for version in judged["versions"]:
            for judge, grades in judged["versions"][version].items():
                rows.append(f"| {judged['round']} | {version} | {judge} | {' | '.join(_cells(grades, kinds))} |")
    return "\n".join(rows)


def _cells(grades: Mapping[str, Mapping[str, str]], kinds: Mapping[str, str]) -> Iterable[str]:
    requests = [grade for id_, grade in grades.items() if not kinds[id_].startswith("sensitive") and kinds[id_] not in NO_REQUEST]
    others = [grade for id_, grade in grades.items() if grade not in requests]
    questions, briefs = Counter(grade["q"] for grade in requests), Counter(grade.get("b", "-") for grade in requests)
    for grade in "FA":
        yield str(Share(questions[grade], len(requests)))
    yield str(Share(len(requests) - questions["F"] - questions["A"], len(requests)))
    yield str(Share(sum(grade["q"] == "R" for grade in others), len(others)))
    yield str(_total(grades.values(), "s"))
    yield str(_total(grades.values(), "a"))
    yield f"{Share(briefs['S'], len(requests))} / {Share(briefs['S'] + briefs['E'], len(requests))}"


def _total(grades: Iterable[Mapping[str, str]], name: str) -> Share:
    pairs = [grade[name].split("/") for grade in grades if "/" in grade.get(name, "-")]
    return Share(sum(int(part) for part, _ in pairs), sum(int(whole) for _, whole in pairs))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def main() -> int:
    parser = argparse.ArgumentParser(description="Plays and tabulates judged rounds of first messages.")
    parser.add_argument("what", choices=("play", "sheet", "table"))
    parser.add_argument("files", nargs="*", type=Path)
    given = parser.parse_args()
    if given.what == "table":
        print(table())
    elif given.what == "play":
        source, out = given.files
        out.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in play(_lines(source))), "utf-8")
    else:
        messages, new, old, out, keys = given.files
        text, key = sheet(_lines(messages), *({one["id"]: one for one in _lines(path)} for path in (new, old)))
        out.write_text(text, "utf-8")
        keys.write_text(json.dumps(key, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
