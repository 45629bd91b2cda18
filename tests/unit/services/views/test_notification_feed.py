"""The bell: each person hears what was written to them, as mentee and as mentor, and it falls silent when they looked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.store.sql_engine import open_engine
from assistant.adapters.store.sql_notifications import SqlNotifications
from assistant.ports import NotificationItem, Notifications, StoreUnavailable
from assistant.services.accounts.access import Actor
from assistant.services.views.notification_feed import MOST, NotificationFeed
from tests.fakes import TUESDAY_TEN, FakeApp, done, refused


@pytest.fixture
def notification_feed(sql_app: FakeApp, tmp_path: Path) -> Iterator[NotificationFeed]:
    engine = open_engine(f"sqlite:///{tmp_path}/askwell.db")
    yield NotificationFeed(SqlNotifications(engine))
    engine.dispose()


def topics(notification_feed: NotificationFeed, actor: Actor) -> list[str]:
    return [item.topic for item in done(notification_feed.latest(actor)).items]


def test_each_side_reads_what_was_written_to_it(sql_app: FakeApp, notification_feed: NotificationFeed) -> None:
    request = sql_app.to_booking()
    assert topics(notification_feed, sql_app.actor("lena")) == ["accepted_booked"]
    assert topics(notification_feed, sql_app.mentor("ada")) == ["booked_mentor", "offer"]
    for nobody in (
        sql_app.actor("mika"),
        sql_app.mentor("ben"),
        sql_app.actor("petra"),
        sql_app.actor("alasdair"),
    ):
        assert done(notification_feed.latest(nobody)) == Notifications(0, ())
    (item,) = done(notification_feed.latest(sql_app.actor("lena"))).items
    assert item == NotificationItem(item.id, sql_app.clock.now(), request, "accepted_booked", item.body, False)
    assert item.body.startswith("Ada Rowntree accepted.")


def test_the_mail_changes_nothing_about_it(sql_app: FakeApp, notification_feed: NotificationFeed) -> None:
    sql_app.to_booking()
    before = notification_feed.latest(sql_app.mentor("ada"))
    assert len(sql_app.notes()) == 3
    assert notification_feed.latest(sql_app.mentor("ada")) == before


def test_seen_is_seen_until_something_happens(sql_app: FakeApp, notification_feed: NotificationFeed) -> None:
    lena, ada = sql_app.actor("lena"), sql_app.mentor("ada")
    request = sql_app.to_booking()
    first = done(notification_feed.latest(lena))
    assert first.unseen == done(notification_feed.latest(lena)).unseen == 1
    done(notification_feed.seen(lena, first.items[0].id))
    assert done(notification_feed.latest(lena)).unseen == 0
    assert done(notification_feed.latest(ada)).unseen == 2
    done(sql_app.sessions.move(ada, request, TUESDAY_TEN.replace(hour=11)))
    after = done(notification_feed.latest(lena))
    assert [(item.topic, item.seen) for item in after.items] == [("rescheduled", False), ("accepted_booked", True)]
    done(notification_feed.seen(lena, first.items[0].id))
    assert done(notification_feed.latest(lena)).unseen == 1


def test_one_person_in_two_roles_has_one_bell(sql_app: FakeApp, notification_feed: NotificationFeed) -> None:
    cleo = sql_app.actor("login-cleo")
    sql_app.to_booking("login-cleo")
    sql_app.to_offer("cleo")
    assert topics(notification_feed, cleo) == ["offer", "accepted_booked"]
    done(notification_feed.seen(cleo, done(notification_feed.latest(cleo)).items[0].id))
    assert done(notification_feed.latest(cleo)).unseen == 0


def test_a_mentor_profile_speaks_only_to_who_has_the_role(sql_app: FakeApp, notification_feed: NotificationFeed) -> None:
    sql_app.to_offer()
    assert topics(notification_feed, Actor("mika", frozenset({"mentee"}), "ada")) == []
    assert topics(notification_feed, Actor("login-ada", frozenset({"mentor"}), None)) == []
    assert topics(notification_feed, Actor("ada", frozenset({"mentee"}))) == []


def test_who_has_no_role_reads_and_marks_nothing(sql_app: FakeApp, notification_feed: NotificationFeed) -> None:
    sql_app.to_booking()
    before = sql_app.ports.picture()
    refused(notification_feed.latest(Actor("lena")), "role")
    refused(notification_feed.seen(Actor("lena"), 9), "role")
    assert sql_app.ports.picture() == before


def test_nobody_marks_for_another(sql_app: FakeApp, notification_feed: NotificationFeed) -> None:
    sql_app.to_booking()
    done(notification_feed.seen(sql_app.actor("mika"), 10**6))
    done(notification_feed.seen(sql_app.mentor("ben"), 10**6))
    assert done(notification_feed.latest(sql_app.actor("lena"))).unseen == 1
    assert done(notification_feed.latest(sql_app.mentor("ada"))).unseen == 2


@pytest.mark.parametrize(("limit", "shown"), [(-1, 0), (0, 0), (1, 1), (10**6, 2)])
def test_any_limit_is_safe(sql_app: FakeApp, notification_feed: NotificationFeed, limit: int, shown: int) -> None:
    sql_app.to_booking()
    news = done(notification_feed.latest(sql_app.mentor("ada"), limit))
    assert (len(news.items), news.unseen) == (shown, 2)


def test_no_more_than_a_hundred_at_once() -> None:
    asked: list[int] = []

    class Store:
        def news(self, login: str, addresses: object, limit: int) -> Notifications:
            asked.append(limit)
            return Notifications(0, ())

        def mark_seen(self, login: str, addresses: object, upto: int) -> None: ...

    done(NotificationFeed(Store()).latest(Actor("lena", frozenset({"mentee"})), 10**6))
    assert asked == [MOST] == [100]


def test_a_store_that_is_away_is_said_so() -> None:
    class Away:
        def news(self, *_: object) -> Notifications:
            raise StoreUnavailable("locked")

        def mark_seen(self, *_: object) -> None:
            raise StoreUnavailable("locked")

    lena = Actor("lena", frozenset({"mentee"}))
    refused(NotificationFeed(Away()).latest(lena), "storage")
    refused(NotificationFeed(Away()).seen(lena, 1), "storage")
