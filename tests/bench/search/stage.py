"""Plays the systems on bases of several sizes: every step in a process of its own, one after the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.measures import ndcg
from retrieval.embedders import make_embeddings
from retrieval.passages.sentence_vectors import spans_of, text_of
from retrieval.passages.split import passages_of
from retrieval.people.profile_text import evidence_of
from tests.bench.search import corpus
from tests.bench.search.vectors import Remembered, Sketched

ROOT = Path(__file__).resolve().parents[3]
LONGEST_SECONDS = 7_200
SAMPLE = 300
"""Texts that are embedded to tell how long it takes."""

OFFLINE = {
    "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false", "TOKENIZERS_PARALLELISM": "false", "CUDA_VISIBLE_DEVICES": "", "TQDM_DISABLE": "1",
}  # fmt: skip

Figures = dict[str, Any]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    """Where the bench works: its folder, the folder of kept vectors, and the Python that has the peers (None: no peers)."""

    folder: Path
    cache: Path
    peers: Path | None
    tell: Tell = lambda line: None
    sketch_from: int = 100_000
    """From so many texts on the vectors are sketched (see `vectors.Sketched`): only time and room are measured."""

    def prepare(self, size: int) -> Path:
        """The folder of a base of this size, with its texts, questions and vectors."""
        found = corpus.entries(size)
        passages = [passage for article in corpus.articles(found) for passage in passages_of(article)]
        if len(passages) != size:
            raise ValueError(f"{size} entries became {len(passages)} passages")
        said = [text_of(passage, span) for passage in passages for span in spans_of(passage.text)]
        self._warm([*(passage.indexed_text for passage in passages), *dict.fromkeys(entry.title for entry in found), *said], size)
        texts = [(entry.id, entry.title, entry.text) for entry in found]
        return self._written(f"{size}", texts, [question.text for question in corpus.questions()])

    def prepare_people(self, count: int) -> Path:
        """The folder of a base of mentors."""
        self._warm([part.matched for profile in corpus.mentors(count) for part in evidence_of(profile)], count * corpus.SAID)
        return self._written(f"people-{count}", count, corpus.people_questions())

    def play(self, name: str, place: Path, size: int, what: str = "") -> Figures:
        """Builds and asks one system; {"failed": why} if it does not do that. `what` is "" or "-people"."""
        made = self._step(f"build{what}", name, place, size)
        if "failed" in made:
            return made
        asked = self._step(f"ask{what}", name, place, size)
        if "failed" in asked:
            return asked
        return figures(made, asked, _size_mb(place / name))

    def sketched(self, size: int) -> bool:
        """Whether a base of so many texts has stand-ins for vectors."""
        return size >= self.sketch_from

    def _warm(self, texts: Sequence[str], size: int) -> None:
        embeddings = make_embeddings("minilm")
        made = Sketched(embeddings) if self.sketched(size) else embeddings
        Remembered(made, self._kept(size)).warm(texts, self._embedding)

    def _kept(self, size: int) -> Path:
        return self.cache / "sketched" if self.sketched(size) else self.cache

    def _embedding(self, done: int, total: int) -> None:
        self.tell(f"embedding {done:,} of {total:,}")

    def _written(self, name: str, base: object, questions: Iterable[str]) -> Path:
        place = self.folder / name
        place.mkdir(parents=True)
        (place / "base.json").write_text(json.dumps(base), "utf-8")
        (place / "questions.json").write_text(json.dumps(list(questions)), "utf-8")
        return place

    def _step(self, step: str, name: str, place: Path, size: int) -> Figures:
        python = Path(sys.executable) if name == "askwell" else self.peers
        if python is None or not python.exists():
            return {"failed": "its packages are not installed"}
        self.tell(f"{place.name}: {name}, {step}")
        result = place / f"{name}-{step}.json"
        log = place / f"{name}-{step}.log"
        command = [str(python), "-m", "tests.bench.search.worker", step, name, str(place), str(self._kept(size)), str(result)]
        with log.open("wb") as out:
            try:
                ran = subprocess.run(
                    [*command, repr(time.time())], cwd=ROOT, env={**os.environ, **OFFLINE}, stdout=out, stderr=out,
                    timeout=LONGEST_SECONDS,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return {"failed": f"{step} took more than {LONGEST_SECONDS // 60} minutes"}
        if ran.returncode or not result.exists():
            return {"failed": f"{step}: {_last_line(log)}"}
        found: Figures = json.loads(result.read_text("utf-8"))
        return found


def figures(made: Figures, asked: Figures, disk_mb: float) -> Figures:
    """What is reported of one system; times of a question in ms."""
    times = sorted(asked["ms"])
    return {
        "p50_ms": _quantile(times, 0.5),
        "p95_ms": _quantile(times, 0.95),
        "start_s": asked["start_s"],
        "peak_mb": asked["peak_mb"],
        "disk_mb": disk_mb,
        "build_s": made["build_s"],
        "embedded_here_s": made["embedded_s"],
        "build_peak_mb": made["peak_mb"],
        "found": asked["found"],
    }


def quality(found: Sequence[Sequence[str]], size: int) -> Figures:
    """nDCG@5 and Hit@5 of the questions, on a base of this size."""
    base = corpus.entries(size)
    rights = [question.right(base) for question in corpus.questions()]
    gains = [ndcg(ranking, right, 5) for ranking, right in zip(found, rights, strict=True)]
    hits = [not right.keys().isdisjoint(ranking[:5]) for ranking, right in zip(found, rights, strict=True)]
    return {"ndcg5": sum(gains) / len(gains), "hit5": sum(hits) / len(hits)}


def embedding_speed() -> Figures:
    """Texts a second with the product's own embedder, on a sample of entries; and ms for a question."""
    embeddings = make_embeddings("minilm")
    texts = [f"{entry.title}\n{entry.text}" for entry in corpus.entries(SAMPLE)]
    embeddings.embed(texts[:1])
    at = time.perf_counter()
    embeddings.embed(texts)
    batch = time.perf_counter() - at
    times = []
    for question in corpus.questions()[:50]:
        at = time.perf_counter()
        embeddings.embed([question.text])
        times.append(1000 * (time.perf_counter() - at))
    return {"texts_per_s": len(texts) / batch, "question_ms": _quantile(sorted(times), 0.5)}


def _quantile(ranked: Sequence[float], share: float) -> float:
    return ranked[round(share * (len(ranked) - 1))]


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it ended without a word"
