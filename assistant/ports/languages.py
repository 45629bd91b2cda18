"""The ports to understanding and wording: reading a turn, wording replies, and drafting documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal, Protocol

from assistant.dialogue.language_io import (
    ArticleDraft,
    Excerpt,
    OnPartial,
    QuestionToAsk,
    SessionOutcome,
    SuggestedPerson,
    ignore_partial,
)
from assistant.dialogue.understanding import Turn, Understanding
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.need import Need
from assistant.domain.provenance import Provenance
from assistant.domain.reply import Kind, Sentence


class Reads(Protocol):
    """Understands text. Results are proposals: `dialogue.grounding.evidence` drops every value without a quote."""

    def understand(self, turn: Turn) -> Understanding: ...

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        """Structures the notes or transcript of the session held `on`; mentee and mentor are display names.

        `author` is the person who wrote the notes, to resolve "I".
        """


class Speaks(Protocol):
    """Words replies. What to ask, show and suggest is already decided; no sentence states a status."""

    def ask(self, wanted: QuestionToAsk) -> str:
        """The chosen question in one sentence with one question mark."""

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str:
        """One question of at most 30 words in the mentee's own words; `said` are all messages, the first one first."""

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        """An answer from the excerpts, each sentence with its citations; `on_partial` gets it while it grows.

        Returns () to abstain: the excerpts do not support an answer. Returns None if no answer is worded and the excerpts
        are shown as they are.
        """

    def explain(self, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
        """One or two sentences on why each person may help, from their evidence only, in the same order."""


class Drafts(Protocol):
    """Drafts documents that a person edits before using them."""

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        """The draft with its fields worded from the mentee's messages `said`; fields the mentee wrote stay unchanged."""

    def thanks(self, outcome: SessionOutcome) -> str:
        """A thank-you note from the mentee to the mentor."""

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        """An article with what others can learn from the session, without names."""


class Language(Reads, Speaks, Drafts, Protocol):
    """Understanding and wording within one turn. Thread-safe."""

    @property
    def provenance(self) -> Provenance:
        """How everything done so far in this turn was produced."""


class Languages(Protocol):
    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        """The language for one turn with this person, with one budget of time, tries and tokens.

        `person` and `others` are the account ids of everybody whose words may be read; no language model is used unless
        all of them allow it.
        """
