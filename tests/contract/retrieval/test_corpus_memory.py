"""What a corpus remembers of profiles is what the database holds, whoever changed it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.adapters.profile_directory import ProfileDirectory
from retrieval.adapters import sql_corpus
from retrieval.adapters.sql_corpus import SqlCorpus
from tests.contract.retrieval.support import database, profile
from tests.counting import counted

ADA = profile("ada", "Controller", "I face the board every quarter. I cut slides.")
BEN = profile("ben", "Account Lead", "I negotiate renewals.")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = database(tmp_path)
    SqlCorpus(made).put_profiles([ADA, BEN])
    return made


def test_a_change_by_another_process_is_seen_at_once(engine: Engine) -> None:
    mine, another = SqlCorpus(engine), SqlCorpus(engine)
    directory = ProfileDirectory(mine)
    assert mine.profiles(["ada", "ben"]) == {"ada": ADA, "ben": BEN}
    assert {part.profile_id for part in mine.evidence_of(["ada"]).values()} == {"ada"}
    changed = replace(ADA, name="Ada Byron", evidence="I sail.")
    another.put_profiles([changed])
    another.remove("profiles", ["ben"])
    assert mine.profiles(["ada", "ben"]) == {"ada": changed}
    assert mine.profiles() == {"ada": changed}
    assert "I sail." in {part.matched for part in mine.evidence_of(["ada", "ben"]).values()}
    assert "I cut slides." not in {part.matched for part in mine.evidence_of(["ada"]).values()}
    assert directory.some(["ada", "ben"])["ada"].name == "Ada Byron"
    assert directory.get("ben") is None


def test_what_did_not_change_costs_one_statement(engine: Engine) -> None:
    corpus = SqlCorpus(engine)
    for ask in (corpus.profiles, corpus.evidence_of):
        first = ask(["ada", "ben"])
        with counted(engine) as cost:
            assert ask(["ben", "ada"]) == first
        assert len(cost.statements) == 1


def test_somebody_without_evidence_is_remembered_too(engine: Engine) -> None:
    corpus = SqlCorpus(engine)
    corpus.evidence_of(["nobody"])
    with counted(engine) as cost:
        assert corpus.evidence_of(["nobody"]) == {}
    assert len(cost.statements) == 1


def test_the_memory_is_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_corpus, "REMEMBERED", 1)
    corpus = SqlCorpus(engine)
    assert corpus.profiles(["ada"]) == {"ada": ADA}
    assert corpus.profiles(["ada", "ben"]) == {"ada": ADA, "ben": BEN}
    assert corpus.profiles(["ben"]) == {"ben": BEN}
    assert len(corpus._profiles) <= 2
