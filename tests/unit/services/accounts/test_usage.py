"""What curators see of the language model: totals by task and reason, a cost where there is a price, and never a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.adapters.store.memory_usage import MemoryUsage
from assistant.domain.usage import AFTERWARDS, Spent
from assistant.ports import StoreUnavailable
from assistant.services.accounts.access import Actor
from assistant.services.accounts.usage import UsageReport, UsageReports
from assistant.services.results import Refusal
from tests.fakes import MONDAY, SettableClock, done

PETRA = Actor("petra", frozenset({"curator"}))
ASK = Spent(MONDAY, "p1", "ask", "tiny", "v1", 1_000_000, 100_000, 400_000)
PRICES = {"tiny": (1.0, 10.0, 0.25)}


@pytest.fixture
def store() -> MemoryUsage:
    return MemoryUsage()


def read(store: MemoryUsage, prices: dict[str, tuple[float, float, float]] = PRICES, model_set: bool = True) -> UsageReport:
    return done(UsageReports(store, SettableClock(), prices, model_set).read(PETRA))


def crowd(store: MemoryUsage, *rows: Spent, people: int = 5) -> None:
    """Each row once, and a free question of each of so many people."""
    for row in rows:
        store.record(row)
    for n in range(1, people + 1):
        store.record(replace(ASK, person=f"p{n}", task="sharpen", prompt=0, completion=0, cached=0))


def test_nothing_was_asked(store: MemoryUsage) -> None:
    report = read(store, model_set=False)
    assert (report.total.questions, report.total.tokens, report.total.cost, report.tasks) == (0, 0, 0, ())
    assert (report.model_set, report.few) == (False, True)


def test_totals_by_task_with_their_cost(store: MemoryUsage) -> None:
    crowd(store, ASK, replace(ASK, outcome="late"), replace(ASK, task="answer", outcome=AFTERWARDS))
    report = read(store)
    assert [use.task for use in report.tasks] == ["answer", "ask", "sharpen"]
    answer, ask, sharpen = report.tasks
    assert (ask.questions, ask.by_model, ask.tokens, ask.model_share, ask.cached_share) == (2, 1, 2_200_000, 0.5, 0.4)
    assert ask.cost == pytest.approx(2 * (0.6 + 1.0 + 0.1))
    assert (answer.questions, answer.by_model, answer.tokens, answer.cost) == (0, 0, 1_100_000, pytest.approx(1.7))
    assert (sharpen.questions, sharpen.cost) == (5, 0)
    assert (report.total.questions, report.total.tokens, report.total.cost) == (7, 3_300_000, pytest.approx(5.1))
    assert report.fallbacks == (("late", 1),)


def test_a_model_without_a_price_has_no_cost(store: MemoryUsage) -> None:
    crowd(store, ASK, replace(ASK, task="answer", model="other"))
    report = read(store)
    assert {use.task: use.cost for use in report.tasks} == {"answer": None, "ask": pytest.approx(1.7), "sharpen": 0}
    assert report.total.cost is None
    assert [use.dollars for use in report.tasks] == ["", "1.70", "0.00"]
    assert replace(report.total, cost=0.01234).dollars == "0.0123"


def test_reasons_are_counted_the_most_frequent_first(store: MemoryUsage) -> None:
    late, resting = replace(ASK, outcome="late"), replace(ASK, outcome="resting")
    crowd(store, late, resting, resting, replace(ASK, outcome="busy"), replace(ASK, outcome=AFTERWARDS))
    assert read(store).fallbacks == (("resting", 2), ("busy", 1), ("late", 1))


@pytest.mark.parametrize(("people", "few"), [(4, True), (5, False)])
def test_where_few_people_asked_only_the_total_is_shown(store: MemoryUsage, people: int, few: bool) -> None:
    crowd(store, replace(ASK, outcome="late"), people=people)
    report = read(store)
    assert (report.few, report.tasks == (), report.fallbacks == ()) == (few, few, few)
    assert report.total.tokens == 1_100_000


def test_thirty_days_count_and_not_one_more(store: MemoryUsage) -> None:
    midnight = MONDAY.replace(hour=0)
    for at in (midnight - timedelta(days=29), midnight - timedelta(days=29, seconds=1)):
        store.record(replace(ASK, at=at))
    assert read(store).total.questions == 1


def test_no_person_is_named(store: MemoryUsage) -> None:
    crowd(store, replace(ASK, person="somebody-private"))
    assert "somebody" not in repr(read(store))


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_others_see_nothing(store: MemoryUsage, role: str) -> None:
    refused = UsageReports(store, SettableClock(), PRICES, True).read(Actor("lena", frozenset({role})))
    assert isinstance(refused, Refusal)
    assert refused.code == "role"


def test_a_store_that_is_away_is_a_refusal(store: MemoryUsage) -> None:
    class Away(MemoryUsage):
        def people(self, since: object) -> int:
            raise StoreUnavailable("the database is locked")

    refused = UsageReports(Away(), SettableClock(), PRICES, True).read(PETRA)
    assert isinstance(refused, Refusal)
    assert refused.code == "storage"
