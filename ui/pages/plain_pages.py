"""Routes without Gradio: sign in and out, an article, a session's calendar file, and the redirect to a request's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal
from ui.gateway.refusals import refusal
from ui.gateway.sign_in_cookie import SignInCookie
from ui.gateway.sign_in_queue import RETRY_AFTER_SECONDS, SignInQueue
from ui.pages.navigation_bar import home
from ui.rendering.markdown import markdown, passage
from ui.rendering.templates import render

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.services.accounts.sign_in import SignInToken

MOST_SAMPLES = 8
CALENDAR = "text/calendar; charset=utf-8"
Text = Annotated[str, Form()]


def router(app: App, cookie: SignInCookie) -> APIRouter:
    routes = APIRouter()
    _add_sign_in(routes, app, cookie)
    _add_reading(routes, app, cookie)
    return routes


def _add_sign_in(routes: APIRouter, app: App, cookie: SignInCookie) -> None:
    queue = SignInQueue(app.sign_in_service)

    def signed_in(token: SignInToken, onward: str) -> Response:
        answer = RedirectResponse(local_path(onward) or home(token.account.roles), 303)
        cookie.sign_in(answer, token)
        return answer

    @routes.get("/sign-in")
    def sign_in_page(request: Request, next: str = "") -> Response:
        return _sign_in_page(app, next)

    @routes.post("/sign-in")
    async def sign_in(request: Request, login: Text = "", password: Text = "", next: Text = "") -> Response:
        where = request.client.host if request.client else ""
        token = await queue.sign_in(login, password, where, cookie.browser(request))
        if isinstance(token, Refusal) and token.code == "sign_in_busy":
            return refusal(request.scope, 503, token.say, **{"retry-after": str(RETRY_AFTER_SECONDS)})
        if isinstance(token, Refusal):
            return await run_in_threadpool(_sign_in_page, app, next, token, login)
        return signed_in(token, next)

    @routes.post("/sign-in/sample")
    def sample(login: Text = "", next: Text = "") -> Response:
        token = app.sign_in_service.as_sample(login)
        return _sign_in_page(app, next, token) if isinstance(token, Refusal) else signed_in(token, next)

    @routes.post("/sign-out")
    def sign_out(request: Request, who: Text = "") -> Response:
        """`who` is the login of the page that asks; refused if somebody else is signed in now."""
        actor = cookie.actor(request)
        if who and actor and actor.id != who:
            return message_page(say("refuse.other_person"), 409)
        answer = RedirectResponse("/sign-in", 303)
        cookie.sign_out(request, answer)
        return answer

    @routes.get("/me")
    def me(request: Request) -> Response:
        """200 if the client is signed in, 401 if not."""
        return JSONResponse({}) if cookie.actor(request) else JSONResponse({"detail": say("http_error.signed_out")}, 401)


def _sign_in_page(app: App, onward: str, refused: Refusal | None = None, login: str = "") -> Response:
    """The sign-in form, with the sentence of a refusal and status 401 after a failed attempt."""
    samples = [(account, _role_text(account.roles)) for account in app.sign_in_service.samples()[:MOST_SAMPLES]]
    values = {"refusal": refused.say if refused else "", "login": login, "next": local_path(onward)}
    return HTMLResponse(render("sign_in", title=say("sign_in.title"), samples=samples, **values), 401 if refused else 200)


def _add_reading(routes: APIRouter, app: App, cookie: SignInCookie) -> None:
    @routes.get("/article/{article_id}")
    def article(request: Request, article_id: str, start: int = 0, end: int = 0, part: int = 0) -> Response:
        """An article, with the characters from `start` to `end` marked; `part` leaves out the page around it."""
        actor = cookie.actor(request)
        if actor is None:
            return cookie.sign_in_redirect(request)
        found = app.services.knowledge_service.article(actor, article_id)
        if found is None or isinstance(found, Refusal):
            return message_page(say("cli.article_gone"), 404)
        marked = 0 <= start < end <= len(found.text)
        body = passage(found.text, start, end) if marked else markdown(found.text)
        stale = found.is_stale(app.clock.now().date())
        values = {"title": found.title, "article": found, "body": body, "stale": stale, "level": 2 if part else 1}
        return HTMLResponse(render("article_body" if part else "article", **values))

    @routes.get("/request/{request_id}")
    def request_page(request: Request, request_id: str) -> Response:
        """Redirects a mentee to their own request, and a mentor to it in the inbox."""
        actor = cookie.actor(request)
        if actor is None:
            return cookie.sign_in_redirect(request)
        own = not isinstance(app.services.request_views.read(actor, request_id), Refusal)
        return RedirectResponse(f"/?request={request_id}" if own else f"/mentor?request={request_id}", 303)

    @routes.get("/request/{request_id}/session.ics")
    def calendar(request: Request, request_id: str) -> Response:
        actor = cookie.actor(request)
        if actor is None:
            return cookie.sign_in_redirect(request)
        file = app.services.sessions.invitation(actor, request_id)
        if isinstance(file, Refusal):
            return message_page(file.say, 404)
        name = {"Content-Disposition": 'attachment; filename="session.ics"'}
        return Response(file, media_type=CALENDAR, headers=name)


def message_page(sentence: str, status: int) -> Response:
    """A page with one sentence."""
    return HTMLResponse(render("message", title=say("page.sorry"), sentence=sentence), status)


def local_path(onward: str) -> str:
    """`onward` if it is a path on this server and no browser would take it for another host; else ""."""
    plain = onward.startswith("/") and not onward.startswith("//") and "\\" not in onward
    return onward if plain and onward.isprintable() and len(onward) < 300 else ""


def _role_text(roles: frozenset[str]) -> str:
    return say("sign_in.as_" + next(role for role in ("admin", "curator", "mentor", "mentee") if role in roles))
