"""What people did, as evidence: what is seen when, how it fades, and that it decides nothing where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.evaluation.in_memory import contributions_in_memory, experts_in_memory
from retrieval.passage import Profile
from retrieval.people.contributions import Contribution, Near, of_answer, of_article, of_debrief
from retrieval.people.voting import Method, decayed, score_contributors, shares, topic_shares, votes_by_person
from retrieval.text import content_stems

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAIN = Method(fading=((90.0, 1.0),))


class Words:
    """Each stem has a direction of its own, nearly."""

    id, dimension = "words", 64

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        out = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for stem in content_stems(text):
                out[row, sum(map(ord, stem)) % self.dimension] += 1
        unit: NDArray[np.float32] = out / np.linalg.norm(out, axis=1, keepdims=True)
        return unit


def did(key: str, person: str, text: str, days_ago: float = 1, topic: str = "tax") -> Contribution:
    return Contribution(key, person, NOW - timedelta(days=days_ago), "answer", topic, text)


def person(key: str, evidence: str) -> Profile:
    return Profile(key, key, "Analyst", "D", "senior", "UTC", ("en",), (), ("call",), 1, "", evidence)


PEOPLE = [person("ada", "I file vat returns."), person("bea", "I plan budgets."), person("cid", "I count stock.")]
QUESTION = "refund of input vat"


def order(*done: Contribution, at: datetime = NOW, exclude: Sequence[str] = ()) -> list[str]:
    experts = experts_in_memory(PEOPLE, Words(), contributions_in_memory(done, Words()) if done else None)
    return [hit.profile.id for hit in experts.find(QUESTION, exclude=exclude, at=at)]


def test_without_anything_done_the_profiles_decide_as_ever() -> None:
    bare = experts_in_memory(PEOPLE, Words()).find(QUESTION)
    for done in ([], [did("1", "bea", QUESTION, days_ago=-1)], [did("2", "bea", "lunch menu")]):
        found = experts_in_memory(PEOPLE, Words(), contributions_in_memory(done, Words())).find(QUESTION, at=NOW)
        assert [(hit.profile.id, hit.score, hit.quote) for hit in found] == [(h.profile.id, h.score, h.quote) for h in bare]


def test_who_answered_it_before_comes_first_and_the_card_says_when() -> None:
    index = contributions_in_memory([did(str(n), "bea", "vat refund and input vat", n + 1) for n in range(4)], Words())
    first = experts_in_memory(PEOPLE, Words(), index).find(QUESTION, at=NOW)[0]
    assert (first.profile.id, first.recent) == ("bea", date(2026, 2, 28))
    assert first.votes == first.activity == 1.0
    assert 0 < first.score <= 1


def test_what_was_asked_is_never_in_a_hit() -> None:
    index = contributions_in_memory([did("request:1", "bea", "canary vat refund", 2)], Words())
    hits = experts_in_memory(PEOPLE, Words(), index).find(QUESTION, at=NOW)
    assert "canary" not in str([astuple(hit) for hit in hits])


def test_excluding_somebody_leaves_the_others_as_they_were() -> None:
    done = [did("1", "bea", QUESTION), did("2", "cid", QUESTION, 40)]
    assert order(*done, exclude=["bea"]) == [key for key in order(*done) if key != "bea"]


def test_nothing_from_the_moment_on_is_seen_and_what_is_known_later_counts_later() -> None:
    late = Contribution("2", "cid", NOW - timedelta(days=3), "answer", "tax", QUESTION, known=NOW + timedelta(days=11))
    index = contributions_in_memory([did("1", "bea", QUESTION, 0), late], Words())
    vector = Words().embed([QUESTION])[0]
    assert index.near(QUESTION, vector, NOW, 5) == []
    assert [one.person for one in index.near(QUESTION, vector, NOW + timedelta(seconds=1), 5)] == ["bea"]
    seen = index.activity("tax", NOW + timedelta(days=12), [(15.0, 1.0)])
    assert seen == {"bea": pytest.approx(2 ** (-12 / 15)), "cid": pytest.approx(0.5)}


def test_of_two_alike_the_later_counts_more() -> None:
    assert order(did("1", "bea", QUESTION, 80), did("2", "cid", QUESTION, 5))[0] == "cid"
    assert order(did("1", "bea", QUESTION, 5), did("2", "cid", QUESTION, 80))[0] == "bea"


def test_what_is_erased_is_gone_and_ties_go_by_id() -> None:
    from retrieval.adapters.dated_index import DatedIndex

    index, vectors = DatedIndex(64), Words().embed([QUESTION, QUESTION])
    index.put([did("b", "bea", QUESTION), did("a", "cid", QUESTION)], vectors)
    assert [one.id for one in index.near(QUESTION, vectors[0], NOW, 5)] == ["a", "b"]
    index.remove(["a", "unknown"])
    assert [one.id for one in index.near(QUESTION, vectors[0], NOW, 5)] == ["b"]
    assert index.activity(None, NOW, [(90.0, 1.0)]).keys() == {"bea"}


def test_an_answer_weighs_for_the_words_that_are_rare_among_what_was_known() -> None:
    index = contributions_in_memory([did("1", "bea", "vat of ORA-00942"), did("2", "cid", "vat of it")], Words())
    best = index.near("ORA-00942", np.zeros(64, np.float32), NOW, 5)
    assert best[0].person == "bea"


def near(who: str, score: float, days: float = 0, topic: str = "tax") -> Near:
    return Near(who + str(score), who, NOW - timedelta(days=days), topic, 1.0, score, score)


def test_votes_add_up() -> None:
    found = votes_by_person([near("ada", 1.0), near("bea", 0.4), near("bea", 0.2)], NOW, PLAIN)
    assert found == {"ada": pytest.approx(1.0), "bea": pytest.approx(0.6)}


def test_a_vote_halves_with_its_half_life() -> None:
    assert votes_by_person([near("ada", 1.0, 90)], NOW, PLAIN)["ada"] == pytest.approx(0.5)
    assert decayed(10, [(10.0, 0.5), (1e9, 0.5)]) == pytest.approx(0.75)


def test_a_question_is_about_the_topics_of_what_is_near() -> None:
    rows = [near("ada", 0.6), near("bea", 0.2, topic="law"), near("cid", 0.2, topic="")]
    assert topic_shares(rows) == {"tax": pytest.approx(0.75), "law": pytest.approx(0.25)}
    assert shares({}) == shares({"a": 0.0}) == {}


def test_little_evidence_has_little_weight() -> None:
    vector = Words().embed([QUESTION])[0]
    weights = []
    for size in (0, 1, 8):
        index = contributions_in_memory([did(str(n), "bea", QUESTION) for n in range(size)], Words())
        weights.append(score_contributors(index, QUESTION, vector, NOW).weight)
    assert weights[0] == 0 < weights[1] < weights[2] < 1


def test_where_contributions_come_from() -> None:
    kept = of_article("vat", "ada", date(2026, 1, 2), "tax", "Vat in short")
    assert (kept.id, kept.at.date(), kept.topic, kept.kind) == ("article:vat", date(2026, 1, 2), "tax", "article")
    shown = of_debrief("r1", 7, "bea", NOW, "Files a vat return")
    assert (shown.id, shown.person, shown.kind, shown.text) == ("request:r1:7", "bea", "debrief", "Files a vat return")
    assert of_answer("r1", "bea", date(2026, 1, 3), "", QUESTION).id == "request:r1"
