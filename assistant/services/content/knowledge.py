"""The knowledge base and the mentor profiles: import, search, and rebuilding of the indexes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.ports import Clock
from assistant.services.accounts.access import Actor, may
from assistant.services.content.retrieval_refusals import not_retrieved
from assistant.services.conversing.message_text import is_id, refused_text
from assistant.services.results import Refusal
from retrieval.errors import BadSource
from retrieval.importing.content_files import read_sources
from retrieval.importing.import_report import Checked, ProfileCheck, Sources
from retrieval.indexing.ingest_report import IngestReport
from retrieval.indexing.unit_embedding import Progress
from retrieval.passage import Article, Profile
from retrieval.passages.search import Evidence
from retrieval.people.experts import ExpertHit

if TYPE_CHECKING:
    from retrieval.facade import Retrieval
    from retrieval.indexing.cost import Cost
    from retrieval.ports import Corpus

log = logging.getLogger(__name__)
LONGEST_ARTICLE_ID = 200


def _as_written(profile: Profile) -> Checked:
    return Checked(profile)


class KnowledgeService:
    """`check` validates each imported profile."""

    def __init__(
        self, retrieval: Callable[[], Retrieval], corpus: Corpus, clock: Clock, check: ProfileCheck = _as_written
    ) -> None:
        self._retrieval, self._corpus, self._clock, self._check = retrieval, corpus, clock, check

    def load(self, folder: Path, progress: Progress) -> IngestReport:
        """Imports a content folder at program start, without an actor."""
        found = read_sources(folder, self._check)
        if found.refused:
            count = len(found.refused) + found.more_refused
            log.warning("%d records or files of the content folder were not taken; askwell doctor names them.", count)
        return _with_problems(self._retrieval().ingest.run(found.articles, found.profiles, progress, prebuilt=folder), found)

    def ingest(self, actor: Actor, path: Path, progress: Progress) -> IngestReport | Refusal:
        """Imports articles and mentors from a file or folder; unchanged ones are skipped. The report lists rejected records."""
        refusal = may(actor, "knowledge.ingest")
        if refusal:
            return refusal
        try:
            found = read_sources(path, self._check)
            return _with_problems(self._retrieval().ingest.run(found.articles, found.profiles, progress), found)
        except BadSource as bad:
            return not_retrieved(bad)

    def search(self, actor: Actor, question: str, k: int = 5) -> Evidence | Refusal:
        return may(actor, "knowledge.search") or refused_text(question) or self._retrieval().search.search(question, k)

    def experts(self, actor: Actor, question: str, k: int = 5) -> tuple[ExpertHit, ...] | Refusal:
        return may(actor, "experts.search") or refused_text(question) or self._retrieval().experts.find(question, k)

    def article(self, actor: Actor, article_id: str) -> Article | Refusal | None:
        refusal = may(actor, "knowledge.search")
        if refusal or not is_id(article_id, LONGEST_ARTICLE_ID):
            return refusal
        return self._corpus.articles([article_id]).get(article_id)

    def articles(self, actor: Actor) -> tuple[Article, ...] | Refusal:
        """All articles, by id."""
        return may(actor, "knowledge.search") or tuple(self._corpus.articles().values())

    def cost(self, actor: Actor, embedder: str | None = None) -> Cost | Refusal:
        """What a reindex would send to an embedding endpoint. Raises EmbeddingsUnavailable if none is configured."""
        return may(actor, "knowledge.reindex") or self._retrieval().cost(embedder)

    def reindex(self, actor: Actor, progress: Progress) -> Refusal | None:
        """Builds new indexes from the database and swaps them in when complete. Raises RetrievalError."""
        refusal = may(actor, "knowledge.reindex")
        if refusal is None:
            self._retrieval().reindex(progress)
        return refusal

    def switch(self, actor: Actor, embedder: str, progress: Progress) -> bool | Refusal:
        """Reindexes with another embedder; the old indexes serve meanwhile. Raises RetrievalError.

        Returns False if another process is serving; that one was notified and switches itself.
        """
        return may(actor, "knowledge.reindex") or self._retrieval().reindex(progress, embedder)


def _with_problems(report: IngestReport, found: Sources) -> IngestReport:
    if not found.refused and not found.unused:
        return report
    return replace(
        report, refused=found.refused, unused=found.unused, more_refused=found.more_refused, more_unused=found.more_unused
    )
