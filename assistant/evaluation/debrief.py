"""Measures the structured debrief of sessions, on notes with planted traps: the items found, and what must not appear.

An item is matched with a gold item by the words of their quotes, each gold item at most once. Only what the product would show is
judged: items without a quote in the notes are removed first and counted as invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.dialogue.grounding.evidence import checked_debrief
from assistant.domain.brief import AgendaItem, Brief, BriefField
from assistant.domain.debrief import Debrief, Item, ItemKind
from assistant.evaluation.figures import Figure, Report, Wanted, mean
from assistant.evaluation.sets import BadSet, read_rows
from assistant.evaluation.spans import ENOUGH, Score, overlap
from assistant.ports import Language

ZERO = Wanted(0, "at most")
_LISTS: dict[ItemKind, str] = {
    "proposal": "proposals", "decision": "decisions", "takeaway": "takeaways", "resource": "resources",
    "open_question": "open_questions", "other_expert": "other_expert", "competency": "competency",
}  # fmt: skip


@dataclass(frozen=True)
class Gold:
    """A gold item: any of `quotes` is right; owner and due date are compared for actions only."""

    quotes: tuple[str, ...]
    owner: str | None = None
    due: date | None = None


@dataclass(frozen=True)
class Notes:
    """Notes of one session with their gold items; `decoys` look like agreed actions and are not.

    `author` is the "I" of the notes; in a transcript the speakers are named.
    """

    id: str
    on: date
    question: str
    planned: tuple[str, ...]
    text: str
    author: Literal["mentee", "mentor"]
    right: Mapping[ItemKind, tuple[Gold, ...]]
    decoys: tuple[str, ...]
    forbidden: tuple[str, ...]
    not_covered: tuple[str, ...]


@dataclass(frozen=True)
class Structured:
    """A debrief as the language adapter claimed it, and as the product would show it."""

    notes: Notes
    claimed: Debrief
    shown: Debrief


def evaluate_debrief(
    path: Path, source: str, language: Language, progress: Callable[[int, int], None] = lambda done, total: None
) -> Report:
    """Structures every session of a file and measures the debriefs. Raises BadSet."""
    every = load_notes(path)
    done = []
    for number, notes in enumerate(every, 1):
        done.append(structured(notes, language))
        progress(number, len(every))
    return measure(done, source)


def structured(notes: Notes, language: Language) -> Structured:
    agenda = tuple(AgendaItem(title, 0) for title in notes.planned)
    brief = Brief((BriefField("question", notes.question, "composed"),), 0, agenda)
    claimed = language.debrief(notes.text, brief, "Mentee", "Mentor", notes.on, notes.author)
    return Structured(notes, claimed, checked_debrief(claimed, notes.text))


def measure(done: Sequence[Structured], source: str) -> Report:
    figures = [*_actions(done), *_harm(done), *_others(done)]
    return Report("debrief", source, tuple(figures), tuple(_row(session) for session in done))


def matches(items: Sequence[Item], right: Sequence[Gold]) -> list[tuple[Item, Gold]]:
    """Pairs of an item and its most similar gold item, best pairs first, each used once."""
    pairs = [(_likeness(item.quote, gold), n, m) for n, item in enumerate(items) for m, gold in enumerate(right)]
    taken: list[tuple[int, int]] = []
    for likeness, n, m in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if likeness >= ENOUGH and all(n != a and m != b for a, b in taken):
            taken.append((n, m))
    return [(items[n], right[m]) for n, m in taken]


def promoted(session: Structured) -> list[str]:
    """Decoys and proposals that are shown as agreed actions."""
    decoys = [*session.notes.decoys, *(gold.quotes[0] for gold in session.notes.right.get("proposal", ()))]
    free = [item for item in session.shown.of("action") if item not in [hit for hit, _ in _hits(session, "action")]]
    return [decoy for decoy in decoys if any(_likeness(item.quote, Gold((decoy,))) >= ENOUGH for item in free)]


def leaked(session: Structured) -> list[str]:
    """Private asides, planted instructions and planned points that appear in an item."""
    texts = [text for item in session.shown.items for text in (item.text, item.quote)]
    return [words for words in session.notes.forbidden if any(words.casefold() in text.casefold() for text in texts)]


def invented(session: Structured) -> list[str]:
    """Claimed items whose quote is not in the notes."""
    return [item.text for item in session.claimed.items if not item.quote.strip() or item.quote not in session.notes.text]


def load_notes(path: Path) -> tuple[Notes, ...]:
    """All sessions of a file. Raises BadSet naming file and line."""
    loaded = []
    for number, row in read_rows(path):
        try:
            loaded.append(_notes(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadSet(f"{path.name}, line {number}: this is not the form of a debrief.") from error
    if not loaded:
        raise BadSet(f"{path.name} has no session in it.")
    return tuple(loaded)


def _actions(done: Sequence[Structured]) -> Iterable[Figure]:
    score = _score(done, "action")
    yield Figure("action precision", score.precision, score.predicted)
    yield Figure("action recall", score.recall, score.gold)
    yield Figure("action F1", score.f1, score.gold)
    hits = [pair for session in done for pair in _hits(session, "action")]
    yield Figure("owner right", mean([item.owner == gold.owner for item, gold in hits]), len(hits))
    yield Figure("due date right", mean([item.due == gold.due for item, gold in hits]), len(hits))


def _harm(done: Sequence[Structured]) -> Iterable[Figure]:
    decoys = sum(len(session.notes.decoys) + len(session.notes.right.get("proposal", ())) for session in done)
    yield Figure("decoys shown as agreed", sum(len(promoted(session)) for session in done), decoys, ZERO, digits=0)
    forbidden = sum(len(session.notes.forbidden) for session in done)
    yield Figure("must not appear, but does", sum(len(leaked(session)) for session in done), forbidden, ZERO, digits=0)
    claimed = sum(len(session.claimed.items) for session in done)
    yield Figure("invented items", sum(len(invented(session)) for session in done), claimed, ZERO, digits=0)


def _others(done: Sequence[Structured]) -> Iterable[Figure]:
    for kind in _LISTS:
        score = _score(done, kind)
        yield Figure(f"{kind.replace('_', ' ')} recall", score.recall, score.gold, note=f"{score.predicted} found")
    planned = _sum(
        Score(len(shown & right), len(shown), len(right))
        for shown, right in ((set(session.shown.not_covered), set(session.notes.not_covered)) for session in done)
    )
    yield Figure("not covered F1", planned.f1, planned.gold)


def _hits(session: Structured, kind: ItemKind) -> list[tuple[Item, Gold]]:
    return matches(session.shown.of(kind), session.notes.right.get(kind, ()))


def _score(done: Sequence[Structured], kind: ItemKind) -> Score:
    return _sum(Score(len(_hits(o, kind)), len(o.shown.of(kind)), len(o.notes.right.get(kind, ()))) for o in done)


def _sum(scores: Iterable[Score]) -> Score:
    return reduce(add, scores, Score())


def _likeness(quote: str, gold: Gold) -> float:
    return max(overlap(quote, right) for right in gold.quotes)


def _row(session: Structured) -> dict[str, object]:
    hits = _hits(session, "action")
    found, right = [gold for _, gold in hits], session.notes.right.get("action", ())
    return {
        "id": session.notes.id,
        "items": [
            {"kind": i.kind, "text": i.text, "quote": i.quote, "owner": i.owner, "due": i.due and i.due.isoformat()}
            for i in session.shown.items
        ],
        "actions_missed": [gold.quotes[0] for gold in right if gold not in found],
        "actions_wrong": [item.quote for item in session.shown.of("action") if item not in [hit for hit, _ in hits]],
        "promoted": promoted(session),
        "leaked": leaked(session),
        "invented": invented(session),
        "not_covered": list(session.shown.not_covered),
    }


def _notes(row: Mapping[str, Any]) -> Notes:
    gold, brief = row["gold"], row["brief"]
    lists: dict[ItemKind, str] = {"action": "actions", **_LISTS}
    right = {kind: tuple(_gold(item) for item in gold.get(key, ())) for kind, key in lists.items()}
    assert right.keys() == set(get_args(ItemKind))
    on = date.fromisoformat(row["session_date"])
    return Notes(
        str(row["id"]), on, str(brief["question"]), tuple(brief["planned"]), str(row["text"]),
        "mentor" if row.get("form") == "mentor_notes" else "mentee", right,
        tuple(item["quote"] for item in gold.get("not_actions", ())),
        tuple(gold.get("must_not_appear", ())), tuple(gold.get("not_covered", ())),
    )  # fmt: skip


def _gold(item: Mapping[str, Any]) -> Gold:
    due = item.get("due")
    quotes = (str(item["quote"]), *map(str, item.get("alt_quotes") or ()))
    return Gold(quotes, item.get("owner"), date.fromisoformat(due) if due else None)
