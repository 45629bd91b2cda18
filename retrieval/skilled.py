"""What skills add to the ranking of people: the chance that somebody who shows these skills knows the ones asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from retrieval.passage import Profile
from retrieval.people import whole
from retrieval.skills import SHORT_QUESTION, taxonomy
from retrieval.text import content_stems, count_words

SKILL_SHARE, SKILL_SHARE_SHORT = 0.2, 0.4
"""The share of the skills; more if the question is hardly more than the name of one."""


def with_skills(question: str, text: Mapping[str, float], profiles: Mapping[str, Profile]) -> dict[str, float]:
    """The text scores, and the mean chance that a person knows the skills that the question names."""
    asked = sorted(taxonomy().mentioned(question))
    if not asked:
        return dict(text)
    share = SKILL_SHARE_SHORT if count_words(question) <= SHORT_QUESTION else SKILL_SHARE
    scores = {}
    for key, score in text.items():
        chances = taxonomy().chances(shown_skills(profiles[key]))
        known = sum(chances.get(skill, 0.0) for skill in asked) / len(asked)
        scores[key] = (1 - share) * score + share * known
    return scores


@lru_cache(maxsize=20_000)
def shown_skills(profile: Profile) -> frozenset[str]:
    """The skills of the taxonomy that a profile names."""
    return taxonomy().mentioned(whole(profile))


def named_skills(question: str, profile: Profile) -> tuple[str, ...]:
    """The skills of a profile that the question names, in the profile's order."""
    words, asked = set(content_stems(question)), taxonomy().mentioned(question)
    return tuple(
        skill
        for skill in profile.skills
        if taxonomy().mentioned(skill) & asked or ((stems := set(content_stems(skill))) and stems <= words)
    )
