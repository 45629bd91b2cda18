"""Drafts a thank-you note and an article from a confirmed debrief, with catalogue sentences and the items' words."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.dialogue.language_io import ArticleDraft, SessionOutcome
from assistant.domain.debrief import Item, ItemKind
from prompts.catalog import text

SECTIONS: tuple[tuple[ItemKind, str], ...] = (
    ("takeaway", "lesson.takeaways"),
    ("decision", "lesson.decisions"),
    ("action", "lesson.actions"),
    ("resource", "lesson.resources"),
    ("open_question", "lesson.open"),
)


def thanks(outcome: SessionOutcome) -> str:
    """What helped, then what the mentee will do with it; only facts of the debrief."""
    learnt, todo = _first(outcome, "takeaway"), _mine(outcome)
    return letter(
        outcome,
        text("thanks.learnt", what=_clause(learnt.text)) if learnt else "",
        text("thanks.next", what=_clause(todo.text)) if todo else "",
    )


def letter(outcome: SessionOutcome, *paragraphs: str) -> str:
    """The paragraphs between a greeting and an end with the two first names."""
    opening = text("thanks.opening", name=outcome.mentor.split()[0] if outcome.mentor.strip() else outcome.mentor)
    closing = text("thanks.closing", name=outcome.mentee.split()[0] if outcome.mentee.strip() else outcome.mentee)
    return "\n\n".join(part for part in (opening, *paragraphs, closing) if part)


def lesson(outcome: SessionOutcome) -> ArticleDraft:
    """Title: the question; body: takeaways, decisions and resources as lists. Names are removed."""
    names = _names(outcome)
    parts = []
    for kind, heading in SECTIONS:
        lines = [f"- {_nameless(item.text, names)}" for item in outcome.items if item.kind == kind]
        if lines:
            parts.append("\n".join([f"## {text(heading)}", "", *lines]))
    learnt = _first(outcome, "takeaway")
    question = _nameless(outcome.question, names)
    summary = _nameless(learnt.text, names) if learnt else text("lesson.untold")
    return ArticleDraft(question, summary, "\n\n".join(parts) or text("lesson.untold"))


def anonymous(outcome: SessionOutcome) -> SessionOutcome:
    """Replaces the two people's names by their roles in the question and the items."""
    names = _names(outcome)
    items = (replace(i, text=_nameless(i.text, names), quote=_nameless(i.quote, names)) for i in outcome.items)
    return replace(outcome, question=_nameless(outcome.question, names), items=tuple(items), mentee="", mentor="")


def _first(outcome: SessionOutcome, kind: ItemKind) -> Item | None:
    return next((item for item in outcome.items if item.kind == kind), None)


def _mine(outcome: SessionOutcome) -> Item | None:
    return next((item for item in outcome.items if item.kind == "action" and item.owner in ("mentee", "both")), None)


def _clause(words: str) -> str:
    """An item as a sentence of its own."""
    kept = words.strip().rstrip(".")
    return kept[:1].upper() + kept[1:]


def _names(outcome: SessionOutcome) -> tuple[tuple[str, str], ...]:
    """Pairs of name (whole and in parts) and replacement, longest name first."""
    pairs = [(name, text(key)) for name, key in ((outcome.mentee, "lesson.mentee"), (outcome.mentor, "lesson.mentor")) if name]
    parts = [(part, role) for name, role in pairs for part in {name, *name.split()} if len(part) > 1]
    return tuple(sorted(parts, key=lambda pair: (-len(pair[0]), pair[0])))


def _nameless(words: str, names: tuple[tuple[str, str], ...]) -> str:
    for name, role in names:
        words = re.sub(rf"\b{re.escape(name)}\b", role, words, flags=re.IGNORECASE)
    return words
