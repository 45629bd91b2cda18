"""Pages without Gradio: signing in and out, one article, a calendar file, and where a request is to be looked at."""

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
from ui.pages.bar import home
from ui.rendering.markdown import markdown, passage
from ui.rendering.templates import draw

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.services.accounts.sign_in import SignInToken

SAMPLES = 8
CALENDAR = "text/calendar; charset=utf-8"
Text = Annotated[str, Form()]


def router(app: App, cookie: SignInCookie) -> APIRouter:
    routes = APIRouter()
    _signing(routes, app, cookie)
    _reading(routes, app, cookie)
    return routes


def _signing(routes: APIRouter, app: App, cookie: SignInCookie) -> None:
    queue = SignInQueue(app.sign_in_service)

    def let_in(ticket: SignInToken, onward: str) -> Response:
        answer = RedirectResponse(inside(onward) or home(ticket.account.roles), 303)
        cookie.give(answer, ticket)
        return answer

    @routes.get("/sign-in")
    def sign_in_page(request: Request, next: str = "") -> Response:
        return _sign_in_page(app, next)

    @routes.post("/sign-in")
    async def sign_in(request: Request, login: Text = "", password: Text = "", next: Text = "") -> Response:
        where = request.client.host if request.client else ""
        ticket = await queue.sign_in(login, password, where, cookie.browser(request))
        if isinstance(ticket, Refusal) and ticket.code == "sign_in_busy":
            return refusal(request.scope, 503, ticket.say, **{"retry-after": str(RETRY_AFTER_SECONDS)})
        if isinstance(ticket, Refusal):
            return await run_in_threadpool(_sign_in_page, app, next, ticket, login)
        return let_in(ticket, next)

    @routes.post("/sign-in/sample")
    def sample(login: Text = "", next: Text = "") -> Response:
        ticket = app.sign_in_service.as_sample(login)
        return _sign_in_page(app, next, ticket) if isinstance(ticket, Refusal) else let_in(ticket, next)

    @routes.post("/sign-out")
    def sign_out(request: Request, who: Text = "") -> Response:
        """`who` is the person whose page it is, where a page asks."""
        actor = cookie.who(request)
        if who and actor and actor.id != who:
            return message(say("refuse.other_person"), 409)
        answer = RedirectResponse("/sign-in", 303)
        cookie.take(request, answer)
        return answer

    @routes.get("/me")
    def me(request: Request) -> Response:
        """Whether one is signed in; nothing else."""
        return JSONResponse({}) if cookie.who(request) else JSONResponse({"detail": say("shell.signed_out")}, 401)


def _sign_in_page(app: App, onward: str, refused: Refusal | None = None, login: str = "") -> Response:
    """The form; after a refusal with its sentence."""
    samples = [(account, _about(account.roles)) for account in app.sign_in_service.samples()[:SAMPLES]]
    words = {"told": refused.say if refused else "", "login": login, "next": inside(onward)}
    return HTMLResponse(draw("sign_in", title=say("sign_in.title"), samples=samples, **words), 401 if refused else 200)


def _reading(routes: APIRouter, app: App, cookie: SignInCookie) -> None:
    @routes.get("/article/{article_id}")
    def article(request: Request, article_id: str, start: int = 0, end: int = 0, part: int = 0) -> Response:
        """One article with the text from `start` to `end` marked; `part` gives it without the page around it."""
        actor = cookie.who(request)
        if actor is None:
            return cookie.away(request)
        found = app.services.knowledge_service.article(actor, article_id)
        if found is None or isinstance(found, Refusal):
            return message(say("cli.article_gone"), 404)
        marked = 0 <= start < end <= len(found.text)
        body = passage(found.text, start, end) if marked else markdown(found.text)
        stale = found.is_stale(app.clock.now().date())
        values = {"title": found.title, "article": found, "body": body, "stale": stale, "level": 2 if part else 1}
        return HTMLResponse(draw("article_body" if part else "article", **values))

    @routes.get("/request/{request_id}")
    def request_page(request: Request, request_id: str) -> Response:
        """To the page on which this person looks at this request."""
        actor = cookie.who(request)
        if actor is None:
            return cookie.away(request)
        own = not isinstance(app.services.request_views.read(actor, request_id), Refusal)
        return RedirectResponse(f"/?request={request_id}" if own else f"/mentor?request={request_id}", 303)

    @routes.get("/request/{request_id}/session.ics")
    def calendar(request: Request, request_id: str) -> Response:
        actor = cookie.who(request)
        if actor is None:
            return cookie.away(request)
        file = app.services.sessions.invitation(actor, request_id)
        if isinstance(file, Refusal):
            return message(file.say, 404)
        name = {"Content-Disposition": 'attachment; filename="session.ics"'}
        return Response(file, media_type=CALENDAR, headers=name)


def message(words: str, status: int) -> Response:
    """A page that says one sentence."""
    return HTMLResponse(draw("message", title=say("page.sorry"), words=words), status)


def inside(onward: str) -> str:
    """The address, if it is one of this server: a path, and nothing that a browser would take for another host."""
    plain = onward.startswith("/") and not onward.startswith("//") and "\\" not in onward
    return onward if plain and onward.isprintable() and len(onward) < 300 else ""


def _about(roles: frozenset[str]) -> str:
    return say("sign_in.as_" + next(role for role in ("admin", "curator", "mentor", "mentee") if role in roles))
