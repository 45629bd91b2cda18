"""Draws the measures over all thresholds: a picture with one panel a base, with the threshold in use marked.

The colours are those of Okabe and Ito, which colour-blind people can distinguish; each line also has its own dashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

ACROSS = 3
"""Panels in a row."""
LINES = (
    ("in-scope accuracy", "inside", "#0072B2", "-"),
    ("out-of-scope recall", "outside", "#D55E00", "--"),
    ("MCC", "mcc", "#000000", "-."),
)


@dataclass(frozen=True)
class Point:
    """The measures at one threshold; None if there was nothing to measure."""

    threshold: float
    inside: float | None
    outside: float | None
    mcc: float


@dataclass(frozen=True)
class Panel:
    """The curve of one base and the threshold in use."""

    title: str
    threshold: float
    points: tuple[Point, ...]


def draw_curves(panels: Sequence[Panel], path: Path) -> Path:
    """Writes a PNG, creates its folder, and returns its path."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    across = max(1, min(ACROSS, len(panels)))
    down = max(1, ceil(len(panels) / across))
    figure = Figure(figsize=(5.2 * across, 4.2 * down + 0.5), layout="constrained")
    FigureCanvasAgg(figure)
    cells = figure.subplots(down, across, squeeze=False).ravel()
    for cell, panel in zip(cells, panels, strict=False):
        _draw(cell, panel)
    for cell in cells[len(panels) :]:
        cell.set_visible(False)
    if panels:
        figure.legend(*cells[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=11, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    return path


def _draw(cell: Any, panel: Panel) -> None:
    for label, name, colour, dash in LINES:
        known = [(point.threshold, getattr(point, name)) for point in panel.points if getattr(point, name) is not None]
        cell.plot([x for x, _ in known], [y for _, y in known], dash, color=colour, label=label, linewidth=2)
    cell.axvline(panel.threshold, color="#767676", linewidth=1.5, linestyle=":", label="threshold in use")
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    cell.text(panel.threshold, 1.045, f"{panel.threshold:.2f}", ha="center", fontsize=10, color="#333333", bbox=plate)
    low = min(0.0, *(point.mcc for point in panel.points)) if panel.points else 0.0
    cell.set(ylim=(low - 0.03, 1.12), xlabel="threshold", ylabel="share, MCC")
    cell.set_title(panel.title, fontsize=13)
    cell.xaxis.label.set_size(11)
    cell.yaxis.label.set_size(11)
    cell.tick_params(labelsize=10)
    cell.grid(color="#DDDDDD", linewidth=0.8)
    cell.set_axisbelow(True)
