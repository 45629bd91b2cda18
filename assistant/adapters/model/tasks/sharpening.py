"""The sharp question in one call: the messages go out, one sentence comes back as plain text.

It is shown only if it is faithful to what was said, and if the judge finds it about as likely to be confirmed as the question
composed without a model, which is already the better one of the author's own ask and an ask with an addition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_client import ModelClient
from assistant.dialogue.grounding.faithful import Said, objection
from assistant.domain.need import SLOTS, Need

MOST_TOKENS = 90
AS_LIKELY = 0.6
"""Least share of the composed question's probability that a model's one must have; the judge knows the composer's frames better.
On 220 labelled messages (which the judge had seen) it lets 72% of the right first questions through and 7% of the wrong ones."""
NOT_AS_LIKELY = "judge"
"""The reason why a faithful question is not shown."""
_LABEL = re.compile(r"\A(?:(?:the )?(?:sharp |colleague's )?question|answer|=>)\s*[:>]?\s+(?=\S)", re.IGNORECASE)
_AROUND = ' \t"\u201c\u201d\u00ab\u00bb*`'


class QuestionJudge(Protocol):
    """What was said, and how likely its author confirms a question about it, whoever worded the question."""

    def heard(self, need: Need, said: Sequence[str]) -> Said: ...

    def fine(self, need: Need, said: Sequence[str], question: str) -> float: ...


def sharpen(client: ModelClient, judge: QuestionJudge | None, need: Need, said: Sequence[str], composed: str) -> str:
    """The model's question. Raises ModelFailed, with the objection if the question is not the author's.

    Without a judge all words count as the author's own.
    """
    messages = _messages(need, said)
    written = bare("".join(client.streamed("sharpen", MOST_TOKENS, messages)))
    if not written:
        raise ModelFailed("empty")
    heard = judge.heard(need, said) if judge else Said("\n".join(messages))
    if why := objection(written, heard):
        raise ModelFailed("unsupported", detail=why)
    if judge and composed and judge.fine(need, said, written) < AS_LIKELY * judge.fine(need, said, composed):
        raise ModelFailed("unsupported", detail=NOT_AS_LIKELY)
    return written


def bare(answer: str) -> str:
    """The sentence without thinking, label or marks around it, with a capital; further lines stay, as an objection."""
    line = _LABEL.sub("", answer.rpartition("</think>")[2].strip(_AROUND + "\n")).strip(_AROUND)
    return line[:1].upper() + line[1:]


def _messages(need: Need, said: Sequence[str]) -> list[str]:
    """All messages, and the parts of the need that were edited by hand."""
    known = " ".join("\n".join(said).split()).casefold()
    values = [need.value(name) for name in SLOTS] + [facet.value for facet in need.facets]
    edited = [value for value in values if value and " ".join(value.split()).casefold() not in known]
    return [*(text for text in said if text.strip()), *edited]
