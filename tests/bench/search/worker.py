"""One step of one system in a process of its own, so that start time and memory are that system's alone.

`python -m tests.bench.search.worker STEP NAME FOLDER CACHE RESULT STARTED` reads `base.json` or `questions.json` of the folder,
works in the folder named like the system, and writes its figures to RESULT. STARTED is when the process was started.
Steps: build, ask, and for people build-people, ask-people.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.bench.search.systems import system

ROUNDS = 3
WARM = 20
ENOUGH_SECONDS = 90.0
"""A further round is begun only within this time: a slow system is asked everything once."""


def main(words: Sequence[str]) -> int:
    step, name, started = words[0], words[1], float(words[5])
    folder, cache, result = map(Path, words[2:5])
    home = folder / name
    if step.startswith("build"):
        figures = _build(step, name, home, cache, json.loads((folder / "base.json").read_text("utf-8")))
    else:
        questions = json.loads((folder / "questions.json").read_text("utf-8"))
        figures = asked(_asker(step, name, home), questions, started)
    figures["peak_mb"] = _peak_mb()
    result.write_text(json.dumps(figures), "utf-8")
    return 0


def asked(ask: Callable[[str], list[str]], questions: Sequence[str], started: float) -> dict[str, Any]:
    """Seconds from the start to the first answer; ids found for each question, and the best time of each, in ms."""
    ask(questions[0])
    start_s = time.time() - started
    for question in questions[:WARM]:
        ask(question)
    found: list[list[str]] = []
    best = [float("inf")] * len(questions)
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        found = []
        for n, question in enumerate(questions):
            at = time.perf_counter()
            found.append(ask(question))
            best[n] = min(best[n], 1000 * (time.perf_counter() - at))
        if time.perf_counter() - begun > ENOUGH_SECONDS:
            break
    return {"start_s": start_s, "found": found, "ms": best}


def _asker(step: str, name: str, home: Path) -> Callable[[str], list[str]]:
    from retrieval.adapters.minilm_embeddings import MiniLMEmbeddings

    if step == "ask-people":
        from tests.bench.search.systems import askwell_system

        experts = askwell_system.opened(home).experts
        return lambda question: [hit.profile.id for hit in experts.find(question, 10)]
    ready = system(name).open(home, MiniLMEmbeddings())
    return lambda question: ready.ask(question, 5)


def _build(step: str, name: str, home: Path, cache: Path, base: Any) -> dict[str, Any]:
    """Seconds of building without those of embedding."""
    from retrieval.adapters.minilm_embeddings import MiniLMEmbeddings
    from tests.bench.search.vectors import Remembered

    home.mkdir(parents=True)
    remembered = Remembered(MiniLMEmbeddings(), cache)
    at = time.perf_counter()
    if step == "build-people":
        from tests.bench.search.systems import askwell_system

        askwell_system.build_people(base, remembered, home)
    else:
        system(name).build([(key, title, text) for key, title, text in base], remembered, home)
    return {"build_s": time.perf_counter() - at - remembered.seconds, "embedded_s": remembered.seconds}


def _peak_mb() -> float:
    """The largest resident set of this process since it became this program."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
