"""Plays every cell and writes the table: `python -m tests.faults`."""

from __future__ import annotations

from pathlib import Path

from rich.progress import track

from tests.faults.matrix import FAULTS, PLENTY, SECONDS, STEPS, Cell, run
from tests.model_server import model_server

PAGE = Path(__file__).resolve().parent.parent / "FAULTS.md"
ABOUT = f"""# When the language model fails

Every fault of an endpoint at every step of the dialogue, played over HTTP on one machine by `python -m tests.faults`; a turn may
wait {SECONDS} s here where the endpoint is late and {PLENTY:g} s otherwise (7.5 s by default). A cell names the code that the
answer carries ("-": the model abstained, which is no fault) and how long the whole step took, in milliseconds; the answer is the
offline one. A cross would mark a cell that failed.
"""


def table(cells: list[Cell]) -> str:
    found = {(cell.step, cell.fault): cell for cell in cells}
    head = ["| step | " + " | ".join(FAULTS) + " |", "|---" * (len(FAULTS) + 1) + "|"]
    rows = [f"| {step} | " + " | ".join(_shown(found[step, fault]) for fault in FAULTS) + " |" for step in STEPS]
    return "\n".join([ABOUT, *head, *rows, ""])


def _shown(cell: Cell) -> str:
    return f"✗ {cell.wrong}" if cell.wrong else f"{cell.code or '-'} {cell.seconds * 1000:.0f}"


if __name__ == "__main__":
    with model_server() as server:
        every = [(step, fault) for step in STEPS for fault in FAULTS]
        PAGE.write_text(table([run(step, fault, server) for step, fault in track(every, "faults")]), "utf-8")
