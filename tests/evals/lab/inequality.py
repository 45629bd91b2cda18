"""How evenly something is spread: the Gini coefficient, and Lorenz curves as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path

COLOURS = ("#D55E00", "#0072B2")
"""Two that everybody can tell apart (Okabe and Ito, 2008)."""
DASHES = ("--", "-")


def gini(loads: Sequence[float]) -> float:
    """0 where all have the same, towards 1 where one has all (Gini, 1912); 0 of nothing."""
    count, whole = len(loads), sum(loads)
    ranked = sum((2 * place - count - 1) * load for place, load in enumerate(sorted(loads), start=1))
    return ranked / (count * whole) if whole else 0.0


def lorenz(loads: Sequence[float]) -> list[float]:
    """The share of everything that the lowest 0, 1, 2, … of them have together."""
    whole = sum(loads)
    return [0.0, *(part / whole if whole else 0.0 for part in accumulate(sorted(loads)))]


def draw_lorenz(ways: Mapping[str, Sequence[Sequence[float]]], path: Path) -> Path:
    """A curve for each of two ways, the mean over its runs, beside the even line; returns the PNG that was written."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 5.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.plot([0, 100], [0, 100], color="#767676", linewidth=1, linestyle=":", label="everybody the same")
    for (name, runs), colour, dash in zip(ways.items(), COLOURS, DASHES, strict=False):
        curve = [sum(shares) / len(shares) for shares in zip(*map(lorenz, runs), strict=True)]
        across = [100 * place / (len(curve) - 1) for place in range(len(curve))]
        evenness = sum(map(gini, runs)) / len(runs)
        heights = [100 * share for share in curve]
        axes.plot(across, heights, color=colour, linewidth=2.5, linestyle=dash, label=f"{name} (Gini {evenness:.2f})")
    axes.set(
        xlim=(0, 100), ylim=(0, 100), aspect="equal", title="Who holds the sessions",
        xlabel="mentors, from the least to the most asked (%)", ylabel="their share of all sessions (%)",
    )  # fmt: skip
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.legend(loc="upper left", frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    return path
