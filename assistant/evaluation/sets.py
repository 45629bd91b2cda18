"""Where the measured sets are and how their files are read. Whatever is wrong with one is said in a single sentence.

A set is a folder with one folder a part (`scenarios/dev/scenarios.jsonl`); a folder of sets, a folder that holds the file
itself, and the file are accepted too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULTS = (CHECKOUT.parent / "shared" / "data", CHECKOUT / "tests" / "evals" / "data")
LARGEST = 50_000_000


class BadSet(Exception):
    """A set is missing or a file of it cannot be used; `str()` is one sentence for the person who called."""


@dataclass(frozen=True)
class Layout:
    """What a set is made of: the name of its folder and of the file in each part, and further files beside the parts."""

    folder: str
    file: str
    shared: tuple[str, ...] = ()


LAYOUTS: dict[str, Layout] = {
    "retrieval": Layout("stackfaq", "queries.jsonl", ("corpus.jsonl",)),
    "abstain": Layout("hint3", "queries.jsonl", ("kb.jsonl",)),
    "experts": Layout("find_a_mentor", "queries.jsonl", ("mentors_tags_hidden.jsonl",)),
    "dialogue": Layout("scenarios", "scenarios.jsonl"),
    "debrief": Layout("debriefs", "debriefs.jsonl"),
}


@dataclass(frozen=True)
class Located:
    """A found set: its own folder, the part's file, and a name to print."""

    folder: Path
    file: Path
    source: str


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


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of each line of a JSON Lines file. Raises BadSet naming file and line."""
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadSet(f"{path.name}, line {number}: this is not JSON; each line must be one object.") from error
        if not isinstance(row, dict):
            raise BadSet(f"{path.name}, line {number}: this is no JSON object.")
        yield number, row


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise BadSet(f"{path.name} is larger than {LARGEST // 1_000_000} MB.")
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BadSet(f"{path.name} is not UTF-8 text.") from error
    except OSError as error:
        raise BadSet(f"{path.name} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from error


def _first(name: str, folder: Path | None, part: str) -> Located | None:
    return next((hit for place in places(folder) if (hit := _within(place, LAYOUTS[name], part))), None)


def _within(place: Path, layout: Layout, part: str) -> Located | None:
    if place.is_file():
        return Located(place.parent, place, place.name) if not layout.shared else None
    for base in (place, place / layout.folder):
        if (base / part / layout.file).is_file() and _is_set(base, layout):
            return Located(base, base / part / layout.file, f"{base.resolve().name}, {part}")
    if (place / layout.file).is_file() and not layout.shared:
        return Located(place, place / layout.file, f"{layout.file} of {place.resolve().name}")
    return None


def _is_set(base: Path, layout: Layout) -> bool:
    return all((base / "shared" / name).is_file() for name in layout.shared)


def _missing(name: str, folder: Path | None, part: str) -> str:
    layout = LAYOUTS[name]
    files = " and ".join([f"{part}/{layout.file}", *(f"shared/{file}" for file in layout.shared)])
    where = f"in {folder}" if folder else "beside the checkout or in tests/evals/data"
    return f"There is no set for {name} {where}: it needs {files}; give its folder with --set and its part with --part."
