"""What is found: articles cut into passages, and people with the evidence of what they know.

All values are frozen. A passage never holds a copy that could drift: its text is exactly `article.text[start:end]`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the base. `text` is the Markdown body without front matter; `review_every` is in days."""

    id: str
    title: str
    summary: str
    topics: tuple[str, ...]
    audience: tuple[str, ...]
    owner: str
    reviewed_on: date
    review_every: int
    source: str
    text: str

    @property
    def review_due(self) -> date:
        """The last day on which the article still counts as fresh."""
        return self.reviewed_on + min(timedelta(days=self.review_every), date.max - self.reviewed_on)

    @property
    def head(self) -> str:
        """What the article is about, in one line."""
        return ". ".join(part for part in (self.title, self.summary) if part)

    def is_stale(self, on: date) -> bool:
        """Whether the review is overdue on that day."""
        return on > self.review_due


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article that can be cited: `text == article.text[start:end]`, offsets in characters."""

    id: str
    article_id: str
    title: str
    headings: tuple[str, ...]
    text: str
    start: int
    end: int

    @property
    def indexed_text(self) -> str:
        """What is embedded: the words of the passage under its title and headings."""
        heads = [part for part in (self.title, *self.headings) if part]
        return "\n".join([*dict.fromkeys(heads), self.text])


@dataclass(frozen=True, slots=True)
class Unit:
    """What is embedded under an id: a text, and perhaps the head that says what the whole is about."""

    id: str
    text: str
    head: str = ""

    @property
    def content_hash(self) -> str:
        """The key of its vector in the cache."""
        return text_hash(f"{self.head}\0{self.text}" if self.head else self.text)


@dataclass(frozen=True, slots=True)
class Profile:
    """A person who may help. `weekly_capacity` is in sessions a week; `office_hours` holds the raw blocks
    ("RRULE/PT90M | …") and is read elsewhere; `evidence` is a paragraph in the person's own words."""

    id: str
    name: str
    title: str
    department: str
    level: str
    time_zone: str
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    formats: tuple[str, ...]
    weekly_capacity: int
    office_hours: str
    evidence: str
    country: str = ""


CUT = "2"
"""Raised whenever articles or profiles are cut in another way, so that the next ingest does them again."""


def content_hash(value: Article | Profile) -> str:
    """A hash of all fields: another value, another hash."""
    return text_hash(CUT + json.dumps(asdict(value), ensure_ascii=False, default=str, sort_keys=True))


def text_hash(text: str) -> str:
    """The key of a text in the cache of vectors."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
