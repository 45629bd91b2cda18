"""Sorts the files of a folder into articles, lists of mentors and others; the others are named in the report.

A knowledge folder has the folders `articles`, `guides` and `mentors`. In any other folder the file extension decides.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from prompts.catalog import text
from retrieval.errors import BadSource
from retrieval.importing.import_report import Findings

ARTICLE_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
LIST_ENDINGS = (".csv", ".jsonl")
SKIPPED_STEMS = frozenset({"readme", "license", "changelog", "contributing"})
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})
PARTS = {"articles": ARTICLE_ENDINGS, "guides": ARTICLE_ENDINGS, "mentors": LIST_ENDINGS}
BESIDE = frozenset({"organisation.toml", "golden", "vectors", "__init__.py", "__pycache__"})
ACCOUNTS = "people.csv"
"""Other files of a knowledge folder, which are not imported."""
MOST_FILES = 100_000
MOST_NAMES = 5
"""Skipped files that one line of the report names."""


@dataclass(slots=True)
class SourceFiles:
    """The files to read, in order; `left_out` has the skipped ones by reason."""

    articles: list[Path] = field(default_factory=list)
    lists: list[Path] = field(default_factory=list)
    left_out: dict[str, list[Path]] = field(default_factory=dict)

    def leave(self, reason: str, path: Path) -> None:
        self.left_out.setdefault(reason, []).append(path)


def is_knowledge_folder(root: Path) -> bool:
    return any((root / name).is_dir() for name in ("articles", "mentors"))


def source_files(root: Path) -> SourceFiles:
    """The files of a folder, or the one file itself. Raises BadSource."""
    if not root.exists():
        raise BadSource(root, text("source.no_path"))
    found = SourceFiles()
    if not root.is_dir():
        _sort(root, found, (*ARTICLE_ENDINGS, *LIST_ENDINGS))
    elif is_knowledge_folder(root):
        for entry in sorted(root.iterdir()):
            _sort_part(entry, found)
    else:
        _sort_folder(root, found, (*ARTICLE_ENDINGS, *LIST_ENDINGS))
    return found


def report_left_out(root: Path, found: SourceFiles, findings: Findings) -> None:
    """Reports the skipped files: one line a reason, with a few names and the number of further ones."""
    for reason, paths in found.left_out.items():
        names = ", ".join(findings.name(path) for path in paths[:MOST_NAMES])
        more = text("source.and_more", count=len(paths) - MOST_NAMES) if len(paths) > MOST_NAMES else ""
        findings.leave(root, text(f"source.left_{reason}", files=names + more))


def _sort_part(entry: Path, found: SourceFiles) -> None:
    """Sorts an entry of a knowledge folder."""
    if entry.name in PARTS and entry.is_dir():
        _sort_folder(entry, found, PARTS[entry.name])
    elif entry.name in BESIDE or _is_account_list(entry):
        return
    elif _is_hidden(entry.name):
        found.leave("hidden", entry)
    elif entry.stem.casefold() not in SKIPPED_STEMS:
        found.leave("place", entry)


def _sort_folder(root: Path, found: SourceFiles, endings: tuple[str, ...]) -> None:
    for folder, inner, names in os.walk(root):
        for name in [name for name in inner if _is_hidden(name) or Path(folder, name).is_symlink()]:
            found.leave("hidden" if _is_hidden(name) else "linked", Path(folder, name))
            inner.remove(name)
        inner.sort()
        for name in sorted(names):
            _sort(Path(folder, name), found, endings)
        if len(found.articles) + len(found.lists) + sum(map(len, found.left_out.values())) > MOST_FILES:
            raise BadSource(root, text("source.many_files", limit=f"{MOST_FILES:,}"))


def _sort(path: Path, found: SourceFiles, endings: tuple[str, ...]) -> None:
    ending = path.suffix.lower()
    if _is_hidden(path.name):
        found.leave("hidden", path)
    elif ending not in (*ARTICLE_ENDINGS, *LIST_ENDINGS):
        found.leave("kind", path)
    elif ending not in endings:
        found.leave("place", path)
    elif ending in LIST_ENDINGS:
        found.lists.append(path)
    elif path.stem.casefold() in SKIPPED_STEMS:
        found.leave("named", path)
    else:
        found.articles.append(path)


def _is_account_list(entry: Path) -> bool:
    """Whether it is the list of accounts, which has a login column, unlike a list of mentors."""
    if entry.name != ACCOUNTS or not entry.is_file():
        return False
    with entry.open("rb") as source:
        return b"login" in source.readline(1_000)


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name in SKIPPED_FOLDERS
