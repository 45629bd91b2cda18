"""Finding passages, finding people and knowing what the base does not know: retrieval's own measures, as figures.

The files are looked through first, so that a bad line is one sentence and not a surprise after a minute of embedding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.evaluation.figures import Figure, Report, Wanted
from assistant.evaluation.sets import BadSet, Located, read_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.evaluate import Result
    from retrieval.ports import Embeddings

Tell = Callable[[int], None]


@dataclass
class Watched:
    """Embeddings that tell how many texts they have embedded so far."""

    inner: Embeddings
    tell: Tell
    done: int = field(default=0, init=False)

    @property
    def id(self) -> str:
        return self.inner.id

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self.inner.embed(texts)
        self.done += len(texts)
        self.tell(self.done)
        return vectors


def passages(found: Located, part: str, embeddings: Embeddings) -> Report:
    """StackFAQ's form, once with the titles and once with the texts alone. Raises BadSet."""
    from retrieval.evaluate import evaluate_retrieval

    _check(found, part, "corpus.jsonl", ("id", "title", "text"), ("id", "text"))
    _check_grades(found.folder / part / "qrels.tsv")
    with _one_sentence():
        titled = evaluate_retrieval(found.folder, part, embeddings)
        bare = evaluate_retrieval(found.folder, part, embeddings, titles=False)
    figures = [*_figures(titled, {"nDCG@10": 0.94}), *_figures(bare, {"nDCG@10": 0.74}, "without titles: ")]
    return Report("retrieval", found.source, tuple(figures))


def people(found: Located, part: str, embeddings: Embeddings) -> Report:
    """find_a_mentor's form. Raises BadSet."""
    from retrieval.evaluate import evaluate_experts

    _check(found, part, "mentors_tags_hidden.jsonl", ("id", "title", "description"), ("id", "text"))
    _check_grades(found.folder / part / "qrels.tsv")
    with _one_sentence():
        result = evaluate_experts(found.folder, part, embeddings)
    return Report("experts", found.source, tuple(_figures(result, {"MRR": 0.52})))


def abstention(found: Located, part: str, embeddings: Embeddings) -> Report:
    """HINT3's form: each bot, then the mean, which carries the wish. Raises BadSet."""
    from retrieval.evaluate import evaluate_abstain

    _check(found, part, "kb.jsonl", ("id", "bot", "text", "label"), ("id", "bot", "text", "label", "out_of_scope"))
    with _one_sentence():
        *bots, average = evaluate_abstain(found.folder, part, embeddings)
    figures = [figure for bot in bots for figure in _figures(bot, {}, f"{bot.name.rpartition(', ')[2]}: ")]
    return Report("abstain", found.source, (*figures, *_figures(average, {"MCC": 0.55}, "mean ")))


def _figures(result: Result, wanted: dict[str, float], prefix: str = "") -> Iterator[Figure]:
    for one in result.measures:
        wish = Wanted(wanted[one.name]) if one.name in wanted else None
        yield Figure(prefix + one.name, one.value, result.queries, wish, note=f"{one.low:.3f} to {one.high:.3f}")


def _check(found: Located, part: str, shared: str, in_shared: Collection[str], in_part: Collection[str]) -> None:
    """Every line of the two files has its fields. Raises BadSet."""
    for path, keys in ((found.folder / "shared" / shared, in_shared), (found.folder / part / "queries.jsonl", in_part)):
        rows = 0
        for number, row in read_rows(path):
            rows += 1
            missing = next((key for key in keys if not isinstance(row.get(key), str | bool)), None)
            if missing:
                raise BadSet(f"{path.name}, line {number}: {missing!r} is missing.")
        if not rows:
            raise BadSet(f"{path.name} has no line in it.")


def _check_grades(path: Path) -> None:
    if not path.is_file():
        raise BadSet(f"There is no qrels.tsv beside {path.parent.name}/queries.jsonl.")
    try:
        lines = path.read_text("utf-8").splitlines()[1:]
    except UnicodeDecodeError as error:
        raise BadSet(f"{path.name} is not UTF-8 text.") from error
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdigit():
            raise BadSet(f"{path.name}, line {number}: it needs query-id, corpus-id and a whole number, with tabs between.")
    if not lines:
        raise BadSet(f"{path.name} names no right document.")


@contextmanager
def _one_sentence() -> Iterator[None]:
    """What retrieval reports on purpose, as a bad set: its messages are sentences already."""
    from retrieval.errors import RetrievalError

    try:
        yield
    except RetrievalError as error:
        raise BadSet(str(error)) from error
