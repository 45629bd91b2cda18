"""Loads a request, decides and appends events, and retries after a concurrent write. All changes of requests go through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain.events import Event, Opened
from assistant.domain.request import Request, continued, fold
from assistant.ports import Effects, RequestStore, SlotTaken, StaleVersion, StoreUnavailable
from assistant.services.accounts.access import Actor, as_seen_by, may_on
from assistant.services.conversing.message_text import is_id
from assistant.services.results import Refusal, not_stored, refuse

TRIES = 12
NOTHING = Effects()


@dataclass(frozen=True)
class Plan:
    """The events and effects to write; without events nothing changes."""

    events: Sequence[Event] = ()
    effects: Effects = NOTHING


Decide = Callable[[Request], Plan | Refusal]


class Ledger:
    def __init__(self, store: RequestStore) -> None:
        self._store = store

    def load(self, request_id: str) -> Request:
        """The stored request; version 0 if there is none."""
        return fold(request_id, self.events(request_id))

    def events(self, request_id: str) -> tuple[Event, ...]:
        """The stored events; empty for an invalid or unknown id."""
        return self._store.events(request_id) if is_id(request_id) else ()

    def read(self, actor: Actor, operation: str, request_id: str) -> Request | Refusal:
        """The request, if the actor may perform the operation on it."""
        try:
            request = self.load(request_id)
        except StoreUnavailable as error:
            return not_stored(error)
        return may_on(actor, operation, request) or request

    def change(
        self, actor: Actor, operation: str, request_id: str, decide: Decide, opened: Opened | None = None
    ) -> Request | Refusal:
        """Checks permission, decides on the newest state and appends; decides again if the version changed meanwhile.

        If there is no such request, `opened` becomes its first event. Returns the request as the actor may see it.
        """

        def allowed(request: Request) -> Plan | Refusal:
            return may_on(actor, operation, request) or decide(request)

        outcome = self.run(request_id, allowed, opened=opened)
        return outcome if isinstance(outcome, Refusal) else as_seen_by(actor, outcome)

    def run(
        self, request_id: str, decide: Decide, known: Request | None = None, opened: Opened | None = None
    ) -> Request | Refusal:
        """As `change`, without an actor: for due jobs and replies of the assistant.

        `known` is the request as just read, which saves a read; if it is stale, it is read again.
        """
        for _ in range(TRIES):
            try:
                outcome = self._attempt(known or self.load(request_id), decide, opened)
            except StoreUnavailable as error:
                return not_stored(error)
            if outcome is not None:
                return outcome
            known = None
        return refuse("busy")

    def _attempt(self, stored: Request, decide: Decide, opened: Opened | None) -> Request | Refusal | None:
        """The new request, a refusal, or None after a concurrent write."""
        first = (opened,) if opened and not stored.version else ()
        request = continued(stored, first)
        plan = decide(request)
        if isinstance(plan, Refusal):
            return plan
        if not plan.events:
            return stored
        after = continued(request, plan.events)
        try:
            self._store.append(stored.id, stored.version, (*first, *plan.events), plan.effects, stored)
        except StaleVersion:
            return None
        except SlotTaken as taken:
            return _taken(taken.what)
        return after


def _taken(what: str) -> Refusal:
    codes = {"slot": "slot_taken", "capacity": "capacity", "mentee": "mentee_busy", "request": "already_booked"}
    code = codes[what]
    return refuse(code, name="This mentor") if code == "capacity" else refuse(code)
