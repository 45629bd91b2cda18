"""What skills add to the ranking of people: the chance that somebody who shows these skills knows the ones asked for.

The chance is the better of two: what the taxonomy says, and what the other candidates show, namely how much oftener
people who show one skill show the other as well. Rare pairs are drawn towards the usual share, so one odd profile
teaches nothing. What is said in evidence counts a little more than a mere title.
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
"""The share of the skills; more if the question is hardly more than the name of one."""
DOUBT = 3.0
"""How many people more, with the usual share of a skill, are thought beside those who show another one."""
MOST_LEARNED = 0.7
"""The most that others' profiles can say about one."""
EVIDENCE_SHARE, ENOUGH_WORDS = 0.15, 5
"""What a person without a word of evidence loses, and from how many different words on nothing is lost."""


def with_skills(
    question: str, text: Mapping[str, float], profiles: Mapping[str, Profile], embeddings: Embeddings | None = None
) -> dict[str, float]:
    """The text scores, the mean chance that a person knows the skills that the question names, and what is in evidence."""
    shown = {key: shown_skills(profiles[key]) for key in text}
    somebodys = frozenset[str]().union(*shown.values())
    asked = {skill for skill in asked_skills(question, embeddings) if skill in somebodys or taxonomy().further(skill)}
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
    """The skills that a question names; if it is short and names none, the one that it comes nearest to."""
    named = taxonomy().mentioned(question)
    if named or count_words(question) > SHORT_QUESTION:
        return named
    return frozenset(normalised([question], embeddings))


def learned(asked: str, shown: Collection[frozenset[str]], counts: Mapping[str, int]) -> dict[str, float]:
    """For each skill that goes with the one asked for: how much likelier it makes that one, 0..MOST_LEARNED.

    With a share p of all who show the skill asked for, and b of the a who show the other (`counts`): the smoothed share
    (b + DOUBT p) / (a + DOUBT), as the part of the way from p to 1.
    """
    having = [skills for skills in shown if asked in skills]
    if not having or len(having) == len(shown):
        return {}
    both = Counter(skill for skills in having for skill in skills if skill != asked)
    usual = len(having) / len(shown)
    found = {}
    for skill, count in both.items():
        lift = ((count + DOUBT * usual) / (counts[skill] + DOUBT) - usual) / (1 - usual)
        if lift > 0:
            found[skill] = min(MOST_LEARNED, lift)
    return found


def _chances(asked: str, taught: Mapping[str, float]) -> dict[str, float]:
    """By skill: how likely somebody who shows it knows the one asked for, by the taxonomy or by what others show."""
    return {**{skill: max(chance, taught.get(skill, 0.0)) for skill, chance in _implying(asked).items()},
            **{skill: lift for skill, lift in taught.items() if skill not in _implying(asked)}}  # fmt: skip


@lru_cache(maxsize=5_000)
def _implying(asked: str) -> dict[str, float]:
    """Every skill of the taxonomy that implies this one, with the chance; itself with 1."""
    known = {skill: taxonomy().further(skill).get(asked, 0.0) for skill in taxonomy().implied}
    return {**{skill: chance for skill, chance in known.items() if chance}, asked: 1.0}


@lru_cache(maxsize=20_000)
def shown_skills(profile: Profile) -> frozenset[str]:
    """The skills that a profile lists, each under its one name, and those of the taxonomy that its text names."""
    return taxonomy().mentioned(whole(profile)).union(*(_read(skill)[0] for skill in profile.skills))


@lru_cache(maxsize=20_000)
def in_evidence(profile: Profile) -> float:
    """How much of a sentence the evidence has, 0 (nothing to quote) to 1; more than a sentence adds nothing."""
    return min(1.0, len(set(words(honest_evidence(profile)))) / ENOUGH_WORDS)


def named_skills(question: str, profile: Profile) -> tuple[str, ...]:
    """The skills of a profile that the question names, in the profile's order and words."""
    stems, asked = _asked_in(question)
    return tuple(skill for skill in profile.skills if _names(skill, asked, stems))


@lru_cache(maxsize=32)
def _asked_in(question: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of a question and the skills that it asks for: the same for everybody who is found by it."""
    return frozenset(content_stems(question)), asked_skills(question)


def _names(skill: str, asked: frozenset[str], stems: frozenset[str]) -> bool:
    names, own = _read(skill)
    return bool(asked & names) or bool(own and own <= stems)


@lru_cache(maxsize=50_000)
def _read(skill: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a listed skill names, and the stems of its words."""
    return taxonomy().mentioned(skill) | frozenset(normalised([skill])), frozenset(content_stems(skill))
