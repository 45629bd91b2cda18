"""One turn of the resilient language: tries each task with the model under the deadline, records its usage, falls back offline.

A task runs in a thread of the bulkhead and is abandoned at the deadline; later results are ignored. Safe for many threads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Literal, TypeVar

from assistant.adapters.model.client.chat import ModelFailed, Usage
from assistant.adapters.model.resilience.breaker import ALIVE, AT_ONCE
from assistant.adapters.model.resilience.bulkhead import Full, Late
from assistant.adapters.model.resilience.resilient_endpoint import ModelTurn, ResilientEndpoint
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
from assistant.domain.provenance import Fallback, Provenance
from assistant.domain.reply import Kind, Sentence
from assistant.domain.usage import AFTERWARDS, Spent
from assistant.ports import Language

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
FAIR_SHARE = 0.6
"""A late task counts as a failure of the endpoint only if it had at least this share of the turn's time. Concurrent failures of
one turn count as one."""


@dataclass
class _RunningTask:
    """A running task: its start and deadline, and its usage so far."""

    task: str
    since: float
    until: float
    used: list[Usage] = field(default_factory=list)
    over: bool = False


_CURRENT: ContextVar[_RunningTask] = ContextVar("current_task")


class ResilientTurn:
    """Implements `ports.Language` for one turn of `person`; `others` are the people whose consent is needed too."""

    def __init__(self, endpoint: ResilientEndpoint, person: str, others: Collection[str], offline: Language) -> None:
        self._endpoint, self._person, self._others, self._offline = endpoint, person, others, offline
        self._lock, self._making, self._calling = Lock(), Lock(), Lock()
        self._model: ModelTurn | None = None
        self._started: float | None = None
        self._failed: Fallback = ""
        self._switched: Fallback | None = None
        self._provenance = Provenance()

    @property
    def provenance(self) -> Provenance:
        with self._lock:
            return self._provenance

    def understand(self, turn: Turn) -> Understanding:
        return self._offline.understand(turn)

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        given = (notes, brief, mentee, mentor, on, author)
        return self._with_fallback("debrief", lambda model: model.debrief(*given), lambda: self._offline.debrief(*given))

    def ask(self, wanted: QuestionToAsk) -> str:
        return self._offline.ask(wanted)

    def sharpen(self, need: Need, kind: Kind, said: Sequence[str] = ()) -> str:
        return self._with_fallback(
            "sharpen", lambda model: model.sharpen(need, kind, said), lambda: self._offline.sharpen(need, kind, said)
        )

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        """Answers under one deadline. After a failure, sentences that were complete (those with citations) are kept."""
        listener = _PartialListener(on_partial)
        try:
            return self._by_model("answer", lambda model: model.answer(question, excerpts, listener))
        except ModelFailed as failed:
            kept = tuple(sentence for sentence in listener.close() if sentence.cites)
            if kept and failed.why != "unsupported":
                self._note(lambda provenance: provenance.with_prompt(self._prompt("answer"), self._endpoint.named("answer")))
                return kept
            if listener.called:
                on_partial(())
            return self._offline.answer(question, excerpts, ignore_partial)
        finally:
            listener.close()

    def explain(self, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
        return self._offline.explain(question, people)

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        return self._with_fallback("brief", lambda model: model.brief(draft, said), lambda: self._offline.brief(draft, said))

    def thanks(self, outcome: SessionOutcome) -> str:
        return self._with_fallback("thanks", lambda model: model.thanks(outcome), lambda: self._offline.thanks(outcome))

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        return self._with_fallback("article", lambda model: model.article(outcome), lambda: self._offline.article(outcome))

    def _with_fallback(self, task: str, by_model: Callable[[ModelTurn], T], offline: Callable[[], T]) -> T:
        try:
            return self._by_model(task, by_model)
        except ModelFailed:
            return offline()

    def _by_model(self, task: str, by_model: Callable[[ModelTurn], T]) -> T:
        """The model's result; records usage and failure. Raises ModelFailed."""
        running = self._running_task(task)
        try:
            value = self._guarded(running, by_model)
        except ModelFailed as failed:
            why, detail = failed.why, failed.detail
            self._close(running, why)
            self._note(lambda provenance: provenance.fallen(why))
            _LOG.info("the model is not used for %s: %s", task, f"{why}, {detail}" if detail else why)
            if detail:
                self._endpoint.objections[detail] += 1
            raise
        if self._close(running, ""):
            self._note(lambda provenance: provenance.with_prompt(self._prompt(task), self._endpoint.named(task)))
        return value

    def _guarded(self, running: _RunningTask, by_model: Callable[[ModelTurn], T]) -> T:
        """Calls the model if consent, budget, deadline, breaker and bulkhead allow it. Raises ModelFailed."""
        why = self._failed or self._consent() or self._endpoint.exhausted_budget(self._person)
        if why:
            raise ModelFailed(why)
        with self._endpoint.pace.turn_taking(self._calling, self._seconds_until(running)) as mine:
            left = self._seconds_until(running)
            hopeless = left < self._endpoint.pace.expected(running.task) and self._short(left)
            if left <= 0 or not mine or hopeless:
                raise ModelFailed("late")
            if self._failed:
                raise ModelFailed(self._failed)
            return self._admitted(running, by_model, left)

    def _admitted(self, running: _RunningTask, by_model: Callable[[ModelTurn], T], left: float) -> T:
        """Calls the model if breaker and bulkhead allow it. Raises ModelFailed."""
        ticket = self._endpoint.breaker.admit()
        if ticket is None:
            raise ModelFailed("resting")
        try:
            value = self._run(running, by_model, left)
        except Full:
            self._endpoint.breaker.give_back(ticket)
            self._failed = self._failed or "full"
            raise ModelFailed("full") from None
        except ModelFailed as failed:
            hurried = failed.why == "late" and self._short(left)
            with self._lock:
                again = failed.why not in ALIVE and bool(self._failed)
                self._failed = self._failed or ("" if failed.why in ALIVE else failed.why)
            if hurried or (again and failed.why not in AT_ONCE):
                self._endpoint.breaker.give_back(ticket)
            else:
                self._endpoint.breaker.settle(ticket, failed.why, failed.wait)
            raise
        if running.used:
            self._endpoint.breaker.settle(ticket, "")
        else:
            self._endpoint.breaker.give_back(ticket)
        return value

    def _short(self, left: float) -> bool:
        """Whether these seconds are too few to hold it against the endpoint that it is late."""
        return left < FAIR_SHARE * self._endpoint.limits.seconds

    def _seconds_until(self, running: _RunningTask) -> float:
        return running.until - self._endpoint.monotonic()

    def _consent(self) -> Fallback:
        """Whether people switched the model off; read once, so a change takes effect with the next turn."""
        with self._lock:
            if self._switched is None:
                self._switched = self._endpoint.switched_off((self._person, *self._others))
            return self._switched

    def _run(self, running: _RunningTask, by_model: Callable[[ModelTurn], T], left: float) -> T:
        """Runs the task in a thread until the deadline. Raises only ModelFailed and Full."""

        begun = self._endpoint.monotonic()

        def work() -> T:
            _CURRENT.set(running)
            return by_model(self._model_turn())

        try:
            value = self._endpoint.bulkhead.run(work, left)
            self._endpoint.pace.add(running.task, self._endpoint.monotonic() - begun)
            return value
        except Late:
            self._endpoint.pace.add(running.task, left)
            raise ModelFailed("late") from None
        except (ModelFailed, Full):
            raise
        except Exception as error:
            _LOG.error("the model's adapter failed at %s: %s", running.task, type(error).__name__)
            raise ModelFailed("fault") from None

    def _model_turn(self) -> ModelTurn:
        """The model's language for this turn, created by the first task within its time."""
        with self._making:
            if self._model is None:
                self._model = self._endpoint.model(self._person, self._seconds, self._spend, self._endpoint.redaction())
            return self._model

    def _running_task(self, task: str) -> _RunningTask:
        limits, now = self._endpoint.limits, self._endpoint.monotonic()
        with self._lock:
            self._started = now if self._started is None else self._started
            return _RunningTask(task, now, self._started + limits.seconds)

    def _seconds(self) -> float:
        running = _CURRENT.get(None)
        until = running.until if running else (self._started or 0.0) + self._endpoint.limits.seconds
        return max(0.0, until - self._endpoint.monotonic())

    def _spend(self, task: str, usage: Usage) -> None:
        running = _CURRENT.get(None)
        with self._lock:
            if running and not running.over:
                running.used.append(usage)
                return
        self._record(task, [usage], 0, AFTERWARDS)

    def _close(self, running: _RunningTask, why: Fallback) -> bool:
        """Records the task; returns whether the endpoint was called at all."""
        with self._lock:
            running.over = True
            used = list(running.used)
        if used or why:
            self._record(running.task, used, round(1000 * (self._endpoint.monotonic() - running.since)), why)
        return bool(used)

    def _record(self, task: str, used: Sequence[Usage], milliseconds: int, outcome: str) -> None:
        model = used[-1].model if used else self._endpoint.named(task)
        prompt, completion, cached = (sum(column) for column in zip((0, 0, 0), *map(_token_counts, used), strict=True))
        counted, version = any(usage.counted for usage in used), self._endpoint.version(task)
        budget = self._endpoint.budget
        budget.record(
            Spent(budget.now(), self._person, task, model, version, prompt, completion, cached, counted, milliseconds, outcome)
        )

    def _note(self, change: Callable[[Provenance], Provenance]) -> None:
        with self._lock:
            self._provenance = change(self._provenance)

    def _prompt(self, task: str) -> str:
        return f"{task}@{self._endpoint.version(task)}"


class _PartialListener:
    """Passes partial answers on until it is closed, and keeps the last one."""

    def __init__(self, on_partial: OnPartial) -> None:
        self._on_partial, self._lock, self._open = on_partial, Lock(), True
        self._last: tuple[Sentence, ...] = ()
        self.called = False

    def __call__(self, answer: tuple[Sentence, ...]) -> None:
        with self._lock:
            if self._open:
                self._last, self.called = answer, True
                self._on_partial(answer)

    def close(self) -> tuple[Sentence, ...]:
        """Stops passing on; returns the last partial answer."""
        with self._lock:
            self._open = False
            return self._last


def _token_counts(usage: Usage) -> tuple[int, int, int]:
    return usage.prompt, usage.completion, usage.cached
