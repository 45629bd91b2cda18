"""Labelled messages as training rows, and the ways in which they are varied.

A row is a text with character spans: for every slot the right spans (the labelled quote first, then what `also` allows).
Variation keeps the labels true: sentences are dropped, shuffled or lent by other messages, letters lose their case, marks
get lost, typos happen. Short labelled texts (kinds.jsonl, acts.jsonl) have no spans, only a kind or an act.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.domain.need import SLOTS, SlotName

LABELLED = Path(__file__).parent / "labelled"
KINDS = ("in_scope", "trajectory", "out_of_scope", "wants_person", "sensitive")
ACTS = ("none", "wants_person", "solved", "not_solved", "skip", "not_sure", "correction", "negation", "greeting", "thanks",
        "stop", "confirm")  # fmt: skip
EMPTY_ACTS = ("solved", "not_solved", "skip", "not_sure", "greeting", "thanks", "stop", "confirm")
_IN_SCOPE = ("vague", "specific", "not_sensitive", "tricky")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")

Spans = dict[SlotName, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class Row:
    """One text; `spans`, `kind`, `act` and `specific` are None where they are not labelled."""

    text: str
    spans: Spans | None = None
    kind: str | None = None
    act: str | None = None
    specific: bool | None = None
    id: str = ""


def messages(folder: Path = LABELLED) -> list[Row]:
    """All whole messages with slot quotes, in the order of their files."""
    return [message(row) for path in _message_files(folder) for row in _rows(path)]


def message(row: dict[str, Any]) -> Row:
    """One labelled message; raises ValueError if a quote is not in its text."""
    text, also = row["opening"], row.get("also") or {}
    spans: Spans = {}
    for slot in SLOTS:
        quote = row["slots"].get(slot)
        quotes = [quote, *also.get(slot, [])] if quote else []
        if quote and quote not in text:
            raise ValueError(f"{row['id']}: the quote of {slot} is not in the message")
        spans[slot] = tuple((text.index(q), text.index(q) + len(q)) for q in quotes if q in text)
    kind = row["kind"]
    specific = kind == "specific" if kind in ("specific", "vague") else None
    return Row(text, spans, _kind(kind), None, specific, row["id"])


def short_texts(folder: Path = LABELLED) -> list[Row]:
    """The texts of kinds.jsonl and acts.jsonl, with what others add in kinds_*.jsonl."""
    kinds = [Row(r["text"], kind=_kind(r["kind"]), id=r["id"]) for p in sorted(folder.glob("kinds*.jsonl")) for r in _rows(p)]
    return kinds + [_reply(row) for row in _rows(folder / "acts.jsonl")]


def data_hash(folder: Path = LABELLED) -> str:
    """SHA-256 over the training files, by name."""
    files = [*_message_files(folder), *sorted(folder.glob("kinds*.jsonl")), folder / "acts.jsonl"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def interrupted(row: Row, aside: Row, rng: random.Random) -> Row:
    """The message with another text somewhere in it, whose kind it takes on; its slots no longer matter."""
    pieces = [_piece(row, a, b).text for a, b in _segments(row)]
    pieces.insert(rng.randrange(len(pieces) + 1), aside.text)
    return Row(" ".join(pieces), kind=aside.kind, id=row.id)


def varied(row: Row, others: Sequence[Row], rng: random.Random) -> Row:
    """A true variation of a message; `specific` is dropped when sentences were."""
    if row.spans is None:
        return row
    changed = _rearranged(row, others, rng) if rng.random() < 0.6 else row
    if rng.random() < 0.2:
        changed = _mapped(changed, lambda c, _: c.lower() if len(c.lower()) == 1 else c)
    if rng.random() < 0.12:
        changed = _mapped(changed, lambda c, _: "" if c in ".,!?'\"" and rng.random() < 0.7 else c)
    return _misspelt(changed, rng) if rng.random() < 0.2 else changed


def _rearranged(row: Row, others: Sequence[Row], rng: random.Random) -> Row:
    pieces = [_piece(row, a, b) for a, b in _segments(row)]
    whole = len(pieces)
    if len(pieces) > 1 and rng.random() < 0.5:
        pieces = [p for p in pieces if rng.random() > 0.25] or pieces[:1]
    if len(pieces) > 1 and rng.random() < 0.4:
        rng.shuffle(pieces)
    if rng.random() < 0.3:
        pieces = _lent(pieces, rng.choice(others), rng)
    joined = _joined(pieces)
    return replace(row, text=joined.text, spans=joined.spans, specific=row.specific if len(pieces) == whole else None)


def _lent(pieces: list[Row], lender: Row, rng: random.Random) -> list[Row]:
    """With one sentence of another message that states nothing the message states itself."""
    taken = {slot for piece in pieces for slot, spans in (piece.spans or {}).items() if spans}
    offered = [_piece(lender, a, b) for a, b in _segments(lender)]
    fitting = [p for p in offered if not any(spans and slot in taken for slot, spans in (p.spans or {}).items())]
    if fitting:
        pieces = list(pieces)
        pieces.insert(rng.randrange(len(pieces) + 1), rng.choice(fitting))
    return pieces


def _segments(row: Row) -> list[tuple[int, int]]:
    """Sentences, joined where a span runs over their border."""
    cuts = [0, *(m.end() for m in _SENTENCE.finditer(row.text)), len(row.text)]
    inner = [span for spans in (row.spans or {}).values() for span in spans]
    merged: list[tuple[int, int]] = []
    for start, end in pairwise(cuts):
        if merged and any(a < start < b for a, b in inner):
            merged[-1] = (merged[-1][0], end)
        elif end > start:
            merged.append((start, end))
    return merged


def _piece(row: Row, start: int, end: int) -> Row:
    text = row.text[start:end].rstrip()
    limit = start + len(text)
    spans: Spans = {
        slot: tuple((a - start, min(b, limit) - start) for a, b in found if start <= a and b <= end and a < limit)
        for slot, found in (row.spans or {}).items()
    }
    return Row(text, spans)


def _joined(pieces: Sequence[Row]) -> Row:
    text = ""
    spans: Spans = dict.fromkeys(SLOTS, ())
    for piece in pieces:
        text += ("\n" if text.endswith(":") or piece.text[:2] in ("- ", "* ") else " ") if text else ""
        shift = len(text)
        text += piece.text
        for slot, found in (piece.spans or {}).items():
            spans[slot] += tuple((a + shift, b + shift) for a, b in found)
    return Row(text, spans)


def _mapped(row: Row, change: Callable[[str, int], str]) -> Row:
    """Every character replaced by `change(character, index)`, with the spans moved along."""
    places, out = [0], []
    for index, character in enumerate(row.text):
        out.append(change(character, index))
        places.append(places[-1] + len(out[-1]))
    moved: Spans = {
        slot: tuple((places[a], places[b]) for a, b in found if places[b] > places[a])
        for slot, found in (row.spans or {}).items()
    }
    return replace(row, text="".join(out), spans=moved)


def _misspelt(row: Row, rng: random.Random) -> Row:
    hit = {rng.randrange(max(1, len(row.text))) for _ in range(max(1, len(row.text) // 80))}
    return _mapped(row, lambda c, i: rng.choice(["", c + c, rng.choice("aeiourstnl")]) if i in hit and c.isalpha() else c)


def _reply(row: dict[str, Any]) -> Row:
    """A reply in mid-dialogue: in scope by itself, unless it asks for a person; some acts state no slot."""
    wanted = "wants_person" if row["act"] == "wants_person" else "in_scope"
    spans: Spans | None = dict.fromkeys(SLOTS, ()) if row["act"] in EMPTY_ACTS else None
    return Row(row["text"], spans, wanted, row["act"], id=row["id"])


def _kind(kind: str) -> str:
    return "in_scope" if kind in _IN_SCOPE else kind


def _message_files(folder: Path) -> list[Path]:
    return [*sorted(folder.glob("messages_*.jsonl")), *sorted(folder.glob("extra_*.jsonl"))]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
