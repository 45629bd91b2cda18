"""Reads sets about people: their profiles, their dated contributions, and queries. Several names of fields are accepted.

Dates are ISO dates or timestamps, in UTC if they have no time zone; a date without a time means its first moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.evaluation.job import Protocol
from assistant.evaluation.sets import BadSet, Located, read_grades, read_rows, rows_of
from retrieval.passage import Profile
from retrieval.people.contributions import Contribution

LAG = timedelta(days=14)
"""In the rolling protocol, the time after a query until its answer counts as a contribution."""
LONGEST = 2_000
"""Characters of a query."""
_TEXTS = ("question_title", "title", "summary", "text", "question", "description", "body", "answer")


@dataclass(frozen=True)
class Asked:
    """A query; `at` is None if it has no date, `not_these` are its asker and reporter."""

    id: str
    text: str
    at: datetime | None
    topic: str
    not_these: frozenset[str]
    grades: Mapping[str, float]

    @property
    def right(self) -> set[str]:
        return {key for key, grade in self.grades.items() if grade > 0}


def asked_of(found: Located) -> list[Asked]:
    """The queries with a right answer. Raises BadSet."""
    path, grades = found.files["queries.jsonl"], read_grades(found.files["qrels.tsv"])
    asked = []
    for number, row in read_rows(path, ("id",)):
        key, text = str(row["id"]), text_of(row)
        if not any(grade > 0 for grade in grades.get(key, {}).values()):
            continue
        if not text:
            raise BadSet(f"{path.name}, line {number}: there is no text in it.")
        at = moment(row["date"], path, number) if row.get("date") not in (None, "") else None
        asker_and_reporter = frozenset(_word(row.get(name)) for name in ("asker", "reporter")) - {""}
        asked.append(Asked(key, text[:LONGEST], at, _word(row.get("topic")), asker_and_reporter, grades[key]))
    if not asked:
        raise BadSet(f"{path.name}: none of its queries is judged in qrels.tsv.")
    return asked


def contributions_of(found: Located, asked: Sequence[Asked], protocol: Protocol) -> list[Contribution]:
    """The contributions of the set and, in the rolling protocol, the answers to its queries. Raises BadSet."""
    path = found.beside("evidence.jsonl")
    held = list(_evidence(path)) if path else []
    if protocol == "rolling":
        held += [
            Contribution(f"query:{query.id}:{person}", person, query.at, "answer", query.topic, query.text, known=query.at + LAG)
            for query in asked if query.at for person in sorted(query.right)
        ]  # fmt: skip
    return held


def profiles_of(path: Path, others: Iterable[str]) -> list[Profile]:
    """The profiles of the file, and an empty profile for each other id. Raises BadSet."""
    found: dict[str, Profile] = {}
    for row in rows_of(path, ("id",)):
        texts = [str(row.get(name) or "") for name in ("evidence", "description", "bio", "about")]
        found[str(row["id"])] = _profile(
            str(row["id"]), _word(row.get("title")), _list(row.get("skills")), " ".join(texts).strip()
        )
    for person in sorted(set(others) - found.keys()):
        found[person] = _profile(person)
    return list(found.values())


def text_of(row: Mapping[str, Any]) -> str:
    """All texts of a row, titles first, without texts that are part of another."""
    kept: list[str] = []
    for name in _TEXTS:
        text = _word(row.get(name))
        if text and not any(text in other for other in kept):
            kept = [*(other for other in kept if other not in text), text]
    return "\n".join(kept)


def moment(value: object, path: Path, number: int) -> datetime:
    """A date of a set, in UTC. Raises BadSet."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        read = datetime.fromisoformat(str(value).strip().replace(" UTC", "+00:00"))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadSet(f"{path.name}, line {number}: {str(value)!r} is no date; write it as 2026-11-30.") from error


def _evidence(path: Path) -> Iterable[Contribution]:
    for number, row in read_rows(path, ("person", "date")):
        at = moment(row["date"], path, number)
        yield Contribution(f"evidence:{number}", str(row["person"]), at, "answer", _word(row.get("topic")), text_of(row))


def _profile(key: str, title: str = "", skills: tuple[str, ...] = (), text: str = "") -> Profile:
    return Profile(key, key, title, "", "", "UTC", ("en",), skills, ("call",), 1, "", text)


def _word(value: object) -> str:
    if isinstance(value, list):
        value = " ".join(str(part) for part in value)
    return " ".join(str(value if value is not None else "").split())


def _list(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(part for entry in parts if (part := _word(entry)))
