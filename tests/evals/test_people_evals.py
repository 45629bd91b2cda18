"""The sets about people: what is read, what is seen when, and a small year from end to end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.evaluation.experts_eval import evaluate_people
from assistant.evaluation.figures import Report
from assistant.evaluation.job import Job, Protocol
from assistant.evaluation.people_sets import asked_of, contributions_of, moment, profiles_of, text_of
from assistant.evaluation.sets import BadSet, locate
from retrieval.ports import Embeddings
from tests.evals.lab.year import Size, write_year
from tests.unit.retrieval.people.test_contributions import Words


class Here(Job):
    """A job with embeddings that need no model."""

    def embeddings(self, stage: str) -> Embeddings:
        return Words()


def write(folder: Path, name: str, *rows: Mapping[str, object] | str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")


def measured(folder: Path, protocol: Protocol = "plain") -> Report:
    return evaluate_people(Here(locate("experts", folder, "dev"), "dev", lambda stage, done, total: None, protocol))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Numbers as ids, zones or none, people known by their deeds alone, and texts under several names."""
    write(tmp_path, "shared/people.jsonl", {"id": 1}, {"id": 2, "title": "Tax adviser"})
    write(
        tmp_path,
        "shared/evidence.jsonl",
        {"id": 7, "person": 1, "date": "2025-05-01", "topic": "tax", "question_title": "vat refund", "answer": "ask"},
        {"id": 8, "person": 3, "date": "2025-06-01T10:00:00+02:00", "topic": "tax", "summary": "vat refund"},
    )
    write(
        tmp_path,
        "dev/queries.jsonl",
        {"id": 10, "text": "vat refund", "date": "2025-06-01T08:00:00", "topic": "tax", "asker": 3},
        {"id": 11, "summary": "vat refund", "date": "2025-06-20T08:00:00Z", "topic": "tax", "reporter": 1},
        {"id": 12, "text": "never judged"},
    )
    write(tmp_path, "dev/qrels.tsv", "query-id\tcorpus-id\tscore", "10\t1\t1", "11\t3\t1", "11\t2\t0")
    return tmp_path


def test_what_is_dated_at_the_moment_or_later_is_not_seen(folder: Path) -> None:
    report = measured(folder)
    assert report.figure("MRR").value == 1.0
    assert report.figure("popularity in topic: MRR").value == 1.0
    assert report.figure("MRR").count == 2


def test_under_the_rolling_protocol_answers_are_known_two_weeks_later(folder: Path) -> None:
    found = locate("experts", folder, "dev")
    asked = asked_of(found)
    plain, rolling = (contributions_of(found, asked, protocol) for protocol in ("plain", "rolling"))
    more = {one.id: one for one in rolling if one not in plain}
    assert more.keys() == {"query:10:1", "query:11:3"}
    assert more["query:10:1"].seen_from == datetime(2025, 6, 15, 8, tzinfo=UTC)
    assert more["query:10:1"].at == datetime(2025, 6, 1, 8, tzinfo=UTC)
    assert measured(folder, "rolling").title.endswith("rolling)")


def test_people_known_by_id_alone_are_people(folder: Path) -> None:
    people = {one.id: one for one in profiles_of(folder / "shared" / "people.jsonl", ["3", "1"])}
    assert list(people) == ["1", "2", "3"]
    assert people["2"].title == "Tax adviser"


def test_without_evidence_the_profiles_are_measured(folder: Path) -> None:
    (folder / "shared" / "evidence.jsonl").unlink()
    assert measured(folder).figure("recent activity: MRR").value == 0.0


@pytest.mark.parametrize("value", ["soon", "2025-13-01", "", 1e300])
def test_a_date_that_cannot_be_read_is_said(folder: Path, value: object) -> None:
    write(folder, "shared/evidence.jsonl", {"person": 1, "date": value, "title": "vat"})
    with pytest.raises(BadSet, match=r"evidence.jsonl, line 1"):
        measured(folder)


def test_dates_without_a_zone_are_utc_and_texts_are_read_once() -> None:
    assert moment("2025-06-01T10:00:00.5+02:00", Path(), 1) == datetime(2025, 6, 1, 8, 0, 0, 500_000, UTC)
    assert moment("2025-06-01", Path(), 1) == moment(1748736000, Path(), 1)
    assert text_of({"title": "vat", "text": "vat refund", "description": "again", "other": "x"}) == "vat refund\nagain"


def test_a_small_year_is_the_same_every_time_and_can_be_measured(tmp_path: Path) -> None:
    size = Size(questions=400, people=30, asked=40)
    for name in ("one", "other"):
        write_year(tmp_path / name, size)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert [str(path) for path in files] == ["dev/qrels.tsv", "dev/queries.jsonl", "shared/evidence.jsonl", "shared/people.jsonl"]
    assert all((tmp_path / "one" / path).read_bytes() == (tmp_path / "other" / path).read_bytes() for path in files)
    report = measured(tmp_path / "one")
    assert report.figure("MRR").count == 40
    chance = 1 / 30
    assert (report.figure("MRR").value or 0) > 5 * chance
    assert 0 < (report.figure("BM25 profiles: MRR").value or 0) < 1
