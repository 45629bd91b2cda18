"""Measures everything and keeps what came out beside the code and in the README: `python -m tests.figures` (make figures).

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
from pathlib import Path
from typing import Any

from assistant.evaluation.sets import names_of

ROOT = Path(__file__).resolve().parent.parent
STORED = ROOT / "assistant" / "evaluation" / "data" / "baseline.json"
KEPT = ROOT / "var" / "eval"
AT_ONCE = 2


def main(words: Sequence[str] | None = None) -> int:
    """Leaves with 1 if a set could not be measured; then what was stored stays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=None, metavar="NAME")
    wanted = parser.parse_args(words).only
    every = names_of("all", None, "dev")
    KEPT.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = list(threads.map(measure, every if wanted is None else wanted))
    missing = [name for name in every if not kept(name).exists()]
    if not all(done) or missing:
        print(f"Not measured: {', '.join(missing) or 'see above'}.", file=sys.stderr)
        return 1
    STORED.write_text(json.dumps(together(every), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return subprocess.run([sys.executable, "-m", "tests.readme"], cwd=ROOT, check=False).returncode


def measure(name: str) -> bool:
    """One set, by the product's own command; whether it could be measured."""
    command = [str(Path(sys.executable).with_name("askwell")), "eval", name, "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        kept(name).write_text(done.stdout, "utf-8")
    return done.returncode == 0


def together(names: Sequence[str]) -> dict[str, Any]:
    """One body of all sets, without their cases, made when the last of them was."""
    bodies = [json.loads(kept(name).read_text("utf-8")) for name in names]
    sets = [{**one, "files": []} for body in bodies for one in body["sets"]]
    for one in sets:
        one.pop("rows", None)
    return {**max(bodies, key=lambda body: str(body["made"]["date"])), "sets": sets}


def kept(name: str) -> Path:
    return KEPT / f"figures-{name}.json"


if __name__ == "__main__":
    sys.exit(main())
