"""How well the offline adapter understands openings: `python -m tests.evals.lab.training.evaluate FILE` prints the table.

FILE holds scenarios, one JSON object a line. Only the opening is read. Quotes count where they share at
least half of the larger one's words with the right one; rows about harassment or burn-out are judged on their kind alone.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.dialogue.understanding import Turn, Understanding
from assistant.domain.need import SLOTS, SlotName
from assistant.evaluation import spans
from assistant.evaluation.spans import Score
from tests.evals.lab.scenarios import Scenario, load_scenarios

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
HINTED = 0.35


@dataclass(frozen=True)
class Judged:
    """One opening with what is right and what was understood."""

    row: Scenario
    claim: Understanding
    seconds: float

    @property
    def quotes(self) -> dict[SlotName, str]:
        return {found.slot: found.quote for found in self.claim.slots}


def judged(path: Path, language: OfflineLanguage | None = None) -> list[Judged]:
    """Every opening of a file, understood as a first turn."""
    language = language or OfflineLanguage()
    found = []
    for row in load_scenarios(path):
        began = time.process_time()
        claim = language.understand(Turn(row.opening, AT, "Europe/Berlin"))
        found.append(Judged(row, claim, time.process_time() - began))
    return found


def figures(path: Path, language: OfflineLanguage | None = None) -> dict[str, float]:
    """All measures of one file by name, 0..1 unless the name says otherwise."""
    rows = judged(path, language)
    return {**_slots([row for row in rows if not row.row.sensitive]), **_kinds(rows), **_times(rows)}


def _slots(rows: Sequence[Judged]) -> dict[str, float]:
    pairs = [(row.quotes, row.row.slots) for row in rows]
    total, twins = _sum(spans.exact(*p) for p in pairs), _sum(spans.as_one(*p) for p in pairs)
    found = {
        "slot F1": total.f1,
        "slot precision": total.precision,
        "slot recall": total.recall,
        "slot F1, overlap over the union": _sum(spans.exact(*p, spans.union_overlap) for p in pairs).f1,
        "slot F1, task and context as one": twins.f1,
        "presence F1, filled": _present([set(q) for q, _ in pairs], [set(r) for _, r in pairs]),
    }
    hinted = [set(row.quotes) | {s for s, p in row.claim.presence.items() if p >= HINTED} for row in rows]
    found["presence F1, filled or hinted"] = _present(hinted, [set(row.row.slots) for row in rows])
    stated = sum(len(row.row.slots) for row in rows)
    missed = sum(len(set(row.row.slots) - seen) for row, seen in zip(rows, hinted, strict=True))
    found["stated and neither filled nor hinted"] = missed / max(1, stated)
    for slot in SLOTS:
        one = [({k: v for k, v in q.items() if k == slot}, {k: v for k, v in r.items() if k == slot}) for q, r in pairs]
        found[f"slot F1, {slot}"] = _sum(spans.exact(*p) for p in one).f1
    return found


def _kinds(rows: Sequence[Judged]) -> dict[str, float]:
    two = [row for row in rows if row.row.kind in ("specific", "vague")]
    found = {"specific against vague": _mean([row.claim.kind == row.row.kind for row in two])}
    for kind in ("sensitive", "wants_person", "trajectory", "out_of_scope"):
        yes = [row for row in rows if (row.row.sensitive if kind == "sensitive" else row.row.kind == kind)]
        found[f"{kind} recognised"] = _mean([row.claim.kind == kind for row in yes])
        found[f"{kind} false alarms, number"] = sum(row.claim.kind == kind for row in rows if row not in yes)
    return found


def _times(rows: Sequence[Judged]) -> dict[str, float]:
    slowest = sorted(row.seconds for row in rows[1:])
    median, late = slowest[len(slowest) // 2], slowest[int(0.95 * len(slowest))]
    return {"CPU ms a message, median": 1000 * median, "CPU ms a message, p95": 1000 * late}


def _present(guessed: Sequence[set[Any]], right: Sequence[set[Any]]) -> float:
    hits = Counter(len(g & r) for g, r in zip(guessed, right, strict=True))
    both = sum(size * times for size, times in hits.items())
    total = sum(len(g) + len(r) for g, r in zip(guessed, right, strict=True))
    return 2 * both / total if total else 0.0


def _sum(scores: Iterable[Score]) -> Score:
    return sum(scores, Score())


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


def main() -> None:
    for name, value in figures(Path(sys.argv[1])).items():
        shown = f"{value:8.0f}" if name.endswith("number") else f"{value:8.3f}"
        print(f"{name:42}{shown}")


if __name__ == "__main__":
    main()
