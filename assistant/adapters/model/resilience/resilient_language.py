"""A language model that may fail in any way, with the offline language behind it: an answer always comes, and in time.

Every question of a turn is first asked of the model and, where that gives nothing, of the offline language. A turn has one
deadline, which starts at its first question, and one failure: after that the rest of it is offline at once. Around all turns
stand what belongs to the endpoint: its breaker, its bulkhead, its budget of tokens. Nobody whose switch is off is sent anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic as system_monotonic
from typing import Protocol

from assistant.adapters.model.client.chat import Usage
from assistant.adapters.model.resilience.breaker import Breaker, Rests
from assistant.adapters.model.resilience.budget import Budget
from assistant.adapters.model.resilience.bulkhead import Bulkhead
from assistant.adapters.model.resilience.resilient_turn import ResilientTurn
from assistant.dialogue.privacy.names import NameFinder
from assistant.dialogue.privacy.redaction import Redaction
from assistant.domain.provenance import Fallback
from assistant.ports import Clock, Drafts, Language, Languages, Reads, Speaks, StoreUnavailable, UsageStore

NAMES_LAST = 60.0


class ModelTurn(Reads, Speaks, Drafts, Protocol):
    """The model's own words for one turn; every method raises ModelFailed where it has none."""


Seconds = Callable[[], float]
"""What is left of the time for the question that is being asked."""
Told = Callable[[str, Usage], None]
"""Told of the task and the cost of each call."""
Model = Callable[[str, Seconds, Told, Redaction], ModelTurn]
"""Makes the model's language for one turn with a person."""


@dataclass(frozen=True)
class Limits:
    """What a turn may take and the endpoint be asked: seconds of a turn, the share of them that understanding may use, calls at
    once, tokens of a person's day and of everybody's (0: no limit), and how long failures rest."""

    seconds: float = 7.5
    understanding: float = 0.7
    calls: int = 96
    person_tokens: int = 200_000
    day_tokens: int = 0
    rests: Rests = field(default_factory=Rests)


class ResilientLanguages:
    """Implements `ports.Languages` for one endpoint. Close it to have the last usage written.

    `allowed` says of an account id, and `mentor_allowed` of a mentor's, whether its words may be sent; `names` are the names of
    the directory, asked for once a minute. `version` is that of a task's prompt, `named` the model that a task is asked of.
    """

    def __init__(
        self, model: Model, offline: Languages, usage: UsageStore, clock: Clock, *,
        allowed: Callable[[str], bool] = lambda person: True,
        mentor_allowed: Callable[[str], bool] = lambda mentor: True,
        names: Callable[[], Collection[str]] = tuple,
        version: Callable[[str], str] = lambda task: "",
        named: Callable[[str], str] = lambda task: "",
        limits: Limits = Limits(),
        monotonic: Callable[[], float] = system_monotonic,
    ) -> None:  # fmt: skip
        self.model, self.version, self.named, self.limits, self.monotonic = model, version, named, limits, monotonic
        self._offline, self._allowed, self._mentor_allowed = offline, allowed, mentor_allowed
        self.breaker = Breaker(monotonic, limits.rests)
        self.bulkhead = Bulkhead(limits.calls)
        self.budget = Budget(usage, clock, limits.person_tokens, limits.day_tokens)
        self._names = _CachedNames(names, monotonic)

    def turn(self, person: str, others: Collection[str] = ()) -> Language:
        return ResilientTurn(self, person, frozenset(others) - {person}, self._offline.turn(person, others))

    def switched_off(self, people: Collection[str]) -> Fallback:
        """Whether the model may not be used for one of these people. Where that cannot be known, it is not used."""
        try:
            return "" if all(map(self._allowed, people)) else "switched_off"
        except StoreUnavailable:
            return "fault"

    def spent_up(self, person: str) -> Fallback:
        """Whose budget of today is spent, if one is. Where that cannot be known, the model is not used."""
        try:
            return self.budget.exhausted(person)
        except StoreUnavailable:
            return "fault"

    def may_show(self, mentor: str) -> bool:
        """Whether this mentor's profile may be sent."""
        try:
            return self._mentor_allowed(mentor)
        except StoreUnavailable:
            return False

    def redaction(self) -> Redaction:
        return Redaction(self._names())

    def close(self) -> None:
        self.budget.close()


class _CachedNames:
    """The directory's names made ready, at most a minute old; made anew only where they have changed."""

    def __init__(self, names: Callable[[], Collection[str]], monotonic: Callable[[], float]) -> None:
        self._ask, self._monotonic, self._lock = names, monotonic, Lock()
        self._known: frozenset[str] | None = None
        self._ready, self._until = NameFinder(()), 0.0

    def __call__(self) -> NameFinder:
        with self._lock:
            if self._known is None or self._monotonic() >= self._until:
                names = frozenset(self._ask())
                if names != self._known:
                    self._known, self._ready = names, NameFinder(names)
                self._until = self._monotonic() + NAMES_LAST
            return self._ready
