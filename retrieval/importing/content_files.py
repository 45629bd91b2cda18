"""Reads articles (Markdown with front matter) and mentor profiles (CSV or JSONL).

`read_sources` reads what can be used and reports the rest: an invalid record or file does not stop the others. `load_articles`
and `load_profiles` raise BadSource for the first problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from prompts.catalog import text
from retrieval.errors import BadSource
from retrieval.importing.article_files import ARTICLE_FIELDS, MAX_ARTICLE_BYTES, read_article
from retrieval.importing.import_report import Checked, Findings, ProfileCheck, Sources
from retrieval.importing.profile_records import PROFILE_COLUMNS, PROFILES, REQUIRED_COLUMNS, profile_of
from retrieval.importing.record_files import MAX_ROWS, Known, Record, csv_records, json_records
from retrieval.importing.source_folder import report_left_out, source_files
from retrieval.passage import Article, Profile

__all__ = ["ARTICLE_FIELDS", "MAX_ARTICLE_BYTES", "PROFILE_COLUMNS", "REQUIRED_COLUMNS", "load_articles", "load_profiles",
           "read_article", "read_sources"]  # fmt: skip

MAX_BYTES = 200_000_000
"""Bytes of all articles of one import."""

_READERS: dict[str, Callable[[Path, Known, Findings], Iterator[Record]]] = {".csv": csv_records, ".jsonl": json_records}


def _unchecked(profile: Profile) -> Checked:
    return Checked(profile)


def read_sources(path: Path, check: ProfileCheck = _unchecked) -> Sources:
    """Articles and mentors of a file or folder, and everything that was refused or not used.

    Raises BadSource if there is nothing to read at all.
    """
    files, findings = source_files(path), Findings(path)
    if path.is_file() and not files.articles and not files.lists:
        raise BadSource(path, text("source.kind"))
    if not files.articles and not files.lists:
        raise BadSource(path, text("source.nothing"))
    articles = _articles(files.articles, findings)
    profiles = _profiles(files.lists, findings, check)
    report_left_out(path, files, findings)
    return findings.sources(articles, profiles)


def load_articles(path: Path | str) -> list[Article]:
    """The article of a file, or the articles of a folder (README files are skipped), sorted by id. Raises BadSource."""
    root = Path(path)
    paths, findings = source_files(root).articles if root.is_dir() or not root.exists() else [root], Findings(root)
    if not paths:
        raise BadSource(root, text("source.no_articles"))
    articles = _articles(paths, findings)
    findings.raise_first()
    return articles


def load_profiles(path: Path | str) -> list[Profile]:
    """The profiles of a CSV or JSONL file, or of all such files in a folder, in the order of the files. Raises BadSource."""
    root = Path(path)
    paths, findings = source_files(root).lists if root.is_dir() or not root.exists() else [root], Findings(root)
    if not paths:
        raise BadSource(root, text("source.no_lists"))
    profiles = _profiles(paths, findings, _unchecked)
    findings.raise_first()
    return profiles


def _articles(paths: Iterable[Path], findings: Findings) -> list[Article]:
    found: dict[str, tuple[Path, Article]] = {}
    room = MAX_BYTES
    for path in paths:
        try:
            room -= path.stat().st_size
            if room < 0:
                raise BadSource(path, text("source.much", limit=f"{MAX_BYTES:,}"))
            article = read_article(path, findings)
            if article.id in found:
                raise BadSource(path, text("source.id_taken", id=repr(article.id), file=findings.name(found[article.id][0])))
        except OSError:
            findings.refuse(path, text("source.unreadable"))
        except BadSource as bad:
            findings.refuse_source(bad)
        else:
            found[article.id] = (path, article)
    return [found[key][1] for key in sorted(found)]


def _profiles(paths: Iterable[Path], findings: Findings, check: ProfileCheck) -> list[Profile]:
    found: dict[str, Profile] = {}
    places: dict[str, Path] = {}
    for path in paths:
        try:
            records = list(_records(path, findings))
        except BadSource as bad:
            findings.refuse_source(bad)
            continue
        for line, values in records:
            profile = _profile(path, line, values, findings, check)
            if profile is None:
                continue
            if profile.id in found:
                _refuse_twice(path, line, profile.id, places[profile.id], findings)
            elif len(found) >= MAX_ROWS:
                findings.refuse(path, text("source.many_people", limit=f"{MAX_ROWS:,}"), line)
                break
            else:
                found[profile.id], places[profile.id] = profile, path
    return list(found.values())


def _records(path: Path, findings: Findings) -> Iterator[Record]:
    """The records of a CSV or JSONL file. Raises BadSource."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise BadSource(path, text("source.no_list"))
    yield from reader(path, PROFILES, findings)


def _profile(path: Path, line: int, values: Mapping[str, Any], findings: Findings, check: ProfileCheck) -> Profile | None:
    """The profile of a record, as `check` normalised it; None if it is refused."""
    profile, faults = profile_of(values)
    checked = check(profile) if profile else None
    refused = (*faults, *(checked.refused if checked else ()))
    for fault in refused:
        findings.refuse(path, fault.problem, line)
    if checked is None or refused:
        return None
    for fault in checked.unused:
        findings.leave(path, fault.problem, line)
    return replace(checked.profile, time_zone=checked.profile.time_zone or "UTC")


def _refuse_twice(path: Path, line: int, key: str, before: Path, findings: Findings) -> None:
    if before == path:
        findings.refuse(path, text("source.id_twice", id=repr(key)), line)
    else:
        findings.refuse(path, text("source.id_taken", id=repr(key), file=findings.name(before)), line)
