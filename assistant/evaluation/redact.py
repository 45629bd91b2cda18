"""Measures the redaction of e-mail addresses and phone numbers, on texts with hand-marked spans.

A marked span is found if all of it is hidden; a hidden span is right if it overlaps a marked one of its type. Names are not
measured, because only those of the directory are hidden. Restoring must give the original text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.dialogue.privacy.contact_data import mails, phones
from assistant.dialogue.privacy.redaction import Redaction
from assistant.evaluation.figures import Figure, Report, Wanted, ratio, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.sets import BadSet, read_rows

TYPES = {"EMAIL_ADDRESS": "e-mail addresses", "PHONE_NUMBER": "phone numbers"}
WANTED = Wanted(0.95)


@dataclass(frozen=True)
class _Text:
    """A text with its marked and hidden spans by type."""

    id: str
    text: str
    marked: dict[str, list[tuple[int, int]]]
    hidden: dict[str, list[tuple[int, int]]]


def evaluate_redact(job: Job) -> Report:
    """Recall and precision by type, with intervals over the texts. Raises BadSet."""
    texts = list(_texts(job))
    job.progress("texts", len(texts), len(texts))
    figures: list[Figure] = []
    for kind, name in TYPES.items():
        marked = [case for case in texts if case.marked[kind]]
        hidden = [case for case in texts if case.hidden[kind]]
        figures.append(with_interval(f"{name}: recall", marked, lambda chosen, k=kind: _recall(chosen, k), WANTED))  # type: ignore[misc]
        figures.append(with_interval(f"{name}: precision", hidden, lambda chosen, k=kind: _precision(chosen, k)))  # type: ignore[misc]
    back = sum(_comes_back(case.text) for case in texts)
    figures.append(Figure("texts that come back exactly", ratio(back, len(texts)), len(texts), Wanted(1.0)))
    rows = tuple(row for case in texts for row in _mistakes(case))
    return Report("redact", job.found.source, tuple(figures), rows)


def _texts(job: Job) -> Iterator[_Text]:
    path = job.found.file
    for number, row in read_rows(path, ("text", "spans")):
        text, spans = row["text"], row["spans"]
        if not isinstance(text, str) or not isinstance(spans, list):
            raise BadSet(f"{path.name}, line {number}: it needs a text and a list of spans.")
        marked: dict[str, list[tuple[int, int]]] = {kind: [] for kind in TYPES}
        for span in spans:
            try:
                kind, start, end = str(span["type"]), int(span["start"]), int(span["end"])
            except (KeyError, TypeError, ValueError):
                raise BadSet(f"{path.name}, line {number}: a span needs type, start and end.") from None
            if kind in marked:
                marked[kind].append((start, end))
        yield _Text(str(row.get("id", number)), text, marked, _hidden(text))


def _hidden(text: str) -> dict[str, list[tuple[int, int]]]:
    return {"EMAIL_ADDRESS": list(mails(text)), "PHONE_NUMBER": list(phones(text))}


def _recall(texts: Sequence[_Text], kind: str) -> float:
    spans = [(case, span) for case in texts for span in case.marked[kind]]
    return sum(_covered(span, case.hidden[kind]) for case, span in spans) / len(spans) if spans else 0.0


def _precision(texts: Sequence[_Text], kind: str) -> float:
    spans = [(case, span) for case in texts for span in case.hidden[kind]]
    return sum(_touched(span, case.marked[kind]) for case, span in spans) / len(spans) if spans else 0.0


def _covered(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _touched(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _comes_back(text: str) -> bool:
    redaction = Redaction()
    return redaction.restore(redaction.hide(text)) == text


def _mistakes(case: _Text) -> Iterator[dict[str, object]]:
    """The marked spans that were missed, and the hidden spans that are not marked."""
    for kind in TYPES:
        for start, end in case.marked[kind]:
            if not _covered((start, end), case.hidden[kind]):
                yield {"id": case.id, "type": kind, "mistake": "missed", "text": case.text[start:end]}
        for start, end in case.hidden[kind]:
            if not _touched((start, end), case.marked[kind]):
                yield {"id": case.id, "type": kind, "mistake": "hidden for nothing", "text": case.text[start:end]}
