"""The figures of a run as plain values and as tables: ratios to the peers, goals, and what a million passages would cost.

date, machine, versions, questions
embedding           texts_per_s, question_ms
sizes     N → NAME  p50_ms p95_ms ndcg5 hit5 start_s peak_mb disk_mb build_s texts_per_s build_peak_mb, or failed
ratios    N → NAME  p50 p95 start memory: Askwell's figure over the peer's
experts             people, texts, and the figures of one system
million             p50_ms p95_ms peak_mb disk_mb build_s embed_hours, calculated
goals               rows of goal, wanted, found, met; found is None where it was not measured
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.bench.search.systems import SYSTEMS

if TYPE_CHECKING:
    from rich.table import Table

Figures = dict[str, Any]
OURS = "askwell"
MILLION = 1_000_000
RATIOS = {"p50": "p50_ms", "p95": "p95_ms", "start": "start_s", "memory": "peak_mb"}
COLUMNS = {
    "p50 ms": ("p50_ms", 1), "p95 ms": ("p95_ms", 1), "nDCG@5": ("ndcg5", 3), "Hit@5": ("hit5", 3), "start s": ("start_s", 2),
    "memory MB": ("peak_mb", 0), "disk MB": ("disk_mb", 0), "index texts/s": ("texts_per_s", 0), "build MB": ("build_peak_mb", 0),
}  # fmt: skip


def ratios(of_size: Mapping[str, Figures]) -> dict[str, Figures]:
    """For each peer that ran, Askwell's figures over the peer's: below 1 is less."""
    ours = of_size.get(OURS, {"failed": ""})
    if "failed" in ours:
        return {}
    return {
        name: {short: ours[key] / peer[key] for short, key in RATIOS.items()}
        for name, peer in of_size.items()
        if name != OURS and "failed" not in peer
    }


def million(sizes: Mapping[str, Mapping[str, Figures]], embedding: Figures) -> Figures:
    """Askwell's figures carried on in a straight line through the two largest measured sizes; {} with fewer than two."""
    ours = {int(size): found[OURS] for size, found in sizes.items() if "failed" not in found.get(OURS, {"failed": ""})}
    if len(ours) < 2:
        return {}
    low, high = sorted(ours)[-2:]
    reach = (MILLION - low) / (high - low)
    keys = ("p50_ms", "p95_ms", "peak_mb", "disk_mb", "build_s")
    found = {key: ours[low][key] + reach * (ours[high][key] - ours[low][key]) for key in keys}
    return {**found, "embed_hours": MILLION / embedding["texts_per_s"] / 3600}


def goals(found: Figures) -> list[Figures]:
    """What is wanted on two cores, and what was found."""
    sizes, at = found["sizes"], found["ratios"]
    largest, middle = sizes.get("100000", {}).get(OURS, {}), sizes.get("10000", {})
    peers = [one for name, one in middle.items() if name != OURS and "failed" not in one]
    fastest = min((one["p95_ms"] for one in peers), default=None)
    best = [one["ndcg5"] for name, one in middle.items() if name != OURS and one.get("ndcg5") is not None]
    mine = middle.get(OURS, {}).get("ndcg5")
    slower = at.get("100000", {}).get("langchain", {}).get("p50")
    share = middle.get(OURS, {}).get("p95_ms", 0.0) / fastest if fastest and "p95_ms" in middle.get(OURS, {}) else None
    rows = [
        ("p95 at 100,000, ms", 25.0, largest.get("p95_ms"), "most"),
        ("times LangChain's speed at 100,000", 10.0, 1 / slower if slower else None, "least"),
        ("p95 over that of the fastest peer at 10,000", 0.4, share, "most"),
        ("nDCG@5 at 10,000, above the best peer", max(best, default=0.0), mine if best else None, "least"),
        ("start over that of the peers at 100,000", 0.2, _worst(at, "start"), "most"),
        ("memory over that of the peers at 100,000", 0.5, _worst(at, "memory"), "most"),
        ("memory at 100,000, MB", 700.0, largest.get("peak_mb"), "most"),
        ("experts p95, ms", 60.0, found.get("experts", {}).get("p95_ms"), "most"),
    ]
    return [
        {"goal": name, "wanted": wanted, "found": value, "met": _met(value, wanted, kind)} for name, wanted, value, kind in rows
    ]


def tables(found: Figures) -> list[Table]:
    """The figures for a reader."""
    made = [_of_size(size, systems, found["ratios"].get(size, {})) for size, systems in found["sizes"].items()]
    if found.get("experts"):
        made.append(_pairs(f"Experts: {found['experts'].get('people', 0):,} mentors", found["experts"]))
    if found.get("million"):
        made.append(_pairs("A million passages, calculated", found["million"]))
    made.append(_pairs("Embedding", found["embedding"]))
    made.append(_goals(found["goals"]))
    return made


def _of_size(size: str, systems: Mapping[str, Figures], shares: Mapping[str, Figures]) -> Table:
    from rich.table import Table

    made = Table("system", *COLUMNS, "Askwell's share: p50, start, memory", title=f"{int(size):,} passages")
    for name, one in systems.items():
        if "failed" in one:
            made.add_row(SYSTEMS[name], f"did not run: {one['failed']}")
            continue
        share = shares.get(name)
        words = ", ".join(f"{share[key]:.2f}" for key in ("p50", "start", "memory")) if share else ""
        made.add_row(
            SYSTEMS[name], *("-" if one[key] is None else f"{one[key]:,.{digits}f}" for key, digits in COLUMNS.values()), words
        )
    return made


def _goals(rows: list[Figures]) -> Table:
    from rich.table import Table

    made = Table("goal", "wanted", "found", "met", title="Goals")
    for row in rows:
        value = "not measured" if row["found"] is None else f"{row['found']:,.3g}"
        made.add_row(row["goal"], f"{row['wanted']:,.3g}", value, {True: "yes", False: "no", None: ""}[row["met"]])
    return made


def _pairs(title: str, values: Mapping[str, Any]) -> Table:
    from rich.table import Table

    made = Table("what", "figure", title=title)
    for name, value in values.items():
        made.add_row(name, f"{value:,.2f}" if isinstance(value, float) else str(value))
    return made


def _worst(shares: Mapping[str, Mapping[str, Figures]], key: str) -> float | None:
    found = [one[key] for one in shares.get("100000", {}).values()]
    return max(found) if found else None


def _met(value: float | None, wanted: float, kind: str) -> bool | None:
    meets: dict[str, Callable[[float], bool]] = {"most": lambda x: x <= wanted, "least": lambda x: x >= wanted}
    return None if value is None else meets[kind](value)
