"""How honest and how complete the offline debrief is, on written sessions with planted traps.

`python -m assistant.training.evaluate_debrief PATH` reads a JSONL file of debriefs (its README has the form) and prints
the measures. A quote matches a gold quote when their shared tokens are at least half of both (Dice coefficient).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.adapters.offline.debrief import structure
from assistant.domain.brief import AgendaItem, Brief
from assistant.domain.debrief import Debrief, Item, ItemKind

_OTHERS: dict[str, ItemKind] = {
    "proposals": "proposal",
    "takeaways": "takeaway",
    "decisions": "decision",
    "resources": "resource",
    "open_questions": "open_question",
    "other_expert": "other_expert",
    "competency": "competency",
}
_HALF = 0.5
_TOKEN = re.compile(r"\w+")
_Case = Mapping[str, Any]


@dataclass
class Report:
    """Counts over all debriefs; `errors` names each miss and false alarm as (debrief, what, quote)."""

    tally: Counter[str] = field(default_factory=Counter)
    errors: list[tuple[str, str, str]] = field(default_factory=list)

    def ratio(self, part: str, whole: str) -> float:
        return self.tally[part] / self.tally[whole] if self.tally[whole] else 1.0

    def f1(self, name: str) -> float:
        hits = self.tally[f"{name}.hit"]
        both = self.tally[f"{name}.shown"] + self.tally[f"{name}.gold"]
        return 2 * hits / both if both else 1.0

    def rows(self) -> Iterator[tuple[str, str]]:
        """The measures as they are printed."""
        yield "action precision", self._share("action.hit", "action.shown")
        yield "action recall", self._share("action.hit", "action.gold")
        yield "action F1", f"{self.f1('action'):.3f}"
        yield "owner accuracy", self._share("owner.hit", "action.hit")
        yield "due accuracy", self._share("due.hit", "action.hit")
        yield "decoys promoted", str(self.tally["decoy"])
        yield "must not appear", str(self.tally["forbidden"])
        yield "invented items", str(self.tally["invented"])
        for name, kind in _OTHERS.items():
            shown = self.tally[f"{kind}.shown"]
            yield f"recall {name}", f"{self._share(f'{kind}.hit', f'{kind}.gold')}, {shown} shown"
        yield "not covered F1", f"{self.f1('plan'):.3f}"

    def _share(self, part: str, whole: str) -> str:
        return f"{self.ratio(part, whole):.3f} ({self.tally[part]}/{self.tally[whole]})"


def evaluate(cases: Iterable[_Case]) -> Report:
    """Structure every case and hold it against its gold. Roles are called "Mentee" and "Mentor": the data has none."""
    report = Report()
    for case in cases:
        planned = tuple(AgendaItem(point, 0) for point in case["brief"]["planned"])
        found = structure(
            case["text"], Brief((), 0, planned), "Mentee", "Mentor", date.fromisoformat(case["session_date"])
        )
        _actions(case, found, report)
        _others(case, found, report)
        _forbidden(case, found, report)
        _plan(case, found, report)
    return report


def load(path: Path) -> list[_Case]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def overlap(one: str, other: str) -> float:
    """The Dice coefficient of the two texts' tokens, 0 to 1."""
    a, b = (Counter(_TOKEN.findall(text.casefold())) for text in (one, other))
    return 2 * (a & b).total() / (a.total() + b.total()) if a or b else 0.0


def _actions(case: _Case, found: Debrief, report: Report) -> None:
    gold: list[_Case] = case["gold"]["actions"]
    shown = list(found.of("action"))
    pairs = _pairs(shown, gold)
    report.tally.update({"action.shown": len(shown), "action.gold": len(gold), "action.hit": len(pairs)})
    for item, wanted in pairs:
        due = item.due.isoformat() if item.due else None
        _judge(
            report, case, "owner", item.owner == wanted["owner"], f"{item.owner} for {wanted['owner']}: {item.quote}"
        )
        _judge(report, case, "due", due == wanted["due"], f"{due} for {wanted['due']}: {item.quote}")
    matched = [item for item, _ in pairs]
    decoys = [entry["quote"] for entry in (*case["gold"]["not_actions"], *case["gold"]["proposals"])]
    for item in shown:
        if item not in matched:
            decoy = any(overlap(item.quote, quote) >= _HALF for quote in decoys)
            report.tally["decoy"] += decoy
            report.errors.append((case["id"], "decoy" if decoy else "extra action", item.quote))
    for wanted in gold:
        if all(wanted is not taken for _, taken in pairs):
            report.errors.append((case["id"], "missed action", wanted["quote"]))


def _judge(report: Report, case: _Case, name: str, right: bool, detail: str) -> None:
    report.tally[f"{name}.hit"] += right
    if not right:
        report.errors.append((case["id"], name, detail))


def _pairs(shown: Sequence[Item], gold: Sequence[_Case]) -> list[tuple[Item, _Case]]:
    """One to one, the best overlap first."""
    scores = sorted(
        ((_best(item.quote, wanted), a, b) for a, item in enumerate(shown) for b, wanted in enumerate(gold)),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for score, a, b in scores:
        if score >= _HALF and a not in pairs and b not in pairs.values():
            pairs[a] = b
    return [(shown[a], gold[b]) for a, b in pairs.items()]


def _best(quote: str, wanted: _Case) -> float:
    return max(overlap(quote, text) for text in (wanted["quote"], *wanted.get("alt_quotes", ())))


def _others(case: _Case, found: Debrief, report: Report) -> None:
    for name, kind in _OTHERS.items():
        shown = found.of(kind)
        report.tally[f"{kind}.shown"] += len(shown)
        for wanted in case["gold"][name]:
            hit = any(_best(item.quote, wanted) >= _HALF for item in shown)
            report.tally.update({f"{kind}.gold": 1, f"{kind}.hit": int(hit)})
            if not hit:
                report.errors.append((case["id"], f"missed {kind}", wanted["quote"]))


def _forbidden(case: _Case, found: Debrief, report: Report) -> None:
    for item in found.items:
        shown = f"{item.text}\n{item.quote}".casefold()
        invented = not item.quote.strip() or item.quote not in case["text"]
        leaks = [text for text in case["gold"]["must_not_appear"] if text.casefold() in shown]
        report.tally.update({"invented": int(invented), "forbidden": len(leaks)})
        report.errors += [(case["id"], "must not appear", text) for text in leaks]


def _plan(case: _Case, found: Debrief, report: Report) -> None:
    gold, shown = set(case["gold"]["not_covered"]), set(found.not_covered)
    report.tally.update({"plan.gold": len(gold), "plan.shown": len(shown), "plan.hit": len(gold & shown)})
    report.errors += [(case["id"], "not covered", point) for point in sorted(gold ^ shown)]


def main(arguments: Sequence[str]) -> int:
    """Print the measures; with --errors also every miss and false alarm."""
    paths = [argument for argument in arguments if not argument.startswith("-")]
    if len(paths) != 1:
        print("usage: python -m assistant.training.evaluate_debrief PATH [--errors]", file=sys.stderr)
        return 2
    report = evaluate(load(Path(paths[0])))
    for name, value in report.rows():
        print(f"{name:24} {value}")
    if "--errors" in arguments:
        for case, what, quote in report.errors:
            print(f"{case}  {what:18} {quote}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
