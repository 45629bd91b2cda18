"""Changes: everybody concerned is named once, however late a commit comes, and nobody else is named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from assistant.adapters.store.sql_changes import BACK, OVERLAP, SqlChanges
from assistant.adapters.store.sql_engine import open_engine, writing
from assistant.domain import events as e
from assistant.ports import Effects, Notification, StoreUnavailable
from tests.contract.store.samples import BRIEF, DAY, MINUTE, NOW, Stores, said

SECOND = timedelta(seconds=1)


class Watcher:
    """Looks again and again, as the one of the web server does; the clock is given."""

    def __init__(self, changes: SqlChanges) -> None:
        self._changes = changes
        self.mark = changes.start(NOW)

    def look(self, seconds: float = 1) -> set[str]:
        self.mark, people = self._changes.since(self.mark, NOW + seconds * SECOND)
        return set(people)


def letter(key: str, to: str) -> Effects:
    return Effects(notes=(Notification(key, to, "r1", "offer", "An offer waits."),))


def test_an_empty_store_concerns_nobody(engine: Engine) -> None:
    watcher = Watcher(SqlChanges(engine))
    assert watcher.look() == watcher.look(99) == set()


def test_what_was_there_before_is_not_told(stores: Stores, engine: Engine) -> None:
    stores.open("r1")
    stores.add("r1", said("m1"), effects=letter("k", "ben"))
    watcher = Watcher(SqlChanges(engine))
    assert watcher.look() == set()


def test_a_change_is_told_once_to_its_mentee(stores: Stores, engine: Engine) -> None:
    stores.open("r0", "eve")
    watcher = Watcher(SqlChanges(engine))
    stores.open("r1", "ana")
    assert watcher.look() == {"ana"}
    assert watcher.look(1.5) == set()
    stores.add("r1", said("m1"))
    assert watcher.look(2) == {"ana"}
    assert watcher.look(2.5) == watcher.look(99) == set()


def test_the_mentor_who_holds_it_and_the_one_before_are_told(stores: Stores, engine: Engine) -> None:
    stores.open("r1")
    watcher = Watcher(SqlChanges(engine))
    stores.add(
        "r1",
        e.QuestionConfirmed(at=NOW, actor="ana", question="How do I start?"),
        e.BriefDrafted(at=NOW, actor="askwell", brief=BRIEF, recipients=("ben", "cleo")),
        e.BriefApproved(at=NOW, actor="ana", brief_hash="h"),
        e.OfferMade(at=NOW, actor="ana", mentor="ben", brief_hash="h", due=NOW + DAY),
    )
    assert watcher.look() == {"ana", "mentor:ben"}
    later, due = NOW + SECOND, NOW + DAY
    stores.add("r1", e.OfferPassed(at=later, actor="ben", mentor="ben", to="cleo", due=due))
    assert watcher.look() == {"ana", "mentor:ben", "mentor:cleo"}
    stores.add("r1", e.Withdrawn(at=NOW + SECOND, actor="ana"))
    assert watcher.look() == {"ana", "mentor:cleo"}


def test_who_held_it_at_the_start_is_known(stores: Stores, engine: Engine) -> None:
    stores.open("r1", at=NOW - DAY)
    stores.offer("r1", "ben", NOW + DAY, at=NOW - DAY)
    watcher = Watcher(SqlChanges(engine))
    stores.add("r1", e.Withdrawn(at=NOW, actor="ana"))
    assert watcher.look() == {"ana", "mentor:ben"}


def test_the_recipient_of_a_new_note_is_told_once(stores: Stores, engine: Engine) -> None:
    stores.open("r1")
    watcher = Watcher(SqlChanges(engine))
    stores.add("r1", said("m1"), effects=letter("k1", "mentor:dov"))
    assert watcher.look() == {"ana", "mentor:dov"}
    stores.add("r1", said("m2"), effects=letter("k2", "petra"))
    assert watcher.look() == {"ana", "petra"}
    assert watcher.look() == set()


def test_many_notes_at_once_are_all_told(stores: Stores, engine: Engine) -> None:
    stores.open("r1")
    watcher = Watcher(SqlChanges(engine))
    many = tuple(Notification(f"k{n}", f"p{n}", "r1", "offer", "x") for n in range(3 * BACK))
    stores.add("r1", said("m1"), effects=Effects(notes=many))
    assert watcher.look() == {"ana", *(note.to for note in many)}
    assert watcher.look() == set()
    assert len(watcher.mark.letters) <= BACK


def test_a_note_that_is_committed_after_a_later_one_is_told(stores: Stores, engine: Engine) -> None:
    """Numbers are given before the commit, so a smaller one may come to light later."""
    stores.open("r1")
    watcher = Watcher(SqlChanges(engine))
    row = "INSERT INTO outbox VALUES (:id, :id, :to, 'r1', 't', 'b', :at, :at, NULL, 0, NULL, false)"
    for number, to in ((8, "late"), (7, "early")):
        with writing(engine) as db:
            db.execute(text(row), {"id": number, "to": to, "at": NOW.replace(tzinfo=None)})
        assert watcher.look() == {to}


def test_a_slow_commit_is_told(stores: Stores, engine: Engine) -> None:
    """The event has the time of the decision; another one was committed and told meanwhile."""
    stores.open("r1", "ana", NOW - DAY)
    stores.open("r2", "eve", NOW - DAY)
    watcher = Watcher(SqlChanges(engine))
    stores.add("r1", said("m1", NOW + 20 * SECOND))
    assert watcher.look(20) == {"ana"}
    stores.add("r2", e.Withdrawn(at=NOW, actor="eve"))
    assert watcher.look(21) == {"eve"}


def test_the_memory_of_what_was_told_stays_small(stores: Stores, engine: Engine) -> None:
    watcher = Watcher(SqlChanges(engine))
    for n in range(20):
        stores.open(f"r{n}", at=NOW + n * 10 * SECOND)
        assert watcher.look(n * 10) == {"ana"}
    assert len(watcher.mark.requests) <= 1 + (OVERLAP + 10 * SECOND) / (10 * SECOND)


@pytest.mark.parametrize("jump", [-60, 3600])
def test_a_clock_that_jumps_loses_nothing(stores: Stores, engine: Engine, jump: int) -> None:
    watcher = Watcher(SqlChanges(engine))
    watcher.look(jump)
    stores.open("r1", at=NOW + jump * SECOND)
    assert watcher.look(jump + 1) == {"ana"}
    stores.add("r1", said("m1", NOW + jump * SECOND + 2 * SECOND))
    assert "ana" in watcher.look(jump + 3)


def test_a_store_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "askwell.db"
    path.write_bytes(b"this is no database " * 99)
    engine = open_engine(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable):
        SqlChanges(engine).start(NOW + MINUTE)
    engine.dispose()
