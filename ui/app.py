"""The web application: Gradio's four pages, the plain routes, the middleware around them, and the background worker.

A page is served without personal data; what a person may see is sent to their page in answer to an event after the sign-in.
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
from ui.handlers import Handlers, page_component
from ui.live.background_worker import BackgroundWorker
from ui.live.updates import Hub, live_router
from ui.page_context import Page
from ui.pages import ask, library, mentor, my_requests, plain_pages
from ui.theme import HEAD, theme

if TYPE_CHECKING:
    from assistant.bootstrap import App

LOOK_SECONDS = 0.01
"""Between two looks of Gradio's queue for events. Its own thousand looks a second take 4% of a processor all the time."""
PAGES: tuple[Page, ...] = (ask.PAGE, my_requests.PAGE, mentor.PAGE, library.PAGE)


def create(app: App) -> tuple[FastAPI, Hub]:
    """The web application over `app`, and the hub of its live streams. The database schema must be up to date."""
    hub, cookie = Hub(app.changes, app.clock), SignInCookie(app)
    worker = BackgroundWorker(app)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        worker.start()
        async with hub.watching():
            yield
        worker.stop()

    server = FastAPI(title=say("page.brand"), lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    answer_errors(server)
    server.include_router(assets.router())
    server.include_router(plain_pages.router(app, cookie))
    server.include_router(live_router(cookie.actor, hub))
    blocks = gradio_blocks(app)
    web = _mount_gradio(server, blocks, cookie)
    paths = [page.path for page in PAGES]
    web.add_middleware(LoginRedirect, cookie=cookie, pages=paths)
    guard(
        web, public_url=app.settings.public_url, pages=paths, find_actor=cookie.actor, handlers=len(blocks.fns),
        hosts=app.settings.allowed_hosts,
    )  # fmt: skip
    return web, hub


def gradio_blocks(app: App) -> gr.Blocks:
    """The four pages with their event handlers."""
    handlers = Handlers(app)
    first, *others = PAGES
    blocks: gr.Blocks
    with gr.Blocks(title=say("page.brand"), analytics_enabled=False, fill_width=True) as blocks:
        _add_page(handlers, first)
    for page in others:
        with blocks.route(say(f"{page.name}_page.nav"), page.path):
            _add_page(handlers, page)
    blocks.queue(max_size=400)
    blocks._queue.sleep_when_free = LOOK_SECONDS
    return blocks


def _add_page(handlers: Handlers, page: Page) -> None:
    Navbar(visible=False)
    handlers.attach(page, page_component(page))


def _mount_gradio(server: FastAPI, blocks: gr.Blocks, cookie: SignInCookie) -> FastAPI:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        mounted: FastAPI = gr.mount_gradio_app(
            server, blocks, path="/", auth_dependency=cookie.login, ssr_mode=False, show_error=False, theme=theme(), head=HEAD,
            footer_links=[], run_history=False, enable_monitoring=False, pwa=False, mcp_server=False,
        )  # fmt: skip
    return mounted
