"""Options that belong: facets near to what was said before skills, new, different from each other, at least two or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.services.conversing.labels import FACETS, SAID, SKILLS, TOO_ALIKE, candidates
from retrieval.passage import Article
from retrieval.people.experts import ExpertHit
from tests.fakes import ARTICLE, FakeMentors
from tests.fakes.knowledge_base import profile

SAYS = "the panel on Thursday"
SPEAKERS, QUESTIONS, LONG = "choosing the speakers", "questions that spark something", "a speaker who talks too long"
PANEL = replace(ARTICLE, id="panel", title="Panels", facets=(SPEAKERS, QUESTIONS, LONG))


class Near:
    """Nearness by label; of two labels, by the pair. Whatever is not named is far."""

    def __init__(self, near: Mapping[str, float], alike: Mapping[frozenset[str], float] | None = None) -> None:
        self.near, self.alike = near, alike or {}

    def relevance(self, question: str, labels: Sequence[str]) -> Sequence[float]:
        if question != SAYS:
            return [self.alike.get(frozenset({question, label}), 0.0) for label in labels]
        return [self.near.get(label.removeprefix("Panels: "), 0.0) for label in labels]


def expert(number: int, *skills: str) -> ExpertHit:
    mentor = replace(FakeMentors().all()[0], id=f"m{number}", skills=skills)
    return ExpertHit(profile(mentor), 0.9 - 0.1 * number, "I have done this.", skills)


def offered(near: Near, *people: ExpertHit, articles: Sequence[Article] = (PANEL,), said: Sequence[str] = (SAYS,)) -> set[str]:
    return {label for candidate in candidates(near, said, articles, people) for label in candidate.labels}


def test_facets_that_are_near_enough_are_offered_each_as_a_place_of_its_article() -> None:
    near = Near({SPEAKERS: FACETS.nearest, QUESTIONS: FACETS.others, LONG: FACETS.others - 0.01})
    found = candidates(near, [SAYS], [PANEL], [])
    assert [(c.id, c.labels) for c in found] == [
        (f"article:panel:{SPEAKERS}", frozenset({SPEAKERS})), (f"article:panel:{QUESTIONS}", frozenset({QUESTIONS})),
    ]  # fmt: skip
    assert found[0].weight > found[1].weight


@pytest.mark.parametrize(
    "near",
    [
        {SPEAKERS: FACETS.nearest - 0.01, QUESTIONS: FACETS.nearest - 0.01},
        {SPEAKERS: 0.7, QUESTIONS: FACETS.others - 0.01},
        {SPEAKERS: 0.7, QUESTIONS: SAID},
        {},
    ],
)
def test_one_label_alone_or_labels_that_are_only_fairly_near_are_no_list(near: dict[str, float]) -> None:
    assert offered(Near(near)) == set()


def test_of_facets_that_mean_the_same_the_nearest_is_offered() -> None:
    alike = {frozenset({SPEAKERS, LONG}): TOO_ALIKE}
    assert offered(Near({SPEAKERS: 0.7, LONG: 0.6, QUESTIONS: 0.5}, alike)) == {SPEAKERS, QUESTIONS}


def test_what_was_said_is_not_offered() -> None:
    near = Near({SPEAKERS: 0.7, LONG: 0.6, QUESTIONS: 0.5})
    assert offered(near, said=(SAYS, "I am choosing speakers")) == {QUESTIONS, LONG}


def test_skills_are_offered_where_no_facets_are_and_never_beside_them() -> None:
    people = expert(1, "panel moderation", "public speaking"), expert(2, "event planning")
    skills = {"panel moderation": SKILLS.nearest, "event planning": SKILLS.others, "public speaking": 0.1}
    assert offered(Near(skills), *people) == {"panel moderation", "event planning"}
    assert offered(Near({**skills, SPEAKERS: 0.7, QUESTIONS: 0.6}), *people) == {SPEAKERS, QUESTIONS}


def test_an_article_without_facets_has_none_to_offer() -> None:
    assert candidates(Near({}), [SAYS], [ARTICLE], []) == ()


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=5), st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_there_are_two_to_four_or_none(facets: list[float], skills: list[float]) -> None:
    many = replace(PANEL, facets=("one of them", "two of them", "three of them", "four of them", "five of them"))
    near = {**dict(zip(many.facets, facets, strict=True)), **dict(zip(("sql", "excel", "python"), skills, strict=True))}
    assert len(offered(Near(near), expert(1, "sql", "excel"), expert(2, "python"), articles=[many])) in (0, 2, 3, 4)
