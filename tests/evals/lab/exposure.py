"""How fairly requests are spread over mentors: a thousand simulated ones, by evidence alone and by the product's matcher.

Each seed is half a year. Topics are the golden questions on experts, drawn with Zipf's popularity; mentees are the sample
people with their time zones. The product's Experts and Matcher choose three mentors with time; the mentee takes the first,
second or third as attention falls with the place (1 / log2(1 + place): Singh and Joachims, Fairness of exposure in rankings,
2018), and the session is booked in the same ledger that the matcher reads. Both ways see the same requests. The gain is that
of the three who are shown, nobody else is seen (nDCG@3); a second perspective takes the third place in both ways.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.dialogue.mentor_utility import BAND
from assistant.domain.mentor import Match, Mentor
from assistant.domain.need import Need
from assistant.domain.schedule import week_of
from assistant.evaluation.figures import Figure, Report, Wanted, with_interval
from assistant.evaluation.job import Job
from assistant.evaluation.measures import mean, ndcg
from assistant.evaluation.passages import queries_of
from assistant.evaluation.sets import BadSet
from tests.evals.lab.agenda import Agenda, OfficeHours
from tests.evals.lab.inequality import draw_lorenz, gini

if TYPE_CHECKING:
    from assistant.services.matching.rank import Matcher
    from retrieval.people.experts import ExpertHit

REQUESTS, WEEKS, SEEDS = 1_000, 26, 10
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SHOWN = 3
FALL, LOSS = -0.30, -0.05


@dataclass(frozen=True)
class Topic:
    """A golden question: who was found for it, and who is right with which grade."""

    people: tuple[ExpertHit, ...]
    grades: Mapping[str, float]


@dataclass(frozen=True)
class Ask:
    """One simulated request; `luck` in [0, 1) decides whom the mentee takes."""

    topic: Topic
    at: datetime
    zone: str
    luck: float


@dataclass(frozen=True)
class Year:
    """What one seed came to, one way: sessions of every mentor, the mean nDCG@3, and the share of mentors ever suggested."""

    load: tuple[int, ...]
    ndcg: float
    suggested: float

    @property
    def gini(self) -> float:
        return gini(self.load)


@dataclass(frozen=True)
class World:
    """All that does not change between seeds."""

    mentors: Mapping[str, Mentor]
    topics: Sequence[Topic]
    zones: Sequence[str]
    hours: OfficeHours


def evaluate_exposure(job: Job) -> Report:
    """Gini of load, nDCG@3, share ever suggested and highest load, both ways, and the Lorenz curves as a PNG. Raises BadSet."""
    world = _world(job)
    pairs = []
    for seed in range(SEEDS):
        asks = drawn(world, seed)
        pairs.append((play(world, asks, 0.0), play(world, asks, BAND)))
        job.progress("half years", len(pairs), SEEDS)
    return report(pairs, job.found.source, _curve(pairs, job.out))


def drawn(world: World, seed: int, requests: int = REQUESTS) -> list[Ask]:
    """The requests of one seed, evenly over the working days; which topic is popular is drawn too."""
    dice = random.Random(seed)
    topics = dice.sample(list(world.topics), len(world.topics))
    popularity = [1 / place for place in range(1, len(topics) + 1)]
    asks = []
    for number in range(requests):
        weeks, days = divmod(number * WEEKS * 5 // requests, 5)
        (topic,) = dice.choices(topics, popularity)
        asks.append(Ask(topic, START + timedelta(weeks=weeks, days=days), dice.choice(world.zones), dice.random()))
    return asks


def play(world: World, asks: Sequence[Ask], band: float) -> Year:
    """One way through all requests: matched by the product, taken by the mentee, booked."""
    agenda = Agenda()
    matcher = _matcher(world, agenda, band)
    load, suggested, gains = Counter[str](), set[str](), list[float]()
    for ask in asks:
        matches = matcher.match(Need(), ask.topic.people, ask.at, ask.zone)
        gains.append(ndcg([match.mentor for match in matches], ask.topic.grades, SHOWN))
        suggested.update(match.mentor for match in matches)
        if matches:
            taken = matches[_choice(len(matches), ask.luck)]
            load[taken.mentor] += 1
            agenda.book(taken.mentor, *_time(world, taken, ask.at))
    sessions = tuple(load[mentor] for mentor in sorted(world.mentors))
    return Year(sessions, mean(gains), len(suggested) / len(world.mentors))


def report(pairs: Sequence[tuple[Year, Year]], source: str, files: tuple[Path, ...] = ()) -> Report:
    """Every measure by evidence alone and by the matcher, then the change, each with its interval over the seeds."""
    measures: dict[str, Callable[[Year], float]] = {
        "load Gini": lambda year: year.gini,
        "nDCG@3": lambda year: year.ndcg,
        "ever suggested": lambda year: year.suggested,
        "highest load": lambda year: float(max(year.load)),
    }
    figures = []
    for name, of in measures.items():
        figures.append(_figure(f"{name}: evidence", [of(one) for one, _ in pairs]))
        figures.append(_figure(f"{name}: Askwell", [of(two) for _, two in pairs]))
    for name, wish in (("load Gini", Wanted(FALL, "at most")), ("nDCG@3", Wanted(LOSS))):
        of = measures[name]
        figures.append(_figure(f"{name}: change", [of(two) / of(one) - 1 if of(one) else 0.0 for one, two in pairs], wish))
    return Report("exposure", source, tuple(figures), files=files)


def _figure(name: str, values: Sequence[float], wish: Wanted | None = None) -> Figure:
    return with_interval(name, values, mean, wish)


def _choice(offered: int, luck: float) -> int:
    """The place taken: attention falls with 1 / log2(1 + place)."""
    attention = [1 / log2(place + 2) for place in range(offered)]
    left = luck * sum(attention)
    for place, weight in enumerate(attention):
        left -= weight
        if left < 0:
            return place
    return offered - 1


def _time(world: World, match: Match, now: datetime) -> tuple[str, tuple[datetime, ...]]:
    """Week and quarter hours of the session; without office hours it is held at once, in writing."""
    slot = match.next_slot
    zone = world.mentors[match.mentor].time_zone
    return week_of(slot.start if slot else now, zone), slot.cells() if slot else ()


def _matcher(world: World, agenda: Agenda, band: float) -> Matcher:
    from assistant.adapters.store.memory_store import MemoryStore
    from assistant.services.matching.availability import FreeSlots
    from assistant.services.matching.rank import Matcher

    return Matcher(_Directory(world.mentors), FreeSlots(world.hours, agenda), MemoryStore(), band)


def _world(job: Job) -> World:
    """The starter base's mentors and people, and what Experts finds for each golden question."""
    from assistant.adapters.ics_calendar import IcsCalendar
    from assistant.adapters.people_csv import load_people
    from assistant.adapters.profile_directory import as_mentor
    from assistant.adapters.system_clock import SystemClock
    from assistant.evaluation.in_memory import experts_in_memory
    from assistant.evaluation.starter import starter_people
    from assistant.services.conversing.research import MOST_PEOPLE
    from assistant.starter import STARTER

    profiles = starter_people()
    experts = experts_in_memory(profiles, job.embeddings("people"))
    mentors = {profile.id: as_mentor(profile) for profile in profiles}
    asked = [(text, grades) for _, text, grades in queries_of(job.found) if any(key in mentors for key in grades)]
    if not asked:
        raise BadSet(f"{job.found.source} judges none of the starter base's mentors.")
    topics = [Topic(tuple(experts.find(text, MOST_PEOPLE)), grades) for text, grades in asked]
    zones = sorted({account.time_zone for account in load_people(STARTER / "people.csv") if "mentee" in account.roles})
    return World(mentors, topics, zones, OfficeHours(IcsCalendar(SystemClock())))


@dataclass(frozen=True)
class _Directory:
    mentors: Mapping[str, Mentor]

    def get(self, mentor_id: str) -> Mentor | None:
        return self.mentors.get(mentor_id)

    def some(self, ids: Collection[str]) -> Mapping[str, Mentor]:
        return {key: self.mentors[key] for key in ids if key in self.mentors}

    def all(self) -> tuple[Mentor, ...]:
        return tuple(self.mentors[key] for key in sorted(self.mentors))


def _curve(pairs: Sequence[tuple[Year, Year]], folder: Path) -> tuple[Path, ...]:
    ways = {"evidence alone": [one.load for one, _ in pairs], "Askwell": [two.load for _, two in pairs]}
    return (draw_lorenz(ways, folder / "exposure-lorenz.png"),)
