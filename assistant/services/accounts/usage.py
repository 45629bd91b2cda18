"""Reports usage and cost of the language model by task and by fallback reason, never by person.

If fewer than FEW people used it, only the total is reported, so that no row shows one person.
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
"""US dollars per million tokens of the prompt, the completion, and the cached part of the prompt."""


@dataclass(frozen=True)
class Use:
    """The usage of one task, or the total if `task` is empty. `cost` is None if a used model has no price.

    `questions` counts the calls that the model could have answered, `by_model` those that it did.
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
        """The cost with two decimals, four if it is small; empty if unknown."""
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
    """`fallbacks` are (reason, count), the most frequent first; with `tasks` they are empty if only a `few` people asked."""

    days: int
    model_set: bool
    few: bool
    total: Use
    tasks: tuple[Use, ...]
    fallbacks: tuple[tuple[str, int], ...]


class UsageReports:
    """`prices` are by model name; `model_set` says whether a language model is configured."""

    def __init__(self, store: UsageStore, clock: Clock, prices: Mapping[str, Price], model_set: bool) -> None:
        self._store, self._clock, self._prices, self._model_set = store, clock, prices, model_set

    def read(self, actor: Actor) -> UsageReport | Refusal:
        """The report of the last 30 days, including today."""
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
        calls = [tally for tally in tallies if tally.outcome != AFTERWARDS]
        costs = [self._cost(tally) for tally in tallies if tally.prompt or tally.completion]
        known = [cost for cost in costs if cost is not None]
        return Use(
            task,
            sum(tally.calls for tally in calls),
            sum(tally.calls for tally in calls if tally.outcome == TAKEN),
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
