"""What every store promises, as tests that the real one and its twin inherit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.adapters.store.read_model import LEASE, TRIES
from assistant.domain import events as e
from assistant.domain.request import IllegalTransition, fold
from assistant.domain.schedule import TimeSlot
from assistant.ports import Account, Audit, DuplicateMessage, Effects, SlotTaken, StaleVersion
from tests.contract.store.contract_before import BeforeContract
from tests.contract.store.samples import (
    DAY,
    MINUTE,
    NOW,
    WEEK,
    Stores,
    append_with_retry,
    hold_of,
    is_due,
    note,
    said,
)


class RequestContract:
    """Events: whole, in order, once."""

    def test_an_unknown_request_has_no_events(self, stores: Stores) -> None:
        assert stores.requests.events("nobody") == ()

    def test_events_come_back_in_order(self, stores: Stores) -> None:
        stores.open("r1")
        new = [said(f"m{n}", NOW + n * MINUTE, f"text {n}") for n in range(12)]
        assert stores.requests.append("r1", 1, new) == 13
        assert stores.requests.events("r1")[1:] == tuple(new)

    def test_a_request_is_opened_once(self, stores: Stores) -> None:
        stores.open("r1")
        with pytest.raises(StaleVersion):
            stores.open("r1", "eve")
        assert stores.requests.events("r1") == (e.Opened(at=NOW, actor="ana", mentee="ana"),)

    @pytest.mark.parametrize("expected", [0, 1, 3])
    def test_another_version_is_stale(self, stores: Stores, expected: int) -> None:
        stores.open("r1")
        stores.add("r1", said("m1"))
        with pytest.raises(StaleVersion):
            stores.requests.append("r1", expected, [said("m2")])
        assert len(stores.requests.events("r1")) == 2

    def test_an_unknown_request_is_stale(self, stores: Stores) -> None:
        with pytest.raises(StaleVersion):
            stores.requests.append("nobody", 1, [said("m1")])

    def test_an_illegal_event_leaves_nothing(self, stores: Stores) -> None:
        stores.open("r1")
        with pytest.raises(IllegalTransition):
            stores.add("r1", said("m1"), e.SessionHeld(at=NOW, actor="ben"), effects=Effects(notes=(note("k"),)))
        with pytest.raises(IllegalTransition):
            stores.requests.append("r2", 0, [said("m1")])
        assert len(stores.requests.events("r1")) == 1
        assert stores.requests.events("r2") == ()
        assert stores.outbox.lease(9, NOW + DAY) == ()

    def test_nothing_cannot_be_appended(self, stores: Stores) -> None:
        stores.open("r1")
        with pytest.raises(ValueError):
            stores.requests.append("r1", 1, [])

    def test_a_message_sent_twice_is_one_message(self, stores: Stores) -> None:
        stores.open("r1")
        stores.open("r2")
        stores.add("r1", said("m1"))
        for expected in (1, 2):
            with pytest.raises(DuplicateMessage):
                stores.requests.append("r1", expected, [said("m1", text="again")])
        with pytest.raises(DuplicateMessage):
            stores.add("r1", said("m2"), said("m2"))
        assert stores.add("r2", said("m1")) == 2
        assert len(stores.requests.events("r1")) == 2

    def test_a_double_send_from_many_threads_is_one_message(self, stores: Stores) -> None:
        stores.open("r1")

        def send(_: int) -> str:
            while True:
                try:
                    stores.add("r1", said("m1"))
                except StaleVersion:
                    continue
                except DuplicateMessage:
                    return "duplicate"
                return "stored"

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(send, range(8)))
        assert sorted(results) == ["duplicate"] * 7 + ["stored"]
        assert len(stores.requests.events("r1")) == 2

    def test_twenty_threads_make_one_sequence(self, stores: Stores) -> None:
        stores.open("r1")

        def write(thread: int) -> list[int]:
            return [append_with_retry(stores.requests, "r1", f"{thread}-{n}") for n in range(5)]

        with ThreadPoolExecutor(20) as pool:
            versions = [version for some in pool.map(write, range(20)) for version in some]
        assert sorted(versions) == list(range(2, 102))
        events = stores.requests.events("r1")
        assert fold("r1", events).version == 101
        assert [event.message_id for event in events if isinstance(event, e.Said) and event.message_id.startswith("7-")] == [
            f"7-{n}" for n in range(5)
        ]

    def test_audits_are_written_with_the_events_or_not_at_all(self, stores: Stores) -> None:
        stores.open("r1")
        entry = Audit("ana", "request.say", "r1", NOW)
        stores.add("r1", said("m1"), effects=Effects(audits=(entry,)))
        with pytest.raises(StaleVersion):
            stores.requests.append("r1", 1, [said("m2")], Effects(audits=(entry,)))
        assert stores.audits() == [entry]


class BookingContract:
    """Time: a quarter hour, a seat and a request's booking exist once."""

    def test_a_slot_is_given_once(self, stores: Stores) -> None:
        stores.open("r1")
        stores.open("r2", "eve")
        stores.hold("r1", hold_of("r1"))
        for start, minutes in ((NOW, 30), (NOW + 15 * MINUTE, 60), (NOW - 30 * MINUTE, 45), (NOW - 15 * MINUTE, 60)):
            with pytest.raises(SlotTaken) as refused:
                stores.hold("r2", hold_of("r2", start, mentee="eve", minutes=minutes))
            assert refused.value.what == "slot"
        assert len(stores.requests.events("r2")) == 1
        assert stores.hold("r2", hold_of("r2", NOW + 30 * MINUTE, mentee="eve")) == 2

    def test_a_mentee_is_not_in_two_places(self, stores: Stores) -> None:
        stores.open("r1")
        stores.open("r2")
        stores.hold("r1", hold_of("r1"))
        with pytest.raises(SlotTaken) as refused:
            stores.hold("r2", hold_of("r2", NOW + 15 * MINUTE, mentor="cleo"))
        assert refused.value.what == "mentee"

    def test_a_request_has_one_booking(self, stores: Stores) -> None:
        stores.open("r1")
        stores.hold("r1", hold_of("r1"))
        for other in (hold_of("r1", NOW + DAY), hold_of("r1", None, mentor="cleo")):
            with pytest.raises(SlotTaken) as refused:
                stores.hold("r1", other)
            assert refused.value.what == "request"

    def test_a_week_has_so_many_seats(self, stores: Stores) -> None:
        for n in range(4):
            stores.open(f"r{n}", f"mentee {n}")
        for n in range(2):
            stores.hold(f"r{n}", hold_of(f"r{n}", NOW + n * DAY if n else None, mentee=f"mentee {n}", capacity=2))
        assert stores.bookings.load("ben", WEEK) == 2
        for start in (NOW + 2 * DAY, None):
            with pytest.raises(SlotTaken) as refused:
                stores.hold("r2", hold_of("r2", start, mentee="mentee 2", capacity=2))
            assert refused.value.what == "capacity"
        assert stores.hold("r2", hold_of("r2", NOW + 2 * DAY, mentee="mentee 2", capacity=2, week="2026-W49")) == 2
        assert stores.hold("r3", hold_of("r3", NOW + 3 * DAY, mentor="cleo", mentee="mentee 3", capacity=1)) == 2

    def test_seats_are_counted_by_mentor_and_week(self, stores: Stores) -> None:
        taken = (("ben", WEEK), ("ben", WEEK), ("ben", "2026-W49"), ("cleo", WEEK), ("dov", WEEK))
        for n, (mentor, week) in enumerate(taken):
            stores.open(f"r{n}", f"mentee {n}")
            stores.hold(f"r{n}", hold_of(f"r{n}", None, mentor, f"mentee {n}", week=week))
        stores.add("r4", said("gone"), effects=Effects(release=True))
        everybody, weeks = ("ben", "cleo", "dov", "eve"), (WEEK, "2026-W49")
        assert stores.bookings.seats(everybody, weeks) == {("ben", WEEK): 2, ("ben", "2026-W49"): 1, ("cleo", WEEK): 1}
        assert stores.bookings.seats(("cleo",), ("2026-W49",)) == {}
        assert stores.bookings.seats((), ()) == {}

    def test_offers_wait_until_they_are_answered(self, stores: Stores) -> None:
        for n, mentor in enumerate(("ben", "ben", "cleo")):
            stores.offer(stores.open(f"r{n}"), mentor, NOW + DAY)
        assert stores.index.unanswered(("ben", "cleo", "dov")) == {"ben": 2, "cleo": 1}
        stores.add("r0", e.OfferAccepted(at=NOW, actor="ben", mentor="ben", slot=None))
        stores.add("r2", e.Withdrawn(at=NOW, actor="ana"))
        assert stores.index.unanswered(("ben", "cleo")) == {"ben": 1}
        assert stores.index.unanswered(()) == {}

    def test_a_mentor_who_gives_less_than_before_is_full(self, stores: Stores) -> None:
        for n in range(3):
            stores.open(f"r{n}", f"mentee {n}")
            if n < 2:
                stores.hold(f"r{n}", hold_of(f"r{n}", NOW + n * DAY, mentee=f"mentee {n}", capacity=2))
        stores.add("r0", said("m"), effects=Effects(release=True))
        with pytest.raises(SlotTaken) as refused:
            stores.hold("r2", hold_of("r2", NOW + 2 * DAY, mentee="mentee 2", capacity=1))
        assert refused.value.what == "capacity"

    def test_no_capacity_is_no_seat(self, stores: Stores) -> None:
        stores.open("r1")
        with pytest.raises(SlotTaken) as refused:
            stores.hold("r1", hold_of("r1", capacity=0))
        assert refused.value.what == "capacity"

    def test_taken_cells_are_those_in_the_window(self, stores: Stores) -> None:
        stores.open("r1")
        stores.hold("r1", hold_of("r1", minutes=50))
        cells = {NOW + 15 * n * MINUTE for n in range(4)}
        assert stores.bookings.taken(["ben", "cleo"], NOW - DAY, NOW + DAY) == {"ben": cells}
        assert stores.bookings.taken(["ben"], NOW + 15 * MINUTE, NOW + 45 * MINUTE) == {"ben": cells - {NOW, NOW + 45 * MINUTE}}
        assert stores.bookings.taken(["cleo"], NOW - DAY, NOW + DAY) == {}

    def test_released_time_is_free_again(self, stores: Stores) -> None:
        stores.open("r1")
        stores.open("r2", "eve")
        stores.hold("r1", hold_of("r1", capacity=1))
        stores.add("r1", said("m"), effects=Effects(release=True))
        assert (stores.bookings.load("ben", WEEK), stores.bookings.taken(["ben"], NOW, NOW + DAY)) == (0, {})
        stores.hold("r2", hold_of("r2", mentee="eve", capacity=1))
        stores.add("r1", said("m2"), effects=Effects(release=True))
        assert stores.bookings.load("ben", WEEK) == 1

    def test_a_booking_moves_whole_or_stays(self, stores: Stores) -> None:
        stores.open("r1")
        stores.open("r2", "eve")
        stores.hold("r1", hold_of("r1", capacity=2))
        stores.hold("r2", hold_of("r2", NOW + DAY, mentee="eve", capacity=2))
        with pytest.raises(SlotTaken):
            stores.hold("r1", hold_of("r1", NOW + DAY, capacity=2), release=True)
        assert NOW in stores.bookings.taken(["ben"], NOW, NOW + DAY)["ben"]
        stores.hold("r1", hold_of("r1", NOW + 15 * MINUTE, capacity=2), release=True)
        assert stores.bookings.taken(["ben"], NOW, NOW + DAY) == {"ben": {NOW + 15 * MINUTE, NOW + 30 * MINUTE}}
        assert stores.bookings.load("ben", WEEK) == 2


class OutboxContract:
    """Notes: with the events, once a key, at least once delivered, never lost from sight."""

    def send(self, stores: Stores, *keys: str) -> None:
        request_id = stores.open("-".join(keys))
        stores.add(request_id, said("m"), effects=Effects(notes=tuple(note(key) for key in keys)))

    def test_a_note_comes_with_its_events_or_not_at_all(self, stores: Stores) -> None:
        self.send(stores, "a")
        with pytest.raises(StaleVersion):
            stores.requests.append("a", 1, [said("m2")], Effects(notes=(note("b"),)))
        assert [n for _, n in stores.outbox.lease(9, NOW)] == [note("a")]

    def test_a_key_is_one_note(self, stores: Stores) -> None:
        self.send(stores, "a", "a")
        self.send(stores, "b", "a")
        assert [n.key for _, n in stores.outbox.lease(9, NOW)] == ["a", "b"]

    def test_a_leased_note_is_not_leased_again_before_its_lease_ends(self, stores: Stores) -> None:
        self.send(stores, "a", "b", "c")
        first = stores.outbox.lease(2, NOW)
        assert [n.key for _, n in first + stores.outbox.lease(2, NOW)] == ["a", "b", "c"]
        assert stores.outbox.lease(9, NOW + LEASE - MINUTE / 60) == ()
        assert [n.key for _, n in stores.outbox.lease(9, NOW + LEASE)] == ["a", "b", "c"]

    def test_what_is_not_due_waits(self, stores: Stores) -> None:
        self.send(stores, "a")
        assert stores.outbox.lease(9, NOW - MINUTE) == ()

    def test_two_workers_never_lease_one_note(self, stores: Stores) -> None:
        self.send(stores, *(f"k{n}" for n in range(40)))
        with ThreadPoolExecutor(8) as pool:
            leased = [key for some in pool.map(lambda _: stores.outbox.lease(5, NOW), range(12)) for key, _ in some]
        assert len(leased) == len(set(leased)) == 40

    def test_a_delivered_note_is_done(self, stores: Stores) -> None:
        self.send(stores, "a")
        ((note_id, _),) = stores.outbox.lease(1, NOW)
        stores.outbox.settle(note_id, True, NOW)
        stores.outbox.settle(note_id, False, NOW)
        self.send(stores, "b", "a")
        assert [n.key for _, n in stores.outbox.lease(9, NOW + DAY)] == ["b"]

    def test_failures_wait_longer_and_end_as_a_dead_letter(self, stores: Stores) -> None:
        self.send(stores, "a")
        now, waits = NOW, []
        for _ in range(TRIES):
            ((note_id, _n),) = stores.outbox.lease(1, now)
            stores.outbox.settle(note_id, False, now)
            failed = now
            while not stores.dead() and not is_due(stores, now):
                now += MINUTE / 2
            waits.append((now - failed) / (MINUTE / 2))
            now += LEASE
        assert waits[:-1] == [1, 2, 4, 8, 16, 32, 64]
        assert [n for _, n in stores.dead()] == [note("a")]
        assert stores.outbox.lease(9, now + 30 * DAY) == ()


class IndexContract:
    """Lists: what the events fold to, at once."""

    def test_a_mentee_sees_the_last_changed_first(self, stores: Stores) -> None:
        for n in range(3):
            stores.open(f"r{n}", at=NOW + n * MINUTE)
        stores.open("other", "eve")
        stores.add("r0", said("m", NOW + DAY))
        assert [s.id for s in stores.index.of_mentee("ana")] == ["r0", "r2", "r1"]
        assert stores.index.of_mentee("nobody") == ()

    def test_a_summary_is_what_the_events_fold_to(self, stores: Stores) -> None:
        stores.open("r1")
        stores.offer("r1", "ben", NOW + DAY, NOW + MINUTE)
        (summary,) = stores.index.of_mentee("ana")
        assert (summary.stage, summary.mentor, summary.due, summary.version) == ("offered", "ben", NOW + DAY, 5)
        assert (summary.question, summary.kind, summary.pending) == ("How do I start?", "vague", False)
        assert (summary.opened_at, summary.changed_at, summary.starts_at) == (NOW, NOW + MINUTE, None)
        slot = TimeSlot(NOW + DAY, 30)
        stores.add("r1", e.OfferAccepted(at=NOW + 2 * MINUTE, actor="ben", mentor="ben", slot=slot))
        (summary,) = stores.index.of_mentee("ana")
        assert (summary.stage, summary.starts_at, summary.due) == ("booked", NOW + DAY, slot.end)

    def test_a_mentor_sees_what_is_held_by_deadline(self, stores: Stores) -> None:
        for name, days in (("late", 3), ("soon", 1), ("booked", 2), ("passed", 2), ("hers", 1)):
            stores.open(name)
            stores.offer(name, "cleo" if name == "hers" else "ben", NOW + days * DAY)
        stores.add("booked", e.OfferAccepted(at=NOW, actor="ben", mentor="ben", slot=TimeSlot(NOW, 30)))
        stores.add("passed", e.OfferPassed(at=NOW, actor="ben", mentor="ben"))
        assert [s.id for s in stores.index.of_mentor("ben")] == ["booked", "soon", "late"]

    def test_a_mentor_finds_again_what_is_closed_after_a_session(self, stores: Stores) -> None:
        for n, name in enumerate(("first", "second", "held", "withdrawn", "hers")):
            stores.open(name)
            stores.offer(name, "cleo" if name == "hers" else "ben", NOW + DAY)
            if name != "withdrawn":
                mentor = "cleo" if name == "hers" else "ben"
                slot = TimeSlot(NOW + n * DAY, 30)
                stores.add(name, e.OfferAccepted(at=NOW, actor=mentor, mentor=mentor, slot=slot))
                stores.add(name, e.SessionHeld(at=NOW, actor=mentor))
        for n, name in enumerate(("first", "second", "hers")):
            stores.add(name, e.ObjectiveMet(at=NOW + n * MINUTE, actor="ana"))
        stores.add("withdrawn", e.Withdrawn(at=NOW, actor="ana"))
        closed = stores.index.held_by("ben")
        assert [(s.id, s.stage, s.question) for s in closed] == [
            ("second", "closed", "How do I start?"), ("first", "closed", "How do I start?"),
        ]  # fmt: skip
        assert [s.id for s in stores.index.of_mentor("ben")] == ["held"]

    def test_the_clock_sees_deadlines_pending_turns_and_silence(self, stores: Stores) -> None:
        for n, name in enumerate(("overdue", "later", "pending", "quiet", "fresh", "closed")):
            stores.open(name, at=NOW - DAY if name == "quiet" else NOW + n * MINUTE)
        stores.offer("overdue", "ben", NOW + DAY)
        stores.offer("later", "ben", NOW + DAY + MINUTE)
        stores.add("pending", said("m", NOW + DAY))
        stores.add("closed", said("m"), e.Withdrawn(at=NOW - DAY, actor="ana"))
        assert [s.id for s in stores.index.due(NOW + DAY, NOW - DAY)] == ["quiet", "overdue", "pending"]


class AccountContract:
    """Accounts: replaced whole, each change with its audit entry."""

    def test_an_account_is_kept_and_replaced(self, stores: Stores) -> None:
        ben = Account("ben", "Ben", frozenset({"mentor", "mentee"}), "Europe/Berlin", "m-ben", "Finance")
        ana = Account("ana", "Ana", frozenset())
        for account in (ben, ana, Account("ben", "Benno", frozenset({"mentee"}))):
            stores.accounts.put(account, Audit("root", "account.manage", account.login, NOW))
        assert stores.accounts.get("ben") == Account("ben", "Benno", frozenset({"mentee"}))
        assert stores.accounts.get("eve") is None
        assert stores.accounts.some(["eve", "ben"]) == {"ben": stores.accounts.get("ben")}
        assert stores.accounts.some([]) == {}
        assert [account.login for account in stores.accounts.all()] == ["ana", "ben"]
        assert stores.accounts.for_mentor("m-ben") == ()
        stores.accounts.put(ben, Audit("root", "account.manage", "ben", NOW))
        assert stores.accounts.for_mentor("m-ben") == (ben,)
        assert stores.audits() == [Audit("root", "account.manage", login, NOW) for login in ("ben", "ana", "ben", "ben")]

    def test_the_switch_for_the_model_is_changed_alone(self, stores: Stores) -> None:
        ben, ana, put = Account("ben", "Ben", frozenset()), Account("ana", "Ana", frozenset()), Audit("root", "put", "", NOW)
        off, on = Audit("ben", "model.switch", "off", NOW), Audit("ben", "model.switch", "on", NOW)
        for account in (ben, ana):
            stores.accounts.put(account, put)
        assert stores.accounts.without_model() == ()
        assert [stores.accounts.set_model("ben", False, off), stores.accounts.set_model("ben", False, off)] == [True, False]
        stores.accounts.put(Account("ben", "Benno", frozenset()), put)
        assert stores.accounts.without_model() == (Account("ben", "Benno", frozenset(), model=False),)
        assert stores.accounts.get("ben") == stores.accounts.all()[1] == stores.accounts.without_model()[0]
        assert stores.accounts.set_model("ben", True, on)
        assert not stores.accounts.set_model("eve", False, off)
        assert stores.accounts.without_model() == ()
        assert stores.audits() == [put, put, off, put, on]

    def test_an_account_can_be_added_with_the_switch_off(self, stores: Stores) -> None:
        stores.accounts.put(Account("ben", "Ben", frozenset(), model=False), Audit("root", "put", "", NOW))
        assert [account.login for account in stores.accounts.without_model()] == ["ben"]


class StoreContract(RequestContract, BeforeContract, BookingContract, OutboxContract, IndexContract, AccountContract):
    """All of it; a subclass gives the fixture `stores`."""
