"""Reads an article from a Markdown file with front matter. Refuses fields that it does not understand, with line and reason."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

from prompts.catalog import text
from retrieval.errors import BadSource
from retrieval.importing.columns import meant, not_used
from retrieval.importing.front_matter import Field, split_front_matter
from retrieval.importing.import_report import Findings, shortened
from retrieval.importing.profile_records import ID
from retrieval.importing.source_text import whole_text
from retrieval.passage import Article
from retrieval.passages.split import split

MAX_ARTICLE_BYTES = 200_000
ARTICLE_FIELDS = ("id", "title", "summary", "topics", "audience", "owner", "reviewed_on", "review_every", "source")
OPTIONAL = ("facets",)
KNOWN_FIELDS = (*ARTICLE_FIELDS, *OPTIONAL)
LISTS = frozenset({"topics", "audience", "facets"})
FEWEST_FACETS, MOST_FACETS = 2, 5
FACET_WORDS = range(2, 7)
LONGEST_FACET = 60
"""Characters of a facet, which is shown on a button."""
AUDIENCES = ("mentee", "mentor", "programme_manager")
EVERYBODY = frozenset({"everyone", "everybody", "all", "anyone"})
YEARS = range(1970, 2200)


def read_article(path: Path, findings: Findings | None = None) -> Article:
    """The article of a file. Unused fields are added to the findings. Raises BadSource."""
    findings = findings or Findings(path)
    raw = whole_text(path, MAX_ARTICLE_BYTES, text("source.split_article"))
    fields, body = split_front_matter(path, raw)
    named = _named(path, fields, findings)
    missing = [name for name in ARTICLE_FIELDS if name not in named or not named[name].values]
    if missing:
        raise BadSource(path, text("source.fields_missing", fields=", ".join(missing)), 1)
    if not body or not split(body):
        raise BadSource(path, text("source.no_body"))
    return _article(path, named, body, findings)


def _article(path: Path, named: dict[str, Field], body: str, findings: Findings) -> Article:
    line = {name: " ".join(" ".join(field.values).split()) for name, field in named.items()}
    if not ID.match(line["id"]):
        raise BadSource(path, text("source.id", id=shortened(line["id"])), named["id"].line)
    return Article(
        line["id"],
        line["title"],
        line["summary"],
        _words(named["topics"]),
        _audience(path, named["audience"], findings),
        line["owner"],
        _day(path, named["reviewed_on"]),
        _days(path, named["review_every"]),
        line["source"],
        body,
        _facets(path, named.get("facets")),
    )


def _named(path: Path, fields: list[Field], findings: Findings) -> dict[str, Field]:
    """The fields by their known names."""
    found: dict[str, Field] = {}
    for field in fields:
        name = meant(field.name, KNOWN_FIELDS)
        if name is None:
            continue
        if name in found:
            raise BadSource(path, text("source.field_twice", field=shortened(name)), field.line)
        if field.is_list and name not in LISTS:
            raise BadSource(path, text("source.field_nested", field=shortened(name)), field.line)
        found[name] = field
    unknown = [field for field in fields if meant(field.name, KNOWN_FIELDS) is None]
    if unknown:
        findings.leave(path, not_used([field.name for field in unknown], KNOWN_FIELDS), unknown[0].line)
    return found


def _words(field: Field) -> tuple[str, ...]:
    """The entries of a list, or of text separated by commas, semicolons or bars; without repeats."""
    parts = field.values if field.is_list else re.split(r"[,;|]", " ".join(field.values))
    return tuple(dict.fromkeys(line for part in parts if (line := " ".join(part.split()))))


def _facets(path: Path, field: Field | None) -> tuple[str, ...]:
    """The facets exactly as they are written; none without the field, or with an empty list."""
    if field is None or not field.values:
        return ()
    if not field.is_list or not FEWEST_FACETS <= len(field.values) <= MOST_FACETS:
        raise BadSource(
            path, text("source.facets", count=len(field.values), fewest=FEWEST_FACETS, most=MOST_FACETS), field.line
        )  # fmt: skip
    seen: set[str] = set()
    for facet in field.values:
        if facet != " ".join(facet.split()) or len(facet) > LONGEST_FACET or len(facet.split()) not in FACET_WORDS:
            words = {"fewest": FACET_WORDS[0], "most": FACET_WORDS[-1], "longest": LONGEST_FACET}
            raise BadSource(path, text("source.facet", facet=shortened(facet), **words), field.line)
        if facet.casefold() in seen:
            raise BadSource(path, text("source.facet_twice", facet=shortened(facet)), field.line)
        seen.add(facet.casefold())
    return field.values


def _audience(path: Path, field: Field, findings: Findings) -> tuple[str, ...]:
    """The audience of the article: "everyone" means all, and plurals are accepted."""
    values = _words(field)
    found = dict.fromkeys(name for word in values for name in _audiences(word))
    unknown = [word for word in values if not _audiences(word)]
    if unknown:
        shown = ", ".join(shortened(word) for word in unknown[:5])
        findings.leave(path, text("source.audience", values=shown, known=", ".join(AUDIENCES)), field.line)
    return (*found, *unknown)


def _audiences(word: str) -> tuple[str, ...]:
    if word.casefold() in EVERYBODY:
        return AUDIENCES
    name = meant(word, AUDIENCES) or meant(word.casefold().removesuffix("s"), AUDIENCES)
    return (name,) if name else ()


def _day(path: Path, field: Field) -> date:
    """The date of an ISO date or timestamp."""
    try:
        found = datetime.fromisoformat(field.values[0]).date()
    except ValueError as error:
        raise BadSource(path, text("source.day", value=shortened(field.values[0])), field.line) from error
    if found.year not in YEARS:
        raise BadSource(path, text("source.day", value=shortened(field.values[0])), field.line)
    return found


def _days(path: Path, field: Field) -> int:
    match = re.fullmatch(r"([0-9]{1,4})\s*(?:days?|d)?", field.values[0], re.IGNORECASE)
    if match is None or not int(match.group(1)):
        raise BadSource(path, text("source.days", value=shortened(field.values[0])), field.line)
    return int(match.group(1))
