"""The Gradio side: one component a page, and for each page the few events that its script may cause.

The component is a frame that never changes; what a handler sends is drawn into its regions by the script. Every handler takes
the person from the sign-in of the request, never from what the browser says, and turns whatever goes wrong into one sentence.
A page says whom it was drawn for, and acts for nobody else: in one browser an old tab may outlive a sign-in.
What may wait for a language model is done beside it (`ui.live.progress_stream`), so that the page hears something all the while.
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
from ui.live.progress_stream import worked
from ui.page_context import Page, PageContext, PageInput
from ui.pages import ask
from ui.rendering.templates import draw

if TYPE_CHECKING:
    from assistant.bootstrap import App

Answer = dict[str, Any]
Handler = Callable[[gr.EventData, gr.Request], Iterator[Answer]]


def frame(page: Page) -> gr.HTML:
    """The frame of a page: static markup, and the script that fills its regions."""
    script = resources.files("ui.assets").joinpath("frame.js").read_text("utf-8")
    return gr.HTML(
        value={}, html_template=draw(f"page_{page.name}", name=page.name), elem_id="askwell", padding=False, container=False,
        js_on_load=script.replace("%SCRIPT%", versioned("askwell.js")), apply_default_css=False,
    )  # fmt: skip


class Handlers:
    """The handlers of one installation."""

    def __init__(self, app: App) -> None:
        self._app = app

    def attach(self, page: Page, made: gr.HTML) -> None:
        """`select` shows the page, `click` does one of its acts, `submit` (on the mentee's page) says something."""
        self._on(made.select, self.show(page))
        self._on(made.click, self.act(page))
        if page is ask.PAGE:
            self._on(made.submit, self.say)

    def _on(self, event: Callable[..., object], handler: Handler) -> None:
        owner = event.__self__  # type: ignore[attr-defined]
        event(
            handler, None, owner, show_progress="hidden", api_visibility="private", trigger_mode="multiple",
            concurrency_limit=None, queue=True,
        )  # fmt: skip

    def show(self, page: Page) -> Handler:
        def shown(context: PageContext, sent: PageInput) -> Iterator[Answer]:
            yield _answer(page.regions(context, sent), page.missing(context, sent))

        return self._handler(shown, may_be_new=True)

    def act(self, page: Page) -> Handler:
        """One act by name; then the page as it is after that, also where the act was refused."""

        def acted(context: PageContext, sent: PageInput) -> Iterator[Answer]:
            if sent.name in page.works:
                yield from ({**_step(step), "more": True} for step in page.works[sent.name](context, sent))
                yield _answer({})
            elif sent.name in page.parts:
                yield _step((yield from worked(lambda _: page.parts[sent.name](context, sent), _waiting)))
            elif sent.name in page.acts:
                outcome = yield from worked(lambda _: page.acts[sent.name](context, sent), _waiting)
                refused = outcome if isinstance(outcome, Refusal) else None
                yield _answer(page.regions(context, sent), refused)
            else:
                yield _answer({}, refuse("no_act"))

        return self._handler(acted)

    @property
    def say(self) -> Handler:
        """A message: shown as soon as it is stored, then with its answer, also while that grows.

        The same message id again is the same turn.
        """

        def said(context: PageContext, sent: PageInput) -> Iterator[Answer]:
            stored = ask.store(context, sent)
            if isinstance(stored, Refusal):
                yield _answer({}, stored)
                return
            yield _more({"chat": ask.chat(context, stored, working=bool(stored.pending))})
            answer = yield from worked(
                lambda on_partial: context.app.services.conversation.answer(stored, on_partial),
                lambda grown: _more({"growing": ask.growing(grown)} if grown else {}),
            )
            if isinstance(answer, Refusal):
                yield _answer(ask.PAGE.regions(context, sent), answer)
            else:
                yield _answer(ask.drawn(context, answer))

        return self._handler(said)

    def _handler(self, run: Callable[[PageContext, PageInput], Iterator[Answer]], may_be_new: bool = False) -> Handler:
        """`may_be_new`: also for a page that was not drawn yet, and so does not know its person."""

        def handler(event: gr.EventData, request: gr.Request) -> Iterator[Answer]:
            sent = PageInput.read(getattr(event, "_data", None))
            for at, answer in enumerate(self._guarded(run, sent, request, may_be_new)):
                yield {**answer, "n": sent.n, "at": at}

        return handler

    def _guarded(
        self, run: Callable[[PageContext, PageInput], Iterator[Answer]], sent: PageInput, request: gr.Request, may_be_new: bool
    ) -> Iterator[Answer]:
        """One sentence for whatever goes wrong; what a person wrote stays on the page."""
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


def _waiting(_: object) -> Answer:
    return _more({})


def _more(regions: dict[str, str]) -> Answer:
    """Not the last answer to this event: the page goes on waiting."""
    return {**_answer(regions), "more": True}


def _step(step: dict[str, str] | Refusal) -> Answer:
    return _answer({}, step) if isinstance(step, Refusal) else _answer(step)


def _answer(regions: dict[str, str], refused: Refusal | None = None) -> Answer:
    """What the script understands: regions to draw, and the code and sentence of a refusal."""
    return {"regions": regions, "told": refused.say if refused else "", "refused": refused.code if refused else ""}
