"""One turn of the resilient language: each question is guarded, its cost is written down, and a fallback is remembered.

A question runs in a thread of the bulkhead and is given up at the deadline, whatever the model does; what it still says then is
not heard. It may be asked from several threads at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
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
FAIR = 0.6
"""The share of a turn's time that a question must have had for its lateness to be the endpoint's. What questions of one turn
meet at once counts as one failure."""


@dataclass
class _Question:
    """One question while it is asked: until when, and what it has cost so far."""

    task: str
    since: float
    until: float
    used: list[Usage] = field(default_factory=list)
    over: bool = False


_ASKED: ContextVar[_Question] = ContextVar("asked")


class ResilientTurn:
    """Implements `ports.Language`."""

    def __init__(self, endpoint: ResilientEndpoint, person: str, others: Collection[str], offline: Language) -> None:
        self._endpoint, self._person, self._others, self._offline = endpoint, person, others, offline
        self._lock, self._making = Lock(), Lock()
        self._model: ModelTurn | None = None
        self._started: float | None = None
        self._failed: Fallback = ""
        self._switched: Fallback | None = None
        self._way = Provenance()

    @property
    def provenance(self) -> Provenance:
        with self._lock:
            return self._way

    def understand(self, turn: Turn) -> Understanding:
        """What only the model takes for a sensitive matter is a doubt: somebody to talk to is named, the request goes on."""
        plain = partial(self._offline.understand, turn)

        def sober(model: ModelTurn) -> Understanding:
            found = model.understand(turn)
            if found.kind is not Kind.SENSITIVE and not found.topic:
                return found
            rules = plain()
            return rules if rules.kind is Kind.SENSITIVE or rules.topic else replace(rules, uneasy=True)

        return self._put("understand", sober, plain)

    def debrief(
        self, notes: str, brief: Brief, mentee: str, mentor: str, on: date, author: Literal["mentee", "mentor"]
    ) -> Debrief:
        given = (notes, brief, mentee, mentor, on, author)
        return self._put("debrief", lambda model: model.debrief(*given), lambda: self._offline.debrief(*given))

    def ask(self, wanted: QuestionToAsk) -> str:
        return self._put("ask", lambda model: model.ask(wanted), lambda: self._offline.ask(wanted))

    def sharpen(self, need: Need, kind: Kind) -> str:
        return self._put("sharpen", lambda model: model.sharpen(need, kind), lambda: self._offline.sharpen(need, kind))

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        """The deadline holds for the whole; what was whole before a failure is kept: an open sentence cites nothing yet."""
        ear = _PartialListener(on_partial)
        try:
            return self._asked("answer", lambda model: model.answer(question, excerpts, ear))
        except ModelFailed as failed:
            kept = tuple(sentence for sentence in ear.close() if sentence.cites)
            if kept and failed.why != "unsupported":
                self._note(lambda way: way.with_prompt(self._prompt("answer"), self._endpoint.named("answer")))
                return kept
            if ear.told:
                on_partial(())
            return self._offline.answer(question, excerpts, ignore_partial)
        finally:
            ear.close()

    def explain(self, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
        """Nobody is sent whose switch is off; their reason stays as it is."""
        plain = tuple(self._offline.explain(question, people))

        def worded(model: ModelTurn) -> tuple[str, ...]:
            sent = {place: one for place, one in enumerate(people) if self._endpoint.may_send_profile(one.mentor)}
            reasons = model.explain(question, tuple(sent.values())) if sent else ()
            if len(reasons) != len(sent):
                raise ModelFailed("wrong_shape")
            own = dict(zip(sent, reasons, strict=True))
            return tuple(own.get(place, reason) for place, reason in enumerate(plain))

        return self._put("explain", worded, lambda: plain)

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        return self._put("brief", lambda model: model.brief(draft, said), lambda: self._offline.brief(draft, said))

    def thanks(self, outcome: SessionOutcome) -> str:
        return self._put("thanks", lambda model: model.thanks(outcome), lambda: self._offline.thanks(outcome))

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        return self._put("article", lambda model: model.article(outcome), lambda: self._offline.article(outcome))

    def _put(self, task: str, by_model: Callable[[ModelTurn], T], offline: Callable[[], T]) -> T:
        try:
            return self._asked(task, by_model)
        except ModelFailed:
            return offline()

    def _asked(self, task: str, by_model: Callable[[ModelTurn], T]) -> T:
        """What the model says; its cost and its failure are noted. Raises ModelFailed."""
        question = self._question(task)
        try:
            value = self._guarded(question, by_model)
        except ModelFailed as failed:
            why = failed.why
            self._close(question, why)
            self._note(lambda way: way.fallen(why))
            _LOG.info("the model is not used for %s: %s", task, why)
            raise
        if self._close(question, ""):
            self._note(lambda way: way.with_prompt(self._prompt(task), self._endpoint.named(task)))
        return value

    def _guarded(self, question: _Question, by_model: Callable[[ModelTurn], T]) -> T:
        """Behind everything that may keep the model from being asked."""
        why = self._failed or self._off() or self._endpoint.exhausted_budget(self._person)
        if why:
            raise ModelFailed(why)
        left = question.until - self._endpoint.monotonic()
        if left <= 0:
            raise ModelFailed("late")
        ticket = self._endpoint.breaker.admit()
        if ticket is None:
            raise ModelFailed("resting")
        try:
            value = self._run(question, by_model, left)
        except Full:
            self._endpoint.breaker.give_back(ticket)
            self._failed = self._failed or "full"
            raise ModelFailed("full") from None
        except ModelFailed as failed:
            hurried = failed.why == "late" and left < FAIR * self._endpoint.limits.seconds
            with self._lock:
                again = failed.why not in ALIVE and bool(self._failed)
                self._failed = self._failed or ("" if failed.why in ALIVE else failed.why)
            if hurried or (again and failed.why not in AT_ONCE):
                self._endpoint.breaker.give_back(ticket)
            else:
                self._endpoint.breaker.settle(ticket, failed.why, failed.wait)
            raise
        if question.used:
            self._endpoint.breaker.settle(ticket, "")
        else:
            self._endpoint.breaker.give_back(ticket)
        return value

    def _off(self) -> Fallback:
        """What the people's switches say; asked once, so a change holds from the next turn on."""
        with self._lock:
            if self._switched is None:
                self._switched = self._endpoint.switched_off((self._person, *self._others))
            return self._switched

    def _run(self, question: _Question, by_model: Callable[[ModelTurn], T], left: float) -> T:
        """In a thread, until the deadline. Whatever goes wrong is a ModelFailed with a code, or Full."""

        def work() -> T:
            _ASKED.set(question)
            return by_model(self._worded())

        try:
            return self._endpoint.bulkhead.run(work, left)
        except Late:
            raise ModelFailed("late") from None
        except (ModelFailed, Full):
            raise
        except Exception as error:
            _LOG.error("the model's adapter failed at %s: %s", question.task, type(error).__name__)
            raise ModelFailed("fault") from None

    def _worded(self) -> ModelTurn:
        """The model's language of this turn, made within the time of the question that comes first."""
        with self._making:
            if self._model is None:
                self._model = self._endpoint.model(self._person, self._seconds, self._spend, self._endpoint.redaction())
            return self._model

    def _question(self, task: str) -> _Question:
        limits, now = self._endpoint.limits, self._endpoint.monotonic()
        with self._lock:
            self._started = now if self._started is None else self._started
            share = limits.understanding if task == "understand" else 1.0
            return _Question(task, now, self._started + share * limits.seconds)

    def _seconds(self) -> float:
        asked = _ASKED.get(None)
        until = asked.until if asked else (self._started or 0.0) + self._endpoint.limits.seconds
        return max(0.0, until - self._endpoint.monotonic())

    def _spend(self, task: str, usage: Usage) -> None:
        asked = _ASKED.get(None)
        with self._lock:
            if asked and not asked.over:
                asked.used.append(usage)
                return
        self._record(task, [usage], 0, AFTERWARDS)

    def _close(self, question: _Question, why: Fallback) -> bool:
        """Writes the question down; whether the endpoint was asked at all."""
        with self._lock:
            question.over = True
            used = list(question.used)
        if used or why:
            self._record(question.task, used, round(1000 * (self._endpoint.monotonic() - question.since)), why)
        return bool(used)

    def _record(self, task: str, used: Sequence[Usage], milliseconds: int, outcome: str) -> None:
        model = used[-1].model if used else self._endpoint.named(task)
        prompt, completion, cached = (sum(column) for column in zip((0, 0, 0), *map(_columns, used), strict=True))
        counted, version = any(one.counted for one in used), self._endpoint.version(task)
        budget = self._endpoint.budget
        budget.record(
            Spent(budget.now(), self._person, task, model, version, prompt, completion, cached, counted, milliseconds, outcome)
        )

    def _note(self, change: Callable[[Provenance], Provenance]) -> None:
        with self._lock:
            self._way = change(self._way)

    def _prompt(self, task: str) -> str:
        return f"{task}@{self._endpoint.version(task)}"


class _PartialListener:
    """Passes on what is heard until it is closed, and remembers the last of it."""

    def __init__(self, on_partial: OnPartial) -> None:
        self._understand, self._lock, self._open = on_partial, Lock(), True
        self._last: tuple[Sentence, ...] = ()
        self.told = False

    def __call__(self, answer: tuple[Sentence, ...]) -> None:
        with self._lock:
            if self._open:
                self._last, self.told = answer, True
                self._understand(answer)

    def close(self) -> tuple[Sentence, ...]:
        """What was heard last; nothing more is."""
        with self._lock:
            self._open = False
            return self._last


def _columns(usage: Usage) -> tuple[int, int, int]:
    return usage.prompt, usage.completion, usage.cached
