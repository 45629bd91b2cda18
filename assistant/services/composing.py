"""What a language puts into words once a turn is decided: the sharp question, an answer out of the passages, the reasons.

The three are asked for at once, since each may take a model a while; none of them changes what was decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from assistant.dialogue.pieces import Hear, Shown
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import Need
from assistant.domain.reply import Kind, Sentence, renumbered
from assistant.ports import Language
from assistant.services.finding import Findings


@dataclass(frozen=True)
class Composed:
    """`citations` are those to show: with an answer only the ones it uses. `abstained`: the passages do not answer after all."""

    sharp: str
    answer: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    matches: tuple[Match, ...]
    abstained: bool


def compose(
    language: Language, need: Need, kind: Kind, asked: str, found: Findings, matches: Sequence[Match], cite: bool, hear: Hear
) -> Composed:  # fmt: skip
    """`asked` is what was said, for passages and people; where not `cite`, no passages are shown."""
    with ThreadPoolExecutor(3, thread_name_prefix="compose") as threads:
        answering = threads.submit(language.answer, asked, found.excerpts, hear) if cite and found.known else None
        explaining = threads.submit(_explained, language, asked, matches)
        sharp = language.sharpen(need, kind) if need.has_topic else ""
        said = answering.result() if answering else None
        explained = explaining.result()
    citations = found.citations if cite else ()
    if not said:
        return Composed(sharp, (), citations, explained, abstained=said == ())
    answer, used = renumbered(said)
    return Composed(sharp, answer, tuple(citations[number - 1] for number in used), explained, abstained=False)


def _explained(language: Language, asked: str, matches: Sequence[Match]) -> tuple[Match, ...]:
    people = [Shown(match.mentor, match.name, match.reason, match.quote, match.skills) for match in matches]
    reasons = language.explain(asked, people) if people else ()
    return tuple(replace(match, reason=reason) for match, reason in zip(matches, reasons, strict=True))
