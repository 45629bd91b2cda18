"""The errors of retrieval.

    RetrievalError
    ├── BadSource       a source file cannot be used: names the file, the line and what to do
    ├── ModelDamaged    the embedding model or its tokenizer is missing or has an unexpected checksum
    ├── EmbeddingsUnavailable  an embedding endpoint cannot be reached, refuses, or returns invalid vectors
    ├── IndexMismatch   the index was built with another embedder and has to be rebuilt
    ├── IndexDamaged    an index cannot be read; it is rebuilt from the database
    └── IndexLocked     another process owns the index folder, so this one may not write

Every message is one or two sentences that may be shown to a person.
"""

from __future__ import annotations

from pathlib import Path


def printable(name: str) -> str:
    """A file name with unprintable characters replaced, safe for a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


class RetrievalError(Exception):
    """Base class of all expected errors of retrieval."""


class BadSource(RetrievalError):
    """A source file cannot be used. `str()` names the file, the line where one is known, and what to do."""

    def __init__(self, path: Path | str, problem: str, line: int | None = None) -> None:
        self.path = Path(path)
        self.line = line
        self.problem = problem
        name = printable(self.path.name)
        where = name if line is None else f"{name}, line {line}"
        super().__init__(f"{where}: {problem}")


class ModelDamaged(RetrievalError):
    """The embedding model is damaged or not installed."""


class EmbeddingsUnavailable(RetrievalError):
    """An embedding endpoint gave no vectors. `str()` says what is wrong and what to do."""


class IndexMismatch(RetrievalError):
    """The vectors of an index have another embedder or another dimension."""

    def __init__(self, found: str, wanted: str) -> None:
        self.found = found
        self.wanted = wanted
        super().__init__(f"The index was made with {found}, not with {wanted}. Run 'askwell reindex' to rebuild it.")


class IndexDamaged(RetrievalError):
    """An index cannot be opened or read. Nothing is lost: it can be rebuilt from the database."""


class IndexLocked(RetrievalError):
    """Another process owns the index folder."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        super().__init__("The index is in use by another running Askwell. Add the content there, or stop it and try again.")
