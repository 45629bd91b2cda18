"""A model's turn that is a function, and a resilient language around it with clocks that are set by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Event
from typing import Any

from assistant.adapters.model.client.chat import ModelFailed, Usage
from assistant.adapters.model.resilience.resilient_endpoint import Limits, RecordUsage, RemainingSeconds
from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
from assistant.adapters.store.memory_usage import MemoryUsage
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
from assistant.dialogue.understanding import Turn
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.need import Need, Slot
from assistant.domain.provenance import Fallback
from assistant.domain.reply import Asks, Kind, Sentence
from assistant.domain.usage import Spent
from assistant.ports import Language, StoreUnavailable
from tests.fakes import SettableClock
from tests.fakes.languages import FakeLanguage

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SAID = Turn("task: face the board, says Ada, ada@example.org", NOON, "UTC")
WANTED = QuestionToAsk(Asks("slot", "task"), "What is it about?")
PEOPLE = (SuggestedPerson("ada", "Ada Rowntree", "plain ada"), SuggestedPerson("ben", "Ben Okonjo", "plain ben"))
EXCERPTS = (Excerpt("Boards", "Boards want one number."), Excerpt("Slides", "Fewer slides."))
ONE, TWO = Sentence("Boards want one number.", (1,)), Sentence("Fewer slides.", (2,))
BRIEF = Brief((), 30, ())
NEED = Need({"task": Slot("face the board", "face the board")})
OUTCOME = SessionOutcome("How?", "Lena", "Ada", ())


class Ticking:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Script:
    """What the model does at each task; unless told otherwise it says "model <task>" for 10 + 5 tokens."""

    steps: dict[str, Callable[[ScriptedTurn], Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    turns: list[ScriptedTurn] = field(default_factory=list)

    def make(self, person: str, seconds: RemainingSeconds, spend: RecordUsage, redaction: Redaction) -> ScriptedTurn:
        turn = ScriptedTurn(self, person, seconds, spend, redaction)
        self.turns.append(turn)
        return turn

    def fail(self, why: Fallback, wait: float = 0.0, *tasks: str) -> None:
        """From now on these tasks, or all, fail after they cost something."""

        def failing(turn: ScriptedTurn) -> None:
            raise ModelFailed(why, wait)

        for task in tasks or ("sharpen", "answer", "brief", "debrief", "thanks", "article"):
            self.steps[task] = failing


@dataclass
class ScriptedTurn:
    """A ModelTurn."""

    script: Script
    person: str
    seconds: RemainingSeconds
    spend: RecordUsage
    redaction: Redaction
    on_partial: OnPartial = ignore_partial

    def _do(self, task: str, otherwise: Any) -> Any:
        self.script.asked.append(task)
        self.spend(task, Usage("tiny", 10, 5, 4))
        step = self.script.steps.get(task)
        return step(self) if step else otherwise

    def debrief(self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: str) -> Debrief:
        return self._do("debrief", Debrief(()))

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str:
        return self._do("sharpen", "model sharpen")

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        self.on_partial = on_partial
        return self._do("answer", (ONE,))

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        return self._do("brief", Brief((), 45, ()))

    def thanks(self, outcome: SessionOutcome) -> str:
        return self._do("thanks", "model thanks")

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        return self._do("article", ArticleDraft("model", "", ""))


@dataclass
class Setup:
    """A resilient language over a script, with all that stands around it; `off` are the people whose switch is off."""

    limits: Limits = field(default_factory=Limits)
    script: Script = field(default_factory=Script)
    usage: MemoryUsage = field(default_factory=MemoryUsage)
    clock: SettableClock = field(default_factory=lambda: SettableClock(NOON))
    ticking: Ticking = field(default_factory=Ticking)
    off: set[str] = field(default_factory=set)
    names: Callable[[], Collection[str]] = tuple
    real_time: bool = False
    locked: bool = False

    def __post_init__(self) -> None:
        timing = {} if self.real_time else {"monotonic": self.ticking}
        self.languages = ResilientLanguages(
            self.script.make, FakeLanguage(), self.usage, self.clock,
            allowed=self._allowed,
            names=lambda: self.names(), version=lambda task: "v1", named=lambda task: "tiny", limits=self.limits, **timing,
        )  # fmt: skip

    def _allowed(self, person: str) -> bool:
        if self.locked:
            raise StoreUnavailable("the database is locked")
        return person not in self.off

    def turn(self, person: str = "lena", *others: str) -> Language:
        return self.languages.turn(person, others)

    def written(self) -> tuple[Spent, ...]:
        """All usage so far; nothing can be recorded after."""
        self.languages.close()
        return self.usage.rows()

    def why(self) -> str:
        """Why a fresh turn's question is answered offline, or empty."""
        turn = self.turn()
        turn.thanks(OUTCOME)
        return turn.provenance.fallback


class Hanging:
    """A step that does not return before it is let go."""

    def __init__(self) -> None:
        self.sign_in_service = Event()

    def __call__(self, turn: ScriptedTurn) -> str:
        self.sign_in_service.wait(30)
        return "model, far too late"


def everything(turn: Language) -> dict[str, object]:
    """Each question to the model once."""
    return {
        "sharpen": turn.sharpen(NEED, Kind.VAGUE),
        "answer": turn.answer("how?", EXCERPTS),
        "brief": turn.brief(BRIEF, ()).minutes,
        "debrief": turn.debrief("action: call", BRIEF, "Lena", "Ada", date(2026, 11, 2), "mentee").items != (),
        "thanks": turn.thanks(OUTCOME),
        "article": turn.article(OUTCOME).title,
    }


PLAIN = FakeLanguage().thanks(OUTCOME)
MODEL = {
    "sharpen": "model sharpen", "answer": (ONE,), "brief": 45, "debrief": False, "thanks": "model thanks", "article": "model",
}  # fmt: skip


def offline_words() -> dict[str, object]:
    setup = Setup(off={"lena"})
    said = everything(setup.turn())
    setup.languages.close()
    return said
