"""The contract of `assistant.ports.Notifier`: deliver, or raise NotDelivered and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.adapters.store.memory_store import MemoryStore
from assistant.domain import events as e
from assistant.ports import Effects, NotDelivered, Notification, Notifier
from assistant.services.handing_over.due_jobs import DueJobs
from tests.fakes import MONDAY, FakeApp, SettableClock, memory_ports

NOTE = Notification("r1:5:offer:ada", "mentor:ada", "r1", "offer", "An offer waits for you.")
HARD_BODIES = ("", "Grüße \U0001f600", "two\nlines", "\x1b[2J\x07", "x" * 60_000)


class NotifierContract:
    """Inherited by the tests of each notifier, which provide the fixture `notifier`."""

    def test_it_delivers(self, notifier: Notifier) -> None:
        assert delivered(notifier, NOTE)

    def test_it_delivers_the_same_notification_again(self, notifier: Notifier) -> None:
        """Delivery is at least once, so a second time must not fail."""
        assert delivered(notifier, NOTE)
        assert delivered(notifier, NOTE)

    @pytest.mark.parametrize("body", HARD_BODIES, ids=["empty", "emoji", "lines", "control", "long"])
    def test_it_delivers_any_text(self, notifier: Notifier, body: str) -> None:
        assert delivered(notifier, Notification("k", "lena", "r1", "message", body))

    def test_the_outbox_is_empty_after_a_delivery(self, notifier: Notifier) -> None:
        store = stored(NOTE)
        assert deliver_due(store, notifier) == 1
        assert store.lease(10, MONDAY + timedelta(days=30)) == ()


class FailingNotifierContract:
    """For notifiers that can fail; the tests provide the fixture `broken`, which cannot deliver now."""

    def test_a_failure_is_not_delivered(self, broken: Notifier) -> None:
        with pytest.raises(NotDelivered):
            broken.deliver(NOTE)

    def test_a_failed_notification_stays_in_the_outbox(self, broken: Notifier) -> None:
        store = stored(NOTE)
        assert deliver_due(store, broken) == 0
        assert [note for _, note in store.lease(10, MONDAY + timedelta(hours=1))] == [NOTE]


def delivered(notifier: Notifier, note: Notification) -> bool:
    try:
        notifier.deliver(note)
    except NotDelivered:
        return False
    return True


def stored(*notes: Notification) -> MemoryStore:
    """A store whose outbox holds these notifications, due on MONDAY."""
    store = MemoryStore()
    store.create("r1", e.Opened(at=MONDAY, actor="lena", mentee="lena"))
    store.append("r1", 1, [e.Said(at=MONDAY, actor="lena", message_id="m1", text="Help")], Effects(notes))
    return store


def deliver_due(store: MemoryStore, notifier: Notifier) -> int:
    """Delivers what is due with the due jobs of the application; returns the number delivered."""
    wired = FakeApp(memory_ports(), SettableClock())
    jobs = DueJobs(wired.clock, wired.ports.index, wired.conversation, wired.handoff, wired.sessions, store, notifier)
    return jobs.deliver()
