"""A large base made from the articles that ship: entries of about 50 words, and questions whose right entries are known.

An entry is a window of neighbouring sentences of an article, as agreed by one team in one city for one system. Some windows
occur once, and are asked for by what they say; the others return with other places and systems, as advice does in a large
company, and are told from their many near twins by particulars. A third of the questions are golden ones, written by hand;
right is every entry of the article that answers. Everything is drawn with a seed, and the first n entries of a larger base
are the smaller base.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from random import Random

from assistant.starter import STARTER
from retrieval.importing.content_files import load_articles
from retrieval.passage import Article, Profile
from retrieval.text import count_words, sentences, words
from tests.bench.search.vocabulary import ASKS, CITIES, LEADS, OTHER_WORDS, ROLES, SENTENCES, TEAMS, systems

GOLDEN, ALONE_ASKED, TWINS_ASKED = 60, 40, 100
QUESTIONS = GOLDEN + ALONE_ASKED + TWINS_ASKED
ASKED_OF = 1_000
"""All questions have their entry among the first so many, so that every size is asked the same."""
ALONE = 150
"""Windows that occur once."""
ASKED_WORDS = 14
SHORTEST, LONGEST = 28, 46
"""Words of a window."""
SAID = 10
"""Sentences of evidence a mentor has."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of one passage. The fields after `text` say what it was made from."""

    id: str
    title: str
    text: str
    article: str
    window: str
    system: str
    city: str
    team: str
    code: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the id of its one right entry, or with the article all of whose entries are right."""

    text: str
    entry: str = ""
    article: str = ""

    def right(self, found: Sequence[Entry]) -> dict[str, float]:
        """The right ones among all entries of a base, each with the grade 1."""
        return {e.id: 1.0 for e in found if e.id == self.entry or e.article == self.article}


def entries(count: int) -> list[Entry]:
    """The first `count` entries. A window meets a system once, and a team in a city once."""
    order = _order()
    again = len(order) - ALONE
    places = [n if n < len(order) else ALONE + (n - len(order)) % again for n in range(count)]
    turns = [0 if n < len(order) else 1 + (n - len(order)) // again for n in range(count)]
    return [_entry(n, places[n], turns[n]) for n in range(count)]


def questions() -> list[Question]:
    """Golden ones, ones for what is said once, and ones for one of many twins by system, by team and city, or by code."""
    dice, known = Random(2), entries(ASKED_OF)
    asked = [Question(text, article=article) for text, article in dice.sample(_golden(), GOLDEN)]
    for n, entry in enumerate([*dice.sample(known[:ALONE], ALONE_ASKED), *dice.sample(known[ALONE:], TWINS_ASKED)]):
        gist = _in_other_words(entry.window, dice)
        if n < ALONE_ASKED:
            text = f"{dice.choice(ASKS)} this: {gist}?"
        elif n % 4 == 3:
            text = f"What was agreed under {entry.code}, {gist}?"
        elif n % 4 == 1:
            text = f"The {entry.team} in {entry.city} ask about this: {gist}?"
        else:
            text = f"How is that for {entry.system}, {gist}?"
        asked.append(Question(text, entry=entry.id))
    dice.shuffle(asked)
    return asked


def articles(found: Sequence[Entry]) -> list[Article]:
    """The entries as the product takes them in."""
    return [
        Article(e.id, e.title, "", (), ("mentee",), "Bench", date(2026, 1, 1), 365, "Askwell's starter content", e.text)
        for e in found
    ]


def mentors(count: int) -> list[Profile]:
    """People who each say ten sentences about their work; no two of the sentences are the same."""
    dice, names, skills = Random(3), systems(), _skills()
    subjects = [short for _, window in _windows() for short in _short_sentences(window)]
    people = []
    for n in range(count):
        known = tuple(dice.sample(skills, 4))
        said = [_said(dice, subjects[(n * SAID + k) % len(subjects)], names, n, k) for k in range(SAID)]
        people.append(
            Profile(f"m{n:06}", f"Person {n}", dice.choice(ROLES), dice.choice(TEAMS), "senior", "Europe/Berlin", ("en",),
                    known, ("call",), 2, "", " ".join(said))
        )  # fmt: skip
    return people


def people_questions() -> list[str]:
    """What mentors are asked for."""
    dice, skills, names = Random(4), _skills(), systems()
    windows = _windows()
    return [
        f"Who can help with {dice.choice(skills)} on {dice.choice(names)}? {_in_other_words(dice.choice(windows)[1], dice)}"
        for _ in range(QUESTIONS)
    ]


def _entry(n: int, place: int, turn: int) -> Entry:
    article, window = _order()[place]
    names = systems()
    system = names[(turn * 101 + place * 37) % len(names)]
    pair = (turn * 353 + place * 191) % (len(CITIES) * len(TEAMS))
    city, team = CITIES[pair % len(CITIES)], TEAMS[pair // len(CITIES)]
    code = f"{article.id[:2].upper()}{'KRTVX'[n % 5]}-{10_000 + n * 7 % 900_001}"
    lead = LEADS[n % len(LEADS)].format(city=city, team=team, system=system)
    return Entry(
        f"e{n:07}", f"{article.title} ({team})", f"{lead} {window} Filed as {code}.", article.id, window, system, city, team, code
    )  # fmt: skip


def _said(dice: Random, subject: str, names: Sequence[str], n: int, k: int) -> str:
    system = names[(n * 7 + k * 31) % len(names)]
    return dice.choice(SENTENCES).format(system=system, city=dice.choice(CITIES), subject=subject)


@lru_cache(maxsize=1)
def _order() -> list[tuple[Article, str]]:
    """The windows, shuffled."""
    found = list(_windows())
    Random(1).shuffle(found)
    return found


@lru_cache(maxsize=1)
def _windows() -> list[tuple[Article, str]]:
    """Neighbouring whole sentences of prose, of 28 to 46 words, that do not overlap."""
    found = []
    for article in load_articles(STARTER / "articles"):
        for paragraph in article.text.split("\n\n"):
            if not paragraph[:1].isalpha() or "\n" in paragraph:
                continue
            found += [(article, window) for window in _cut(paragraph)]
    return found


def _cut(paragraph: str) -> list[str]:
    """The windows of one paragraph."""
    found, start = [], 0
    spans = sentences(paragraph)
    for (_, end), after in pairwise([*spans, (len(paragraph), len(paragraph))]):
        size = count_words(paragraph[start:end])
        if size >= SHORTEST:
            if size <= LONGEST:
                found.append(paragraph[start:end].strip())
            start = after[0]
    return found


def _short_sentences(window: str) -> list[str]:
    spans = [window[low:high].rstrip(".!?:") for low, high in sentences(window)]
    return [span for span in spans if 5 <= count_words(span) <= 14]


def _in_other_words(window: str, dice: Random) -> str:
    """A sentence of a window, its beginning if it is long, with some of its words replaced."""
    spans = [window[low:high].rstrip(".!?:") for low, high in sentences(window)]
    chosen = dice.choice([span for span in spans if count_words(span) >= 6] or [window])
    return " ".join(OTHER_WORDS.get(word, word) for word in words(chosen)[:ASKED_WORDS])


@lru_cache(maxsize=1)
def _skills() -> list[str]:
    return sorted({topic for article, _ in _windows() for topic in article.topics})


@lru_cache(maxsize=1)
def _golden() -> list[tuple[str, str]]:
    """The golden questions of the dev part with the one article that answers best."""
    folder = STARTER / "golden" / "retrieval" / "dev"
    known = {article.id for article, _ in _windows()}
    grades = [line.split("\t") for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()]
    best = {query: article for query, article, grade in grades if grade == "2" and article in known}
    rows = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    return [(str(row["text"]), best[row["id"]]) for row in rows if row["id"] in best]
