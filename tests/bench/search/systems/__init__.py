"""The systems that are compared, each in one file, behind one port. Their modules are imported late: each has its own vendors."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from retrieval.ports import Embeddings

HALF = 10
"""Candidates that each half of a peer's hybrid gives."""

Text = tuple[str, str, str]
"""Id, title and text."""


class Opened(Protocol):
    """A system that is ready to be asked."""

    def ask(self, question: str, k: int) -> list[str]:
        """Ids of the k best texts, best first."""


class System(Protocol):
    """What every module here has."""

    PACKAGES: Sequence[str]

    def build(self, texts: Sequence[Text], embeddings: Embeddings, folder: Path) -> None:
        """Makes the index on disk; the embeddings remember the vectors of the texts."""

    def open(self, folder: Path, embeddings: Embeddings) -> Opened:
        """In a new process: what `build` left, ready to be asked."""


SYSTEMS = {
    "askwell": "Askwell",
    "langchain": "LangChain ensemble",
    "llamaindex": "LlamaIndex hybrid",
    "haystack": "Haystack hybrid",
    "txtai": "txtai hybrid",
}


def system(name: str) -> System:
    """The system of that name. Raises ImportError where its packages are missing."""
    return cast(System, import_module(f"tests.bench.search.systems.{name}_system"))


def joined(title: str, text: str) -> str:
    """What a peer is given as a document: the same words as Askwell embeds."""
    return f"{title}\n{text}"
