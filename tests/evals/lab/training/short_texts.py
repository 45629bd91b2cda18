"""Short labelled texts: messages with a kind (kinds*.jsonl) and replies with an act (acts.jsonl)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LABELLED = Path(__file__).parent / "labelled"
ACTS = ("none", "wants_person", "solved", "not_solved", "skip", "not_sure", "correction", "negation", "greeting", "thanks",
        "stop", "confirm")  # fmt: skip


@dataclass(frozen=True)
class ShortText:
    """One text with its kind or its act; what was not labelled is None."""

    id: str
    text: str
    kind: str | None = None
    act: str | None = None


def short_texts(folder: Path = LABELLED) -> list[ShortText]:
    kinds = [
        ShortText(row["id"], row["text"], kind=row["kind"]) for path in sorted(folder.glob("kinds*.jsonl")) for row in _rows(path)
    ]
    return kinds + [ShortText(row["id"], row["text"], act=row["act"]) for row in _rows(folder / "acts.jsonl")]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
