"""What every NewsStore promises: one's own notes, the newest first, and a mark that only moves on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copy

import pytest

from assistant.adapters.memory_store import MemoryStore
from assistant.adapters.sql_accounts import SqlAccounts
from assistant.adapters.sql_engine import open_engine
from assistant.adapters.sql_news import SqlNews
from assistant.adapters.sql_outbox import SqlOutbox
from assistant.adapters.sql_store import SqlRequestStore
from assistant.domain.events import Opened
from assistant.ports import Account, AccountStore, Audit, Effects, News, NewsItem, NewsStore, Note, OutboxStore, RequestStore
from tests.contract.store.samples import DAY, MINUTE, NOW, said


@dataclass(frozen=True)
class Desk:
    """The ports that write notes and the one that shows them."""

    requests: RequestStore
    outbox: OutboxStore
    accounts: AccountStore
    store: NewsStore

    def write(self, key: str, to: str = "ana", at: datetime = NOW) -> None:
        expected = len(self.requests.events("r1"))
        self.requests.append("r1", expected, [said(key, at)], Effects(notes=(Note(key, to, "r1", "offer", f"Note {key}."),)))

    def of(self, *addresses: str, login: str = "ana", limit: int = 9) -> News:
        return self.store.news(login, addresses or ("ana",), limit)

    def mark(self, upto: int, *addresses: str, login: str = "ana") -> None:
        self.store.mark_seen(login, addresses or ("ana",), upto)

    def ids(self, *addresses: str) -> list[int]:
        return [item.id for item in self.of(*addresses).items]


def furnished(desk: Desk) -> Desk:
    for login in ("ana", "eve"):
        desk.accounts.put(Account(login, login.title(), frozenset({"mentee"})), Audit("test", "account.put", login, NOW))
    desk.requests.create("r1", Opened(at=NOW, actor="ana", mentee="ana"))
    return desk


class NewsContract:
    def test_nothing_was_written(self, desk: Desk) -> None:
        assert desk.of() == News(0, ())
        desk.mark(5)
        desk.write("a")
        assert desk.of().unseen == 1

    def test_a_note_is_shown_as_it_was_written(self, desk: Desk) -> None:
        desk.write("a", at=NOW + MINUTE)
        (item,) = desk.of().items
        assert item == NewsItem(item.id, NOW + MINUTE, "r1", "offer", "Note a.", False)

    def test_the_newest_come_first_and_all_are_counted(self, desk: Desk) -> None:
        for key in "abcde":
            desk.write(key)
        assert [item.body for item in desk.of(limit=2).items] == ["Note e.", "Note d."]
        assert desk.of(limit=2).unseen == 5
        assert desk.of(limit=0) == News(5, ())

    def test_only_what_is_addressed_to_them(self, desk: Desk) -> None:
        for key, to in (("a", "ana"), ("b", "mentor:ana"), ("c", "eve"), ("d", "mentor:ben"), ("e", "an%")):
            desk.write(key, to)
        assert [item.body for item in desk.of().items] == ["Note a."]
        assert [item.body for item in desk.of("ana", "mentor:ben").items] == ["Note d.", "Note a."]
        assert desk.of("ana", "mentor:ben").unseen == 2
        assert desk.of("a") == desk.of("mentor:") == News(0, ())

    def test_delivered_and_undeliverable_notes_stay(self, desk: Desk) -> None:
        desk.write("a")
        desk.write("b")
        before = desk.of()
        for day in range(9):
            for note_id, note in desk.outbox.lease(9, NOW + day * DAY):
                desk.outbox.settle(note_id, delivered=note.key == "a", now=NOW + day * DAY)
        assert desk.of() == before

    def test_seen_is_up_to_and_including(self, desk: Desk) -> None:
        for key in "abc":
            desk.write(key)
        desk.mark(desk.ids()[1])
        assert [item.seen for item in desk.of().items] == [False, True, True]
        assert desk.of().unseen == 1

    def test_it_never_goes_backwards(self, desk: Desk) -> None:
        for key in "abc":
            desk.write(key)
        newest, _, oldest = desk.ids()
        for upto in (newest, oldest, 0, -1):
            desk.mark(upto)
            assert desk.of().unseen == 0

    def test_a_mark_beyond_the_newest_does_not_hide_what_comes(self, desk: Desk) -> None:
        desk.write("a")
        desk.mark(10**30)
        desk.write("b")
        assert [(item.body, item.seen) for item in desk.of().items] == [("Note b.", False), ("Note a.", True)]

    def test_each_person_has_their_own_mark(self, desk: Desk) -> None:
        desk.write("a", "mentor:ben")
        desk.mark(desk.ids("mentor:ben")[0], "mentor:ben")
        assert desk.of("mentor:ben").unseen == 0
        assert desk.of("mentor:ben", login="eve").unseen == 1

    def test_a_login_without_an_account_is_remembered_nowhere(self, desk: Desk) -> None:
        desk.write("a", "ghost")
        desk.mark(desk.ids("ghost")[0], "ghost", login="ghost")
        assert desk.of("ghost", login="ghost").unseen == 1

    def test_marks_from_many_threads_leave_the_highest(self, desk: Desk) -> None:
        for key in "abcdefgh":
            desk.write(key)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(desk.mark, desk.ids()))
        assert desk.of().unseen == 0


class TestMemoryNews(NewsContract):
    @pytest.fixture
    def desk(self) -> Desk:
        store = MemoryStore()
        return furnished(Desk(store, store, store, store))


class TestSqlNews(NewsContract):
    @pytest.fixture
    def desk(self, tmp_path: Path, schema: Path) -> Iterator[Desk]:
        engine = open_engine(f"sqlite:///{copy(schema, tmp_path / 'askwell.db')}")
        yield furnished(Desk(SqlRequestStore(engine), SqlOutbox(engine), SqlAccounts(engine), SqlNews(engine)))
        engine.dispose()
