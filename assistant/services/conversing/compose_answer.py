"""What a language puts into words once a turn is decided: the sharp question, an answer out of the passages, the reasons.

The three are asked for at once, since each may take a model a while; none of them changes what was decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.dialogue.language_io import Excerpt, OnPartial, SuggestedPerson
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import Need
from assistant.domain.reply import Kind, Sentence
from assistant.ports import Language
from assistant.services.conversing.research import Findings
from retrieval.passages.quote import best_quote


@dataclass(frozen=True)
class Composed:
    """`citations` are those to show: with an answer what it rests on. `abstained`: the passages do not answer after all."""

    sharp: str
    answer: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    matches: tuple[Match, ...]
    abstained: bool


def compose(
    language: Language,
    need: Need,
    kind: Kind,
    asked: str,
    found: Findings,
    matches: Sequence[Match],
    cite: bool,
    on_partial: OnPartial,
) -> Composed:
    """`asked` is what was said, for passages and people; where not `cite`, no passages are shown.

    What is heard of an answer has the numbers that it will have in the end.
    """

    def heard(grown: tuple[Sentence, ...]) -> None:
        on_partial(_placed(grown, found)[0])

    with ThreadPoolExecutor(3, thread_name_prefix="compose") as threads:
        answering = threads.submit(language.answer, asked, found.excerpts, heard) if cite and found.known else None
        explaining = threads.submit(_explained, language, asked, matches)
        sharp = language.sharpen(need, kind) if need.has_topic else ""
        said = answering.result() if answering else None
        explained = explaining.result()
    citations = found.citations if cite else ()
    if not said:
        return Composed(sharp, (), citations, explained, abstained=said == ())
    answer, places = _placed(said, found)
    return Composed(sharp, answer, places, explained, abstained=False)


def _placed(said: Sequence[Sentence], found: Findings) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Each sentence with citations of the very words that it rests on, numbered in the order of their use.

    The search shows of a passage what is nearest to the question, which is seldom what every sentence says.
    """
    places: dict[Citation, int] = {}
    answer = []
    for one in said:
        cited = [(found.citations[n - 1], found.excerpts[n - 1]) for n in one.cites if 1 <= n <= len(found.citations)]
        resting = dict.fromkeys(_resting(citation, excerpt, one.text) for citation, excerpt in cited)
        answer.append(replace(one, cites=tuple(places.setdefault(place, len(places) + 1) for place in resting)))
    return tuple(answer), tuple(places)


@lru_cache(maxsize=256)
def _resting(citation: Citation, excerpt: Excerpt, sentence: str) -> Citation:
    quote = best_quote(sentence, excerpt.text)
    start = excerpt.start + excerpt.text.index(quote)
    return replace(citation, quote=quote, start=start, end=start + len(quote))


def _explained(language: Language, asked: str, matches: Sequence[Match]) -> tuple[Match, ...]:
    people = [SuggestedPerson(match.mentor, match.name, match.reason, match.quote, match.skills) for match in matches]
    reasons = language.explain(asked, people) if people else ()
    return tuple(replace(match, reason=reason) for match, reason in zip(matches, reasons, strict=True))
