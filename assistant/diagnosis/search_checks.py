"""Checks the embedder and the search indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from assistant.diagnosis.database import open_database
from assistant.diagnosis.findings import Finding, error_finding, fault, note, ok
from assistant.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from retrieval.embedding.embedder_choice import EmbedderChoice

TEST_TEXT = "How do I prepare a board review?"
TIMEOUT_SECONDS = 20.0


def embedder(settings: Settings) -> Iterator[Finding]:
    """Checks that the embedder loads, returns vectors of the right length, and is the one the indexes were made with."""
    from retrieval.embedders import choice_of
    from retrieval.embedding.embedder_choice import NAME, read_choice
    from retrieval.errors import RetrievalError

    known = read_choice(settings.data / NAME)
    name = known.embedder if known else settings.embedder
    try:
        now = choice_of(name, settings.endpoint)
        length = _length(name, settings)
    except (RetrievalError, ValueError) as error:
        yield error_finding("fault", error)
        return
    if length != now.dimension:
        yield fault("doctor.embedder_length", embedder=name, length=length, wanted=now.dimension)
    elif known is not None and (known.id, known.dimension) != (now.id, now.dimension):
        yield fault("doctor.embedder_other", embedder=name)
    elif known is not None and "embedder" in settings.model_fields_set and settings.embedder != name:
        yield note("doctor.embedder_setting", setting=settings.embedder, used=name)
    else:
        yield ok("doctor.embedder_ok", embedder=name, length=length)


def index(settings: Settings) -> Iterator[Finding]:
    """Checks that the indexes open and hold as many texts as the database."""
    from retrieval.embedding.embedder_choice import NAME, read_choice

    folder, known = settings.data / "index", read_choice(settings.data / NAME)
    if known is None or not folder.is_dir():
        yield note("doctor.index_new")
        return
    engine = open_database(settings)
    if isinstance(engine, Finding):
        yield note("doctor.index_without_database")
        return
    try:
        yield _compared(folder, known, engine)
    finally:
        engine.dispose()


def _length(name: str, settings: Settings) -> int:
    """The length of a vector that the embedder returns now. Raises RetrievalError."""
    from retrieval.embedders import REMOTE, make_embeddings

    if name == REMOTE:
        from retrieval.adapters.openai_embeddings import OpenAIEndpoint

        return int(OpenAIEndpoint(settings.endpoint, TIMEOUT_SECONDS).embed([TEST_TEXT]).shape[1])
    return int(make_embeddings(name).embed([TEST_TEXT]).shape[1])


def _compared(folder: Path, known: EmbedderChoice, engine: Engine) -> Finding:
    """Compares the numbers of texts in index and database, unless another Askwell holds the folder's lock."""
    from assistant.adapters.store.sql_engine import available
    from assistant.ports import StoreUnavailable
    from retrieval.adapters.file_lock import FileLock
    from retrieval.adapters.index_folder import IndexFolder
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors
    from retrieval.ports import IndexOrigin

    lock = FileLock(folder)
    if not lock.acquire():
        return note("doctor.index_in_use")
    try:
        with available():
            corpus = SqlCorpus(engine)
            wanted, texts = IndexOrigin(corpus.fingerprint(), known.id, known.dimension), corpus.count_units()
            missing = SqlVectors(engine).count_missing(known.id)
        opened = IndexFolder(folder).open_current(wanted, lambda kind, limit: None)
    except StoreUnavailable:
        return note("doctor.index_without_database")
    finally:
        lock.release()
    if opened is None:
        return note("doctor.index_old")
    indexes = opened[0].indexes
    held = len(cast(Any, indexes.passage_vectors)) + len(cast(Any, indexes.people_vectors))
    indexes.close()
    if held + missing != texts:
        return fault("doctor.index_short", held=held, texts=texts)
    return note("doctor.index_missing", missing=missing) if missing else ok("doctor.index_ok", texts=texts)
