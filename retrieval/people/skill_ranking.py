"""Adds skills to the ranking of people: the probability that somebody who shows these skills knows the ones asked for.

The probability is the higher of two: that of the taxonomy, and that learned from the other candidates, by how much more often
people who show one skill also show the other. Rare pairs are smoothed towards the overall share, so one unusual profile has
little effect. Skills described in evidence count a little more than those of a title alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache

from retrieval.passage import Profile
from retrieval.people.profile_text import honest_evidence, whole
from retrieval.people.skill_names import normalised
from retrieval.people.skills import SHORT_QUESTION, taxonomy
from retrieval.ports import Embeddings
from retrieval.text import content_stems, count_words, words

SKILL_SHARE, SKILL_SHARE_SHORT = 0.15, 0.6
"""The weight of the skills, and that for a question of a few words, which is likely the name of a skill."""
SMOOTHING = 3.0
"""Strength of the smoothing, as a number of additional people with the overall share of the skill."""
MAX_LEARNED = 0.7
"""Upper bound of a learned probability."""
EVIDENCE_SHARE, ENOUGH_WORDS = 0.15, 5
"""The share of the score that a person without evidence loses, and the number of distinct words from which none is lost."""


def with_skills(
    question: str, text: Mapping[str, float], profiles: Mapping[str, Profile], embeddings: Embeddings | None = None
) -> dict[str, float]:
    """The text scores mixed with the mean probability of the skills that the question names, lower without evidence."""
    shown = {key: shown_skills(profiles[key]) for key in text}
    shown_by_any = frozenset[str]().union(*shown.values())
    asked = {skill for skill in asked_skills(question, embeddings) if skill in shown_by_any or taxonomy().further(skill)}
    share = 0.0 if not asked else SKILL_SHARE_SHORT if count_words(question) <= SHORT_QUESTION else SKILL_SHARE
    counts = Counter(skill for skills in shown.values() for skill in skills) if asked else Counter[str]()
    rows = [_chances(skill, learned(skill, shown.values(), counts)) for skill in sorted(asked)]
    scores = {}
    for key, score in text.items():
        known = sum(max((row[skill] for skill in shown[key] if skill in row), default=0.0) for row in rows)
        together = (1 - share) * score + share * known / max(1, len(rows))
        scores[key] = (1 - EVIDENCE_SHARE * (1 - in_evidence(profiles[key]))) * together
    return scores


def asked_skills(question: str, embeddings: Embeddings | None = None) -> frozenset[str]:
    """The skills that a question names; if it is short and names none, the skill nearest to it."""
    named = taxonomy().mentioned(question)
    if named or count_words(question) > SHORT_QUESTION:
        return named
    return frozenset(normalised([question], embeddings))


def learned(asked: str, shown: Collection[frozenset[str]], counts: Mapping[str, int]) -> dict[str, float]:
    """For each other skill, how much more likely it makes the one asked for, 0..MAX_LEARNED.

    With p the share of people who show the skill asked for, and b of the a people who show the other one (`counts`): the
    smoothed share (b + SMOOTHING p) / (a + SMOOTHING), rescaled from p..1 to 0..1.
    """
    having = [skills for skills in shown if asked in skills]
    if not having or len(having) == len(shown):
        return {}
    both = Counter(skill for skills in having for skill in skills if skill != asked)
    usual = len(having) / len(shown)
    found = {}
    for skill, count in both.items():
        lift = ((count + SMOOTHING * usual) / (counts[skill] + SMOOTHING) - usual) / (1 - usual)
        if lift > 0:
            found[skill] = min(MAX_LEARNED, lift)
    return found


def _chances(asked: str, taught: Mapping[str, float]) -> dict[str, float]:
    """By skill, the probability that somebody who shows it knows the one asked for: the higher of taxonomy and learned."""
    return {**{skill: max(chance, taught.get(skill, 0.0)) for skill, chance in _implying(asked).items()},
            **{skill: lift for skill, lift in taught.items() if skill not in _implying(asked)}}  # fmt: skip


@lru_cache(maxsize=5_000)
def _implying(asked: str) -> dict[str, float]:
    """Every skill of the taxonomy that implies this one, with its probability; the skill itself with 1."""
    known = {skill: taxonomy().further(skill).get(asked, 0.0) for skill in taxonomy().implied}
    return {**{skill: chance for skill, chance in known.items() if chance}, asked: 1.0}


@lru_cache(maxsize=20_000)
def shown_skills(profile: Profile) -> frozenset[str]:
    """The normalised skills that a profile lists, and the skills that its text names."""
    return taxonomy().mentioned(whole(profile)).union(*(_read(skill)[0] for skill in profile.skills))


@lru_cache(maxsize=20_000)
def in_evidence(profile: Profile) -> float:
    """0 without evidence, 1 from ENOUGH_WORDS distinct words on."""
    return min(1.0, len(set(words(honest_evidence(profile)))) / ENOUGH_WORDS)


def named_skills(question: str, profile: Profile) -> tuple[str, ...]:
    """The skills of a profile that the question names, in the profile's order and wording."""
    stems, asked = _asked_in(question)
    return tuple(skill for skill in profile.skills if _names(skill, asked, stems))


@lru_cache(maxsize=32)
def _asked_in(question: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of a question and the skills that it names."""
    return frozenset(content_stems(question)), asked_skills(question)


def _names(skill: str, asked: frozenset[str], stems: frozenset[str]) -> bool:
    names, own = _read(skill)
    return bool(asked & names) or bool(own and own <= stems)


@lru_cache(maxsize=50_000)
def _read(skill: str) -> tuple[frozenset[str], frozenset[str]]:
    """The taxonomy skills of a listed skill, and the stems of its words."""
    return taxonomy().mentioned(skill) | frozenset(normalised([skill])), frozenset(content_stems(skill))
