"""Streams an answer from passages; only sentences whose citations are verified become part of it.

An answer without a supported sentence is an abstention. If the stream breaks off, complete sentences are kept. A model that
repeats the prompt's data fence has not understood the task; its answer fails instead of counting as an abstention.
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
"""The beginning of a data fence in a prompt; it never occurs within data."""


def answer(client: ModelClient, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial) -> tuple[Sentence, ...]:
    """The verified sentences that answer the question. Raises ModelFailed if the call failed before the first one.

    `on_partial` gets the answer so far; its unfinished sentences have no citations.
    """
    if not excerpts:
        return ()
    passages = [f"[{number}] {excerpt.title}: {excerpt.text}" for number, excerpt in enumerate(excerpts, 1)]
    streaming = StreamingAnswer(excerpts, client.near, question)
    last_shown: tuple[Sentence, ...] = ()
    received = ""
    try:
        with closing(client.streamed("answer", MOST_TOKENS, [question, *passages])) as pieces:
            for piece in pieces:
                received += piece
                if _FENCE in received:
                    raise ModelFailed("unsupported")
                now = streaming.feed(piece)
                if streaming.nothing:
                    break
                if now is not None:
                    last_shown = _so_far(now, len(streaming.settled))
                    on_partial(last_shown)
        whole = streaming.finish()
    except ModelFailed:
        whole = streaming.settled
        if not whole:
            raise
    if whole != last_shown:
        on_partial(whole)
    return whole


def _so_far(shown: tuple[Sentence, ...], settled: int) -> tuple[Sentence, ...]:
    return (*shown[:settled], *(Sentence(sentence.text, ()) for sentence in shown[settled:]))
