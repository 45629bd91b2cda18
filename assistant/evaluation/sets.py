"""Where the measured sets are and how their files are read. Whatever is wrong with one is said in a single sentence.

A set is a folder with `shared/` (what is searched) and one folder a part (`dev/`, what is asked and what is right). A folder
of sets and, for sets of one file, the folder that holds the file or the file itself are accepted too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
GOLDEN = CHECKOUT / "knowledge_base" / "golden"
DEFAULTS = (CHECKOUT.parent / "shared" / "data", CHECKOUT / "tests" / "evals" / "data", GOLDEN)
LARGEST = 500_000_000


class BadSet(Exception):
    """A set is missing or a file of it cannot be used; `str()` is one sentence for the person who called."""


@dataclass(frozen=True)
class Layout:
    """What a set is made of: the name of its usual folder, and its forms, the first that is there counts.

    A form is the names of its files; a file is looked for in the part, in `shared/` and in the set's own folder. `own` names
    what is measured without any file, where no set is there and none was asked for.
    """

    folder: str
    forms: tuple[tuple[str, ...], ...]
    own: str = ""


LAYOUTS: dict[str, Layout] = {
    "retrieval": Layout("stackfaq", (("queries.jsonl", "qrels.tsv", "corpus.jsonl"),)),
    "abstain": Layout("hint3", (("queries.jsonl", "kb.jsonl"),)),
    "decide": Layout("mtrag_un", (("tasks.jsonl", "passages.jsonl"),)),
    "experts": Layout(
        "find_a_mentor",
        (
            ("ratings.tsv", "reviewers.jsonl", "papers.jsonl"),
            ("queries.jsonl", "qrels.tsv", "people.jsonl"),
            ("queries.jsonl", "qrels.tsv", "mentors_tags_hidden.jsonl"),
        ),
    ),
    "exposure": Layout("exposure", (("queries.jsonl", "qrels.tsv"),)),
    "clarify": Layout("clarify", (("topics.jsonl", "queries.jsonl"), ("topics.jsonl",), ("queries.jsonl",))),
    "dialogue": Layout("scenarios", (("scenarios.jsonl",),)),
    "tokens": Layout("scenarios", (("scenarios.jsonl",),)),
    "mentees": Layout("mentees", (("mentees.jsonl",),)),
    "sensitive": Layout("sensitive", (("messages.jsonl",),)),
    "debrief": Layout("debriefs", (("debriefs.jsonl",),)),
    "resist": Layout(
        "prompt_injection", (("direct_attacks.jsonl", "indirect_instructions.jsonl", "benign.jsonl"),), own="own grammar"
    ),
    "redact": Layout("pii_presidio", (("texts.jsonl",),)),
}
GOLDEN_LAYOUTS: dict[str, Layout] = {
    "retrieval": Layout("retrieval", (("queries.jsonl", "qrels.tsv"),)),
    "abstain": Layout("abstain", (("queries.jsonl",),)),
    "experts": Layout("experts", (("queries.jsonl", "qrels.tsv"),)),
    "exposure": Layout("experts", (("queries.jsonl", "qrels.tsv"),)),
}
"""The project's own questions over its starter base, which takes the place of `shared/`."""


@dataclass(frozen=True)
class Located:
    """A found set: its folder, where each file of its form is, and a name to print. `golden`: it asks the starter base."""

    folder: Path
    files: Mapping[str, Path]
    source: str
    golden: bool = False

    @property
    def file(self) -> Path:
        """The first file of the form, which is the part's own."""
        return next(iter(self.files.values()))

    def beside(self, name: str) -> Path | None:
        """A file that may be there, in the part, in `shared/` or in the set's own folder."""
        part = self.file.parent
        return next((p for p in (part / name, self.folder / "shared" / name, self.folder / name) if p.is_file()), None)


def locate(name: str, folder: Path | None, part: str) -> Located:
    """The set that measures `name`, in `folder` or in the usual places. Raises BadSet."""
    if folder is not None and not folder.exists():
        raise BadSet(f"There is no folder {folder}.")
    found = _first(name, folder, part)
    if found:
        return found
    raise BadSet(_missing(name, folder, part))


def names_of(name: str, folder: Path | None, part: str) -> tuple[str, ...]:
    """The name itself, or for "all" the names of every set that is there. Raises BadSet when there is none."""
    if name in LAYOUTS:
        return (name,)
    if name != "all":
        raise BadSet(f"There is nothing to measure called {name!r}; choose one of {', '.join(LAYOUTS)} or all.")
    if folder is not None and not folder.exists():
        raise BadSet(f"There is no folder {folder}.")
    found = tuple(known for known in LAYOUTS if _first(known, folder, part))
    if not found:
        raise BadSet(f"There is no set with a part {part!r} in {folder or 'the usual places'}; give a folder with --set.")
    return found


def places(folder: Path | None) -> tuple[Path, ...]:
    """Where sets are looked for: the folder that was asked for, else those that exist of the usual ones."""
    return (folder,) if folder else tuple(place for place in DEFAULTS if place.is_dir())


def read_rows(path: Path, needs: Collection[str] = ()) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of each line of a JSON Lines file; `needs` names fields that every row must have (not null).

    Raises BadSet naming file and line; also for a file without any row, when fields are needed.
    """
    rows = 0
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadSet(f"{path.name}, line {number}: this is not JSON; each line must be one object.") from error
        if not isinstance(row, dict):
            raise BadSet(f"{path.name}, line {number}: this is no JSON object.")
        missing = next((key for key in needs if row.get(key) is None), None)
        if missing:
            raise BadSet(f"{path.name}, line {number}: {missing!r} is missing.")
        rows += 1
        yield number, row
    if needs and not rows:
        raise BadSet(f"{path.name} has no line in it.")


def rows_of(path: Path, needs: Collection[str] = ()) -> list[dict[str, Any]]:
    """All objects of a JSON Lines file. Raises BadSet."""
    return [row for _, row in read_rows(path, needs)]


def read_cells(path: Path, columns: int = 3) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of a tab-separated file; a first line whose last cell is no number is a heading. Raises BadSet."""
    rows = 0
    for number, line in enumerate(_text(path).splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or (number == 1 and not _is_number(cells[-1])):
            continue
        if len(cells) != columns or not _is_number(cells[-1]):
            raise BadSet(f"{path.name}, line {number}: it needs {columns} cells with tabs between, the last of them a number.")
        rows += 1
        yield number, cells
    if not rows:
        raise BadSet(f"{path.name} has no judgement in it.")


def read_grades(path: Path) -> dict[str, dict[str, float]]:
    """Of each query the graded ids, from `query-id, corpus-id, grade`. Raises BadSet."""
    grades: dict[str, dict[str, float]] = {}
    for _, (query, document, grade) in read_cells(path):
        grades.setdefault(query, {})[document] = float(grade)
    return grades


def _is_number(cell: str) -> bool:
    try:
        return float(cell) == float(cell)
    except ValueError:
        return False


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise BadSet(f"{path.name} is larger than {LARGEST // 1_000_000} MB.")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSet(f"{path.name} is not UTF-8 text.") from error
    except OSError as error:
        raise BadSet(f"{path.name} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from error


def _first(name: str, folder: Path | None, part: str) -> Located | None:
    found = next((hit for place in places(folder) if (hit := _within(place, name, part))), None)
    own = LAYOUTS[name].own if folder is None else ""
    return found or (Located(CHECKOUT, {}, own) if own else None)


def _within(place: Path, name: str, part: str) -> Located | None:
    golden = place.resolve().is_relative_to(GOLDEN)
    layout = GOLDEN_LAYOUTS.get(name) if golden else LAYOUTS[name]
    if layout is None:
        return None
    if place.is_file():
        return Located(place.parent, {place.name: place}, place.name) if len(layout.forms[-1]) == 1 else None
    for base in (place, place / layout.folder):
        for form in layout.forms:
            found = _form(base, form, part)
            if found:
                return Located(base, found, f"{'golden ' if golden else ''}{base.resolve().name}, {part}", golden)
    for form in layout.forms:
        if len(form) == 1 and (place / form[0]).is_file():
            return Located(place, {form[0]: place / form[0]}, f"{form[0]} of {place.resolve().name}")
    return None


def _form(base: Path, form: Collection[str], part: str) -> dict[str, Path] | None:
    """Where each file of the form is; the first must be the part's."""
    found: dict[str, Path] = {}
    for name in form:
        at = (base / part / name, *((base / "shared" / name, base / name) if found else ()))
        path = next((p for p in at if p.is_file()), None)
        if path is None:
            return None
        found[name] = path
    return found


def _missing(name: str, folder: Path | None, part: str) -> str:
    first, *rest = LAYOUTS[name].forms[-2 if name == "experts" else 0]
    files = " and ".join([f"{part}/{first}", *(f"{part}/ or shared/{file}" for file in rest)])
    where = f"in {folder}" if folder else "beside the checkout, in tests/evals/data or in knowledge_base/golden"
    return f"There is no set for {name} {where}: it needs {files}; give its folder with --set and its part with --part."
