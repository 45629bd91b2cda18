"""Opens retrieval: the database, the index folder and the embedder that is recorded beside it.

Vendors are imported when they are needed, so importing this module is cheap.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval import embedders
from retrieval.embedding.embedder_choice import NAME, EmbedderChoice, read_choice
from retrieval.embedding.endpoint import Endpoint
from retrieval.facade import Retrieval
from retrieval.indexing.index_manager import IndexManager
from retrieval.wiring import Wiring

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from retrieval.wiring import OpenContributions

log = logging.getLogger(__name__)


def open_retrieval(
    engine: Engine,
    index_folder: Path,
    embedder: str = "minilm",
    threshold: float | None = None,
    endpoint: Endpoint | None = None,
    contributions: OpenContributions | None = None,
) -> Retrieval:
    """Opens retrieval over a database whose tables exist (see `adapters.sql_tables.metadata`). Nothing is embedded.

    `embedder` is used for a new folder; later the folder's recorded choice is, until a reindex with another embedder.
    A lost, damaged or outdated index is rebuilt from the database; if another process owns the index, a copy in memory is
    used. `threshold` (0..1) overrides the calibrated one of the embedder; `contributions` opens the search for what people
    did. Raises ValueError for an unknown embedder, EmbeddingsUnavailable for an endpoint of unknown dimension.
    """
    from retrieval.adapters.file_lock import FileLock
    from retrieval.adapters.index_folder import IndexFolder, in_memory
    from retrieval.adapters.sql_corpus import SqlCorpus
    from retrieval.adapters.sql_vectors import SqlVectors

    folder, endpoint = Path(index_folder), endpoint or Endpoint()
    known = read_choice(folder.with_name(NAME))
    recorded = known is not None and known.embedder in embedders.EMBEDDERS
    choice = _refreshed(known, endpoint) if known and recorded else embedders.choice_of(embedder, endpoint)
    wiring = Wiring(engine, SqlCorpus(engine), SqlVectors(engine), threshold, contributions)
    manager = IndexManager(FileLock(folder), IndexFolder(folder), in_memory, wiring.corpus, wiring.cache, choice)
    opened = Retrieval(wiring, manager, choice, folder.with_name(NAME), endpoint)
    if known is None and opened.index_manager.owner:
        opened.keep(choice)
    return opened


def _refreshed(known: EmbedderChoice, endpoint: Endpoint) -> EmbedderChoice:
    """The recorded choice; a local embedder may have a newer version, the model of an endpoint stays as recorded."""
    if known.embedder in embedders.LOCAL:
        now = embedders.choice_of(known.embedder, endpoint)
        return replace(now, threshold=known.threshold if now.id == known.id else None)
    if known.model != endpoint.model:
        log.warning("The index was made with the model %s, which stays in use. To change it: askwell reindex --embedder openai",
                    known.model)  # fmt: skip
    return known
