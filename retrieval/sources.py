"""Reads articles (Markdown with front matter) and profiles (CSV or JSONL) from files that people made.

Whatever is wrong with a file becomes a BadSource: one sentence that names file and line and says what to do.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from retrieval.errors import BadSource
from retrieval.passage import Article, Profile

MAX_ARTICLE_BYTES = 200_000
MAX_PROFILE_BYTES = 200_000_000
MAX_ROWS = 100_000
MAX_FIELD = 20_000
"""Characters in one field of a profile."""

ARTICLE_FIELDS = ("id", "title", "summary", "topics", "audience", "owner", "reviewed_on", "review_every", "source")
PROFILE_COLUMNS = ("id", "name", "title", "department", "level", "time_zone", "languages", "skills", "formats",
                   "weekly_capacity", "office_hours", "evidence")  # fmt: skip
REQUIRED_COLUMNS = ("id", "name", "title", "evidence")
SKIPPED_NAMES = frozenset({"readme.md", "license.md", "changelog.md"})
_ID = re.compile(r"[A-Za-z0-9][\w.:@+-]{0,119}\Z")


def load_articles(path: Path | str) -> list[Article]:
    """The article of a file, or those of all `*.md` under a folder (a README is none), in the order of their ids."""
    root = Path(path)
    if not root.exists():
        raise BadSource(root, "There is no such file or folder. Check the path.")
    paths = sorted(p for p in root.rglob("*.md") if p.name.lower() not in SKIPPED_NAMES) if root.is_dir() else [root]
    if not paths:
        raise BadSource(root, "There is no Markdown article in this folder. Put files that end in .md there.")
    found: dict[str, tuple[Path, Article]] = {}
    for one in paths:
        article = read_article(one)
        if article.id in found:
            raise BadSource(one, f"The id {article.id!r} is taken by {found[article.id][0].name}. Give one another id.")
        found[article.id] = (one, article)
    return [found[key][1] for key in sorted(found)]


def read_article(path: Path) -> Article:
    """One article file."""
    import frontmatter
    import yaml

    raw = _text(path, MAX_ARTICLE_BYTES, "Split the article into several.")
    if not raw.lstrip().startswith("---"):
        wanted = ", ".join(ARTICLE_FIELDS)
        raise BadSource(path, f"The front matter is missing. Begin with --- and the fields {wanted}.", 1)
    try:
        facts, body = frontmatter.parse(raw)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 + mark.line if mark is not None else None
        raise BadSource(path, "The front matter cannot be read. Put values with a colon in quotes.", line) from error
    return _article(path, raw, facts, body)


def _article(path: Path, raw: str, facts: Mapping[str, Any], body: str) -> Article:
    missing = [name for name in ARTICLE_FIELDS if facts.get(name) in (None, "", [])]
    if missing:
        raise BadSource(path, f"The front matter lacks {', '.join(missing)}. Add what is missing.", 1)
    if not body.strip():
        raise BadSource(path, "The article has no text after its front matter. Write it, or remove the file.")
    name = str(facts["id"]).strip()
    if not _ID.match(name):
        raise BadSource(path, f"The id {name!r} cannot be used. Take letters, digits and hyphens.", _line_of(raw, "id"))
    return Article(
        name,
        _line(facts["title"]),
        _line(facts["summary"]),
        _words(facts["topics"]),
        _words(facts["audience"]),
        _line(facts["owner"]),
        _day(path, raw, facts["reviewed_on"]),
        _days(path, raw, facts["review_every"]),
        _line(facts["source"]),
        body,
    )


def _day(path: Path, raw: str, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        line = _line_of(raw, "reviewed_on")
        raise BadSource(path, f"reviewed_on is {str(value)!r}. Write it as 2026-11-30.", line) from error


def _days(path: Path, raw: str, value: Any) -> int:
    match = re.fullmatch(r"\s*(\d{1,4})\s*(?:days?|d)?\s*", str(value))
    if match is None or not int(match.group(1)):
        line = _line_of(raw, "review_every")
        raise BadSource(path, f"review_every is {str(value)!r}. Write it as '180 days'.", line)
    return int(match.group(1))


def _line_of(raw: str, name: str) -> int | None:
    for number, line in enumerate(raw.splitlines(), start=1):
        if line.startswith(f"{name}:"):
            return number
    return None


def load_profiles(path: Path | str) -> list[Profile]:
    """The profiles of a CSV or JSONL file, or of all such files in a folder, in the order of the files."""
    root = Path(path)
    if not root.exists():
        raise BadSource(root, "There is no such file or folder. Check the path.")
    paths = sorted(p for p in root.iterdir() if p.suffix.lower() in {".csv", ".jsonl"}) if root.is_dir() else [root]
    if not paths:
        raise BadSource(root, "There is no list of mentors in this folder. Put a .csv or .jsonl file there.")
    found: dict[str, Profile] = {}
    for one in paths:
        for line, row in _rows(one):
            profile = _profile(one, line, row)
            if profile.id in found:
                raise BadSource(one, f"The id {profile.id!r} is there twice. Give each person one id.", line)
            found[profile.id] = profile
            if len(found) > MAX_ROWS:
                raise BadSource(one, f"There are more than {MAX_ROWS:,} people. Split the file by organisation.", line)
    return list(found.values())


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Line number and fields of each person."""
    readers: dict[str, Callable[[Path, str], Iterable[tuple[int, Mapping[str, Any]]]]]
    readers = {".csv": _csv_rows, ".jsonl": _json_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadSource(path, "This kind of file is not known. Give a .csv or a .jsonl file.")
    yield from reader(path, _text(path, MAX_PROFILE_BYTES, "Split the file."))


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] = []
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = _header(path, cells)
            elif len(cells) != len(names):
                raise BadSource(path, f"There are {len(cells)} cells but {len(names)} columns. "
                                      "Put text with commas in quotes.", line)  # fmt: skip
            else:
                yield line, dict(zip(names, cells, strict=True))
    except csv.Error as error:
        problem = f"The CSV is broken ({error}). Check the quotes near this line."
        raise BadSource(path, problem, reader.line_num) from error
    if not names:
        raise BadSource(path, "The file is empty. Its first line must name the columns.")


def _header(path: Path, cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    missing = [name for name in REQUIRED_COLUMNS if name not in names]
    if missing:
        raise BadSource(path, f"The columns {', '.join(missing)} are missing. The first line must name them.", 1)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadSource(path, f"The column {twice[0]!r} is there twice. Keep one.", 1)
    return names


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    empty = True
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadSource(path, "This line is not JSON. Write one object a line.", number) from error
        if not isinstance(row, dict):
            raise BadSource(path, "This line is not a JSON object. Write one object a line.", number)
        empty = False
        yield number, row
    if empty:
        raise BadSource(path, "The file is empty. Write one object a line.")


def _profile(path: Path, line: int, row: Mapping[str, Any]) -> Profile:
    """A profile from a row; what an imported list does not say has a sensible default."""
    name = str(row.get("id") or "").strip()
    if not _ID.match(name):
        raise BadSource(path, f"The id {name!r} cannot be used. Take letters, digits and hyphens.", line)
    for key, value in row.items():
        if len(str(value)) > MAX_FIELD:
            raise BadSource(path, f"The field {key} is longer than {MAX_FIELD:,} characters. Shorten it.", line)
    capacity = str(row.get("weekly_capacity") if row.get("weekly_capacity") not in (None, "") else 1).strip()
    if not capacity.isdigit() or int(capacity) > 100:
        raise BadSource(path, f"weekly_capacity is {capacity!r}. Write a whole number of sessions a week.", line)
    return Profile(
        id=name,
        name=_line(row.get("name")) or f"Mentor {name.rpartition('_')[2]}",
        title=_line(row.get("title")),
        department=_line(row.get("department")) or "Community",
        level=_line(row.get("level")) or "not stated",
        time_zone=_line(row.get("time_zone")) or "UTC",
        languages=_words(row.get("languages") or row.get("spoken_languages") or "en"),
        skills=_words(row.get("skills")),
        formats=_words(row.get("formats")) or _formats(_words(row.get("channel_types"))),
        weekly_capacity=int(capacity),
        office_hours=str(row.get("office_hours") or "").strip(),
        evidence=str(row.get("evidence") or row.get("description") or "").strip(),
        country=_line(row.get("country")),
    )


def _formats(channels: tuple[str, ...]) -> tuple[str, ...]:
    """A person with any written channel can exchange in writing; a call is always possible."""
    return ("call", "written") if channels else ("call",)


def _line(value: Any) -> str:
    return " ".join(str(value if value is not None else "").split())


def _words(value: Any) -> tuple[str, ...]:
    """A tuple from a list, or from text with commas, semicolons or bars; without repeats."""
    parts = value if isinstance(value, list | tuple) else re.split(r"[,;|]", str(value or ""))
    return tuple(dict.fromkeys(line for part in parts if (line := _line(part))))


def _text(path: Path, limit: int, advice: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark."""
    try:
        size = path.stat().st_size
        if size > limit:
            raise BadSource(path, f"The file has {size:,} bytes and the limit is {limit:,}. {advice}")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadSource(path, "This is not UTF-8 text. Save the file as UTF-8.", line) from error
    except OSError as error:
        raise BadSource(path, "The file cannot be read. Check that it is there and that you may read it.") from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise BadSource(path, "There is a NUL character in it. Save the file as plain text.", line)
    return text.replace("\r\n", "\n") if path.suffix.lower() == ".md" else text
