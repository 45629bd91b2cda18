"""Understanding and wording with a language model, for one turn: the rules first, then what the model adds and can show.

What a person wrote is veiled before it leaves and fenced as data; what comes back is held against the words it was made of.
Where nothing of it holds, ModelFailed says so and the caller does without a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from assistant.adapters.model import answering, debriefing, drafting, explaining, keepsakes, speaking, understanding
from assistant.adapters.model.chat import Chat, Usage
from assistant.adapters.model.desk import Desk
from assistant.dialogue.pieces import Excerpt, Hear, Lesson, Outcome, Shown, Wanted, unheard
from assistant.dialogue.support import Near
from assistant.dialogue.understanding import Turn, Understanding
from assistant.dialogue.veil import Veil
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.need import Need
from assistant.domain.reply import Kind, Sentence
from assistant.ports import Language, TokenCounter


class ModelLanguage:
    """Implements `ports.Reads`, `Speaks` and `Drafts`; every method raises ModelFailed where the model gave nothing to use.

    Where there is nothing for a model to do, none is asked and nothing is spent. It may be used from several threads.
    """

    def __init__(
        self, chat: Chat, offline: Language, seconds: Callable[[], float], spend: Callable[[str, Usage], None], veil: Veil,
        near: Near | None, counter: TokenCounter, context: int = 8192,
    ) -> None:  # fmt: skip
        """`seconds` tells the time that is left for the turn; `spend` is told of the task and the usage of every call."""
        self._offline = offline
        self._desk = Desk(chat, seconds, spend, veil, near, counter, context)

    def understand(self, turn: Turn) -> Understanding:
        return understanding.understand(self._desk, self._offline.understand(turn), turn)

    def ask(self, wanted: Wanted) -> str:
        return speaking.ask(self._desk, wanted)

    def sharpen(self, need: Need, kind: Kind) -> str:
        return speaking.sharpen(self._desk, need, kind, self._offline.sharpen(need, kind))

    def answer(self, question: str, excerpts: Sequence[Excerpt], hear: Hear = unheard) -> tuple[Sentence, ...]:
        return answering.answer(self._desk, question, excerpts, hear)

    def explain(self, question: str, people: Sequence[Shown]) -> tuple[str, ...]:
        return explaining.explain(self._desk, question, people)

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        return drafting.brief(self._desk, draft, said)

    def thanks(self, outcome: Outcome) -> str:
        return keepsakes.thanks(self._desk, outcome)

    def article(self, outcome: Outcome) -> Lesson:
        return keepsakes.article(self._desk, outcome)

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        before = self._offline.debrief(notes, brief, mentee, mentor, on, author)
        return debriefing.debrief(self._desk, before, notes, mentee, mentor, on, author)
