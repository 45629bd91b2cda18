"""Writes docs/RESULTS.md out of what was measured: `python -m tests.results`; a test says when it is stale.

Figures on data that nobody had read while building stand first. Each says what it is of, how sure it is, and what is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from assistant.evaluation.sets import Seen
from tests.evals.lab.rounds import table

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "RESULTS.md"
LLM_RESULTS = ROOT / "tests" / "evals" / "llm.json"
HEARD_RESULTS = ROOT / "tests" / "evals" / "heard.json"
SEARCH_RESULTS = ROOT / "tests" / "bench" / "search" / "results.json"

INTRODUCTION = """# Results

Written by `make figures` out of what was measured; nothing here is typed by hand. `askwell eval NAME --set DIR --part PART` runs
the product on any folder of the stated form (`assistant/evaluation/sets.py` names the files), `python -m tests.evals.lab NAME`
the plays with simulated people. Both call what a request runs, and a test holds that (`tests/architecture/test_reach.py`).

| data | what it says |
|---|---|
| unseen | kept apart or written afterwards: nobody had read its errors while the product was built |
| cross-validated | each group of it was measured with what was chosen on the others |
| seen | its errors were read while building: the figure says how well it is known by now, not how good the product is |

The public sets are development parts and count as seen. A figure that misses what is wanted stays here and says so.

## Where the data is from

| set | origin |
|---|---|
| know | own: 120 questions, written and judged beside the articles, before any was put to Askwell; the writer knew the code |
| golden | own: needs in many voices over the starter content, judged once (`knowledge_base/golden/README.md`) |
| scenarios, mentees, debriefs, openings | own: invented people and sessions |
| stackfaq, hint3, mtrag_un | public: CC BY-SA, ODbL, Apache-2.0 |
| find_a_mentor, prompt_injection, pii_presidio | public: MIT, MIT and Apache-2.0, MIT |

## What others reach

Measured before on the same data.

| job | others |
|---|---|
| retrieval, StackFAQ nDCG@10 | LangChain's ensemble 0.781 (texts only 0.582), MiniLM 0.951 (0.746), BM25 0.734 (0.472) |
| abstain, HINT3 MCC a bot | the best of four products, each with its best threshold: 0.603, 0.425, 0.638 |
| decide, MTRAG-UN macro F1 | features without a model 0.62 to 0.64 at 14% false declines |
| experts, hidden tags MRR | BM25 0.44, weighted fusion 0.525 |
"""
HEADINGS: Mapping[str, str] = {
    "unseen": "Figures on unseen data", "cross-validated": "Cross-validated figures", "seen": "Figures on data that was seen"
}  # fmt: skip


def page() -> str:
    """The whole page."""
    judged = ["## Rounds of fresh first messages", rounds()]
    others = ["## Speed of search", bench(), "## With a language model", llm(), heard()]
    parts = [INTRODUCTION.strip(), *judged, *_figures(stored()), *others]
    return "\n\n".join(parts) + "\n"


def rounds() -> str:
    """Every round of first messages that was judged blind, first to last."""
    told = (
        "Each round is 120 first messages by somebody who had seen neither the code nor any data, played once, and judged "
        "blind by two judges, mixed with what an earlier version made of the same messages (`tests/evals/data/rounds`). "
        "Fine, awkward, wrong and the brief (as it stands / after at most one edit) are shares of the requests; rightly "
        "no question is a share of the sensitive, private and request-free messages; wrong fields are a share of the "
        "fields shown; worth asking is a share of what was asked. Wanted: fine .70, wrong at most .05, wrong fields at "
        "most .10, worth asking .85, brief .50 / .90."
    )
    return f"{told}\n\n{table()}"


def bench() -> str:
    """What the last `make bench` gave, kept beside it."""
    found = json.loads(SEARCH_RESULTS.read_text("utf-8"))
    on = found["machine"]
    parts = [f"Measured by `make bench` on {found['date']}: {on['cores']} cores, {on['memory_gb']} GB, Python {on['python']}."]
    heads = ["p50 ms", "p95 ms", "nDCG@5", "start s", "memory MB", "disk MB", "index texts/s"]
    keys = ("p50_ms", "p95_ms", "ndcg5", "start_s", "peak_mb", "disk_mb", "texts_per_s")
    for size, systems in found["sizes"].items():
        rows = [f"| {int(size):,} passages | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
        for name, one in systems.items():
            cells = [one["failed"]] if "failed" in one else [_shown(one[key], key) for key in keys]
            rows.append(f"| {name} | {' | '.join(cells)} |")
        parts.append("\n".join(rows))
    goals = [f"| {g['goal']} | {g['wanted']:.3g} | {_found(g['found'])} |" for g in found["goals"]]
    parts += [found["note"]] if "note" in found else []
    parts += [_million(found["million"])] if found.get("million") else []
    parts.append("\n".join(["| goal | wanted | found |", "|---|---|---|", *goals]))
    return "\n\n".join(parts)


def llm() -> str:
    """What the last `make eval-llm` with `--write` gave, kept beside it."""
    from tests.llm.report import page

    return page(json.loads(LLM_RESULTS.read_text("utf-8")))


def heard() -> str:
    """What the last `python -m tests.evals.heard --write` gave: how much of a capable model's words is shown."""
    kept = json.loads(HEARD_RESULTS.read_text("utf-8"))
    rows = [f"| {task} | {shown} of {every} |" for task, (shown, every) in kept["shown"].items()]
    slipped, made = kept["planted"]
    rows.append(f"| made to slip through, shown all the same | {slipped} of {made} |")
    told = "What a capable model answered to these prompts, and how much of it is shown (`tests/evals/data/heard`, seen)."
    return "\n".join([told, "", "| task | shown |", "|---|---|", *rows])


def stored() -> list[dict[str, Any]]:
    """What was measured, a set each."""
    text = (files("assistant.evaluation") / "data" / "baseline.json").read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text)["sets"]
    return found


def _figures(sets: list[dict[str, Any]]) -> Iterator[str]:
    """A section for each kind of data, unseen first; a table for each set, with the figures of that kind."""
    for data in get_args(Seen):
        tables = [table for one in sets if (table := _table(one, data))]
        if tables:
            yield f"## {HEADINGS[data]}"
            yield from tables


def _table(one: Mapping[str, Any], data: Seen) -> str:
    rows = [_figure(figure) for figure in one["figures"] if figure["data"] == data]
    if not rows:
        return ""
    made = one["made"]
    told = f"**{one['name']}** ({one['source']}), {made['date']}, version {made['version']}, {made['machine']}"
    return "\n".join([told, "", "| measure | value | 95% | of | wanted |", "|---|---|---|---|---|", *rows])


def _figure(figure: Mapping[str, Any]) -> str:
    def number(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if value != int(value) else f"{value:.0f}"

    sure = "" if figure["low"] is None else f"{number(figure['low'])} to {number(figure['high'])}"
    wish = figure["wanted"]
    wanted = "" if wish is None else f"{wish['sense']} {wish['limit']:g}: {'met' if figure['met'] else 'missed'}"
    return f"| {figure['name']} | {number(figure['value'])} | {sure} | {figure['count']} | {wanted} |"


def _found(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3g}"


def _million(far: Mapping[str, float]) -> str:
    room = f"{far['peak_mb'] / 1000:.1f} GB of memory, {far['disk_mb'] / 1000:.1f} GB of disk"
    hours = f"{far['embed_hours']:.0f} hours of embedding on two cores"
    return f"A million passages, carried on from the two largest sizes: about {far['p95_ms']:.0f} ms p95, {room}, {hours}."


def _shown(value: float | None, key: str) -> str:
    digits = 3 if key == "ndcg5" else 2 if key == "start_s" else 1 if key.endswith("_ms") else 0
    return "-" if value is None else f"{value:.{digits}f}"


def write() -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(page(), "utf-8")


if __name__ == "__main__":
    write()
