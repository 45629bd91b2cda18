"""Which code measures which set: each runner takes a found set, runs the product on it, and gives back one report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.evaluation.figures import Report
from assistant.evaluation.sets import Located, locate

if TYPE_CHECKING:
    from retrieval.ports import Embeddings

Progress = Callable[[str, int, int], None]
Runner = Callable[[Located, str, Progress], Report]


def measured(name: str, folder: Path | None, part: str, progress: Progress) -> Report:
    """The report on one set. Raises BadSet when it is missing or damaged."""
    return RUNNERS[name](locate(name, folder, part), part, progress)


def run_retrieval(found: Located, part: str, progress: Progress) -> Report:
    from assistant.evaluation.ranking import passages

    return passages(found, part, _embeddings("passages", progress))


def run_abstain(found: Located, part: str, progress: Progress) -> Report:
    from assistant.evaluation.ranking import abstention

    return abstention(found, part, _embeddings("messages", progress))


def run_experts(found: Located, part: str, progress: Progress) -> Report:
    from assistant.evaluation.ranking import people

    return people(found, part, _embeddings("people", progress))


def run_dialogue(found: Located, part: str, progress: Progress) -> Report:
    """Every scenario played once, in one prepared folder that is thrown away afterwards."""
    from assistant.evaluation.dialogue import measure
    from assistant.evaluation.play import Player, open_stage
    from assistant.evaluation.scenarios import load_scenarios

    scenarios = load_scenarios(found.file)
    with TemporaryDirectory(prefix="askwell-eval-") as folder:
        app = open_stage(Path(folder), progress)
        try:
            player, played = Player(app), []
            for scenario in scenarios:
                played.append(player.play(scenario))
                progress("scenarios", len(played), len(scenarios))
        finally:
            app.close()
    return measure(played, found.source)


def run_debrief(found: Located, part: str, progress: Progress) -> Report:
    """Every set of notes structured by the configured language adapter."""
    from assistant.bootstrap import build
    from assistant.evaluation.debrief import evaluate_debrief
    from assistant.settings import Settings

    language = build(Settings()).language
    return evaluate_debrief(found.file, found.source, language, lambda done, total: progress("debriefs", done, total))


def _embeddings(stage: str, progress: Progress) -> Embeddings:
    """The configured embedder, telling how far it is."""
    from assistant.evaluation.ranking import Watched
    from assistant.settings import Settings
    from retrieval.build import make_embeddings

    return Watched(make_embeddings(Settings().embedder), lambda done: progress(f"embedding {stage}", done, 0))


RUNNERS: dict[str, Runner] = {
    "retrieval": run_retrieval,
    "abstain": run_abstain,
    "experts": run_experts,
    "dialogue": run_dialogue,
    "debrief": run_debrief,
}
