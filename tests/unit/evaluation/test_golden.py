"""The golden questions and the simulated mentees name articles and people that exist, once each."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "knowledge_base" / "golden"
MENTEES = ROOT / "tests" / "evals" / "data" / "mentees.jsonl"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def articles() -> set[str]:
    return {path.stem for folder in ("articles", "guides") for path in (ROOT / "knowledge_base" / folder).glob("*.md")}


@pytest.fixture(scope="module")
def mentors() -> set[str]:
    with (ROOT / "knowledge_base" / "mentors" / "mentors.csv").open(encoding="utf-8") as file:
        return {row["mentor_id"] if "mentor_id" in row else row["id"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(("job", "least"), [("retrieval", 60), ("experts", 35)])
@pytest.mark.parametrize("part", ["dev", "test"])
def test_every_question_is_judged(job: str, least: int, part: str, articles: set[str], mentors: set[str]) -> None:
    queries = rows(GOLDEN / job / part / "queries.jsonl")
    judged = [line.split("\t") for line in (GOLDEN / job / part / "qrels.tsv").read_text("utf-8").splitlines()]
    ids = [query["id"] for query in queries]
    assert len(ids) == len(set(ids)) >= least
    assert len({query["text"] for query in queries}) == len(ids)
    assert {query for query, _, _ in judged} == set(ids)
    assert {found for _, found, _ in judged} <= (articles if job == "retrieval" else mentors)


def test_the_parts_share_no_question() -> None:
    for job in ("retrieval", "abstain", "experts"):
        dev, test = ({row["text"] for row in rows(GOLDEN / job / part / "queries.jsonl")} for part in ("dev", "test"))
        assert not dev & test, job


def test_what_the_base_cannot_answer_is_near_to_something_that_exists(articles: set[str]) -> None:
    unknown = [row for part in ("dev", "test") for row in rows(GOLDEN / "abstain" / part / "queries.jsonl")]
    assert len(unknown) >= 30
    assert {row["near"] for row in unknown if row["near"]} <= articles


def test_mentees_are_complete(articles: set[str], mentors: set[str]) -> None:
    people = rows(MENTEES)
    assert len({person["id"] for person in people}) == len({person["opening"] for person in people}) == len(people) >= 60
    for person in people:
        assert set(person["articles"]) <= articles, person["id"]
        assert set(person["mentors"]) <= mentors, person["id"]
        assert set(person["not"]) <= articles | mentors, person["id"]
        assert set(person["answers"]) == {"task", "context", "tried", "outcome", "deadline", "format"}, person["id"]
    assert len({person["persona"] for person in people}) == 6
