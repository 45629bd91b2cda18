"""Understanding and wording with a language model, for one turn: the offline rules first, then verified additions of the model.

People's texts are redacted and fenced as data before they are sent. Results are verified against their source texts; if nothing
of a result holds, ModelFailed is raised and the caller uses the offline language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from assistant.adapters.model.client.chat import Chat, Usage
from assistant.adapters.model.model_client import ModelClient
from assistant.adapters.model.tasks import answering, closing_drafts, debriefing, drafting, explaining, speaking, understanding
from assistant.dialogue.grounding.entailment import Near
from assistant.dialogue.language_io import (
    ArticleDraft,
    Excerpt,
    OnPartial,
    QuestionToAsk,
    SessionOutcome,
    SuggestedPerson,
    ignore_partial,
)
from assistant.dialogue.privacy.redaction import Redaction
from assistant.dialogue.understanding import Turn, Understanding
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.need import Need
from assistant.domain.reply import Kind, Sentence
from assistant.ports import Language, TokenCounter


class ModelLanguage:
    """Implements `ports.Reads`, `Speaks` and `Drafts`. Every method raises ModelFailed if the model gave nothing usable.

    The model is not called if there is nothing for it to do. Safe for many threads.
    """

    def __init__(
        self,
        chat: Chat,
        offline: Language,
        seconds: Callable[[], float],
        spend: Callable[[str, Usage], None],
        redaction: Redaction,
        near: Near | None,
        counter: TokenCounter,
        context: int = 8192,
    ) -> None:
        """`seconds` returns the time left for the turn; `spend` is called with task and usage of every call."""
        self._offline = offline
        self._client = ModelClient(chat, seconds, spend, redaction, near, counter, context)

    def understand(self, turn: Turn) -> Understanding:
        return understanding.understand(self._client, self._offline.understand(turn), turn)

    def ask(self, wanted: QuestionToAsk) -> str:
        return speaking.ask(self._client, wanted)

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str:
        return speaking.sharpen(self._client, need, kind, self._offline.sharpen(need, kind, said))

    def answer(self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial) -> tuple[Sentence, ...]:
        return answering.answer(self._client, question, excerpts, on_partial)

    def explain(self, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
        return explaining.explain(self._client, question, people)

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        return drafting.brief(self._client, draft, said)

    def thanks(self, outcome: SessionOutcome) -> str:
        return closing_drafts.thanks(self._client, outcome)

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        return closing_drafts.article(self._client, outcome)

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        before = self._offline.debrief(notes, brief, mentee, mentor, on, author)
        return debriefing.debrief(self._client, before, notes, mentee, mentor, on, author)
