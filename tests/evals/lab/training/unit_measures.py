"""How well readings agree with labelled messages: unit borders, roles, the ask, and the labels of the whole message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assistant.adapters.offline.reading.unit_model import Reading, Unit
from tests.evals.lab.training.openings import Opening


def measured(pairs: Iterable[tuple[Opening, Reading]]) -> dict[str, float]:
    """Figures by name; shares are of the messages or units that have the label."""
    count: Counter[str] = Counter()
    for opening, reading in pairs:
        _, placed = opening.placed()
        begins = {start for start, _, _ in placed}
        found = {unit.span.start for unit in reading.units}
        close = sum(any(abs(a - b) <= 2 for b in found) for a in begins)
        count["borders right"] += close
        count["borders"] += len(begins)
        count["borders found"] += len(found)
        for start, end, unit in placed:
            best = _covering(reading.units, start, end)
            if best:
                count["units"] += 1
                count["role"] += best.role in unit.roles
                count[f"role {unit.roles[0]}"] += best.role in unit.roles
                count[f"units {unit.roles[0]}"] += 1
                count["X as slot"] += unit.roles == "X" and best.role in "AWSOTD"
                count["X"] += unit.roles == "X"
        right = next(((s, e) for s, e, unit in placed if unit.asked), None)
        if right and opening.fine:
            count["asks"] += 1
            chosen = max(reading.units, key=lambda unit: unit.asked, default=None)
            count["ask right"] += bool(chosen and chosen is _covering(reading.units, *right))
        for name, values in (("kind", reading.kinds), ("care", reading.cares), ("worth", reading.worths)):
            label = getattr(opening, name)
            if label and not (name == "care" and opening.unsure):
                count[f"{name}s"] += 1
                count[f"{name} right"] += max(values, key=lambda key: values[key]) == label
        if opening.care not in (None, "none") and not opening.unsure:
            count["cares true"] += 1
            count["cares found"] += reading.cares["none"] < 0.5
        if opening.care == "none":
            count["no care"] += 1
            count["care without"] += reading.cares["none"] < 0.5
    shares = {
        "border recall": ("borders right", "borders"), "border precision": ("borders right", "borders found"),
        "role": ("role", "units"), "ask": ("ask right", "asks"), "kind": ("kind right", "kinds"),
        "care": ("care right", "cares"), "worth": ("worth right", "worths"), "care recall": ("cares found", "cares true"),
        "care false": ("care without", "no care"), "others' words in a slot": ("X as slot", "X"),
        **{f"role {r}": (f"role {r}", f"units {r}") for r in "AWSOTDFXNEG"},
    }  # fmt: skip
    return {name: round(count[a] / count[b], 3) if count[b] else float("nan") for name, (a, b) in shares.items()}


def _covering(units: Iterable[Unit], start: int, end: int) -> Unit | None:
    """The unit that shares most characters with a stretch of the text."""
    best = max(units, key=lambda unit: min(unit.span.end, end) - max(unit.span.start, start), default=None)
    return best if best and min(best.span.end, end) > max(best.span.start, start) else None
