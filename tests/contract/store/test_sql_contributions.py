"""Who helped with what, out of a real record: what counts, what does not, and that it is gone when it is erased."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from threading import Barrier

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from assistant.adapters.store import sql_contributions
from assistant.adapters.store.sql_contributions import SqlContributions
from assistant.adapters.store.sql_engine import writing
from assistant.adapters.store.sql_tables import requests
from assistant.domain import events as e
from assistant.domain.brief import Brief, BriefField
from assistant.domain.schedule import TimeSlot
from assistant.evaluation.in_memory import experts_in_memory
from retrieval.adapters.sql_corpus import SqlCorpus
from retrieval.adapters.sql_vectors import SqlVectors
from retrieval.errors import EmbeddingsUnavailable
from retrieval.people.experts import ExpertHit
from tests.contract.retrieval.support import WordEmbeddings, article, profile
from tests.contract.store.samples import DAY, NOW, Stores

QUESTION = "How do I reclaim canary vat on imports?"
PEOPLE = [profile("ada", "Tax", "I file vat returns for imports."), profile("ben", "Budgets", "I plan budgets."),
          profile("cid", "Stock", "I count stock.")]  # fmt: skip
LATER = NOW + 9 * DAY
FADING = [(90.0, 1.0)]
Find = Callable[[], tuple[ExpertHit, ...]]


@pytest.fixture(autouse=True)
def at_every_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_contributions, "REQUESTS_EVERY", 0.0)


@pytest.fixture
def helped(engine: Engine) -> SqlContributions:
    return SqlContributions(engine, WordEmbeddings(), SqlVectors(engine))


@pytest.fixture
def find(helped: SqlContributions) -> Find:
    experts = experts_in_memory(PEOPLE, WordEmbeddings(), helped)
    return lambda: experts.find(QUESTION, at=LATER)


def accepted(stores: Stores, key: str, mentor: str, question: str = QUESTION, *, written: bool = False) -> None:
    """A request that a mentor took on: booked, or in writing."""
    brief = Brief((BriefField("question", question, "composed"),), 30, ())
    stores.open(key)
    stores.add(
        key,
        e.QuestionConfirmed(at=NOW, actor="ana", question=question),
        e.BriefDrafted(at=NOW, actor="askwell", brief=brief, recipients=(mentor,)),
        e.BriefApproved(at=NOW, actor="ana", brief_hash="h"),
        e.OfferMade(at=NOW, actor="ana", mentor=mentor, brief_hash="h", due=NOW + DAY),
        e.OfferAccepted(at=NOW, actor=mentor, mentor=mentor, slot=None if written else TimeSlot(NOW + DAY, 30)),
    )


def closed(stores: Stores, key: str, mentor: str, question: str = QUESTION, at: datetime = NOW + 2 * DAY) -> None:
    accepted(stores, key, mentor, question)
    stores.add(key, e.SessionHeld(at=at, actor="ana"), e.ObjectiveMet(at=at, actor="ana"))


def order(hits: Sequence[ExpertHit]) -> list[str]:
    return [hit.profile.id for hit in hits]


def counted(helped: SqlContributions) -> set[str]:
    return set(helped.activity(None, LATER, FADING))


def test_with_an_empty_record_the_ranking_is_that_of_the_profiles(find: Find) -> None:
    assert find() == experts_in_memory(PEOPLE, WordEmbeddings()).find(QUESTION)


def test_who_held_the_session_of_a_closed_request_comes_first_for_its_question(stores: Stores, find: Find) -> None:
    assert order(find())[0] == "ada"
    for n in range(3):
        closed(stores, f"r{n}", "ben")
    first = find()[0]
    assert first.profile.id == "ben"
    assert first.recent == (NOW + 2 * DAY).date()


def test_an_exchange_that_was_handed_back_counts(stores: Stores, helped: SqlContributions) -> None:
    accepted(stores, "r1", "ben", written=True)
    stores.add("r1", e.HandedBack(at=NOW, actor="ben", mentor="ben"), e.ObjectiveMet(at=NOW, actor="ana"))
    assert counted(helped) == {"ben"}


@pytest.mark.parametrize("written", [False, True])
def test_one_that_was_withdrawn_without_a_session_does_not(stores: Stores, helped: SqlContributions, written: bool) -> None:
    accepted(stores, "r1", "ben", written=written)
    stores.add("r1", e.Withdrawn(at=NOW, actor="ana"))
    assert counted(helped) == set()


def test_it_counts_when_it_is_closed_and_not_before(stores: Stores, helped: SqlContributions) -> None:
    accepted(stores, "r1", "ben")
    stores.add("r1", e.SessionHeld(at=NOW, actor="ana"))
    assert counted(helped) == set()
    stores.add("r1", e.ObjectiveMet(at=NOW, actor="ana"))
    assert counted(helped) == {"ben"}


def test_what_a_mentor_attested_counts_too_also_after_the_end(stores: Stores, helped: SqlContributions, find: Find) -> None:
    closed(stores, "r1", "ben", "What is stock?")
    before = helped.activity(None, LATER, FADING)["ben"]
    assert [hit.recent for hit in find() if hit.profile.id == "ben"] == [None]
    stores.add("r1", e.CompetencyAttested(at=NOW + 2 * DAY, actor="ben", text="Reclaims canary vat on imports"))
    assert helped.activity(None, LATER, FADING)["ben"] == pytest.approx(2 * before)
    assert [hit.recent for hit in find() if hit.profile.id == "ben"] == [(NOW + 2 * DAY).date()]
    assert "Reclaims" not in str([astuple(hit) for hit in find()])


def test_an_article_counts_for_the_mentor_who_owns_it(
    engine: Engine, helped: SqlContributions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_contributions, "ARTICLES_EVERY", 0.0)
    corpus = SqlCorpus(engine)
    corpus.put_profiles(PEOPLE)
    text = "Claim the tax of an import in the month of its invoice."
    mine = [replace(article(owner, "Vat on imports", text), owner=owner) for owner in ("ben", "Name cid", "Finance")]
    corpus.put_articles(mine)
    assert counted(helped) == {"ben", "cid"}
    corpus.put_articles([replace(mine[0], owner="Finance")])
    assert counted(helped) == {"cid"}


def test_what_is_erased_is_gone_at_the_next_look(stores: Stores, engine: Engine, helped: SqlContributions, find: Find) -> None:
    bare = find()
    closed(stores, "r1", "ben")
    closed(stores, "r2", "cid", "What is canary stock?")
    assert counted(helped) == {"ben", "cid"}
    with writing(engine) as db:
        db.execute(requests.delete().where(requests.c.id == "r1"))
    assert counted(helped) == {"cid"}
    with writing(engine) as db:
        db.execute(requests.update().values(question=""))
    assert counted(helped) == set()
    assert find() == bare


def test_one_erased_and_another_closed_between_two_looks(stores: Stores, engine: Engine, helped: SqlContributions) -> None:
    closed(stores, "r1", "ben")
    assert counted(helped) == {"ben"}
    with writing(engine) as db:
        db.execute(requests.delete().where(requests.c.id == "r1"))
    closed(stores, "r2", "cid", at=NOW + 2 * DAY + timedelta(seconds=1))
    assert counted(helped) == {"cid"}


def test_a_question_is_never_quoted(stores: Stores, find: Find) -> None:
    closed(stores, "r1", "ben")
    assert "canary" not in str([astuple(hit) for hit in find()])


def test_nothing_is_embedded_twice_and_looks_come_every_few_seconds(
    stores: Stores, engine: Engine, helped: SqlContributions, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(stores, "r1", "ben")
    counted(helped)
    again = WordEmbeddings()
    assert counted(SqlContributions(engine, again, SqlVectors(engine))) == {"ben"}
    assert again.embedded == 0
    monkeypatch.setattr(sql_contributions, "REQUESTS_EVERY", 60.0)
    closed(stores, "r2", "cid")
    assert counted(helped) == {"ben"}


def test_the_same_record_gives_the_same_answer_in_whatever_order_it_was_seen(stores: Stores, engine: Engine, find: Find) -> None:
    found = []
    for n, mentor in enumerate(["cid", "ben", "cid"]):
        closed(stores, f"r{2 - n}", mentor, at=NOW + timedelta(hours=n))
        found = list(find())
    fresh = experts_in_memory(PEOPLE, WordEmbeddings(), SqlContributions(engine, WordEmbeddings(), SqlVectors(engine)))
    assert list(fresh.find(QUESTION, at=LATER)) == found


def test_two_threads_that_ask_while_requests_are_closed(stores: Stores, helped: SqlContributions, find: Find) -> None:
    together = Barrier(3)

    def ask() -> list[int]:
        together.wait(10)
        return [len(find()) for _ in range(20)]

    with ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(ask) for _ in range(2)]
        together.wait(10)
        for n in range(5):
            closed(stores, f"r{n}", "ben")
        assert all(set(one.result(30)) == {len(PEOPLE)} for one in asking)
    one, other = find(), find()
    assert one == other
    assert sum(helped.activity(None, LATER, [(1e9, 1.0)]).values()) == pytest.approx(5)


class Failing(WordEmbeddings):
    """An endpoint that is away for a while."""

    away = True

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.away:
            raise EmbeddingsUnavailable("The endpoint cannot be reached.")
        return super().embed(texts)


def test_while_the_embedder_fails_the_rest_goes_on_and_nothing_is_lost(
    stores: Stores, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    failing = Failing()
    helped = SqlContributions(engine, failing, SqlVectors(engine))
    closed(stores, "r1", "ben")
    with caplog.at_level(logging.WARNING):
        assert counted(helped) == set()
    assert "cannot be reached" in caplog.text
    failing.away = False
    assert counted(helped) == {"ben"}
