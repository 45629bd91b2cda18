"""An answer out of passages that grows as it comes: only sentences whose citations hold are ever shown.

Nothing of it being supported is an abstention. A stream that breaks off keeps the sentences that were whole by then.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.adapters.model.chat import ModelFailed
from assistant.adapters.model.desk import Desk
from assistant.dialogue.growing import Growing
from assistant.dialogue.pieces import Excerpt, Hear
from assistant.domain.reply import Sentence

MOST_TOKENS = 320


def answer(desk: Desk, question: str, excerpts: Sequence[Excerpt], hear: Hear) -> tuple[Sentence, ...]:
    """What the excerpts say to the question. Raises ModelFailed if not even one sentence came through."""
    if not excerpts:
        return ()
    passages = [f"[{number}] {one.title}: {one.text}" for number, one in enumerate(excerpts, 1)]
    growing = Growing(excerpts, desk.near, question)
    shown: tuple[Sentence, ...] = ()
    try:
        for piece in desk.streamed("answer", MOST_TOKENS, {"question": [question], "passages": passages}):
            now = growing.feed(piece)
            if now is not None:
                shown = now
                hear(now)
    except ModelFailed:
        if not growing.settled:
            raise
        hear(growing.settled)
        return growing.settled
    whole = growing.finish()
    if whole != shown:
        hear(whole)
    return whole
