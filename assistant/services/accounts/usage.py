"""What the language model did and cost in the last days, for those who answer for it: by task and by reason, never by person.

Where fewer than FEW people asked, only the total is shown, so that no row is one person's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from assistant.domain.usage import AFTERWARDS, TAKEN, Tally
from assistant.ports import Clock, StoreUnavailable, UsageStore
from assistant.services.accounts.access import Actor, may
from assistant.services.results import Refusal, not_stored

DAYS, FEW, MILLION = 30, 5, 1_000_000
Price = tuple[float, float, float]
"""US dollars per million tokens: of the prompt, of the answer, and of the part of the prompt that was cached."""


@dataclass(frozen=True)
class Use:
    """One task, or with no task the total. `cost` is None where a model that was used has no price.

    `questions` counts those that the model might have answered, `by_model` those that it did.
    """

    task: str
    questions: int
    by_model: int
    prompt: int
    completion: int
    cached: int
    cost: float | None

    @property
    def tokens(self) -> int:
        return self.prompt + self.completion

    @property
    def dollars(self) -> str:
        """The cost in words of two decimals, or of four where it is small; empty where it is not known."""
        if self.cost is None:
            return ""
        return f"{self.cost:,.4f}" if 0 < self.cost < 0.1 else f"{self.cost:,.2f}"

    @property
    def cached_share(self) -> float:
        return self.cached / self.prompt if self.prompt else 0.0

    @property
    def model_share(self) -> float:
        return self.by_model / self.questions if self.questions else 0.0


@dataclass(frozen=True)
class UsageReport:
    """`tasks` and `fallbacks` (how often for which reason, the most frequent first) are empty where `few` people asked."""

    days: int
    model_set: bool
    few: bool
    total: Use
    tasks: tuple[Use, ...]
    fallbacks: tuple[tuple[str, int], ...]


class UsageReports:
    """`prices` are those of models by their names; `model_set`: there is a language model to use."""

    def __init__(self, store: UsageStore, clock: Clock, prices: Mapping[str, Price], model_set: bool) -> None:
        self._store, self._clock, self._prices, self._model_set = store, clock, prices, model_set

    def read(self, actor: Actor) -> UsageReport | Refusal:
        """The last 30 days, today included."""
        refusal = may(actor, "usage.read")
        if refusal:
            return refusal
        today = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        since = today - timedelta(days=DAYS - 1)
        try:
            tallies, people = self._store.by_task(since), self._store.people(since)
        except StoreUnavailable as error:
            return not_stored(error)
        total, few = self._use("", tallies), people < FEW
        if few:
            return UsageReport(DAYS, self._model_set, True, total, (), ())
        names = dict.fromkeys(tally.task for tally in tallies)
        tasks = tuple(self._use(name, [tally for tally in tallies if tally.task == name]) for name in names)
        return UsageReport(DAYS, self._model_set, False, total, tasks, _fallbacks(tallies))

    def _use(self, task: str, tallies: Sequence[Tally]) -> Use:
        asked = [tally for tally in tallies if tally.outcome != AFTERWARDS]
        costs = [self._cost(tally) for tally in tallies if tally.prompt or tally.completion]
        known = [cost for cost in costs if cost is not None]
        return Use(
            task,
            sum(tally.calls for tally in asked),
            sum(tally.calls for tally in asked if tally.outcome == TAKEN),
            sum(tally.prompt for tally in tallies),
            sum(tally.completion for tally in tallies),
            sum(tally.cached for tally in tallies),
            sum(known) if len(known) == len(costs) else None,
        )

    def _cost(self, tally: Tally) -> float | None:
        price = self._prices.get(tally.model)
        if price is None:
            return None
        prompt, completion, cached = price
        fresh = max(0, tally.prompt - tally.cached)
        return (fresh * prompt + tally.completion * completion + tally.cached * cached) / MILLION


def _fallbacks(tallies: Sequence[Tally]) -> tuple[tuple[str, int], ...]:
    counted: Counter[str] = Counter()
    for tally in tallies:
        if tally.outcome not in (TAKEN, AFTERWARDS):
            counted[tally.outcome] += tally.calls
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
