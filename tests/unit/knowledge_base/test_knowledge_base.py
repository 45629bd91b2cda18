"""The starter content is complete, readable and consistent: what a company finds on Monday."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from assistant.adapters.people_csv import load_people
from assistant.adapters.profile_directory import blocks
from assistant.adapters.toml_organisation import REQUIRED, load_organisation
from retrieval.embedders import make_embeddings
from retrieval.importing.content_files import load_articles, load_profiles
from retrieval.passage import Article, Profile

BASE = Path(__file__).resolve().parents[3] / "knowledge_base"
ARTICLES = load_articles(BASE / "articles")
GUIDES = load_articles(BASE / "guides")
MENTORS = load_profiles(BASE / "mentors" / "mentors.csv")


def test_there_are_at_least_forty_articles_for_all_three_audiences() -> None:
    assert len(ARTICLES) >= 40
    assert {audience for article in ARTICLES for audience in article.audience} == {"mentee", "mentor", "programme_manager"}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a.id)
def test_an_article_is_short_sectioned_and_says_when_to_ask_a_person(article: Article) -> None:
    assert 300 <= len(article.text.split()) <= 900
    assert len(re.findall(r"^## ", article.text, re.MULTILINE)) >= 3
    assert "When to ask a person" in article.text
    assert len(article.summary) <= 200
    assert 1 <= len(article.topics) <= 4
    assert not re.search(r"!\[|<[a-z]+[ >]", re.sub(r"```.*?```|`[^`]*`", "", article.text, flags=re.DOTALL))


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a.id)
def test_no_two_facets_of_an_article_mean_the_same(article: Article) -> None:
    vectors = make_embeddings("minilm").embed(list(article.facets))
    assert len(article.facets) >= 2
    assert max(float(one @ other) for one, other in combinations(vectors, 2)) < 0.75


def test_a_facet_belongs_to_one_article() -> None:
    facets = [facet.casefold() for article in ARTICLES for facet in article.facets]
    assert len(facets) == len(set(facets))


def test_the_guides_are_the_four_that_people_take_into_a_session() -> None:
    assert {guide.id for guide in GUIDES} == {"mentee-checklist", "mentor-checklist", "run-sheet", "programme-guide"}


def test_every_article_is_owned_by_a_department_with_mentors() -> None:
    departments = {mentor.department for mentor in MENTORS}
    assert {article.owner for article in (*ARTICLES, *GUIDES)} <= departments


def test_the_mentors_spread_over_departments_levels_zones_and_languages() -> None:
    assert len(MENTORS) >= 60
    assert len({m.department for m in MENTORS}) >= 12
    assert len({m.level for m in MENTORS}) >= 4
    assert len({m.time_zone for m in MENTORS}) >= 6
    assert len({language for m in MENTORS for language in m.languages}) >= 4


@pytest.mark.parametrize("mentor", MENTORS, ids=lambda m: m.id)
def test_a_mentor_has_evidence_skills_capacity_and_readable_office_hours(mentor: Profile) -> None:
    hours = blocks(mentor.office_hours)
    assert len(hours) == mentor.office_hours.count("|") + 1
    assert all(60 <= block.minutes <= 90 for block in hours)
    assert mentor.time_zone in available_timezones()
    assert len(mentor.evidence.split()) >= 50
    assert mentor.skills
    assert mentor.formats
    assert mentor.weekly_capacity >= 1


def test_every_mentor_has_an_account_and_every_role_has_somebody() -> None:
    people = load_people(BASE / "people.csv")
    assert {account.mentor for account in people if account.mentor} == {mentor.id for mentor in MENTORS}
    assert {role for account in people for role in account.roles} == {"mentee", "mentor", "curator", "admin"}
    assert len({account.login for account in people}) == len(people)


def test_the_organisation_names_somebody_for_every_matter() -> None:
    _, contacts = load_organisation(BASE / "organisation.toml")
    assert set(REQUIRED) <= set(contacts)
