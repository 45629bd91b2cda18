"""The shared state of one model endpoint, for all turns: circuit breaker, bulkhead, token budget, consent and known names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import monotonic as system_monotonic
from typing import Literal, Protocol

from assistant.adapters.model.client.chat import Usage
from assistant.adapters.model.resilience.breaker import Breaker, RestPeriods
from assistant.adapters.model.resilience.budget import Budget
from assistant.adapters.model.resilience.bulkhead import Bulkhead
from assistant.adapters.model.resilience.pace import Pace
from assistant.dialogue.language_io import Excerpt, OnPartial, ignore_partial
from assistant.dialogue.privacy.names import NameFinder
from assistant.dialogue.privacy.redaction import Redaction
from assistant.domain.brief import Brief
from assistant.domain.debrief import Debrief
from assistant.domain.need import Need
from assistant.domain.provenance import Fallback
from assistant.domain.reply import Kind, Sentence
from assistant.ports import Clock, Drafts, Languages, StoreUnavailable, UsageStore

NAMES_CACHE_SECONDS = 60.0


class ModelTurn(Drafts, Protocol):
    """The model's texts for one turn; every method raises ModelFailed if the model gave no usable text."""

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str: ...

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None: ...

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief: ...


RemainingSeconds = Callable[[], float]
"""Returns the seconds left for the current call."""
RecordUsage = Callable[[str, Usage], None]
"""Called with the task and the token usage of each call."""
ModelFactory = Callable[[str, RemainingSeconds, RecordUsage, Redaction], ModelTurn]
"""Makes the model's language for one turn with a person."""


@dataclass(frozen=True)
class Limits:
    """Limits of a turn and of the endpoint.

    `seconds` of a turn; concurrent `calls`; tokens a day for one person and for everybody together (0: no limit); the rest
    periods of the circuit breaker.
    """

    seconds: float = 7.5
    calls: int = 96
    person_tokens: int = 200_000
    day_tokens: int = 0
    rests: RestPeriods = field(default_factory=RestPeriods)


class ResilientEndpoint:
    """Shared by all turns and safe for many threads. `objections` counts why sharp questions of the model were not shown.

    `allowed` takes an account id: whether that person's texts may be sent to the model. `names` returns the directory's names,
    fetched at most once a minute. `version` returns the prompt version of a task, `named` its model.
    """

    def __init__(
        self, model: ModelFactory, offline: Languages, usage: UsageStore, clock: Clock, *,
        allowed: Callable[[str], bool] = lambda person: True,
        names: Callable[[], Collection[str]] = tuple,
        version: Callable[[str], str] = lambda task: "",
        named: Callable[[str], str] = lambda task: "",
        limits: Limits = Limits(),
        monotonic: Callable[[], float] = system_monotonic,
    ) -> None:  # fmt: skip
        self.model, self.version, self.named, self.limits, self.monotonic = model, version, named, limits, monotonic
        self.offline, self._allowed = offline, allowed
        self.breaker = Breaker(monotonic, limits.rests)
        self.bulkhead = Bulkhead(limits.calls)
        self.pace = Pace(limits.seconds)
        self.objections = Counter[str]()
        self.budget = Budget(usage, clock, limits.person_tokens, limits.day_tokens)
        self._names = _CachedNames(names, monotonic)

    def switched_off(self, people: Collection[str]) -> Fallback:
        """Returns "switched_off" if one of these people does not allow the model, "fault" if the store cannot say, else empty."""
        try:
            return "" if all(map(self._allowed, people)) else "switched_off"
        except StoreUnavailable:
            return "fault"

    def exhausted_budget(self, person: str) -> Fallback:
        """Which of today's token budgets is used up; "fault" if the store cannot say, empty if none is."""
        try:
            return self.budget.exhausted(person)
        except StoreUnavailable:
            return "fault"

    def redaction(self) -> Redaction:
        return Redaction(self._names())

    def close(self) -> None:
        """Waits until the last usage is written."""
        self.budget.close()


class _CachedNames:
    """Caches the finder of the directory's names for a minute; rebuilds it only if the names changed."""

    def __init__(self, names: Callable[[], Collection[str]], monotonic: Callable[[], float]) -> None:
        self._fetch, self._monotonic, self._lock = names, monotonic, Lock()
        self._known: frozenset[str] | None = None
        self._finder, self._until = NameFinder(()), 0.0

    def __call__(self) -> NameFinder:
        with self._lock:
            if self._known is None or self._monotonic() >= self._until:
                names = frozenset(self._fetch())
                if names != self._known:
                    self._known, self._finder = names, NameFinder(names)
                self._until = self._monotonic() + NAMES_CACHE_SECONDS
            return self._finder
