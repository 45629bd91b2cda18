"""Understanding and wording, in small protocols: what is read, what is said, what is drafted, all of it one turn at a time."""

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
    """Understanding. Results are proposals: `dialogue.evidence` drops what has no quote."""

    def understand(self, turn: Turn) -> Understanding: ...

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        """Structure notes or a transcript of the session held `on`; mentee and mentor are display names.

        `author` is who wrote the notes: the one who says "I" in them.
        """


class Speaks(Protocol):
    """Wording within the dialogue. What is asked, shown and suggested is decided before; no sentence says a status."""

    def ask(self, wanted: QuestionToAsk) -> str:
        """The chosen question in words, one sentence with one question mark."""

    def sharpen(self, need: Need, kind: Kind) -> str:
        """One question of at most 45 words, first person, made of the mentee's own words."""

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        """What the excerpts say to the question, each sentence with its citations; `hear` is told while it grows.

        () is an abstention: the excerpts were read and nothing of what could be said is supported by them. None: nothing is
        put into words, the excerpts speak for themselves.
        """

    def explain(self, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
        """For each of the people one or two sentences why they may help, from their evidence alone, in the same order."""


class Drafts(Protocol):
    """Wording of documents that a person reads, edits and answers for."""

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        """The draft with its fields worded out of what the mentee `said`; fields of the mentee's own hand stay as they are."""

    def thanks(self, outcome: SessionOutcome) -> str:
        """A note of the mentee to the mentor with what came of it."""

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        """What others can learn of the session, without names."""


class Language(Reads, Speaks, Drafts, Protocol):
    """Understanding and wording within one turn; `provenance` tells the way of all that was done in it so far.

    It may be asked from several threads at once.
    """

    @property
    def provenance(self) -> Provenance: ...


class Languages(Protocol):
    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        """The language for one turn with this person: one budget of time, tries and tokens for all that is asked of it.

        `person` and `others` are account ids of everybody whose words may be read in it; if one of them does not allow a
        language model, none is used.
        """


class TokenCounter(Protocol):
    def count(self, text: str) -> int:
        """How many tokens a text has for the model that it is meant for; rather too many than too few."""
