"""The web application: pages, routes, the door before them, and what runs beside them while the server lives.

Gradio draws the four pages; everything else is a plain route. Nothing personal is in a page as it is served: it comes by an
event of somebody who is signed in.
"""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI
from gradio.components.navbar import Navbar

from assistant.services.conversing.status_text import say
from ui import assets
from ui.gateway import guard
from ui.gateway.errors import answer_errors
from ui.gateway.login_redirect import LoginRedirect
from ui.gateway.sign_in_cookie import SignInCookie
from ui.handlers import Handlers, frame
from ui.live.background_worker import BackgroundWorker
from ui.live.updates import Hub, live_router
from ui.page_context import Page
from ui.pages import ask, library, mentor, my_requests, plain_pages
from ui.theme import HEAD, theme

if TYPE_CHECKING:
    from assistant.bootstrap import App

PAGES: tuple[Page, ...] = (ask.PAGE, my_requests.PAGE, mentor.PAGE, library.PAGE)


def create(app: App) -> tuple[FastAPI, Hub]:
    """The application over these services, and the hub that its streams hang on; the schema must be up to date."""
    hub, cookie = Hub(app.changes, app.clock), SignInCookie(app)
    beat = BackgroundWorker(app)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        beat.start()
        async with hub.watching():
            yield
        beat.stop()

    server = FastAPI(title=say("page.brand"), lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    answer_errors(server)
    server.include_router(assets.router())
    server.include_router(plain_pages.router(app, cookie))
    server.include_router(live_router(cookie.who, hub))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        made = blocks(app)
        mounted = gr.mount_gradio_app(
        server, made, path="/", auth_dependency=cookie.login, ssr_mode=False, show_error=False, theme=theme(), head=HEAD,
        footer_links=[], run_history=False, enable_monitoring=False, pwa=False, mcp_server=False,
    )  # fmt: skip
    paths = [page.path for page in PAGES]
    mounted.add_middleware(LoginRedirect, cookie=cookie, pages=paths)
    guard(
        mounted, public_url=app.settings.public_url, pages=paths, who=cookie.who, handlers=len(made.fns),
        hosts=app.settings.allowed_hosts,
    )  # fmt: skip
    return mounted, hub


def blocks(app: App) -> gr.Blocks:
    """The four pages with their handlers."""
    handlers = Handlers(app)
    first, *others = PAGES
    made: gr.Blocks
    with gr.Blocks(title=say("page.brand"), analytics_enabled=False, fill_width=True) as made:
        _fill(handlers, first)
    for page in others:
        with made.route(say(f"{page.name}_page.nav"), page.path):
            _fill(handlers, page)
    made.queue(max_size=400)
    return made


def _fill(handlers: Handlers, page: Page) -> None:
    Navbar(visible=False)
    handlers.attach(page, frame(page))
