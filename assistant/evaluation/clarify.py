"""Measures whether vague requests are recognised, on topics graded 1 (clear) to 4 or on questions marked 0 or 1.

A first message that the product's offline language classifies as vague counts as one that needs a clarifying question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.dialogue.understanding import Turn
from assistant.domain.reply import Kind
from assistant.evaluation.figures import Figure, Report, average, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.sets import BadSet, read_rows

Pair = tuple[bool, bool]
"""Whether a request needs a clarifying question, and whether the product asks one."""
Graded = tuple[int, bool]
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def evaluate_clarify(job: Job) -> Report:
    """F1, precision, recall, accuracy and over-asking for each file that exists. Raises BadSet."""
    figures: list[Figure] = []
    rows: list[dict[str, object]] = []
    language = OfflineLanguage()
    for name, text, grade, allowed in (
        ("topics.jsonl", "request", "clarification_need", (1, 2, 3, 4)),
        ("queries.jsonl", "question", "require_clarification", (0, 1)),
    ):
        path = job.found.files.get(name)
        if path is None:
            continue
        judged = [(str(row.get("id", "")), row[text], value) for row, value in _graded(path, text, grade, allowed)]
        asked = [language.understand(Turn(words, NOW, "UTC")).kind is Kind.VAGUE for _, words, _ in judged]
        given = [(value, vague) for (*_, value), vague in zip(judged, asked, strict=True)]
        least = (2, 3) if name == "topics.jsonl" else (1,)
        figures += [figure for limit in least for figure in _figures(given, limit, name)]
        rows += [
            {"id": key, "text": words, "right": value, "asked": vague}
            for (key, words, value), vague in zip(judged, asked, strict=True)
        ]
        job.progress("requests", len(rows), len(rows))
    return Report("clarify", job.found.source, tuple(figures), tuple(rows))


def f1(pairs: Sequence[Pair]) -> float:
    """The harmonic mean of precision and recall; 0 if no request needs or gets a question."""
    both = sum(right and asked for right, asked in pairs)
    return 2 * both / (sum(right for right, _ in pairs) + sum(asked for _, asked in pairs) or 1)


def _figures(given: Sequence[Graded], least: int, name: str) -> Iterator[Figure]:
    pairs = [(value >= least, asked) for value, asked in given]
    prefix = f"{name.removesuffix('.jsonl')}, need >= {least}: " if name == "topics.jsonl" else "queries: "
    yield with_interval(f"{prefix}F1", pairs, f1)
    share: dict[str, tuple[list[Pair], Callable[[Pair], bool]]] = {
        "precision": ([pair for pair in pairs if pair[1]], lambda pair: pair[0]),
        "recall": ([pair for pair in pairs if pair[0]], lambda pair: pair[1]),
        "over-asking on the clear": ([pair for pair in pairs if not pair[0]], lambda pair: pair[1]),
        "accuracy": (pairs, lambda pair: pair[0] == pair[1]),
    }
    for label, (selected, counted) in share.items():
        yield with_interval(prefix + label, [float(counted(pair)) for pair in selected], average)


def _graded(path: Path, text: str, grade: str, allowed: tuple[int, ...]) -> Iterator[tuple[dict[str, Any], int]]:
    """Each row with its grade as a number."""
    for number, row in read_rows(path, (text, grade)):
        value = {str(known): known for known in allowed}.get(str(row[grade]).strip().removesuffix(".0"))
        value = int(row[grade]) if isinstance(row[grade], bool) and 1 in allowed else value
        if value is None:
            raise BadSet(f"{path.name}, line {number}: {grade!r} is none of {', '.join(map(str, allowed))}.")
        if not isinstance(row[text], str):
            raise BadSet(f"{path.name}, line {number}: {text!r} is no text.")
        yield row, value
