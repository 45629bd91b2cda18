"""Askwell's search as a LangChain retriever.

    from assistant.bootstrap import build
    from assistant.first_start import prepare
    from assistant.settings import Settings

    app = build(Settings())
    prepare(app)
    retriever = app.retrieval.langchain(k=3)
    for document in retriever.invoke("how do I open a talk to the board?"):
        print(document.metadata["title"], "|", document.metadata["quote"])
    print(retriever.invoke("how do I repair a bicycle?"))
    app.close()

A question that the base does not answer gives no documents, so a chain cannot make up an answer from them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from retrieval.passage import Article
from retrieval.passages.search import Evidence, Hit

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun


def _today() -> date:
    return datetime.now(UTC).date()


class AskwellRetriever(BaseRetriever):
    """Documents for a question, best first; `ainvoke` searches in a thread.

    `page_content` is the text of the passage. Metadata: `article` (its id), `title`, `headings`, `score` (0..1), `quote`
    (the exact sentences that answer best), `start` and `end` (of the passage in the article), `stale` (its review is
    overdue) and `known` (whether the base answers the question; always true unless `even_if_unknown`).
    """

    retrieval: Any
    """A `retrieval.build.Retrieval`, or anything with its `search` and `corpus`."""
    k: int = Field(5, ge=1)
    even_if_unknown: bool = False
    today: Callable[[], date] = _today

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        evidence: Evidence = self.retrieval.search.search(query, self.k)
        if not evidence.known and not self.even_if_unknown:
            return []
        articles = self.retrieval.corpus.articles({hit.passage.article_id for hit in evidence.hits})
        return [_document(hit, articles.get(hit.passage.article_id), evidence.known, self.today()) for hit in evidence.hits]


def _document(hit: Hit, article: Article | None, known: bool, today: date) -> Document:
    passage = hit.passage
    metadata = {
        "article": passage.article_id,
        "title": passage.title,
        "headings": list(passage.headings),
        "score": hit.score,
        "quote": hit.quote,
        "start": passage.start,
        "end": passage.end,
        "stale": article is not None and article.is_stale(today),
        "known": known,
    }
    return Document(page_content=passage.text, metadata=metadata, id=passage.id)
