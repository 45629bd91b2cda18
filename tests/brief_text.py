"""A brief as plain text, to compare and to search what a mentor reads."""

from __future__ import annotations

from assistant.domain.brief import Brief
from assistant.services.conversing.status_text import say


def as_text(brief: Brief, name: str) -> str:
    """The brief as the mentor reads it."""
    lines = [say("brief.title", name=name), ""]
    lines += [f"{say(f'brief.{f.name}')}: {f.text}" for f in brief.fields]
    lines += ["", *(f"{item.minutes:>3} min  {item.title}" for item in brief.agenda)]
    lines += ["", *(f"Reading: {c.title}" for c in brief.reading), *(f"- {q}" for q in brief.mentor_questions)]
    return "\n".join(lines)
