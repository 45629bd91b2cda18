"""Measures everything and keeps what came out beside the code and in docs/RESULTS.md: `python -m tests.figures` (make figures).

Each set is measured by a process of its own, two at once; their JSON is kept in `var/eval`, so that `--only NAME …` measures
some anew and takes the others as they are. What is stored is without the single cases; the next release is measured against it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.sets import GOLDEN, names_of
from tests.evals.lab.measures import LAYOUTS as LAB

ROOT = Path(__file__).resolve().parent.parent
STORED = ROOT / "assistant" / "evaluation" / "data" / "baseline.json"
KEPT = ROOT / "var" / "eval"
AT_ONCE = 2


@dataclass(frozen=True)
class Measurement:
    """One set and part, measured by the installed command or in the laboratory; `folder` where it is not the usual place."""

    name: str
    part: str = "dev"
    folder: Path | None = None

    @property
    def key(self) -> str:
        return "-".join(filter(None, (self.name, "golden" if self.folder == GOLDEN else "", self.part)))

    @property
    def kept(self) -> Path:
        return KEPT / f"figures-{self.key}.json"

    def command(self) -> list[str]:
        tool = [sys.executable, "-m", "tests.evals.lab"] if self.name in LAB else [_askwell(), "eval"]
        where = ["--set", str(self.folder)] if self.folder else []
        return [*tool, self.name, "--part", self.part, *where, "--json"]


APART = (
    Measurement("know", "test"), *(Measurement(name, "test", GOLDEN) for name in ("retrieval", "abstain", "experts"))
)  # fmt: skip
"""Of the project's own questions the parts that are kept apart, beside the dev part of every set that is there."""


def main(words: Sequence[str] | None = None) -> int:
    """Leaves with 1 if a set could not be measured; then what was stored stays."""
    every = measurements()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=None, metavar="NAME", help=", ".join(one.key for one in every))
    wanted = parser.parse_args(words).only
    KEPT.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = list(threads.map(measure, [one for one in every if wanted is None or one.key in wanted or one.name in wanted]))
    missing = [one.key for one in every if not one.kept.exists()]
    if not all(done) or missing:
        print(f"Not measured: {', '.join(missing) or 'see above'}.", file=sys.stderr)
        return 1
    STORED.write_text(json.dumps(together(every), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return subprocess.run([sys.executable, "-m", "tests.results"], cwd=ROOT, check=False).returncode


def measurements() -> list[Measurement]:
    return [*APART, *(Measurement(name) for name in (*names_of("all", None, "dev"), *names_of("all", None, "dev", LAB)))]


def measure(one: Measurement) -> bool:
    """One set, by the product's own command or the laboratory's; whether it could be measured."""
    done = subprocess.run(one.command(), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        one.kept.write_text(done.stdout, "utf-8")
    return done.returncode == 0


def together(every: Sequence[Measurement]) -> dict[str, Any]:
    """One body of all sets, each with the day and the machine of its own, without their cases."""
    bodies = [json.loads(one.kept.read_text("utf-8")) for one in every]
    sets = [{**one, "made": body["made"], "files": []} for body in bodies for one in body["sets"]]
    for one in sets:
        one.pop("rows", None)
    return {"made": max((body["made"] for body in bodies), key=lambda made: str(made["date"])), "sets": sets}


def _askwell() -> str:
    return str(Path(sys.executable).with_name("askwell"))


if __name__ == "__main__":
    sys.exit(main())
