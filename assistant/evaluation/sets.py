"""Locates the evaluation sets and reads their files. Every problem is a BadSet with one sentence.

A set is a folder with `shared/` (the corpus) and one folder a part (`dev/`: queries and gold answers). A folder of sets is
accepted as well and, for sets of one file, the file or its folder.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

CHECKOUT = Path(__file__).resolve().parents[2]
GOLDEN = CHECKOUT / "knowledge_base" / "golden"
DEFAULTS = (CHECKOUT.parent / "shared" / "data", CHECKOUT / "tests" / "evals" / "data", GOLDEN)
LARGEST = 500_000_000


class BadSet(Exception):
    """A set is missing or one of its files is invalid; `str()` is one sentence for people."""


Seen = Literal["unseen", "cross-validated", "seen"]
"""Whether the data was read while the product was built: "unseen" data was kept apart, written afterwards or brought by a user;
"cross-validated" data was unseen in groups; figures on "seen" data only show how well the product fits it."""


@dataclass(frozen=True)
class Layout:
    """The files of a set: the name of its usual folder, and its forms, of which the first complete one is used.

    A form lists file names; a file is searched in the part, in `shared/` and in the set's own folder. `own` names an evaluation
    that needs no files, used if no set exists and none was requested. `golden` is the layout of the project's own questions over
    its starter base, which replaces `shared/`. `seen` lists the parts that were read while building.
    """

    folder: str
    forms: tuple[tuple[str, ...], ...]
    own: str = ""
    golden: Layout | None = None
    seen: tuple[str, ...] = ("dev",)


Layouts = Mapping[str, Layout]
LAYOUTS: Layouts = {
    "retrieval": Layout(
        "stackfaq",
        (("queries.jsonl", "qrels.tsv", "corpus.jsonl"),),
        golden=Layout("retrieval", (("queries.jsonl", "qrels.tsv"),)),
    ),
    "know": Layout("knowing", (("questions.jsonl",),)),
    "abstain": Layout("hint3", (("queries.jsonl", "kb.jsonl"),), golden=Layout("abstain", (("queries.jsonl",),))),
    "decide": Layout("mtrag_un", (("tasks.jsonl", "passages.jsonl"),)),
    "experts": Layout(
        "find_a_mentor",
        (("queries.jsonl", "qrels.tsv", "people.jsonl"), ("queries.jsonl", "qrels.tsv", "mentors_tags_hidden.jsonl")),
        golden=Layout("experts", (("queries.jsonl", "qrels.tsv"),)),
    ),
    "clarify": Layout("clarify", (("topics.jsonl", "queries.jsonl"), ("topics.jsonl",), ("queries.jsonl",))),
    "debrief": Layout("debriefs", (("debriefs.jsonl",),)),
    "redact": Layout("pii_presidio", (("texts.jsonl",),)),
}
"""The sets of the installed command."""


@dataclass(frozen=True)
class Located:
    """A set that was found: its folder, the path of each file, a name to print, and whether it was seen while building.

    `golden` sets query the starter base.
    """

    folder: Path
    files: Mapping[str, Path]
    source: str
    golden: bool = False
    seen: Seen = "unseen"

    @property
    def file(self) -> Path:
        """The first file of the form, in the folder of the part."""
        return next(iter(self.files.values()))

    def beside(self, name: str) -> Path | None:
        """The path of an optional file: in the part, in `shared/` or in the set's own folder; else None."""
        part = self.file.parent
        return next((p for p in (part / name, self.folder / "shared" / name, self.folder / name) if p.is_file()), None)


def locate(name: str, folder: Path | None, part: str, layouts: Layouts = LAYOUTS) -> Located:
    """The set for the evaluation `name`, in `folder` or in the usual places. Raises BadSet."""
    if folder is not None and not folder.exists():
        raise BadSet(f"There is no folder {folder}.")
    found = _first(layouts[name], folder, part)
    if found:
        return found
    raise BadSet(_missing(name, layouts[name], folder, part))


def names_of(name: str, folder: Path | None, part: str, layouts: Layouts = LAYOUTS) -> tuple[str, ...]:
    """The name itself, or for "all" the names of all sets that exist. Raises BadSet if there is none."""
    if name in layouts:
        return (name,)
    if name != "all":
        raise BadSet(f"There is nothing to measure called {name!r}; choose one of {', '.join(layouts)} or all.")
    if folder is not None and not folder.exists():
        raise BadSet(f"There is no folder {folder}.")
    found = tuple(known for known, layout in layouts.items() if _first(layout, folder, part))
    if not found:
        raise BadSet(f"There is no set with a part {part!r} in {folder or 'the usual places'}; give a folder with --set.")
    return found


def places(folder: Path | None) -> tuple[Path, ...]:
    """The folders to search: the given one, else the usual ones that exist."""
    return (folder,) if folder else tuple(place for place in DEFAULTS if place.is_dir())


def read_rows(path: Path, needs: Collection[str] = ()) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of each line of a JSON Lines file; `needs` lists fields that must be present and not null.

    Raises BadSet naming file and line, and for an empty file if fields are needed.
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
    """Line number and cells of a tab-separated file. A first line whose last cell is no number is a header. Raises BadSet."""
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
    """The grades of the documents of each query, from lines of `query-id, corpus-id, grade`. Raises BadSet."""
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


def _first(layout: Layout, folder: Path | None, part: str) -> Located | None:
    found = next((hit for place in places(folder) if (hit := _within(place, layout, part))), None)
    return found or (Located(CHECKOUT, {}, layout.own, seen="seen") if layout.own and folder is None else None)


def _within(place: Path, public: Layout, part: str) -> Located | None:
    golden = place.resolve().is_relative_to(GOLDEN)
    layout = public.golden if golden else public
    if layout is None:
        return None
    if place.is_file():
        return Located(place.parent, {place.name: place}, place.name) if len(layout.forms[-1]) == 1 else None
    for base in (place, place / layout.folder):
        for form in layout.forms:
            found = _form(base, form, part)
            if found:
                name = base.resolve().name
                return Located(base, found, f"{'golden ' if golden else ''}{name}, {part}", golden, _seen(layout, name, part))
    for form in layout.forms:
        if len(form) == 1 and (place / form[0]).is_file():
            seen = _seen(layout, layout.folder if place in DEFAULTS else place.resolve().name, part)
            return Located(place, {form[0]: place / form[0]}, f"{form[0]} of {place.resolve().name}", seen=seen)
    return None


def _seen(layout: Layout, folder: str, part: str) -> Seen:
    """Sets of the project are seen by their part; any other set is unseen."""
    return "seen" if folder == layout.folder and part in layout.seen else "unseen"


def _form(base: Path, form: Collection[str], part: str) -> dict[str, Path] | None:
    """The path of each file of the form, or None if one is missing; the first file must be in the part."""
    found: dict[str, Path] = {}
    for name in form:
        at = (base / part / name, *((base / "shared" / name, base / name) if found else ()))
        path = next((p for p in at if p.is_file()), None)
        if path is None:
            return None
        found[name] = path
    return found


def _missing(name: str, layout: Layout, folder: Path | None, part: str) -> str:
    first, *rest = layout.forms[-1 if name == "experts" else 0]
    files = " and ".join([f"{part}/{first}", *(f"{part}/ or shared/{file}" for file in rest)])
    where = f"in {folder}" if folder else "beside the checkout, in tests/evals/data or in knowledge_base/golden"
    return f"There is no set for {name} {where}: it needs {files}; give its folder with --set and its part with --part."
