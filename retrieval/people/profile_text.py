"""Extracts the searchable text of a profile: the whole profile, and each sentence of the evidence.

A text can raise the rank of its person only a little: the whole profile is cut at the embedder's limit, and only the best
sentence counts, so length adds nothing. Sentences that address a ranking program instead of describing work are dropped, and
repeated words and sentences count once. Attack text therefore moves a rank no more than other words for the same skills.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.passage import Profile
from retrieval.text import Span, sentences, words

LONGEST = 40
"""Words of a sentence; a longer one is split into parts."""

_ADDRESSED = re.compile(
    "|".join(
        (
            r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|previous|above|prior)",
            r"\b(?:ignore|disregard|skip|exclude)\b.{0,20}\b(?:other|all) (?:mentor|profile|candidate|expert|result)",
            r"\b(?:rank|place|put|list|show|rate|score|recommend|select|choose|match|return)\b.{0,20}"
            r"\b(?:me|this (?:mentor|profile|person|candidate)|my profile)\b.{0,40}"
            r"\b(?:first|top|highest|always|every|all|no matter|regardless|instead|number one|best)",
            r"\b(?:always|must)\b.{0,15}\b(?:rank|recommend|choose|select|pick|match)\b"
            r".{0,30}\b(?:me|mentor|profile)\b",
            r"\b(?:system|developer|assistant) ?(?:prompt|message|instruction|override|note)\b",
            r"\b(?:system|assistant|user) ?:|<\|?/?(?:system|im_start|im_end|assistant|user)",
            r"\byou are (?:now )?(?:an?|the) (?:ai|assistant|language model|matching|ranking|recommendation|search)\b",
            r"\b(?:best|perfect|only|top|ideal) (?:match|mentor|expert|choice|candidate|person)? ?for (?:every|any|all)\b",
        )
    ),
    re.IGNORECASE | re.DOTALL,
)


_CUES = (
    "ignore", "disregard", "forget", "override", "bypass", "skip", "exclude", "rank", "place", "put", "list", "show", "rate",
    "score", "recommend", "select", "choose", "match", "return", "always", "must", "prompt", "message", "instruction", "note",
    "system", "assistant", "user", "im_", "you are", "for ",
)  # fmt: skip
"""The pattern cannot match an ASCII text that has none of these."""


@dataclass(frozen=True, slots=True)
class ProfileSentence:
    """A searchable part of a profile. `matched` is the text that is embedded; `start` and `end` are the span of the quote in
    `profile.evidence`, empty for the whole profile."""

    id: str
    profile_id: str
    start: int
    end: int
    matched: str


def evidence_of(profile: Profile) -> list[ProfileSentence]:
    """The whole profile, then its sentences in order, with the ids `profile#0`, `profile#1` and so on."""
    spans = [(0, 0, whole(profile))]
    seen: set[str] = set()
    for low, high in _honest(profile.evidence):
        for start, end in _parts(profile.evidence, (low, high)):
            matched = without_repeats(profile.evidence[start:end])
            if matched.lower() not in seen:
                seen.add(matched.lower())
                spans.append((low, high, matched))
    return [ProfileSentence(f"{profile.id}#{n}", profile.id, low, high, text) for n, (low, high, text) in enumerate(spans)]


def whole(profile: Profile) -> str:
    """Title, skills and evidence as one text, without repeated words."""
    skills = ", ".join(dict.fromkeys(profile.skills))
    heads = [part for part in (profile.title, skills) if part and not speaks_to_the_machine(part)]
    return without_repeats(". ".join([*heads, honest_evidence(profile)]), limit=3).strip() or profile.department


@lru_cache(maxsize=4_096)
def honest_evidence(profile: Profile) -> str:
    """The sentences of the evidence that describe work, each once."""
    return " ".join(dict.fromkeys(profile.evidence[low:high] for low, high in _honest(profile.evidence)))


def words_once(profile: Profile) -> str:
    """Every word of title, skills and evidence once, for the lexical index."""
    return without_repeats(whole(profile), limit=1, short=0)


def _honest(evidence: str) -> list[Span]:
    """The spans of the sentences that describe work."""
    return [(low, high) for low, high in sentences(evidence) if not speaks_to_the_machine(evidence[low:high])]


def speaks_to_the_machine(sentence: str) -> bool:
    """Whether a sentence is an instruction to a ranking program instead of a description of work."""
    low = sentence.lower()
    return (not low.isascii() or any(cue in low for cue in _CUES)) and bool(_ADDRESSED.search(sentence))


def without_repeats(text: str, limit: int = 2, short: int = 4) -> str:
    """The text with each word kept at most `limit` times; words of fewer than `short` letters are all kept."""
    counts: dict[str, int] = {}
    kept = []
    for token in text.split():
        key = _key(token)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= limit or len(key) < short:
            kept.append(token)
    return " ".join(kept)


@lru_cache(maxsize=50_000)
def _key(token: str) -> str:
    return "".join(words(token)) or token


def _parts(text: str, span: Span) -> list[Span]:
    """The span in parts of at most LONGEST words."""
    tokens = [(span[0] + m.start(), span[0] + m.end()) for m in re.finditer(r"\S+", text[span[0] : span[1]])]
    runs = [tokens[n : n + LONGEST] for n in range(0, len(tokens), LONGEST)]
    return [(run[0][0], run[-1][1]) for run in runs]
