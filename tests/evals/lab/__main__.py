"""Measures what needs simulated people: `python -m tests.evals.lab NAME`, with the options of `askwell eval`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.evaluation import run
from tests.evals.lab.measures import MEASURES


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evals.lab", description=__doc__)
    parser.add_argument("name", help=f"one of {', '.join(MEASURES)}, or all")
    parser.add_argument("--set", dest="folder", type=Path, help="folder of the data")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--json", dest="as_json", action="store_true")
    parser.add_argument("--baseline", type=Path, help="the JSON of an earlier run, to stand beside")
    parser.add_argument("--out", type=Path, default=Path("var/eval"), help="where pictures go")
    given = parser.parse_args(words)
    return run(
        given.name, given.folder, given.part, given.as_json, baseline=given.baseline, out=given.out, measures=MEASURES
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
