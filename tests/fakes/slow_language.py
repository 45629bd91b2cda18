"""An offline language that streams an answer from the passages and pauses when a test says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from threading import Event

from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.dialogue.language_io import Excerpt, OnPartial, ignore_partial
from assistant.domain.provenance import OFFLINE, Fallback, Provenance
from assistant.domain.reply import Sentence

MODEL = Provenance("model", "", ("answer@3f9a1c",), "small-model")
LONGEST = 3


@dataclass
class Course:
    """Controls the next answer: it pauses after the first sentence until `goes_on` is set; with `breaks` it ends there."""

    goes_on: Event = field(default_factory=Event)
    told: Event = field(default_factory=Event)
    breaks: Fallback = ""


class SlowLanguage(OfflineLanguage):
    """Answers as the current `course` says; without one, the whole answer is returned at once."""

    def __init__(self, course: Course | None = None, way: Provenance = MODEL) -> None:
        super().__init__()
        self.course, self.way = course, way
        self.provenance = OFFLINE

    def turn(self, person: str, others: Collection[str] = ()) -> SlowLanguage:
        return SlowLanguage(self.course, self.way)

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        if self.way.way == "offline":
            self.provenance = self.way
            return None
        found = [Sentence(words, (number,)) for number, one in enumerate(excerpts, 1) for words in _sentences(one.text)]
        said = tuple(found)[:LONGEST]
        course, self.provenance = self.course, self.way
        if course is None:
            return said
        on_partial(said[:1])
        course.told.set()
        course.goes_on.wait(60)
        if course.breaks:
            self.provenance = self.way.fallen(course.breaks)
            return said[:1]
        for length in range(2, len(said) + 1):
            on_partial(said[:length])
        return said


def _sentences(text: str) -> list[str]:
    """At most two whole sentences of the passage."""
    plain = re.sub(r"[#*`|>_\[\]]|^\s*[-\d.]+ ", " ", text, flags=re.MULTILINE)
    sentences = [" ".join(one.split()) for one in re.split(r"(?<=[.!?])\s+|\n\n", plain)]
    return [one for one in sentences if len(one.split()) > 5 and one[-1] in ".!?"][:2]
