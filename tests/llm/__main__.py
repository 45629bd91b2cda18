"""`python -m tests.llm`: the model's side beside the offline side; 1 when something that must be 0 is not, or nothing ran."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from assistant.evaluation.report import WIDE, progress_display
from assistant.evaluation.sets import BadSet
from tests.llm.openings import sheet
from tests.llm.play import Tell, compare
from tests.llm.report import as_data, rows, table
from tests.llm.sections import sections
from tests.llm.sides import Endpoint, endpoint_of, sides_of
from tests.llm.weights import KNOWN, NotThere
from tests.results import LLM_RESULTS, write


def main(words: Sequence[str] | None = None) -> int:
    from rich.console import Console

    wanted = _arguments(words)
    try:
        chosen = list(sections(wanted.only, wanted.requests, wanted.questions, wanted.notes, messages=wanted.messages))
        served = endpoint_of(wanted.environment, wanted.weights, wanted.folder / "server.log", wanted.schemas)
        with (
            nullcontext() if wanted.offline_only else served as endpoint,
            sides_of(endpoint, wanted.folder, wanted.embedder) as sides,
            _progress() as tell,
        ):
            found = compare(chosen, sides, wanted.folder / "kept", wanted.minutes, tell)
    except (NotThere, BadSet) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    measured = rows(chosen, found)
    Console(highlight=False, width=None if sys.stdout.isatty() else WIDE).print(table(found, measured))
    out = wanted.folder / "results.json"
    data = as_data(found, measured, _model(endpoint))
    out.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
    sys.stdout.write(f"Written to {out}\n")
    if "openings" in found.cases and endpoint is not None:
        pairs, key = sheet(*(found.results("openings", side) for side in found.sides))
        (wanted.folder / "openings.txt").write_text(pairs, "utf-8")
        (wanted.folder / "openings_key.json").write_text(json.dumps(key, indent=1), "utf-8")
        sys.stdout.write(f"Both questions of {len(key)} messages, mixed for judges: {wanted.folder / 'openings.txt'}\n")
    if wanted.write and endpoint is not None:
        kept = {name: value for name, value in data.items() if name != "calls"}
        LLM_RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
        write()
        sys.stdout.write("Written into docs/RESULTS.md\n")
    silent = endpoint is not None and not any(found.calls(name, found.sides[-1]) for name in found.cases)
    if silent:
        sys.stderr.write("The model was not called once, so this says nothing about it.\n")
    return int(not measured or silent or any(row.broken for row in measured))


def _model(endpoint: Endpoint | None) -> dict[str, Any]:
    return {"name": endpoint.label, "sha256": endpoint.sha256, "seconds": endpoint.seconds} if endpoint else {}


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar for who watches, else a line whenever a part is done."""
    with progress_display() as show:

        def tell(stage: str, done: int, total: int) -> None:
            show(stage, done, total)
            if done == total and not sys.stderr.isatty():
                sys.stderr.write(f"{stage}: {done} of {total}\n")

        yield tell


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    names = ("openings", "requests", "answers", "debriefs")
    parser = argparse.ArgumentParser(prog="python -m tests.llm", description=(__doc__ or "").strip())
    parser.add_argument("--messages", type=int, default=24, help="first messages of a judged round, played to their question")
    parser.add_argument("--requests", type=int, default=12, help="scenarios that are played from the first words to the end")
    parser.add_argument("--questions", type=int, default=12, help="questions to the starter base")
    parser.add_argument("--notes", type=int, default=8, help="notes of sessions that are structured")
    parser.add_argument("--minutes", type=float, default=15, help="at most, for each of these four on each side")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(names), help=",".join(names))
    parser.add_argument("--weights", choices=sorted(KNOWN), default="smollm2", help="the small model that is served here")
    parser.add_argument("--no-schemas", dest="schemas", action="store_false", help="its server knows json_object alone")
    parser.add_argument("--environment", type=Path, default=Path("var/llm/env"), help="where its server is installed")
    parser.add_argument("--folder", type=Path, default=Path("var/llm"), help="where it works and keeps outcomes")
    parser.add_argument("--embedder", default="minilm", help="minilm or wordllama")
    parser.add_argument("--write", action="store_true", help="put the table into docs/RESULTS.md")
    parser.add_argument("--offline-only", action="store_true", help="no model: offline on both sides")
    return parser.parse_args(words)


if __name__ == "__main__":
    raise SystemExit(main())
