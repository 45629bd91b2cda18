"""Wording with a language model, for one turn. What a message means is understood offline.

People's texts are redacted and fenced as data before they are sent. Results are verified against their source texts; if nothing
of a result holds, ModelFailed is raised and the caller uses the offline language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from assistant.adapters.model.client.chat import Chat, Usage
from assistant.adapters.model.model_client import ModelClient
from assistant.adapters.model.tasks import answering, closing_drafts, debriefing, drafting, sharpening
from assistant.adapters.model.tasks.sharpening import QuestionJudge
from assistant.dialogue.grounding.entailment import Near
from assistant.dialogue.language_io import ArticleDraft, Excerpt, OnPartial, SessionOutcome, ignore_partial
from assistant.dialogue.privacy.redaction import Redaction
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.need import Need
from assistant.domain.reply import Kind, Sentence
from assistant.ports import Language, TokenCounter


class ModelLanguage:
    """Each method is one call, and raises ModelFailed if the model gave nothing usable.

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
        judge: QuestionJudge | None = None,
    ) -> None:
        """`seconds` returns the time left for the turn; `spend` is called with task and usage of every call."""
        self._offline, self._judge = offline, judge
        self._client = ModelClient(chat, seconds, spend, redaction, near, counter, context)

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str:
        composed = self._offline.sharpen(need, kind, said)
        return sharpening.sharpen(self._client, self._judge, need, said, composed) if composed else ""

    def answer(self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial) -> tuple[Sentence, ...]:
        return answering.answer(self._client, question, excerpts, on_partial)

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
