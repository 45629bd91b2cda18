"""Words a decided turn: the sharp question, an answer from the passages, and the reasons for the mentors.

They run concurrently, since each may take a model some time; none of them changes the decision. The question begins first: it
matters most where a model does one thing after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.dialogue.clarify import tells_something
from assistant.dialogue.language_io import Excerpt, OnPartial, SuggestedPerson
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import Need
from assistant.domain.reply import Kind, Sentence
from assistant.ports import Language
from assistant.services.conversing.research import Findings
from retrieval.passages.quote import best_quote


@dataclass(frozen=True)
class Composed:
    """The wording of a turn. `citations` are those to show; with an answer, the ones it uses.

    `abstained` means that the passages do not answer the question.
    """

    sharp: str
    answer: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    matches: tuple[Match, ...]
    abstained: bool


def compose(
    language: Language,
    need: Need,
    kind: Kind,
    query: str,
    found: Findings,
    matches: Sequence[Match],
    cite: bool,
    on_partial: OnPartial,
    said: Sequence[str] = (),
) -> Composed:
    """Words the turn for `query`; without `cite` no passages are shown.

    Partial answers have the same citation numbers as the final one.
    """

    def show(partial: tuple[Sentence, ...]) -> None:
        on_partial(_placed(partial, found)[0])

    with ThreadPoolExecutor(2, thread_name_prefix="compose") as threads:
        asks = need.has_topic or tells_something("\n".join(said))
        sharpening = threads.submit(language.sharpen, need, kind, said) if asks else None
        answering = threads.submit(language.answer, query, found.excerpts, show) if cite and found.known else None
        explained = _explained(language, query, matches)
        sharp = sharpening.result() if sharpening else ""
        answered = answering.result() if answering else None
    citations = found.citations if cite else ()
    if not answered:
        return Composed(sharp, (), citations, explained, abstained=answered == ())
    answer, places = _placed(answered, found)
    return Composed(sharp, answer, places, explained, abstained=False)


def _placed(said: Sequence[Sentence], found: Findings) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Cites for each sentence the words of the passage closest to it, numbered in order of use.

    The quote of a search hit is closest to the question, which is seldom what each sentence states.
    """
    places: dict[Citation, int] = {}
    answer = []
    for sentence in said:
        cited = [(found.citations[n - 1], found.excerpts[n - 1]) for n in sentence.cites if 1 <= n <= len(found.citations)]
        closest = dict.fromkeys(_closest(citation, excerpt, sentence.text) for citation, excerpt in cited)
        answer.append(replace(sentence, cites=tuple(places.setdefault(place, len(places) + 1) for place in closest)))
    return tuple(answer), tuple(places)


@lru_cache(maxsize=256)
def _closest(citation: Citation, excerpt: Excerpt, sentence: str) -> Citation:
    quote = best_quote(sentence, excerpt.text)
    start = excerpt.start + excerpt.text.index(quote)
    return replace(citation, quote=quote, start=start, end=start + len(quote))


def _explained(language: Language, query: str, matches: Sequence[Match]) -> tuple[Match, ...]:
    people = [SuggestedPerson(match.mentor, match.name, match.reason, match.quote, match.skills) for match in matches]
    reasons = language.explain(query, people) if people else ()
    return tuple(replace(match, reason=reason) for match, reason in zip(matches, reasons, strict=True))
