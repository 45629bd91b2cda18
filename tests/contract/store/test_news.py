"""What every NewsStore promises: one's own notes, the newest first, and a mark that only moves on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copy

import pytest

from assistant.adapters.store.memory_store import MemoryStore
from assistant.adapters.store.sql_accounts import SqlAccounts
from assistant.adapters.store.sql_engine import open_engine
from assistant.adapters.store.sql_notifications import SqlNotifications
from assistant.adapters.store.sql_outbox import SqlOutbox
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.domain.events import Opened
from assistant.ports import (
    Account,
    AccountStore,
    Audit,
    Effects,
    Notification,
    NotificationItem,
    Notifications,
    NotificationStore,
    OutboxStore,
    RequestStore,
)
from tests.contract.store.samples import DAY, MINUTE, NOW, said


@dataclass(frozen=True)
class Desk:
    """The ports that write notes and the one that shows them."""

    requests: RequestStore
    outbox: OutboxStore
    accounts: AccountStore
    store: NotificationStore

    def write(self, key: str, to: str = "ana", at: datetime = NOW) -> None:
        expected = len(self.requests.events("r1"))
        self.requests.append(
            "r1", expected, [said(key, at)], Effects(notes=(Notification(key, to, "r1", "offer", f"Note {key}."),))
        )

    def of(self, *addresses: str, login: str = "ana", limit: int = 9) -> Notifications:
        return self.store.news(login, addresses or ("ana",), limit)

    def mark(self, upto: int, *addresses: str, login: str = "ana") -> None:
        self.store.mark_seen(login, addresses or ("ana",), upto)

    def ids(self, *addresses: str) -> list[int]:
        return [item.id for item in self.of(*addresses).items]


def furnished(context: Desk) -> Desk:
    for login in ("ana", "eve"):
        context.accounts.put(Account(login, login.title(), frozenset({"mentee"})), Audit("test", "account.put", login, NOW))
    context.requests.create("r1", Opened(at=NOW, actor="ana", mentee="ana"))
    return context


class NewsContract:
    def test_nothing_was_written(self, context: Desk) -> None:
        assert context.of() == Notifications(0, ())
        context.mark(5)
        context.write("a")
        assert context.of().unseen == 1

    def test_a_note_is_shown_as_it_was_written(self, context: Desk) -> None:
        context.write("a", at=NOW + MINUTE)
        (item,) = context.of().items
        assert item == NotificationItem(item.id, NOW + MINUTE, "r1", "offer", "Note a.", False)

    def test_the_newest_come_first_and_all_are_counted(self, context: Desk) -> None:
        for key in "abcde":
            context.write(key)
        assert [item.body for item in context.of(limit=2).items] == ["Note e.", "Note d."]
        assert context.of(limit=2).unseen == 5
        assert context.of(limit=0) == Notifications(5, ())

    def test_only_what_is_addressed_to_them(self, context: Desk) -> None:
        for key, to in (("a", "ana"), ("b", "mentor:ana"), ("c", "eve"), ("d", "mentor:ben"), ("e", "an%")):
            context.write(key, to)
        assert [item.body for item in context.of().items] == ["Note a."]
        assert [item.body for item in context.of("ana", "mentor:ben").items] == ["Note d.", "Note a."]
        assert context.of("ana", "mentor:ben").unseen == 2
        assert context.of("a") == context.of("mentor:") == Notifications(0, ())

    def test_delivered_and_undeliverable_notes_stay(self, context: Desk) -> None:
        context.write("a")
        context.write("b")
        before = context.of()
        for day in range(9):
            for note_id, note in context.outbox.lease(9, NOW + day * DAY):
                context.outbox.settle(note_id, delivered=note.key == "a", now=NOW + day * DAY)
        assert context.of() == before

    def test_seen_is_up_to_and_including(self, context: Desk) -> None:
        for key in "abc":
            context.write(key)
        context.mark(context.ids()[1])
        assert [item.seen for item in context.of().items] == [False, True, True]
        assert context.of().unseen == 1

    def test_it_never_goes_backwards(self, context: Desk) -> None:
        for key in "abc":
            context.write(key)
        newest, _, oldest = context.ids()
        for upto in (newest, oldest, 0, -1):
            context.mark(upto)
            assert context.of().unseen == 0

    def test_a_mark_beyond_the_newest_does_not_hide_what_comes(self, context: Desk) -> None:
        context.write("a")
        context.mark(10**30)
        context.write("b")
        assert [(item.body, item.seen) for item in context.of().items] == [("Note b.", False), ("Note a.", True)]

    def test_each_person_has_their_own_mark(self, context: Desk) -> None:
        context.write("a", "mentor:ben")
        context.mark(context.ids("mentor:ben")[0], "mentor:ben")
        assert context.of("mentor:ben").unseen == 0
        assert context.of("mentor:ben", login="eve").unseen == 1

    def test_a_login_without_an_account_is_remembered_nowhere(self, context: Desk) -> None:
        context.write("a", "ghost")
        context.mark(context.ids("ghost")[0], "ghost", login="ghost")
        assert context.of("ghost", login="ghost").unseen == 1

    def test_marks_from_many_threads_leave_the_highest(self, context: Desk) -> None:
        for key in "abcdefgh":
            context.write(key)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(context.mark, context.ids()))
        assert context.of().unseen == 0


class TestMemoryNews(NewsContract):
    @pytest.fixture
    def context(self) -> Desk:
        store = MemoryStore()
        return furnished(Desk(store, store, store, store))


class TestSqlNews(NewsContract):
    @pytest.fixture
    def context(self, tmp_path: Path, schema: Path) -> Iterator[Desk]:
        engine = open_engine(f"sqlite:///{copy(schema, tmp_path / 'askwell.db')}")
        yield furnished(Desk(SqlRequestStore(engine), SqlOutbox(engine), SqlAccounts(engine), SqlNotifications(engine)))
        engine.dispose()
