"""A year of questions in a company that does not exist: who asked what and when, and who helped.

`python -m tests.evals.lab.year FOLDER` writes it in the form that `askwell eval experts --set FOLDER` reads. People
join, leave, and move on to other topics; a few answer most; each topic has specialties with people of their own; labels
and words are noisy; an answer sometimes comes from somebody who merely had time. Profiles were written once and grow old.
How likely a person answers is skill times diligence times free time: no ranking method was in mind, and none is used.
The same size and seed give the same files. `askwell eval all` does not look for it: measuring it takes some ten minutes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random

START = datetime(2025, 1, 1, 8, tzinfo=UTC)
DAYS = 365
ASKED_FROM = 120
"""The first day whose questions are asked of a ranking: before it there is too little to go by."""
MOVES = 200.0
"""Days after which a person turns to something else, in the mean."""
FADED = 0.12
"""How much of a skill is still used after its person moved on."""
BY_CHANCE, MISLABELLED, UNLABELLED, VAGUE = 0.1, 0.08, 0.05, 0.2
"""Shares of the questions: answered by somebody who had time, with another topic, with none, without telling words."""

_ASKED = (
    "How do I deal with {a} and {b}", "Trouble with {a} again", "{a}: what is the right way when {b} is involved",
    "Who can explain {a}", "Is there a template for {a} or {b}", "We are stuck on {a} since the change to {b}",
    "First time doing {a}", "Difference between {a} and {b}", "Need a second look at {a}", "Best practice for {a}",
)  # fmt: skip
_MORE = (
    "The team wants a decision by Friday.", "I read the guide and it does not cover this.", "It worked last quarter.",
    "My manager asked for options.", "Some background: {c} matters here as well.", "Could be related to {c}.",
    "We tried {c} without success.", "I have never done this before.", "Any example would help.", "It is for {c}.",
)  # fmt: skip
_VAGUE = ("Question about {t}", "Who knows {t} well", "Help with {t} please", "Something odd in {t}", "Quick one on {t}")
_ANSWERED = (
    "Start with {a}, then check {b}.", "We solved this by looking at {b}.", "Ask for {a} first.", "Called, and went through {a}.",
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is made. The defaults are the full year."""

    questions: int = 20_000
    people: int = 300
    asked: int = 3_000
    """Questions that are asked of a ranking, out of those after the first months."""


@dataclass(frozen=True)
class Topic:
    name: str
    specialties: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Question:
    """`day` counts from the start; `wait` is in days until the first answer; `label` is the topic it was filed under."""

    id: str
    day: float
    label: str
    mentee_preferences: str
    helped: tuple[str, ...]
    wait: float
    title: str
    text: str
    answer: str

    @property
    def at(self) -> datetime:
        return START + timedelta(days=self.day)


@dataclass
class Person:
    """`skills` has how much a person uses of (topic, specialty), with the day it began and the day it faded."""

    id: str
    diligence: float
    joins: float
    leaves: float
    skills: list[tuple[int, str, float, float, float]] = field(default_factory=list)

    def skill(self, topic: int, specialty: str, day: float) -> float:
        """What the person brings to a question of that day; a neighbouring specialty of the topic counts a fifth."""
        if not self.joins <= day < self.leaves:
            return 0.0
        total = 0.0
        for known, own, strength, since, until in self.skills:
            if known == topic and day >= since:
                total += strength * (1.0 if own == specialty else 0.2) * (1.0 if day < until else FADED)
        return total


def write_year(folder: Path, size: Size | None = None, seed: int = 20) -> None:
    """Writes `shared/people.jsonl`, `shared/evidence.jsonl`, `dev/queries.jsonl` and `dev/qrels.tsv`, replacing them."""
    size, dice, topics = size or Size(), Random(seed), read_topics()
    people = [_person(number, topics, dice) for number in range(size.people)]
    questions = list(_questions(size, topics, people, dice))
    late = [one for one in questions if one.day >= ASKED_FROM]
    asked = sorted(dice.sample(late, min(size.asked, len(late))), key=lambda one: one.day)
    _write(folder / "shared" / "people.jsonl", [_profile(person, topics, dice) for person in people])
    _write(folder / "shared" / "evidence.jsonl", [row for one in questions for row in _evidence(one)])
    _write(folder / "dev" / "queries.jsonl", [_query(one) for one in asked])
    judged = [f"{one.id}\t{person}\t1\n" for one in asked for person in one.helped]
    (folder / "dev" / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(judged), "utf-8")


def read_topics() -> tuple[Topic, ...]:
    """The topics with their words, from the file beside."""
    lines = (files("tests.evals.lab") / "data" / "year.txt").read_text("utf-8").splitlines()
    found = []
    for line in lines:
        name, *parts = (part.strip() for part in line.split("|"))
        if parts:
            pairs = (part.split(":", 1) for part in parts)
            found.append(Topic(name, {own.strip(): tuple(word.strip() for word in rest.split(",")) for own, rest in pairs}))
    return tuple(found)


def _person(number: int, topics: Sequence[Topic], dice: Random) -> Person:
    joins = dice.uniform(0, DAYS * 0.8) if dice.random() < 0.25 else -1.0
    leaves = dice.uniform(max(joins, 0) + 30, DAYS + 30) if dice.random() < 0.15 else DAYS + 1.0
    person = Person(f"p{number:04d}", dice.paretovariate(1.3), joins, leaves)
    since = -dice.expovariate(1 / MOVES)
    while since < DAYS:
        until = since + dice.expovariate(1 / MOVES)
        topic = dice.randrange(len(topics))
        for _ in range(dice.choice((1, 1, 2, 3))):
            specialty = dice.choice(sorted(topics[topic].specialties))
            person.skills.append((topic, specialty, dice.gammavariate(1.5, 1.0), since + dice.uniform(0, 20), until))
        since = until
    return person


def _questions(size: Size, topics: Sequence[Topic], people: Sequence[Person], dice: Random) -> Iterable[Question]:
    """The questions of the year in order; what is asked about most changes from week to week."""
    heat = [dice.paretovariate(1.2) for _ in topics]
    moments = sorted(dice.uniform(0, DAYS) for _ in range(size.questions))
    week = 0
    for number, day in enumerate(moments, start=1):
        while week < day // 7:
            week, heat = week + 1, [max(0.2, min(30.0, one * dice.lognormvariate(0, 0.15))) for one in heat]
        topic = dice.choices(range(len(topics)), heat)[0]
        names = list(topics[topic].specialties)
        specialty = dice.choices(names, [1 / (n + 1) for n in range(len(names))])[0]
        here = [person for person in people if person.joins <= day < person.leaves]
        mentee_preferences = dice.choice(here)
        helped = _helpers([person for person in here if person is not mentee_preferences], topic, specialty, day, dice)
        label, wait = _label(topic, topics, dice), dice.expovariate(1 / 0.8)
        yield Question(f"q{number:06d}", day, label, mentee_preferences.id, helped, wait, *_texts(topics[topic], specialty, dice))


def _helpers(others: Sequence[Person], topic: int, specialty: str, day: float, dice: Random) -> tuple[str, ...]:
    """One person, and now and then a second one."""
    chances = [person.diligence * person.skill(topic, specialty, day) for person in others]
    if dice.random() < BY_CHANCE or not any(chances):
        chances = [person.diligence for person in others]
    found = [dice.choices(others, chances)[0].id for _ in range(2 if dice.random() < 0.2 else 1)]
    return tuple(dict.fromkeys(found))


def _label(topic: int, topics: Sequence[Topic], dice: Random) -> str:
    chance = dice.random()
    if chance < UNLABELLED:
        return ""
    return topics[dice.randrange(len(topics)) if chance < UNLABELLED + MISLABELLED else topic].name


def _texts(topic: Topic, specialty: str, dice: Random) -> tuple[str, str, str]:
    """Title, text and answer."""
    own, anywhere = topic.specialties[specialty], [word for words in topic.specialties.values() for word in words]
    a, b = dice.sample(own, 2)
    words = {"a": a, "b": b, "c": dice.choice(anywhere), "t": topic.name}
    title = dice.choice(_VAGUE if dice.random() < VAGUE else _ASKED).format(**words)
    more = " ".join(dice.sample(_MORE, dice.choice((0, 1, 2)))).format(**words)
    answer = dice.choice(_ANSWERED).format(**words)
    return _typo(title, dice), more, answer


def _typo(text: str, dice: Random) -> str:
    """One text in ten has two letters swapped."""
    if dice.random() >= 0.1 or len(text) < 6:
        return text
    at = dice.randrange(1, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _profile(person: Person, topics: Sequence[Topic], dice: Random) -> dict[str, object]:
    """What somebody wrote on the day of joining, about what was known then; one in five wrote nothing."""
    then = [(topic, own) for topic, own, _, since, until in person.skills if since <= max(person.joins, 0.0) < until]
    if not then or dice.random() < 0.2:
        return {"id": person.id}
    words = [dice.choice(topics[topic].specialties[own]) for topic, own in then]
    names = dict.fromkeys(topics[topic].name for topic, _ in then)
    return {"id": person.id, "title": ", ".join(names), "description": f"Ask me about {', '.join(dict.fromkeys(words))}."}


def _evidence(one: Question) -> Iterable[dict[str, object]]:
    """An answer is known when it was given, not when the question was asked."""
    for number, person in enumerate(one.helped):
        when = (one.at + timedelta(days=one.wait * (number + 1))).isoformat(timespec="seconds")
        texts = {"question_title": one.title, "description": one.text, "answer": one.answer, "accepted": number == 0}
        yield {"id": f"{one.id}-{number}", "person": person, "date": when, "topic": one.label, **texts}


def _query(one: Question) -> dict[str, object]:
    when = one.at.isoformat(timespec="seconds")
    return {
        "id": one.id,
        "title": one.title,
        "text": one.text or one.title,
        "date": when,
        "topic": one.label,
        "asker": one.mentee_preferences,
    }


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def main() -> None:
    """The command: FOLDER, and how large the year is."""
    options = argparse.ArgumentParser(description="Write a synthetic year of questions and answers.")
    options.add_argument("folder", type=Path)
    options.add_argument("--questions", type=int, default=Size.questions)
    options.add_argument("--people", type=int, default=Size.people)
    options.add_argument("--asked", type=int, default=Size.asked)
    options.add_argument("--seed", type=int, default=20)
    given = options.parse_args()
    write_year(given.folder, Size(given.questions, given.people, given.asked), given.seed)


if __name__ == "__main__":
    main()
