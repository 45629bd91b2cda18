"""What can go wrong in retrieval, as one small tree.

    RetrievalError
    ├── BadSource       a file that came in cannot be used: says which, where, and what to do
    ├── ModelDamaged    the embedding model or its tokenizer is missing or is not the one we know
    ├── EmbeddingsUnavailable  an endpoint that embeds cannot be reached, refuses, or gives nonsense
    ├── IndexMismatch   the index was made by another embedder: rebuild it
    ├── IndexDamaged    an index folder cannot be read: it is rebuilt from the database
    └── IndexLocked     another process owns the index folder, so nothing may be written here

Every message is one sentence or two that may be shown to a person as it is.
"""

from __future__ import annotations

from pathlib import Path


def printable(name: str) -> str:
    """A file name that cannot steer a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


class RetrievalError(Exception):
    """The root: catches everything that retrieval reports on purpose."""


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
    """The embedding model cannot be trusted or is not installed."""


class EmbeddingsUnavailable(RetrievalError):
    """An endpoint for embeddings gave no vectors. `str()` says what is wrong there and what to do."""


class IndexMismatch(RetrievalError):
    """The vectors in an index were made by another embedder or have another length."""

    def __init__(self, found: str, wanted: str) -> None:
        self.found = found
        self.wanted = wanted
        super().__init__(f"The index was made with {found}, not with {wanted}. Run 'askwell reindex' to rebuild it.")


class IndexDamaged(RetrievalError):
    """An index cannot be opened or read. Nothing is lost: it is a projection of the database."""


class IndexLocked(RetrievalError):
    """Another process owns the index folder."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        super().__init__("The index is in use by another running Askwell. Add the content there, or stop it and try again.")
