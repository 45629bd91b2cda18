"""An answer out of passages that grows as it comes: only sentences whose citations hold are ever shown.

Nothing of it being supported is an abstention. A stream that breaks off keeps the sentences that were whole by then. A model
that repeats what it was given has not understood its task, so it has not abstained either: it is not heard any longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from assistant.adapters.model.client.chat import ModelFailed
from assistant.adapters.model.model_client import ModelClient
from assistant.dialogue.grounding.streaming_answer import StreamingAnswer
from assistant.dialogue.language_io import Excerpt, OnPartial
from assistant.domain.reply import Sentence

MOST_TOKENS = 320
_FENCE = "<data-"
"""How data begins in a prompt; within data it never stands."""


def answer(client: ModelClient, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial) -> tuple[Sentence, ...]:
    """What the excerpts say to the question. Raises ModelFailed if not even one sentence came through.

    A sentence that is still open is heard without citations: what cites is whole, and stays.
    """
    if not excerpts:
        return ()
    passages = [f"[{number}] {one.title}: {one.text}" for number, one in enumerate(excerpts, 1)]
    growing = StreamingAnswer(excerpts, client.near, question)
    told: tuple[Sentence, ...] = ()
    said = ""
    try:
        with closing(client.streamed("answer", MOST_TOKENS, [question, *passages])) as pieces:
            for piece in pieces:
                said += piece
                if _FENCE in said:
                    raise ModelFailed("unsupported")
                now = growing.feed(piece)
                if growing.nothing:
                    break
                if now is not None:
                    told = _so_far(now, len(growing.settled))
                    on_partial(told)
        whole = growing.finish()
    except ModelFailed:
        whole = growing.settled
        if not whole:
            raise
    if whole != told:
        on_partial(whole)
    return whole


def _so_far(shown: tuple[Sentence, ...], settled: int) -> tuple[Sentence, ...]:
    return (*shown[:settled], *(Sentence(one.text, ()) for one in shown[settled:]))
