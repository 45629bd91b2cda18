"""Gradio's event handlers. Each page has one component, whose script draws what a handler yields into the page's regions.

A handler takes the person from the sign-in of the request, never from the browser's data. A page sends the login it was drawn
for, and is refused if somebody else is signed in now: an old tab can outlive a sign-in. Work that may wait for a language
model runs in a thread (`ui.live.progress_stream`), so that the page hears from the server meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.adapters.store.sql_engine import available
from assistant.logs import note_bug
from assistant.ports import StoreUnavailable
from assistant.services.accounts.access import Actor
from assistant.services.content.retrieval_refusals import not_retrieved
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal, not_stored, refuse
from retrieval.errors import RetrievalError
from ui.assets import versioned
from ui.live.progress_stream import run_with_progress
from ui.page_context import Page, PageContext, PageInput
from ui.pages import ask
from ui.rendering.templates import render

if TYPE_CHECKING:
    from assistant.bootstrap import App

Answer = dict[str, Any]
Run = Callable[[PageContext, PageInput], Iterator[Answer]]
Handler = Callable[[gr.EventData, gr.Request], Iterator[Answer]]


def page_component(page: Page) -> gr.HTML:
    """The one component of a page: static markup with empty regions, and the script that fills them."""
    script = resources.files("ui.assets").joinpath("frame.js").read_text("utf-8")
    return gr.HTML(
        value={}, html_template=render(f"page_{page.name}", name=page.name), elem_id="askwell", padding=False, container=False,
        js_on_load=script.replace("%SCRIPT%", versioned("askwell.js")), apply_default_css=False,
    )  # fmt: skip


class Handlers:
    """The handlers of one installation, for all pages."""

    def __init__(self, app: App) -> None:
        self._app = app

    def attach(self, page: Page, component: gr.HTML) -> None:
        """Gradio's event `select` shows the page, `click` runs an action, `submit` (only on the mentee's page) says a message."""
        _listen(component.select, self.show(page))
        _listen(component.click, self.act(page))
        if page is ask.PAGE:
            _listen(component.submit, self.say)

    def show(self, page: Page) -> Handler:
        """All regions of the page."""

        def run(context: PageContext, sent: PageInput) -> Iterator[Answer]:
            yield _answer(*page.show(context, sent))

        return self._handler(run, may_be_new=True)

    def act(self, page: Page) -> Handler:
        """Runs the action, query or job that the event names. An action answers with all regions, also if it was refused."""

        def run(context: PageContext, sent: PageInput) -> Iterator[Answer]:
            if sent.name in page.jobs:
                yield from ({**_step(step), "more": True} for step in page.jobs[sent.name](context, sent))
                yield _answer({})
            elif sent.name in page.queries:
                yield _step((yield from run_with_progress(lambda _: page.queries[sent.name](context, sent), _keep_waiting)))
            elif sent.name in page.actions:
                outcome = yield from run_with_progress(lambda _: page.actions[sent.name](context, sent), _keep_waiting)
                yield _answer(page.regions(context, sent), outcome if isinstance(outcome, Refusal) else None)
            else:
                yield _answer({}, refuse("no_act"))

        return self._handler(run)

    @property
    def say(self) -> Handler:
        """Stores a message and shows it, then answers it, with partial answers meanwhile. A repeated message id is one turn."""

        def run(context: PageContext, sent: PageInput) -> Iterator[Answer]:
            stored = ask.store(context, sent)
            if isinstance(stored, Refusal):
                yield _answer({}, stored)
                return
            yield _more({"chat": ask.chat(context, stored, working=bool(stored.pending))})
            answered = yield from run_with_progress(
                lambda on_partial: context.app.services.conversation.answer(stored, on_partial),
                lambda partial: _more({"partial_answer": ask.partial_answer(partial)} if partial else {}),
            )
            if isinstance(answered, Refusal):
                yield _answer(ask.PAGE.regions(context, sent), answered)
            else:
                yield _answer(ask.request_regions(context, answered))

        return self._handler(run)

    def _handler(self, run: Run, may_be_new: bool = False) -> Handler:
        """Numbers the answers of `run`. `may_be_new` admits a page that was not drawn yet and so sends no login."""

        def handler(event: gr.EventData, request: gr.Request) -> Iterator[Answer]:
            sent = PageInput.read(getattr(event, "_data", None))
            for at, answer in enumerate(self._guarded(run, sent, request, may_be_new)):
                yield {**answer, "n": sent.n, "at": at}

        return handler

    def _guarded(self, run: Run, sent: PageInput, request: gr.Request, may_be_new: bool) -> Iterator[Answer]:
        """Checks who is signed in, then runs; every error becomes a refusal with one sentence."""
        try:
            with available():
                actor = self._actor(request)
                if actor is None:
                    yield _answer({}, refuse("signed_out"))
                elif sent.who == actor.id or (may_be_new and not sent.who):
                    yield from run(PageContext(self._app, actor), sent)
                else:
                    yield _answer({}, refuse("other_person"))
        except StoreUnavailable as error:
            yield _answer({}, not_stored(error))
        except RetrievalError as error:
            yield _answer({}, not_retrieved(error))
        except Exception as error:  # the one place where a bug becomes a sentence
            note_bug(error)
            yield _answer({}, Refusal("unexpected", say("page.unexpected")))

    def _actor(self, request: gr.Request) -> Actor | None:
        return self._app.sign_in_service.actor(request.username) if request.username else None


def _listen(event: Callable[..., object], handler: Handler) -> None:
    component = event.__self__  # type: ignore[attr-defined]
    event(
        handler, None, component, show_progress="hidden", api_visibility="private", trigger_mode="multiple",
        concurrency_limit=None, queue=True,
    )  # fmt: skip


def _keep_waiting(_: object) -> Answer:
    return _more({})


def _more(regions: dict[str, str]) -> Answer:
    """An answer that another one follows, so the page goes on waiting."""
    return {**_answer(regions), "more": True}


def _step(step: dict[str, str] | Refusal) -> Answer:
    return _answer({}, step) if isinstance(step, Refusal) else _answer(step)


def _answer(regions: dict[str, str], refused: Refusal | None = None) -> Answer:
    """What the page's script reads: HTML by region, and the code and sentence of a refusal."""
    return {"regions": regions, "message": refused.say if refused else "", "refused": refused.code if refused else ""}
