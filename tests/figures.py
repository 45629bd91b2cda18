"""Measures everything and keeps what came out beside the code and in the README: `python -m tests.figures` (make figures).

What is kept is the JSON of `askwell eval all --json` without the single cases; the next release is measured against it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

STORED = Path(__file__).resolve().parent.parent / "assistant" / "evaluation" / "data" / "baseline.json"


def main() -> int:
    """Leaves with the exit code of the evaluation; a failed one keeps what was there."""
    command = [str(Path(sys.executable).with_name("askwell")), "eval", "all", "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        body = json.loads(done.stdout)
        for one in body["sets"]:
            one.pop("rows")
            one["files"] = []
        STORED.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
        subprocess.run([sys.executable, "-m", "tests.readme"], check=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
