"""The content that is searched: articles, passages, profiles, and the units that are embedded. All values are frozen.

A passage found is a `passages.search.Hit`, from search to page: it holds the `Passage` and what is known only for one question
(scores, the quote, the nearest sentence). A person found is a `people.experts.ExpertHit`, which holds the `Profile` in the same
way. Further types exist because they are something else:

- `passages.search.Evidence` is the result of a search: all hits, and whether the base answers the question at all.
- `people.contributions.Near` is a found contribution. It has no text, because contributions are matched and never shown.
- `passages.sentence_vectors.NearestSentence` and `people.voting.ContributorScore` are intermediate scores of one passage or
  person, copied into the hit.
- `Unit` is what is embedded under an id, for passages and for sentences of profiles alike.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Article:
    """An article. `text` is the Markdown body without front matter; `review_every` is in days; `facets` are what people come
    with to it, in their own words, or empty."""

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
    facets: tuple[str, ...] = ()

    @property
    def review_due(self) -> date:
        """The last day before the review is overdue."""
        return self.reviewed_on + min(timedelta(days=self.review_every), date.max - self.reviewed_on)

    @property
    def head(self) -> str:
        """Title and summary in one line."""
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
        """The text that is embedded: title, headings and text."""
        heads = [part for part in (self.title, *self.headings) if part]
        return "\n".join([*dict.fromkeys(heads), self.text])


@dataclass(frozen=True, slots=True)
class Unit:
    """A text to embed, and for passages the head (title and summary) of its article."""

    id: str
    text: str
    head: str = ""

    @property
    def content_hash(self) -> str:
        """The key of its vector in the vector cache."""
        return text_hash(f"{self.head}\0{self.text}" if self.head else self.text)


@dataclass(frozen=True, slots=True)
class Profile:
    """A person who may help. `weekly_capacity` is in sessions a week; `office_hours` holds the raw blocks
    ("RRULE/PT90M | …"), which the assistant parses; `evidence` is a paragraph in the person's own words."""

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
"""Version of how articles and profiles are split. Increase it after a change, so that the next ingest splits them again."""


def content_hash(value: Article | Profile) -> str:
    """A hash of all fields; without facets it is the one of a time before facets, so that such articles are not split again."""
    fields = {name: found for name, found in asdict(value).items() if name != "facets" or found}
    return text_hash(CUT + json.dumps(fields, ensure_ascii=False, default=str, sort_keys=True))


def text_hash(text: str) -> str:
    """The key of a text in the vector cache."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
