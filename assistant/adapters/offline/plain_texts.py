"""The half of a language that needs no understanding: it gives back the plain texts that the services made."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.adapters.offline.composing.closing_drafts import lesson, thanks
from assistant.dialogue.language_io import (
    ArticleDraft,
    Excerpt,
    OnPartial,
    QuestionToAsk,
    SessionOutcome,
    SuggestedPerson,
    ignore_partial,
)
from assistant.domain.brief import Brief
from assistant.domain.provenance import OFFLINE, Provenance
from assistant.domain.reply import Sentence


class PlainTexts:
    """Implements the methods of `ports.Language` that word something, without changing a word."""

    provenance: Provenance = OFFLINE

    def ask(self, wanted: QuestionToAsk) -> str:
        return wanted.plain

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        """None: the caller shows the quoted passage instead."""
        return None

    def explain(self, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
        return tuple(person.plain for person in people)

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        return draft

    def thanks(self, outcome: SessionOutcome) -> str:
        return thanks(outcome)

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        return lesson(outcome)
